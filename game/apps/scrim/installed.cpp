#include "game/apps/scrim/installed.hpp"

#include <utility>

#include "engine/app/assets.hpp"
#include "game/client/menu/map_picture.hpp"
#include "game/client/menu/recordings.hpp"
#include "game/server/arena.hpp"
#include "game/wire/map.hpp"

namespace game::apps {

std::string settings_file(const std::string& folder, std::vector<std::string>& complaints) {
  if (!folder.empty()) return folder + "/settings.toml";
  const auto dir = engine::app::config_dir(kProgram);
  if (dir) return *dir + "/settings.toml";
  complaints.push_back("settings are not kept: " + dir.error().reason);
  return {};
}

client::MatchKinds kinds_here() {
  client::MatchKinds kinds;
  for (auto& map : kinds.maps) {
    const auto bytes = server::read_map_file(server::maps_dir() + "/" + map.id + ".map");
    const auto loaded = bytes ? wire::load_map(**bytes) : engine::Result<sim::Map>(bytes.error());
    if (loaded)
      map.sketch = client::sketch_of(*loaded);
    else
      map.id.clear();
  }
  std::erase_if(kinds.maps, [](const auto& map) { return map.id.empty(); });
  return kinds;
}

std::string recordings_folder() {
  const auto folders = client::default_recording_folders();
  return folders.empty() ? std::string() : folders.back();
}

}  // namespace game::apps
