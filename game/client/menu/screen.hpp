// What a screen of the menu is, and what it may ask of the menu around it.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/app/controls.hpp"
#include "game/client/menu/choice.hpp"
#include "game/client/menu/ui.hpp"

namespace game::client {

enum class ScreenId : std::uint8_t {
  kMain,
  kBrowser,
  kPassword,
  kCreate,   // a match on the server that is shown
  kHost,     // a match on a server of one's own
  kOffline,  // a match without a network
  kRecordings,
  kSettings,
  kPause,
  kMessage,
  kWaiting,
};

/// The words of the message and the waiting screen.
struct Notice {
  std::string title;
  std::string words;
  std::optional<MenuChoice> retry{};
};

/// What the menu over a match says: a match of one's own may stand still, a recording is left.
struct PauseWords {
  std::string title = "Menu";
  std::string words = "The match goes on without you.";
  std::string leave = "Leave the match";
};

/// What screens share: the menu's own, passed to each call.
struct MenuContext {
  Ui& ui;
  Settings& settings;
  engine::app::Controls& controls;
  ServerView& server;
  MatchKinds& kinds;
  Notice& notice;
  PauseWords& pause;
  std::vector<std::string>& complaints;
  std::vector<std::string>& recording_folders;
  JoinMatch& wanted;  // the match whose password is asked for
  std::optional<ScreenId> go{};
  bool back = false;
  std::vector<MenuChoice> choices{};

  void emit(MenuChoice choice) { choices.push_back(std::move(choice)); }
};

class Screen {
 public:
  virtual ~Screen() = default;
  /// It is about to be seen, not having been.
  virtual void enter(MenuContext&) {}
  virtual void update(MenuContext& context) = 0;
  /// Back was asked for: as a rule to the screen before.
  virtual void leave(MenuContext& context) { context.back = true; }
};

/// A screen's name at its top left, and a line about it.
void say_heading(Ui& ui, std::string title, std::string words = {});
/// The button that does what Escape does, for the mouse. True if it was pressed.
bool back_button(Ui& ui, std::string text = "Back");
/// "ws://127.0.0.1:8787/" as people say it: "127.0.0.1:8787".
std::string short_address(std::string_view url);
/// The address as a URL: "host" becomes "ws://host:8787".
std::string full_address(std::string_view typed);
/// The one with that id, as people read it; the id if there is none.
template <class T>
std::string name_of(const std::vector<T>& names, std::string_view id) {
  const auto found = std::find_if(names.begin(), names.end(), [&](const T& n) { return n.id == id; });
  return found == names.end() ? std::string(id) : found->name;
}

}  // namespace game::client
