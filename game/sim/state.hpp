// The state of a match of the arena: all that the next tick reads, but for the map and the rng.
//
// Plain values, sorted by id; whoever holds a State owns it. Times are the ticks at which something may or will happen,
// never countdowns. Ids of players are seats from 1 up; 0 is nobody.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "game/sim/action.hpp"
#include "game/sim/tuning.hpp"
#include "game/sim/vec.hpp"

namespace game::sim {

using PlayerId = std::uint16_t;
inline constexpr PlayerId kNobody = 0;

// The sides of a team match are 1 and 2.
using Team = std::uint8_t;
inline constexpr Team kNoTeam = 0;
inline constexpr std::size_t kTeamCount = 2;

enum class Mode : std::uint8_t { kFreeForAll, kDuel, kTeams, kInstarail };
enum class Phase : std::uint8_t { kWarmup, kCountdown, kRound, kSuddenDeath, kPodium };
enum class Weapon : std::uint8_t { kBlaster, kRapid, kRail };
enum class PickupKind : std::uint8_t { kHealth, kRapid, kMega };
// What players are told of the others: all there is, or what their screens show. See sight.hpp.
enum class Visibility : std::uint8_t { kAll, kScreen };

// A moment that a player was shown, between two ticks; tick 0: not told.
struct ViewTime {
  std::uint32_t tick = 0;
  std::uint8_t fraction = 0;  // 256ths of the way to the next tick
  // The snapshots that it was drawn between: from <= tick < to. Both 0: not told, or between none.
  std::uint32_t from = 0;
  std::uint32_t to = 0;

  friend auto operator<=>(const ViewTime&, const ViewTime&) = default;
};

// How a match runs; fixed when it is made.
struct Options {
  Mode mode = Mode::kFreeForAll;
  std::uint16_t frag_limit = 20;
  std::uint16_t players_to_start = 2;  // warm-up waits for them
  std::uint32_t warmup_ticks = seconds(10);
  std::uint32_t countdown_ticks = seconds(3);
  std::uint32_t time_limit_ticks = seconds(300);    // 0: none
  std::uint32_t sudden_death_ticks = seconds(120);  // then it is a draw; 0: none
  std::uint32_t podium_ticks = seconds(10);
  std::vector<std::string> maps{};            // in the order in which they follow each other; two or more are voted on
  std::uint32_t snapshot_interval_ticks = 2;  // clients are shown the ticks that it divides, and draw what is between
  std::uint32_t rewind_ticks = 24;            // shots are judged by what was shown, at most so long ago; 0: never
  Visibility visibility = Visibility::kAll;

  friend bool operator==(const Options&, const Options&) = default;
};

// As the mode is played when nothing else is said.
Options options_of(Mode mode);

// All that step_player reads and writes: with the map, enough to predict one's own ship.
struct Ship {
  PlayerId id = kNobody;
  bool alive = false;
  std::int32_t health = 0;
  Vec position{};
  Vec velocity{};
  Action held{};  // the last action, repeated until the next one

  // Energy as it was at energy_from_tick; from then on it grows by one a tick. See energy_at.
  std::int32_t energy = kEnergyMax;
  std::uint32_t energy_from_tick = 0;

  std::uint32_t rapid_until_tick = 0;
  std::uint32_t shield_until_tick = 0;
  std::uint32_t respawn_tick = 0;
  std::uint32_t fire_ready_tick = 0;
  std::uint32_t rail_ready_tick = 0;
  std::uint32_t dash_ready_tick = 0;
  // Presses that have not been answered yet count up to these ticks; 0: none.
  std::uint32_t fire_latch_tick = 0;
  std::uint32_t rail_latch_tick = 0;
  std::uint32_t dash_latch_tick = 0;

