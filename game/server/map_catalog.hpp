// The maps that a server has, compiled and checked, each with the grid that its bots find their way by.
//
// Threading: immutable once loaded; shared by the matches of all shards.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.hpp"
#include "game/bots/nav_grid.hpp"
#include "netcode/bytes.hpp"

namespace game::server {

class MapCatalog {
 public:
  struct Entry {
    netcode::SharedBytes bytes;
    std::shared_ptr<const bots::NavGrid> grid;

    const std::string& name() const { return grid->map().name(); }
  };

  /// Every .map file of the folder. An error names the file.
  static engine::Result<MapCatalog> load(const std::string& folder);
  /// One more: the path of a compiled map. Its name, which no other map here may have.
  engine::Result<std::string> add(const std::string& path);

  /// Null: there is none.
  const Entry* find(std::string_view name) const;
  const Entry* find(const netcode::SharedBytes& bytes) const;
  /// "duel, foundry, large"
  std::string names() const;

 private:
  std::vector<Entry> entries_;  // by name
};

}  // namespace game::server
