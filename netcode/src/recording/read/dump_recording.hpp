// A recording in lines of text, for people and for grep: each input, event, hash, keyframe and session, and the end.
// Needs no rules: tables are shown by the schema that the recording embeds. Threading: none.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "engine/core/result.hpp"
#include "netcode/ids.hpp"

namespace netcode::recording {

struct DumpOptions {
  Tick first = 0;
  Tick last = ~Tick{0};
  std::optional<PlayerId> player{};  // what this player did or was told alone, and nothing else
};

/// Gives each line without its end. Control characters of what the file holds are replaced. An error names offset and
/// tick; the lines before it stand.
engine::Result<void> dump_recording(const std::string& path, const DumpOptions& options,
                                    const std::function<void(const std::string& line)>& print);

}  // namespace netcode::recording
