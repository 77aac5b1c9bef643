#include "game/client/settings.hpp"

#include <algorithm>
#include <utility>

#include "engine/app/controls.hpp"

namespace game::client {

void Settings::remember_server(std::string_view address) {
  if (address.empty() || address.size() > kAddressBytesMax) return;
  std::erase(servers, address);
  servers.emplace(servers.begin(), address);
  if (servers.size() > kHistoryMax) servers.resize(kHistoryMax);
}

void apply_keys(const Settings& settings, engine::app::Controls& controls) {
  controls.bind_defaults();
  for (const std::string& name : controls.names()) {
    const auto chosen = settings.keys.find(name);
    if (chosen == settings.keys.end()) continue;
    std::vector<engine::app::Button> buttons;
    for (const std::string& word : chosen->second) {
      if (const auto button = engine::app::Button::from_name(word)) buttons.push_back(*button);
    }
    controls.bind(name, std::move(buttons));
  }
}

}  // namespace game::client
