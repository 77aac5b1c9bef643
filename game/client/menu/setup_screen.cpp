#include <algorithm>

#include "game/client/menu/screens.hpp"
#include "game/sim/mode_names.hpp"

namespace game::client {
namespace {

using engine::app::Box;

constexpr Box kPanel = {kMarginLeft, 132, 656, 488};
constexpr float kLeft = kPanel.x + 20;
constexpr float kWidth = kPanel.width - 40;
constexpr Box kAbout = {792, 132, 392, 488};
constexpr std::size_t kPasswordBytesMax = 64;

std::string about_mode(std::string_view id) {
  const auto mode = sim::mode_named(id);
  return std::string(mode ? sim::name_of(*mode).about : "A mode of this server's own.");
}

std::string about_map(std::string_view map) {
  if (map == "foundry") return "Halls and corridors round a furnace, for eight.";
  if (map == "duel") return "Small, open and honest, for two.";
  if (map == "large") return "Wide fields and long ways, for sixteen.";
  return {};
}

/// A choice among `all`, kept as its id.
template <class T>
void choose(Ui& ui, const std::string& id, const Box& box, const std::string& label, const std::vector<T>& all,
            std::string& chosen) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const T& one) { return one.id == chosen; });
  int index = found == all.end() ? 0 : static_cast<int>(found - all.begin());
  std::vector<std::string> names;
  names.reserve(all.size());
  for (const T& one : all) names.push_back(one.name);
  ui.choice(id, box, label, index, names);
  if (!all.empty()) chosen = all[static_cast<std::size_t>(index)].id;
}

void count(Ui& ui, const std::string& id, float y, const std::string& label, int& value, int min, int max) {
  auto number = static_cast<float>(value);
  ui.slider(id, {kLeft, y, kWidth, 40}, label, number,
            {static_cast<float>(min), static_cast<float>(max), 1, std::to_string(value)});
  value = static_cast<int>(number);
}

}  // namespace

void SetupScreen::enter(MenuContext&) { password_.clear(); }

void SetupScreen::update(MenuContext& context) {
  Ui& ui = context.ui;
  MatchSetup& match = context.settings.match;
  const char* title = for_ == For::kServer ? "Make a match" : for_ == For::kFriends ? "Host a match" : "Play offline";
  const char* words = for_ == For::kServer    ? "on this server, for everybody who finds it"
                      : for_ == For::kFriends ? "on this machine; friends join by its address"
                                              : "alone with the bots, without a network";
  say_heading(ui, title, words);

  ui.prefer_focus("start");
  ui.panel(kPanel);
  float y = kPanel.y + 24;
  const auto next = [&y] { return std::exchange(y, y + 46); };
  choose(ui, "map", {kLeft, next(), kWidth, 40}, "Map", context.kinds.maps, match.map);
  choose(ui, "mode", {kLeft, next(), kWidth, 40}, "Mode", context.kinds.modes, match.mode);
  static const std::string kLevels[] = {"A mix", "1  Rookie", "2  Regular", "3  Veteran", "4  Expert", "5  Merciless"};
  count(ui, "bots", next(), "Bots", match.bots, 0, Settings::kBotsMax);
  ui.choice("level", {kLeft, next(), kWidth, 40}, "Their skill", match.bot_level, kLevels);
  if (for_ != For::kOffline) {
    count(ui, "players", next(), "Seats", match.players_max, 2, Settings::kPlayersMax);
    ui.toggle("private", {kLeft, next(), kWidth, 40}, "Not in the list", match.is_private);
    y += 34;
    ui.field("password", {kLeft + 16, next(), kWidth - 24, 40}, "Password", password_,
             {.bytes_max = kPasswordBytesMax, .placeholder = "none: everybody may join"});
  }
  const Box box = {kPanel.x + kPanel.width - 260, 636, 260, 46};
  if (ui.button("start", box, for_ == For::kServer ? "Make it and join" : "Start", {.is_small = true})) {
    start(context);
  }

  about(context);
  if (back_button(ui)) leave(context);
}

void SetupScreen::about(MenuContext& context) {
  Ui& ui = context.ui;
  const MatchSetup& match = context.settings.match;
  ui.panel(kAbout);
  const float x = kAbout.x + 28;
  const float width = kAbout.width - 56;
  const auto map = std::find_if(context.kinds.maps.begin(), context.kinds.maps.end(),
                                [&](const NamedMap& m) { return m.id == match.map; });
  float y = kAbout.y + 60;
  if (map != context.kinds.maps.end() && map->sketch.size.x > 0) {
    const Box box = {x, kAbout.y + 28, width, 208};
    ui.custom([sketch = map->sketch, box](engine::app::Canvas& canvas, MenuArt&, float alpha) {
      draw_map(canvas, sketch, box, alpha);
    });
    y = box.y + box.height + 46;
  }
  ui.text({x, y}, name_of(context.kinds.maps, match.map),
          {Face::kHead, 28, palette::kBright, engine::app::Align::kLeft, width});
  ui.wrapped({x, y + 12, width, 50}, about_map(match.map), {Face::kText, 15, palette::kMuted});
  y += 100;
  ui.text({x, y}, name_of(context.kinds.modes, match.mode),
          {Face::kHead, 28, palette::kBright, engine::app::Align::kLeft, width});
  ui.wrapped({x, y + 12, width, 50}, about_mode(match.mode), {Face::kText, 15, palette::kMuted});
}

void SetupScreen::start(MenuContext& context) {
  const MatchSetup& match = context.settings.match;
  switch (for_) {
    case For::kServer:
      return context.emit(CreateMatch{context.server.url, match, password_});
    case For::kFriends:
      return context.emit(HostMatch{match, password_});
    case For::kOffline:
      return context.emit(PlayOffline{match});
  }
}

}  // namespace game::client
