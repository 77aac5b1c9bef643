#include <algorithm>
#include <cctype>

#include "game/client/menu/screens.hpp"
#include "game/client/ship_shape.hpp"

namespace game::client {
namespace {

using engine::app::Align;
using engine::app::Box;
using engine::app::Button;
using engine::app::Canvas;

constexpr Box kPanel = {344, 132, kMarginRight - 344, 488};
constexpr float kLeft = kPanel.x + 28;
constexpr float kWidth = kPanel.width - 72;
constexpr float kRow = 46;

constexpr int kFrameRates[] = {0, 30, 60, 75, 90, 120, 144, 165, 240};

/// Watching and replays have keys of their own: what flies a ship may mean something else there.
std::string_view time_of(std::string_view control) {
  for (const std::string_view time : {"watch_", "replay_"}) {
    if (control.starts_with(time)) return time;
  }
  return "";
}

/// "watch_next" as it is read under its time's heading: "Next".
std::string readable(std::string_view control) {
  static constexpr std::pair<std::string_view, std::string_view> kFly[] = {
      {"up", "Fly up"}, {"down", "Fly down"}, {"left", "Fly left"}, {"right", "Fly right"}};
  for (const auto& [name, words] : kFly) {
    if (name == control) return std::string(words);
  }
  std::string text(control.substr(time_of(control).size()));
  std::replace(text.begin(), text.end(), '_', ' ');
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

bool is_of_pad(const Button& button) {
  return button.kind != Button::Kind::kKey && button.kind != Button::Kind::kMouse;
}

void remember(MenuContext& context, const std::string& control) {
  std::vector<std::string> names;
  for (const Button& button : context.controls.bound(control)) names.push_back(button.name());
  context.settings.keys[control] = std::move(names);
}

/// `button` takes the place of the control's others of the same hands: those of a pad, or of keyboard and mouse. Where
/// another control had it, that one loses it, and is named.
std::string bind(MenuContext& context, const std::string& control, const Button& button) {
  std::string said;
  for (const std::string& other : context.controls.names()) {
    if (other == control || is_menu_control(other) || time_of(other) != time_of(control)) continue;
    std::vector<Button> buttons = context.controls.bound(other);
    if (std::erase(buttons, button) == 0) continue;
    context.controls.bind(other, std::move(buttons));
    remember(context, other);
    said += button.label() + " no longer means \"" + readable(other) + "\". ";
  }
  std::vector<Button> buttons = context.controls.bound(control);
  // Escape cannot be pressed for a key row: it would be lost for good.
  const std::optional<Button> escape = Button::from_name("Escape");
  std::erase_if(buttons, [&](const Button& b) { return is_of_pad(b) == is_of_pad(button) && b != escape; });
  buttons.insert(buttons.begin(), button);
  context.controls.bind(control, std::move(buttons));
  remember(context, control);
  return said;
}

void paint_sides(Canvas& canvas, Point at, const SideColors& sides, float alpha) {
  const std::pair<float, Color> ships[] = {
      {0, sides.own}, {74, sides.foe}, {168, sides.teams[0]}, {242, sides.teams[1]}};
  for (const auto& [x, color] : ships) {
    const Point centre = at + Point{x, 0};
    canvas.glow(centre, 40, engine::app::added(engine::app::faded(color, 0.25F * alpha)));
    const auto outline = ship_outline(centre, -kPi / 2, 1.3F);
    canvas.polygon(outline, engine::app::faded(palette::kPanel, alpha));
    canvas.polyline(outline, 2.5F, engine::app::faded(color, alpha), true);
  }
}

void paint_crosshair(Canvas& canvas, Point at, Crosshair kind, Color color, float alpha) {
  const Color lit = engine::app::faded(color, alpha);
  if (kind == Crosshair::kDot) return canvas.disc(at, 3, lit);
  if (kind == Crosshair::kRing) {
    canvas.ring(at, 9, 2, lit);
    return canvas.disc(at, 1.5F, lit);
  }
  for (int i = 0; i < 4; ++i) {
    const Point way = engine::app::direction(kPi / 2 * static_cast<float>(i));
    canvas.line(at + way * 4, at + way * 11, 2, lit);
  }
}

}  // namespace

void SettingsScreen::update(MenuContext& context) {
  Ui& ui = context.ui;
  say_heading(ui, "Settings");
  static constexpr std::pair<Section, const char*> kSections[] = {
      {Section::kPilot, "Pilot"}, {Section::kPicture, "Picture"}, {Section::kSound, "Sound"}, {Section::kKeys, "Keys"}};
  float y = 132;
  for (const auto& [section, name] : kSections) {
    const ButtonLook look = {.is_chosen = section == section_};
    if (ui.button(name, {kMarginLeft, y, 220, 44}, name, look)) {
      section_ = section;
      said_.clear();
    }
    y += 48;
  }
  ui.panel(kPanel);
  switch (section_) {
    case Section::kPilot:
      pilot(context);
      break;
    case Section::kPicture:
      picture(context);
      break;
    case Section::kSound:
      sound(context);
      break;
    case Section::kKeys:
      keys(context);
      break;
  }
  if (back_button(ui)) leave(context);
}

void SettingsScreen::pilot(MenuContext& context) {
  Ui& ui = context.ui;
  Settings& settings = context.settings;
  ui.field("name", {kLeft + 16, 184, 420, 40}, "Your name", settings.name,
           {.bytes_max = Settings::kNameBytesMax, .placeholder = "a name, please"});
  static const std::string kCrosshairs[] = {"Cross", "Dot", "Ring"};
  auto crosshair = static_cast<int>(settings.crosshair);
  ui.choice("crosshair", {kLeft, 256, kWidth, 40}, "Crosshair", crosshair, kCrosshairs);
  settings.crosshair = static_cast<Crosshair>(crosshair);
  ui.custom([kind = settings.crosshair, color = sides_of(settings.colors).own](Canvas& canvas, MenuArt&, float alpha) {
    paint_crosshair(canvas, {kLeft + kWidth * kLabelShare + 52, 276}, kind, color, alpha);
  });
  ui.toggle("ping", {kLeft, 256 + kRow, kWidth, 40}, "Always show the ping", settings.show_ping);
}

void SettingsScreen::picture(MenuContext& context) {
  Ui& ui = context.ui;
  Settings& settings = context.settings;
  float y = 156;
  const auto row = [&y] { return Box{kLeft, std::exchange(y, y + kRow), kWidth, 40}; };
  static const std::string kColorSets[] = {"Cyan and red", "Blue and yellow"};
  auto colors = static_cast<int>(settings.colors);
  ui.choice("colors", row(), "Colours", colors, kColorSets);
  settings.colors = static_cast<ColorSet>(colors);
  y += 84;
  ui.custom([&sides = sides_of(settings.colors)](Canvas& canvas, MenuArt&, float alpha) {
    paint_sides(canvas, {kLeft + kWidth * 0.42F + 34, 226}, sides, alpha);
  });
  static constexpr std::pair<float, const char*> kSides[] = {{0, "you"}, {74, "foe"}, {205, "teams"}};
  for (const auto& [x, name] : kSides) {
    ui.text({kLeft + kWidth * 0.42F + 34 + x, 268}, name, {Face::kText, 13, palette::kMuted, Align::kCentre});
  }
  ui.slider("shake", row(), "Screen shake", settings.shake, {.step = 0.1F});
  ui.toggle("flashes", row(), "Flashes", settings.flashes);
  ui.toggle("fullscreen", row(), "Fullscreen", settings.fullscreen);
  std::vector<std::string> rates = {"As the display"};
  for (std::size_t i = 1; i < std::size(kFrameRates); ++i) rates.push_back(std::to_string(kFrameRates[i]));
  const auto found = std::find(std::begin(kFrameRates), std::end(kFrameRates), settings.frame_rate_max);
  int rate = static_cast<int>(found - std::begin(kFrameRates));
  if (found == std::end(kFrameRates)) rates.push_back(std::to_string(settings.frame_rate_max));  // written by hand
  if (ui.choice("rate", row(), "Frames a second, at most", rate, rates) &&
      rate < static_cast<int>(std::size(kFrameRates))) {
    settings.frame_rate_max = kFrameRates[rate];
  }
}

void SettingsScreen::sound(MenuContext& context) {
  Settings& settings = context.settings;
  context.ui.slider("volume", {kLeft, 156, kWidth, 40}, "Everything", settings.volume);
  context.ui.slider("effects", {kLeft, 156 + kRow, kWidth, 40}, "The fight", settings.volume_effects);
  context.ui.slider("interface", {kLeft, 156 + 2 * kRow, kWidth, 40}, "The menu and calls", settings.volume_interface);
}

void SettingsScreen::keys(MenuContext& context) {
  Ui& ui = context.ui;
  static constexpr std::pair<std::string_view, const char*> kTimes[] = {
      {"", "In a match"}, {"watch_", "Watching"}, {"replay_", "Recordings"}};
  std::vector<std::string> controls = context.controls.names();
  std::erase_if(controls, [](const std::string& name) { return is_menu_control(name); });
  const Box view = {kLeft, 148, kWidth, 408};
  const float row = 38;
  ui.begin_scroll("keys", view, row * static_cast<float>(controls.size() + std::size(kTimes)));
  float y = view.y;
  for (const auto& [time, title] : kTimes) {
    ui.text({kLeft, y + 27}, title, {Face::kHead, 18, palette::kMuted});
    y += row;
    for (const std::string& control : controls) {
      if (time_of(control) != time) continue;
      const auto button =
          ui.keys("key_" + control, {kLeft, y, kWidth, row - 4}, readable(control), context.controls.bound(control));
      if (button) said_ = bind(context, control, *button);
      y += row;
    }
  }
  ui.end_scroll();
  if (ui.button("reset", {kLeft, 572, 220, 36}, "As at the beginning", {.is_small = true})) {
    context.settings.keys.clear();
    context.controls.bind_defaults();
    said_ = "All keys are as at the beginning.";
  }
  ui.text({kLeft + 240, 596}, said_, {Face::kText, 14, palette::kWarning, engine::app::Align::kLeft, kWidth - 240});
}

}  // namespace game::client
