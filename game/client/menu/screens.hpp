// The screens of the menu. Each keeps only what it needs to look the same in the next frame.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "game/client/menu/recordings.hpp"
#include "game/client/menu/screen.hpp"

namespace game::client {

class MainScreen : public Screen {
 public:
  void update(MenuContext& context) override;
  void leave(MenuContext& context) override { context.ui.set_focus("quit"); }  // nothing is behind it

 private:
  void pilot(MenuContext& context);
};

class BrowserScreen : public Screen {
 public:
  void enter(MenuContext& context) override;
  void update(MenuContext& context) override;
  void leave(MenuContext& context) override;

 private:
  enum class Key : std::uint8_t { kMap, kMode, kPlayers, kNotes };

  void follow(MenuContext& context);
  void address(MenuContext& context);
  void connect(MenuContext& context, const std::string& typed);
  void matches(MenuContext& context);
  void say_why_empty(MenuContext& context);
  void details(MenuContext& context, const MatchRow* match);
  void join(MenuContext& context, const MatchRow& match, bool spectate);
  std::vector<const MatchRow*> sorted(const MenuContext& context) const;

  std::string address_;
  std::string chosen_;  // the selected match's id: it stays selected however the list changes
  ListState list_{};
  Key sorted_by_ = Key::kPlayers;
  bool is_descending_ = true;
  double refresh_s_ = 0;
  bool follow_ = false;  // the focus goes to what the server answers, once
};

class PasswordScreen : public Screen {
 public:
  void enter(MenuContext& context) override;
  void update(MenuContext& context) override;

 private:
  std::string password_;
};

/// A match to be made: on a server, on one's own for friends, or alone.
class SetupScreen : public Screen {
 public:
  enum class For : std::uint8_t { kServer, kFriends, kOffline };
  explicit SetupScreen(For whom) : for_(whom) {}

  void enter(MenuContext& context) override;
  void update(MenuContext& context) override;

 private:
  void about(MenuContext& context);
  void start(MenuContext& context);

  For for_;
  std::string password_;
};

class RecordingsScreen : public Screen {
 public:
  void enter(MenuContext& context) override;
  void update(MenuContext& context) override;

 private:
  std::vector<RecordingFile> files_;
  ListState list_{};
};

class SettingsScreen : public Screen {
 public:
  void update(MenuContext& context) override;

 private:
  enum class Section : std::uint8_t { kPilot, kPicture, kSound, kKeys };

  void pilot(MenuContext& context);
  void picture(MenuContext& context);
  void sound(MenuContext& context);
  void keys(MenuContext& context);

  Section section_ = Section::kPilot;
  std::string said_;  // what binding a key did to another control
};

class PauseScreen : public Screen {
 public:
  void update(MenuContext& context) override;
  void leave(MenuContext& context) override { context.emit(ResumeMatch{}); }
};

class MessageScreen : public Screen {
 public:
  void update(MenuContext& context) override;
};

class WaitingScreen : public Screen {
 public:
  void update(MenuContext& context) override;
  void leave(MenuContext& context) override;

 private:
  double time_s_ = 0;
};

}  // namespace game::client
