// All that went into a recorded match, in memory, to be changed and written as a recording of its own.
//
// What is written holds inputs alone: no hashes, events and later keyframes, which would be those of another match. Who
// plays it sees what they lead to.
//
// Threading: none. Memory: some 100 bytes an input.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "netcode/recording.hpp"
#include "recording/format/record_bodies.hpp"
#include "simulation/simulation.hpp"

namespace netcode::recording {

/// Two hours of 16 players who act 60 times a second; more is no match that anybody wants to change as a whole.
inline constexpr std::size_t kInputsInMemoryMax = 8'000'000;

struct MatchInputs {
  struct Timed {
    Tick tick = 0;  // before which it was applied
    std::shared_ptr<const Input> input;
    ViewTime view{};  // in place of the input's own; before `tick`
  };

  RecordingInfo info;
  KeyframeBody start;         // before the first tick
  std::vector<Timed> inputs;  // by rising tick, within one in the order in which they were applied
  Tick last_tick = 0;
};

/// An error names offset and tick. A recording without an end is read as far as it goes.
engine::Result<MatchInputs> read_match_inputs(const std::string& path);

/// As a file: one that is there already is written over. The schema is left out: the rules bring theirs, and its hash
/// is compared. An error where a tick has more inputs than a recording takes, or the file cannot be written.
engine::Result<void> write_match_inputs(const MatchInputs& inputs, const std::string& path);

}  // namespace netcode::recording
