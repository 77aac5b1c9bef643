#include <cmath>

#include "game/client/menu/screens.hpp"
#include "game/client/ship_shape.hpp"

namespace game::client {
namespace {

using engine::app::Align;
using engine::app::Box;
using engine::app::Canvas;

constexpr Box kPilotPanel = {792, 262, 392, 330};

/// The own ship, large, on a piece of the arena.
void paint_ship(Canvas& canvas, Color color, float alpha) {
  const Point at = {kPilotPanel.x + kPilotPanel.width / 2, kPilotPanel.y + 118};
  for (int i = 0; i < 3; ++i) {
    canvas.ring(at, 40 + 18 * static_cast<float>(i), 1,
                engine::app::faded(palette::kPanelEdge, alpha * (0.9F - 0.25F * static_cast<float>(i))));
  }
  canvas.glow(at, 92, engine::app::added(engine::app::faded(color, 0.28F * alpha)));
  const auto outline = ship_outline(at, -kPi / 2, 2.3F);
  canvas.polygon(outline, engine::app::faded(palette::kPanel, alpha));
  canvas.polyline(outline, 3, engine::app::faded(color, alpha), true);
  const Point nose[] = {mix(outline[0], outline[1], 0.4F), outline[0], mix(outline[0], outline[5], 0.4F)};
  canvas.polyline(nose, 3, engine::app::faded(palette::kWhite, alpha));
}

std::string state_of(const ServerView& server) {
  switch (server.state) {
    case ServerView::State::kConnecting:
      return "connecting ...";
    case ServerView::State::kConnected:
      return std::to_string(server.matches.size()) + (server.matches.size() == 1 ? " match" : " matches");
    case ServerView::State::kRefused:
      return "refused";
    case ServerView::State::kLost:
      return "lost";
    case ServerView::State::kNone:
      break;
  }
  return {};
}

}  // namespace

void MainScreen::update(MenuContext& context) {
  Ui& ui = context.ui;
  struct Entry {
    const char* id;
    const char* text;
    std::optional<ScreenId> screen;
  };
  static constexpr Entry kEntries[] = {{"quick", "Quick play", std::nullopt},
                                       {"find", "Find a match", ScreenId::kBrowser},
                                       {"offline", "Play offline", ScreenId::kOffline},
                                       {"host", "Host a match", ScreenId::kHost},
                                       {"recordings", "Watch a recording", ScreenId::kRecordings},
                                       {"settings", "Settings", ScreenId::kSettings},
                                       {"quit", "Quit", std::nullopt}};
  ui.prefer_focus("quick");
  float y = 262;
  for (const Entry& entry : kEntries) {
    if (ui.button(entry.id, {kMarginLeft, y, 420, 44}, entry.text)) {
      if (entry.screen) {
        context.go = entry.screen;
      } else if (entry.id == std::string_view("quit")) {
        context.emit(Quit{});
      } else {
        context.emit(QuickPlay{full_address(context.settings.server)});
      }
    }
    y += 48;
  }
  pilot(context);
  float line = 640 - 20 * static_cast<float>(std::min<std::size_t>(context.complaints.size(), 3));
  for (std::size_t i = 0; i < std::min<std::size_t>(context.complaints.size(), 3); ++i) {
    ui.text({kMarginLeft + 22, line += 20}, context.complaints[i],
            {Face::kText, 13, palette::kWarning, Align::kLeft, kMarginRight - kMarginLeft - 22});
  }
}

void MainScreen::pilot(MenuContext& context) {
  Ui& ui = context.ui;
  ui.panel(kPilotPanel);
  const Color own = sides_of(context.settings.colors).own;
  ui.custom([own](Canvas& canvas, MenuArt&, float alpha) { paint_ship(canvas, own, alpha); });
  const Box field = {kPilotPanel.x + 36, kPilotPanel.y + 218, kPilotPanel.width - 72, 40};
  ui.field("name", field, "Your name", context.settings.name,
           {.bytes_max = Settings::kNameBytesMax, .placeholder = "a name, please"});
  const float y = kPilotPanel.y + kPilotPanel.height - 28;
  constexpr float kStateWidth = 100;
  ui.text({field.x, y}, "Server  " + short_address(context.settings.server),
          {Face::kText, 14, palette::kMuted, Align::kLeft, field.width - kStateWidth});
  ui.text({field.x + field.width, y}, state_of(context.server), {Face::kText, 14, palette::kMuted, Align::kRight});
}

}  // namespace game::client
