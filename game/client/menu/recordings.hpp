// The recordings in a few folders, as the menu lists them. Reads file names, never files.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace game::client {

struct RecordingFile {
  std::string path;
  std::string name;         // without its folder and ".scrim"
  std::string date;         // local: "2026-11-20 09:37"
  std::int64_t time_s = 0;  // of the last change, since 1970
  std::uintmax_t bytes = 0;
};

/// *.scrim of each folder that there is, newest first, the first 500.
std::vector<RecordingFile> find_recordings(std::span<const std::string> folders);
/// recordings/ here, and scrim/recordings where the user's data is: $XDG_DATA_HOME or ~/.local/share.
std::vector<std::string> default_recording_folders();
/// "1.4 MB"
std::string size_in_words(std::uintmax_t bytes);

}  // namespace game::client
