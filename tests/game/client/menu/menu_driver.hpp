// Drives a Menu with made-up frames of input, as a person's hands would, without a window.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/app/canvas.hpp"
#include "game/client/menu/menu.hpp"

namespace game::client {

inline MenuArt open_art() { return MenuArt::open(SCRIM_FONTS_DIR).value(); }

struct MenuDriver {
  MenuArt art = open_art();
  Settings settings{};
  engine::app::Controls controls{};
  std::optional<Menu> menu{};
  std::vector<MenuChoice> choices{};
  std::vector<MenuSound> sounds{};
  engine::app::Point mouse{};

  explicit MenuDriver(Settings with = {}) : settings(std::move(with)) {
    define_menu_controls(controls);
    define("up", {"W", "Up"});
    define("fire", {"Mouse 1", "Pad Right Trigger+"});
    define("rail", {"Mouse 3"});
    define("dash", {"Space", "Pad A"});
    define("watch_next", {"Mouse 1"});
    menu.emplace(art, settings, controls);
    menu->set_recording_folders({});
    frame({});
    menu->show(ScreenId::kMain);
    frame({});
  }

  void define(const std::string& name, std::initializer_list<std::string_view> buttons) {
    std::vector<engine::app::Button> defaults;
    for (const std::string_view button : buttons) defaults.push_back(*engine::app::Button::from_name(button));
    controls.define(name, defaults);
  }

  void frame(engine::app::Input input, double dt_s = 1.0 / 60) {
    if (!input.mouse_moved) input.mouse = mouse;
    mouse = input.mouse;
    controls.update(input);
    menu->update(input, dt_s);
    sounds.insert(sounds.end(), menu->sounds().begin(), menu->sounds().end());
    while (auto choice = menu->take_choice()) choices.push_back(std::move(*choice));
  }
  void frames(int count) {
    for (int i = 0; i < count; ++i) frame({});
  }

  /// Down in one frame, up in the next, and one to see what came of it.
  void press(std::string_view name) {
    const auto button = engine::app::Button::from_name(name);
    ASSERT_TRUE(button) << name;
    engine::app::Input input;
    input.device = name.starts_with("Pad ") ? engine::app::Device::kGamepad : engine::app::Device::kKeyboard;
    input.buttons = {{*button, true, 1, false}};
    frame(input);
    input.buttons = {{*button, false, 0, false}};
    frame(input);
    frame({});
  }
  /// As a keyboard does: the letters' keys go down, and their text comes.
  void type(std::string_view text) {
    for (const char letter : text) {
      engine::app::Input input;
      input.text = std::string(1, letter);
      const auto key = engine::app::Button::from_name(std::string(1, letter));
      if (key) input.buttons = {{*key, true, 1, false}, {*key, false, 0, false}};
      frame(input);
    }
  }
  /// Ctrl+V and its like: the clipboard holds `pasted`.
  void press_shortcut(engine::app::Shortcut shortcut, std::string pasted = {}) {
    engine::app::Input input;
    input.buttons = {{*engine::app::Button::from_name("V"), true, 1, false}};
    input.buttons[0].shortcut = shortcut;
    input.pasted = std::move(pasted);
    frame(input);
    input = {};
    input.buttons = {{*engine::app::Button::from_name("V"), false, 0, false}};
    frame(input);
  }
  void move_mouse(engine::app::Point to) {
    engine::app::Input input;
    input.mouse = to;
    input.mouse_moved = true;
    frame(input);
  }
  void click(engine::app::Point at) {
    move_mouse(at);
    press("Mouse 1");
  }
  void click(std::string_view text) {
    const Item* item = find(text);
    ASSERT_NE(item, nullptr) << "nothing says " << text;
    click(item->box.centre());
  }

  /// What says so; nullptr if nothing does.
  const Item* find(std::string_view text) const {
    const auto& items = menu->items();
    const auto found = std::find_if(items.begin(), items.end(), [&](const Item& item) {
      return item.text.find(text) != std::string::npos || item.value.find(text) != std::string::npos ||
             item.note.find(text) != std::string::npos ||
             std::any_of(item.cells.begin(), item.cells.end(),
                         [&](const Cell& cell) { return cell.text.find(text) != std::string::npos; });
    });
    return found == items.end() ? nullptr : &*found;
  }
  bool says(std::string_view text) const { return find(text) != nullptr; }

  /// The last choice of that kind.
  template <class T>
  const T* chose() const {
    for (auto choice = choices.rbegin(); choice != choices.rend(); ++choice) {
      if (const T* found = std::get_if<T>(&*choice)) return found;
    }
    return nullptr;
  }
  /// By one way only: presses `direction` until the focus is there.
  void go_to(std::string_view id, std::string_view direction) {
    for (int i = 0; i < 40 && menu->focus() != id; ++i) press(direction);
    ASSERT_EQ(menu->focus(), id);
  }
};

/// A server with matches of every sort.
inline ServerView busy_server() {
  ServerView server;
  server.state = ServerView::State::kConnected;
  server.url = "ws://127.0.0.1:8787";
  server.ping_ms = 23;
  server.matches = {{"forge-1", "foundry", "ffa", 8, 5, 8, 2, false, false, false},
                    {"tight", "duel", "duel", 2, 0, 2, 4, false, true, false},
                    {"friends", "large", "tdm", 11, 2, 16, 0, true, false, true},
                    {"rails", "foundry", "instarail", 3, 0, 8, 0, false, false, false}};
  return server;
}

}  // namespace game::client
