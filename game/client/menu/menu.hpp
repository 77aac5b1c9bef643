// The menu: every screen outside of a match, and those over one.
//
//   Menu menu(art, settings, controls);
//   menu.set_server(what_is_known);
//   menu.update(input, dt_s);                     // after controls.update(input)
//   while (auto choice = menu.take_choice()) ...  // do it; say how it went: set_server, fail, show
//   menu.draw(canvas);
//
// It never talks to a network, nor keeps a file: it is told plain values and answers with plain choices. It edits the
// Settings that it was given, and says so with ApplySettings. One thread; art, settings and controls must outlive it.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/app/canvas.hpp"
#include "engine/app/controls.hpp"
#include "engine/app/input.hpp"
#include "game/client/menu/backdrop.hpp"
#include "game/client/menu/choice.hpp"
#include "game/client/menu/menu_input.hpp"
#include "game/client/menu/screen.hpp"
#include "game/client/menu/theme.hpp"
#include "game/client/menu/title.hpp"
#include "game/client/menu/ui.hpp"

namespace game::client {

class Menu {
 public:
  /// The menu's controls must have been defined (define_menu_controls).
  Menu(MenuArt& art, Settings& settings, engine::app::Controls& controls);
  Menu(const Menu&) = delete;
  Menu& operator=(const Menu&) = delete;
  ~Menu();

  // --- What it is told
  void set_server(const ServerView& server);
  void set_kinds(MatchKinds kinds) { kinds_ = std::move(kinds); }
  /// Where recordings are looked for.
  void set_recording_folders(std::vector<std::string> folders) { recording_folders_ = std::move(folders); }
  void set_pause(PauseWords words) { pause_ = std::move(words); }
  /// Shown on the main screen: what was wrong with the settings' file, a missing sound device ...
  void set_complaints(std::vector<std::string> complaints) { complaints_ = std::move(complaints); }
  /// Goes there, from nowhere: kMain at the start and after a match, kPause over a match. What is pressed in the frame
  /// that follows is taken for what opened it.
  void show(ScreenId screen);
  /// What was asked for last has failed, or a match has ended badly. "Try again" asks for it once more.
  void fail(std::string title, std::string words);
  /// The waiting screen's words, as what is waited for gets on.
  void wait_for(std::string title, std::string words);

  // --- A frame
  /// `controls` were updated with `input`, whose mouse is in pixels of the frame that was drawn last.
  void update(const engine::app::Input& input, double dt_s);
  /// Over a match (show(kPause)) it leaves what the canvas shows.
  void draw(engine::app::Canvas& canvas);

  // --- What it answers
  std::optional<MenuChoice> take_choice();
  /// What was copied in a text field, for the clipboard.
  std::optional<std::string> take_copied() { return ui_.take_copied(); }
  /// Of the last update.
  const std::vector<MenuSound>& sounds() const { return ui_.sounds(); }
  /// Text is being written: Window::take_text.
  bool wants_text() const { return ui_.writes(); }
  /// The next button pressed is to be bound to a control, whichever it is: nobody else may take it.
  bool waits_for_button() const { return ui_.waits_for_button(); }
  ScreenId screen() const { return stack_.back(); }
  bool is_over_match() const { return stack_.front() == ScreenId::kPause; }
  /// What is on the screen, for tests and scripts.
  const std::vector<Item>& items() const { return ui_.items(); }
  const std::string& focus() const { return ui_.focus(); }

 private:
  MenuContext context();
  void take_over(MenuContext& context);
  void push(ScreenId screen);
  void pop();
  void entered();
  void queue(MenuChoice choice);
  void notice_settings();
  void draw_hints(engine::app::Canvas& canvas, float alpha);
  void draw_veil(engine::app::Canvas& canvas) const;
  Screen& current() { return *screens_.at(stack_.back()); }

  MenuArt& art_;
  Settings& settings_;
  engine::app::Controls& controls_;
  Settings applied_;       // as the last ApplySettings said
  std::string last_name_;  // that was one: for who empties the field and goes on
  bool is_kept_ = true;    // and were they to be kept
  ServerView server_{};
  MatchKinds kinds_{};
  Notice notice_{};
  PauseWords pause_{};
  JoinMatch wanted_{};
  std::vector<std::string> complaints_{};
  std::vector<std::string> recording_folders_{};
  std::optional<MenuChoice> asked_{};  // what the waiting screen waits for

  Ui ui_{};
  MenuInputReader reader_{};
  Backdrop backdrop_;
  Title title_{};
  std::map<ScreenId, std::unique_ptr<Screen>> screens_;
  std::vector<ScreenId> stack_{ScreenId::kMain};
  std::deque<MenuChoice> choices_;

  engine::app::Device device_ = engine::app::Device::kKeyboard;
  int frame_width_ = static_cast<int>(kMenuWidth);
  int frame_height_ = static_cast<int>(kMenuHeight);
  double time_s_ = 0;
  bool ignores_presses_ = false;  // just shown: what opened it is not for it
  float appear_ = 0;              // 0 to 1: how far the screen has come in
};

}  // namespace game::client
