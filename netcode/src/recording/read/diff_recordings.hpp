// Where two recordings of one kind of match part: the first tick in which what went in, came out or was counted is not
// the same, and the first field in which their states differ.
//
// The keyframes up to which they are the same are found by bisection over their hashes, so that where two long
// recordings part costs a few reads. From there on both are read tick by tick: what went in before and led to the same
// state is no difference, unless there is no other. Where it is inputs that part, this build plays both on from the
// last common keyframe and names the first tick and field; where the same inputs led to something else, builds differ,
// and the next keyframe that both have recorded names the field.
//
// Threading: none. Memory: as two readers, and two matches.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "netcode/recording.hpp"

namespace netcode::recording {

/// In words, left != right.
struct RecordingDifference {
  std::vector<std::string> setup;      // of what the matches were made with: "seed: 1 != 2"
  std::optional<Tick> tick;            // the first tick that is not the same; none: all that both hold is
  std::string what;                    // in it: `player 3 "ada" acts {...} != nothing`
  std::optional<Tick> state_tick;      // after which the states were found to differ
  bool is_first_state = false;         // ... and they were the same after the tick before
  std::string field;                   // "items[3].x: 12 != 13"
  Tick ticks = 0;                      // of the shorter one, if they are the same
  std::vector<std::string> remarks{};  // what could not be looked at

  bool are_same() const { return setup.empty() && !tick; }
};

/// An error names the file, offset and tick. `types`: to play inputs that part; without the right rules no field is
/// named before the next keyframe.
engine::Result<RecordingDifference> diff_recordings(const std::string& left, const std::string& right,
                                                    const RulesTypes& types);

}  // namespace netcode::recording
