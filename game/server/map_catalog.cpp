#include "game/server/map_catalog.hpp"

#include <algorithm>
#include <filesystem>

#include "game/server/arena.hpp"
#include "game/server/arena_bot.hpp"

namespace game::server {

engine::Result<MapCatalog> MapCatalog::load(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> paths;
  for (std::filesystem::directory_iterator file(folder, error), end; !error && file != end; file.increment(error)) {
    if (file->path().extension() == ".map") paths.push_back(file->path().string());
  }
  if (error) return engine::error("maps in {}: {}", folder, error.message());
  std::sort(paths.begin(), paths.end());
  MapCatalog catalog;
  for (const std::string& path : paths) {
    if (auto added = catalog.add(path); !added) return added.error();
  }
  return catalog;
}

engine::Result<std::string> MapCatalog::add(const std::string& path) {
  auto bytes = read_map_file(path);
  if (!bytes) return bytes.error();
  auto grid = make_nav_grid(**bytes);
  if (!grid) return engine::error("map {}: {}", path, grid.error().reason);
  Entry entry{.bytes = std::move(*bytes), .grid = std::move(*grid)};
  const std::string name = entry.name();
  if (find(name) != nullptr) return engine::error("map {}: there is another one called {}", path, name);
  const auto at = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.name() > name; });
  entries_.insert(at, std::move(entry));
  return name;
}

const MapCatalog::Entry* MapCatalog::find(std::string_view name) const {
  const auto at = std::find_if(entries_.begin(), entries_.end(), [name](const Entry& e) { return e.name() == name; });
  return at == entries_.end() ? nullptr : &*at;
}

const MapCatalog::Entry* MapCatalog::find(const netcode::SharedBytes& bytes) const {
  const auto at = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.bytes == bytes; });
  return at == entries_.end() ? nullptr : &*at;
}

std::string MapCatalog::names() const {
  std::string out;
  for (const Entry& entry : entries_) out += (out.empty() ? "" : ", ") + entry.name();
  return out;
}

}  // namespace game::server
