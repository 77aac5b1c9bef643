#include "engine/app/assets.hpp"

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace engine::app {

namespace fs = std::filesystem;

std::string assets_dir(std::string_view program) {
  std::error_code error;
  const auto file = fs::read_symlink("/proc/self/exe", error);
  return (file.parent_path().parent_path() / "share" / program).string();
}

Result<std::string> find_asset(std::string_view program, std::string_view name) {
  const auto path = fs::path(assets_dir(program)) / name;
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return engine::error("missing file: {}", path.string());
  return path.string();
}

Result<std::string> config_dir(std::string_view program) {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  fs::path base = variable("XDG_CONFIG_HOME");
  if (base.empty()) {
    const std::string home = variable("HOME");
    if (home.empty()) return engine::error("neither XDG_CONFIG_HOME nor HOME is set");
    base = fs::path(home) / ".config";
  }
  const auto dir = base / program;
  std::error_code error;
  fs::create_directories(dir, error);
  if (error) return engine::error("{}: {}", dir.string(), error.message());
  return dir.string();
}

}  // namespace engine::app
