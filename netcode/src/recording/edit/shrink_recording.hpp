// The smallest recording that still fails: of one in which something goes wrong, the fewest players, inputs and ticks
// with which it does, by delta debugging. What comes out is a test of a few kilobytes.
//
// First players go with all that they did, then the end behind the failure, then single inputs, then ticks (what was
// done in one is done in the next); and once more, until nothing more can go. A join or a leave goes with its player
// alone, so that every candidate is a match that could be.
//
// Threading: none. Memory: as MatchInputs, a few times.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "engine/core/result.hpp"
#include "netcode/ids.hpp"

namespace netcode::recording {

struct ShrinkProgress {
  std::size_t players = 0;
  std::size_t inputs = 0;
  Tick ticks = 0;
  std::uint64_t tried = 0;  // candidates
};

struct ShrinkOptions {
  std::string out;  // the smallest one that fails, once it is found; what is there already is written over
  /// Does what is in this file fail? It holds inputs alone: see match_inputs.hpp. A candidate's name is `out` with
  /// ".part" behind it.
  std::function<bool(const std::string& path)> fails;
  /// After each candidate. False: it is enough, what is smallest by now is kept.
  std::function<bool(const ShrinkProgress& smallest)> may_go_on = [](const ShrinkProgress&) { return true; };
};

/// What is in `out` then. An error where the recording cannot be read, `out` is that recording or cannot be written, or
/// its inputs alone do not fail; then nothing is left of it.
engine::Result<ShrinkProgress> shrink_recording(const std::string& path, const ShrinkOptions& options);

}  // namespace netcode::recording
