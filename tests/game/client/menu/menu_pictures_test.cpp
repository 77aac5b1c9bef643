// Draws every screen, as people see it, into PNGs of the test's folder, or of $SCRIM_MENU_PICTURES: to be looked at,
// and to see that they hold something.
// Tests also: backdrop.cpp, map_picture.cpp, painter.cpp, theme.cpp, title.cpp.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "game/wire/map.hpp"
#include "menu_driver.hpp"

namespace game::client {
namespace {

using engine::app::Canvas;
using engine::app::Picture;

std::filesystem::path folder() {
  const char* chosen = std::getenv("SCRIM_MENU_PICTURES");
  return chosen ? std::filesystem::path(chosen) : std::filesystem::path(testing::TempDir()) / "scrim_menu";
}

/// The share of pixels that are not the ground's colour.
double lit_share(const Picture& picture) {
  int lit = 0;
  for (int y = 0; y < picture.height(); y += 4) {
    for (int x = 0; x < picture.width(); x += 4) lit += picture.at(x, y) == palette::kGround ? 0 : 1;
  }
  return 16.0 * lit / (picture.width() * picture.height());
}

void shoot(MenuDriver& driver, const std::string& name, int width = 1280, int height = 720) {
  driver.frames(90);
  Picture picture(width, height);
  Canvas canvas(picture);
  canvas.clear(engine::app::rgb(0x203040));  // stands for a match
  driver.menu->draw(canvas);
  EXPECT_GT(lit_share(picture), 0.02) << name;
  std::filesystem::create_directories(folder());
  const auto saved = picture.save_png((folder() / (name + ".png")).string());
  EXPECT_TRUE(saved) << saved.error().reason;
}

Settings well_used() {
  Settings settings;
  settings.name = "Ada";
  for (const char* server : {"ws://arena.example.org:8787", "ws://192.168.1.20:8787", "ws://127.0.0.1:8787"}) {
    settings.remember_server(server);
  }
  return settings;
}

/// The maps as they are built, so far as they are.
MatchKinds kinds_with_maps() {
  MatchKinds kinds;
  for (NamedMap& map : kinds.maps) {
    std::ifstream file(std::string(SCRIM_MAPS_DIR "/") + map.id + ".map", std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    const auto loaded = wire::load_map({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    if (loaded) map.sketch = sketch_of(*loaded);
  }
  return kinds;
}

TEST(MenuPictures, show_every_screen) {
  MenuDriver driver(well_used());
  for (const char* name : {"left", "down", "right", "scoreboard", "chat", "pause", "watch_previous", "replay_faster"}) {
    driver.define(name, {"F1", "Pad Back", "Keypad Enter"});
  }
  driver.define("aim_left", {});
  driver.menu->set_server(busy_server());
  driver.menu->set_kinds(kinds_with_maps());
  driver.menu->set_complaints({"settings.toml:3: sound.volume is 0 to 1"});
  driver.frames(400);
  shoot(driver, "main");

  for (int i = 0; i < 4; ++i) shoot(driver, "main_later" + std::to_string(i));

  driver.menu->show(ScreenId::kBrowser);
  shoot(driver, "browser");
  ServerView server;
  server.url = "ws://127.0.0.1:8787";
  server.state = ServerView::State::kRefused;
  server.words = "the server speaks scrim.v2, this is scrim.v1: get the newer game";
  driver.menu->set_server(server);
  shoot(driver, "browser_refused");
  driver.menu->set_server(busy_server());
  driver.menu->show(ScreenId::kPassword);
  driver.frames(2);
  driver.type("secret");
  shoot(driver, "password");
  driver.menu->show(ScreenId::kCreate);
  shoot(driver, "create");
  driver.menu->show(ScreenId::kOffline);
  shoot(driver, "offline");

  driver.menu->show(ScreenId::kRecordings);
  shoot(driver, "recordings_none");
  const std::filesystem::path recordings = folder() / "recordings";
  std::filesystem::create_directories(recordings);
  for (int i = 0; i < 17; ++i) {
    std::ofstream(recordings / ("foundry-" + std::to_string(1000 + i * 37) + ".scrim"))
        << std::string(static_cast<std::size_t>(i) * 91'234 + 500, 'x');
  }
  driver.menu->set_recording_folders({recordings.string()});
  driver.menu->show(ScreenId::kRecordings);
  shoot(driver, "recordings");

  driver.menu->show(ScreenId::kSettings);
  driver.frames(2);
  for (const char* section : {"Pilot", "Picture", "Sound", "Keys"}) {
    driver.click(section);
    driver.press("Right");
    if (section == std::string_view("Keys")) driver.press("Return");
    shoot(driver, std::string("settings_") + section);
  }
  driver.menu->fail("The match has ended", "The server was stopped by its host, 4 minutes into the round.");
  shoot(driver, "message");
  driver.menu->wait_for("Quick play", "Looking for a match on 127.0.0.1:8787 ...");
  shoot(driver, "waiting");
  driver.menu->show(ScreenId::kPause);
  shoot(driver, "pause");
  driver.press("Down");
  driver.press("Return");
  shoot(driver, "pause_settings");
}

TEST(MenuPictures, fit_any_frame) {
  MenuDriver driver(well_used());
  driver.menu->set_server(busy_server());
  shoot(driver, "main_1920x1080", 1920, 1080);
  shoot(driver, "main_800x900", 800, 900);
  shoot(driver, "main_1920x600", 1920, 600);
  shoot(driver, "main_320x200", 320, 200);
}

}  // namespace
}  // namespace game::client
