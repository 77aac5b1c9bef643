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

void Settings::tidy_name(const std::string& fallback) {
  while (name.starts_with(' ')) name.erase(0, 1);
  while (name.ends_with(' ')) name.pop_back();
  if (name.empty()) name = fallback;
}

std::string call_sign(std::uint32_t number) {
  constexpr std::uint32_t kFirst = 1000;  // always of four digits
  constexpr std::uint32_t kSigns = 9000;
  return std::string(Settings::kNobodysName) + " " + std::to_string(kFirst + number % kSigns);
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
