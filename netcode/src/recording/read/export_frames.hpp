// The Worlds of a recording as plain FlatBuffers in one file, for programs that know nothing of recordings: benches of
// other encodings, analysis. The match is played again for it, so it needs the game's rules.
//
//   frames file   (size u32, little-endian | a buffer of the schema's World, of that size) for each frame, no head
//
// Threading: none.
#pragma once

#include <cstdint>
#include <string>

#include "engine/core/result.hpp"
#include "netcode/recording.hpp"
#include "recording/write/output_file.hpp"

namespace netcode::recording {

struct ExportOptions {
  std::string frames_path;
  std::string schema_path{};  // the recording's embedded .bfbs; empty: it is not written
  Tick every_ticks = 0;       // between two frames; 0: as its match sent snapshots
  OpenOutputFile open_file = create_output_file;
};

struct Exported {
  std::uint64_t frames = 0;
  std::uint64_t bytes = 0;  // of the frames file
  Tick every_ticks = 0;
  Tick last_tick = 0;  // played
  /// Empty, or where a recording without its end was cut, as RecordingEnd says it: what is there was written.
  std::string truncated_reason;
};

/// A frame is the World as somebody sees it who sees all, after a tick that `every_ticks` divides; tick 0 is none. Each
/// file is written beside its path, with ".part" behind its name, and takes its name once it is whole: a path that
/// exists is refused, and after an error (damage, other rules, a full disk) neither is there.
engine::Result<Exported> export_frames(const std::string& path, const RulesTypes& types, const ExportOptions& options);

}  // namespace netcode::recording
