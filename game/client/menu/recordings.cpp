#include "game/client/menu/recordings.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <system_error>

#include "engine/core/utf8.hpp"

namespace game::client {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRecordingsMax = 500;
/// Of one folder, so that a huge one does not stop the menu.
constexpr int kEntriesMax = 20'000;

std::int64_t seconds_of(fs::file_time_type time) {
  using namespace std::chrono;
  return duration_cast<seconds>(file_clock::to_sys(time).time_since_epoch()).count();
}

std::string local_date(std::int64_t time_s) {
  const auto time = static_cast<std::time_t>(time_s);
  char text[32] = {};
  const std::tm* local = std::localtime(&time);
  if (!local || std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", local) == 0) return {};
  return text;
}

void find_in(const std::string& folder, std::vector<RecordingFile>& found) {
  std::error_code problem;
  int entries = 0;
  for (fs::directory_iterator at(folder, problem), end; !problem && at != end; at.increment(problem)) {
    if (++entries > kEntriesMax) return;
    std::error_code unreadable;  // of this file: it may be gone by now
    if (at->path().extension() != ".scrim" || !at->is_regular_file(unreadable)) continue;
    RecordingFile file;
    file.path = at->path().string();
    file.name = engine::printable_utf8(at->path().stem().string());
    file.bytes = at->file_size(unreadable);
    if (unreadable) continue;
    const fs::file_time_type time = at->last_write_time(unreadable);
    if (unreadable) continue;
    file.time_s = seconds_of(time);
    file.date = local_date(file.time_s);
    found.push_back(std::move(file));
  }
}

}  // namespace

std::vector<RecordingFile> find_recordings(std::span<const std::string> folders) {
  std::vector<RecordingFile> found;
  for (const std::string& folder : folders) find_in(folder, found);
  std::sort(found.begin(), found.end(), [](const RecordingFile& a, const RecordingFile& b) {
    return a.time_s != b.time_s ? a.time_s > b.time_s : a.path < b.path;
  });
  if (found.size() > kRecordingsMax) found.resize(kRecordingsMax);
  return found;
}

std::vector<std::string> default_recording_folders() {
  std::vector<std::string> folders = {"recordings"};
  const char* data = std::getenv("XDG_DATA_HOME");
  const char* home = std::getenv("HOME");
  if (data && *data) {
    folders.push_back(std::string(data) + "/scrim/recordings");
  } else if (home && *home) {
    folders.push_back(std::string(home) + "/.local/share/scrim/recordings");
  }
  return folders;
}

std::string size_in_words(std::uintmax_t bytes) {
  const auto count = static_cast<double>(bytes);
  if (count < 1000) return fmt::format("{} B", bytes);
  if (count < 1e6) return fmt::format("{:.0f} kB", count / 1e3);
  if (count < 1e9) return fmt::format("{:.1f} MB", count / 1e6);
  return fmt::format("{:.1f} GB", count / 1e9);
}

}  // namespace game::client
