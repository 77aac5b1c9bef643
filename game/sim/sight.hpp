// Who sees what, where a match tells its players no more than their screens show (Visibility::kScreen). Told to netcode
// for snapshots, and asked by told.hpp for events.
//
// A player sees ships and shots on the screen around his own ship, with a margin (tuning.hpp), wherever he aims; his
// own ship and shots; his mates; and whom he has hit or was hit by within the last second. The dead see around where
// they died and around who did it, where their camera is. Whoever is in no seat sees nothing by these rules: spectators
// see all, which netcode knows.
//
// Pure; no allocation. Encounters are parts of step.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "game/sim/map.hpp"
#include "game/sim/state.hpp"

namespace game::sim {

// One has hit the other in this tick. Keeps them in State::encounters.
void note_encounter(State& state, PlayerId shooter, PlayerId victim);

// At a tick's end: those whose time is over.
void forget_encounters(State& state);

bool have_met(const State& state, PlayerId a, PlayerId b);

// The part of a straight way that lies on somebody's screen. `starts` and `ends`: its own beginning and end do.
struct Stretch {
  Vec from{};
  Vec to{};
  bool starts = false;
  bool ends = false;
};

// What one player sees after the state's tick. Refers to the state, which stays as it is meanwhile.
class Sight {
 public:
  Sight(const State& state, const Map& map, PlayerId viewer);

  PlayerId viewer() const { return viewer_; }
  // `was_shown`: he was told of it just before, so that it stays a little longer.
  bool sees(const Player& other, bool was_shown = false) const;
  bool sees(const Shot& shot, bool was_shown = false) const;
  // Of who is not in the match (any more): nobody sees him.
  bool sees(PlayerId other) const;
  // Of the screen that the camera is on. None: nothing of it is seen.
  std::optional<Stretch> seen_part(Vec from, Vec to) const;
  // From where he listens: the camera's ship.
  Vec ear() const { return places_[0]; }

 private:
  bool covers(Vec at, bool was_shown) const;

  const State& state_;
  const Player* self_;  // null: in no seat
  PlayerId viewer_;
  // The ships that the camera may be on, and the middles of their screens.
  std::array<Vec, 2> places_{};
  std::array<Vec, 2> middles_{};
  std::size_t count_ = 0;
};

}  // namespace game::sim