  friend bool operator==(const Ship&, const Ship&) = default;
};

std::int32_t energy_at(const Ship& ship, std::uint32_t tick);
bool is_dashing(const Ship& ship, std::uint32_t tick);
bool is_shielded(const Ship& ship, std::uint32_t tick);
bool has_rapid(const Ship& ship, std::uint32_t tick);

// When and where a trigger was pressed in an action for `tick`, or in a late one that came before it: a shot of that
// tick is the press's, though later hands may aim elsewhere.
struct Press {
  std::uint32_t tick = 0;
  engine::Angle aim = 0;
  ViewTime view{};
  std::uint8_t ticks_late = 0;  // how long before `tick` it was pressed

  friend bool operator==(const Press&, const Press&) = default;
};

struct Player {
  Ship ship{};
  std::string name{};
  std::uint16_t life = 0;  // counts its spawns, and goes round
  ViewTime view{};         // of its last action
  Press fire_press{};
  Press rail_press{};
  Team team = kNoTeam;
  std::int16_t score = 0;
  std::uint16_t deaths = 0;
  std::uint16_t streak = 0;
  std::uint16_t best_streak = 0;
  PlayerId nemesis = kNobody;  // who killed it last and has not paid for it
  std::uint32_t shots_fired = 0;
  std::uint32_t shots_hit = 0;
  std::uint16_t rail_kills = 0;
  std::uint16_t pickups_taken = 0;
  std::uint16_t vote = 0;  // the place in Options::maps, from 1 up; 0: none

  PlayerId id() const { return ship.id; }
  friend bool operator==(const Player&, const Player&) = default;
};

// Flies straight; where it ends is known when it is fired, as walls do not move.
struct Shot {
  std::uint16_t id = 0;
  PlayerId owner = kNobody;
  Weapon weapon = Weapon::kBlaster;
  Vec position{};
  Vec velocity{};
  std::uint32_t end_tick = 0;  // its last tick of flight

  friend bool operator==(const Shot&, const Shot&) = default;
};

// On the pad of the map with the same index.
struct Pickup {
  std::uint16_t id = 0;
  PickupKind kind = PickupKind::kHealth;
  std::uint32_t ready_tick = 0;

  friend bool operator==(const Pickup&, const Pickup&) = default;
};

// Where a living ship was in the snapshot of a tick.
struct PositionSample {
  std::uint32_t tick = 0;
  PlayerId id = kNobody;
  std::uint16_t life = 0;
  Vec at{};

  friend bool operator==(const PositionSample&, const PositionSample&) = default;
};

// Two players of whom one has hit the other within the last kEncounterTicks: they see each other wherever they are.
struct Encounter {
  PlayerId a = kNobody;  // a < b
  PlayerId b = kNobody;
  std::uint32_t tick = 0;  // of the newest hit

  friend bool operator==(const Encounter&, const Encounter&) = default;
};

struct Flow {
  Phase phase = Phase::kWarmup;
  std::uint32_t phase_end_tick = 0;  // 0: open end
  std::uint16_t round = 0;
  PlayerId leader = kNobody;  // nobody while the lead is shared, and in a team match
  Team leading_team = kNoTeam;
  std::array<std::int16_t, kTeamCount> team_scores{};

  friend bool operator==(const Flow&, const Flow&) = default;
};

struct State {
  Options options{};
  std::uint32_t tick = 0;  // the last one computed
  std::uint32_t seed = 0;  // of the spread; clients know it
  std::uint16_t next_shot_id = 1;
  Flow flow{};
  std::vector<Player> players{};
  std::vector<Shot> shots{};
  std::vector<Pickup> pickups{};
  std::vector<PositionSample> position_history{};  // what rewinding goes back to, by rising tick, then id: rewind.hpp
  std::vector<Encounter> encounters{};             // by rising a, then b; each pair once

  friend bool operator==(const State&, const State&) = default;
};

bool has_teams(Mode mode);
bool has_pickups(Mode mode);

bool weapons_work(Phase phase);
bool ships_stand_still(Phase phase);
bool kills_count(Phase phase);

// Two players who do each other no harm.
inline bool are_mates(const Player& a, const Player& b) { return a.team != kNoTeam && a.team == b.team; }

Player* find_player(State& state, PlayerId id);
const Player* find_player(const State& state, PlayerId id);

}  // namespace game::sim
