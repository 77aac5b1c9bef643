// What a tick has to tell the clients. Plain values. Who is told what of it, where not everybody sees everything, is
// said by told.hpp.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "game/sim/state.hpp"

namespace game::sim {

struct PlayerJoined {
  PlayerId player = kNobody;
  std::string name{};
};

struct PlayerLeft {
  PlayerId player = kNobody;
  std::string name{};
};

struct Spawned {
  PlayerId player = kNobody;
  Vec at{};

  friend bool operator==(const Spawned&, const Spawned&) = default;
};

struct Hit {
  PlayerId shooter = kNobody;  // nobody: not seen
  PlayerId victim = kNobody;
  Weapon weapon = Weapon::kBlaster;
  std::int32_t damage = 0;  // 0 against a shield
  bool shielded = false;
  Vec at{};

  friend bool operator==(const Hit&, const Hit&) = default;
};

struct Kill {
  PlayerId killer = kNobody;
  PlayerId victim = kNobody;
  Weapon weapon = Weapon::kBlaster;
  std::int32_t killer_health = 0;
  std::uint16_t streak = 0;  // the killer's, this kill counted
  bool revenge = false;      // the victim had killed the killer last
  Vec at{};
  bool is_unseen = false;  // told to who did not see it: without the place and the killer's health

  friend bool operator==(const Kill&, const Kill&) = default;
};

struct RailFired {
  PlayerId player = kNobody;  // nobody: not seen, and `from` is where the beam comes into sight
  Vec from{};
  Vec to{};
  bool hit_wall = false;
  PlayerId met = kNobody;  // the ship that `to` is at, which may have died since; clients are not told

  friend bool operator==(const RailFired&, const RailFired&) = default;
};

// To the shooter alone: how a rail was judged, and the ships nearest to its beam, where they were then.
struct JudgedTarget {
  PlayerId player = kNobody;
  Vec at{};
};

struct Judged {
  PlayerId shooter = kNobody;
  std::uint32_t tick = 0;
  ViewTime view{};            // {}: by the present
  PlayerId victim = kNobody;  // whom it met first; nobody: it missed
  bool struck = false;        // false: that ship has died since
  std::uint8_t target_count = 0;
  std::array<JudgedTarget, kJudgedTargetsMax> targets{};  // the nearest first
};

struct PickupTaken {
  PlayerId player = kNobody;  // nobody: not seen
  std::uint16_t pickup = 0;
  PickupKind kind = PickupKind::kHealth;
  Vec at{};

  friend bool operator==(const PickupTaken&, const PickupTaken&) = default;
};

struct PickupCalled {
  std::uint16_t pickup = 0;
  PickupKind kind = PickupKind::kMega;
  std::uint32_t ready_tick = 0;
};

struct LeadChanged {
  PlayerId leader = kNobody;  // nobody: the lead is shared
  PlayerId previous = kNobody;
  std::int16_t score = 0;
  Team team = kNoTeam;  // in a team match
  Team previous_team = kNoTeam;
};

struct PhaseChanged {
  Phase phase = Phase::kWarmup;
  std::uint32_t phase_end_tick = 0;
};

struct RoundStarted {
  std::uint16_t round = 0;
  std::uint16_t frag_limit = 0;
  std::uint32_t end_tick = 0;
};

enum class AwardKind : std::uint8_t { kDeadeye, kSharpshooter, kRampage, kSurvivor, kCollector, kMvp };
inline constexpr std::size_t kAwardKinds = 6;

struct Award {
  PlayerId player = kNobody;  // nobody: not given
  AwardKind kind = AwardKind::kDeadeye;
  std::uint16_t value = 0;
};

struct RoundEnded {
  std::uint16_t round = 0;
  PlayerId winner = kNobody;  // nobody: a draw, or a team
  std::int16_t score = 0;
  std::array<Award, kAwardKinds> awards{};
  Team team = kNoTeam;  // in a team match: the winning one
};

// The vote is over. If it is another map than the match's, the match ends.
struct MapChosen {
  std::string map{};
};

enum class HeardKind : std::uint8_t { kRail, kHit, kKill };

// What goes on out of somebody's sight and within earshot.
struct Heard {
  HeardKind kind = HeardKind::kRail;
  std::uint8_t octant = 0;  // the eighth of a turn around him that it comes from: 0 = +x, growing towards +y
  bool is_near = false;

  friend auto operator<=>(const Heard&, const Heard&) = default;
};

using Event = std::variant<PlayerJoined, PlayerLeft, Spawned, Hit, Kill, RailFired, PickupTaken, PickupCalled,
                           LeadChanged, PhaseChanged, RoundStarted, RoundEnded, MapChosen, Judged, Heard>;

}  // namespace game::sim
