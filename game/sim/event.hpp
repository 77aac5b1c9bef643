// What a tick has to tell the clients. Plain values.
#pragma once

#include <array>
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
};

struct Hit {
  PlayerId shooter = kNobody;
  PlayerId victim = kNobody;
  Weapon weapon = Weapon::kBlaster;
  std::int32_t damage = 0;  // 0 against a shield
  bool shielded = false;
  Vec at{};
};

struct Kill {
  PlayerId killer = kNobody;
  PlayerId victim = kNobody;
  Weapon weapon = Weapon::kBlaster;
  std::int32_t killer_health = 0;
  std::uint16_t streak = 0;  // the killer's, this kill counted
  bool revenge = false;      // the victim had killed the killer last
  Vec at{};
};

struct RailFired {
  PlayerId player = kNobody;
  Vec from{};
  Vec to{};
  bool hit_wall = false;
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
  PlayerId player = kNobody;
  std::uint16_t pickup = 0;
  PickupKind kind = PickupKind::kHealth;
  Vec at{};
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

using Event = std::variant<PlayerJoined, PlayerLeft, Spawned, Hit, Kill, RailFired, PickupTaken, PickupCalled,
                           LeadChanged, PhaseChanged, RoundStarted, RoundEnded, MapChosen, Judged>;

}  // namespace game::sim
