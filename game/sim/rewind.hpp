// Lag compensation: where the others were when a shooter was shown them. Shots are judged there; walls do not move, and
// the shooter is never taken back.
//
// What a client draws of the others lies between two snapshots, so the places in the snapshots are all that is kept,
// and they are put together here as clients do it: whoever lives in the earlier snapshot is shown, on the straight way
// to where it is in the later one if it still lives the same life there, else where it was. Which two it had, where the
// network kept some back, it says with its view (ViewTime::from and to); else they are the two around it.
//
// Parts of step; no allocation once State::position_history has grown to its bound.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "game/sim/state.hpp"

namespace game::sim {

// A ship as it can be shot at.
struct Target {
  std::uint16_t player = 0;  // its place in State::players
  std::uint16_t life = 0;
  Vec at{};
};

class Targets {
 public:
  void add(const Target& target) { all_[count_++] = target; }
  std::size_t size() const { return count_; }
  const Target* begin() const { return all_.data(); }
  const Target* end() const { return all_.data() + count_; }

 private:
  std::array<Target, kPlayersMax> all_;
  std::size_t count_ = 0;
};

// After a tick: what its snapshot shows, if there is one of it. What nobody may be taken back to any more is forgotten.
void note_positions(State& state);

// How many ticks' positions are ever kept at once.
std::size_t position_history_ticks_max(const Options& options);

// Only what may be gone back to, from the tick that is being computed: {} if nothing is to be taken back.
ViewTime bounded_view(const State& state, ViewTime view);

// All ships that a bounded view showed; those that live now for {}.
Targets targets_at(const State& state, ViewTime view);

// Where a player's ship was so many ticks ago, if its life is the same still; where it is, if that is not known.
Vec place_ago(const State& state, const Player& player, std::uint32_t ticks);

// Does it still live the life in which it is a target?
bool is_there(const State& state, const Target& target);

}  // namespace game::sim
