#include "engine/app/system_fonts.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace engine::app {
namespace fs = std::filesystem;
namespace {

/// A folder that is linked into itself, or holds a whole disk, keeps nobody waiting.
constexpr int kFilesMax = 10'000;

}  // namespace

std::vector<std::string> font_folders() {
  std::vector<std::string> folders;
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  if (const std::string data = variable("XDG_DATA_HOME"); !data.empty()) folders.push_back(data + "/fonts");
  if (const std::string home = variable("HOME"); !home.empty()) {
    folders.push_back(home + "/.local/share/fonts");
    folders.push_back(home + "/.fonts");
  }
  for (const char* const folder : {"/usr/local/share/fonts", "/usr/share/fonts", "/usr/share/fonts-droid-fallback"})
    folders.emplace_back(folder);
  return folders;
}

std::vector<std::string> find_fonts(std::span<const std::string> folders, std::span<const std::string_view> names) {
  std::vector<std::string> found(names.size());
  int files = 0;
  for (const std::string& folder : folders) {
    std::error_code error;
    fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, error);
    for (; !error && at != fs::recursive_directory_iterator() && files < kFilesMax; at.increment(error), ++files) {
      const auto name = std::find(names.begin(), names.end(), at->path().filename().string());
      if (name == names.end()) continue;
      std::string& path = found[static_cast<std::size_t>(name - names.begin())];
      if (path.empty()) path = at->path().string();
    }
  }
  std::erase(found, std::string());
  return found;
}

}  // namespace engine::app
