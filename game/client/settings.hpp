// What a person chose and expects to find again: kept in a TOML file that may be edited by hand.
//
// A file that is missing, broken or partly broken never keeps the game from starting: what can be read is used, the
// rest is as by default, and every line that was not understood is complained of in words. Plain values; one thread.
// The names of buttons and of controls are engine::app's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.hpp"

namespace engine::app {
class Controls;
}

namespace game::client {

/// Which of palette.hpp's kSideColors; shapes differ in any case.
enum class ColorSet : std::uint8_t { kDefault, kBlueYellow };
enum class Crosshair : std::uint8_t { kCross, kDot, kRing };

/// What the last match that was made was like: the next one begins there.
struct MatchSetup {
  std::string map = "foundry";
  std::string mode = "ffa";
  int bots = 7;
  int bot_level = 0;  // 1 to 5; 0: of every level
  int players_max = 8;
  bool is_private = false;

  friend bool operator==(const MatchSetup&, const MatchSetup&) = default;
};

struct Settings {
  static constexpr std::size_t kNameBytesMax = 32;
  /// Until a name is chosen. Who plays is given one of call_sign's, so that two newcomers are told apart.
  static constexpr std::string_view kNobodysName = "Pilot";
  static constexpr std::size_t kAddressBytesMax = 200;
  static constexpr std::size_t kHistoryMax = 8;
  static constexpr std::size_t kButtonsPerControlMax = 8;
  static constexpr int kFrameRateMax = 480;
  static constexpr int kBotsMax = 31;
  static constexpr int kPlayersMax = 32;

  std::string name = std::string(kNobodysName);
  std::string server = "ws://127.0.0.1:8787";
  std::vector<std::string> servers{};  // reached before, newest first

  float volume = 0.8F;  // of everything, 0 to 1, as the two below
  float volume_effects = 1;
  float volume_interface = 0.7F;

  ColorSet colors = ColorSet::kDefault;
  Crosshair crosshair = Crosshair::kCross;
  float shake = 1;  // 0: none
  bool flashes = true;
  bool show_ping = false;  // also while it is good
  bool fullscreen = false;
  int frame_rate_max = 0;  // 0: the display's

  MatchSetup match{};

  /// Controls whose buttons are not the default ones, by their names.
  std::map<std::string, std::vector<std::string>, std::less<>> keys{};

  /// Nobody is nameless: without spaces around it, and `fallback` where nothing is left.
  void tidy_name(const std::string& fallback);
  /// Puts the address in front of the history, once.
  void remember_server(std::string_view address);

  friend bool operator==(const Settings&, const Settings&) = default;
};

struct LoadedSettings {
  Settings settings{};
  /// For a person: "settings.toml:3: sound.volume is 0 to 1". Empty for a good file, and for none.
  std::vector<std::string> complaints{};
};

LoadedSettings load_settings(const std::string& path);

/// "Pilot 4821": a name for who has not chosen one, another for each number.
std::string call_sign(std::uint32_t number);

/// Whole or not at all, and where a link leads to: replace_file's. Comments, order and keys that this build does not
/// know stay in the file; a file that load_settings complains of is kept beside it as <path>.broken, and its bad lines
/// are dropped.
engine::Result<void> save_settings(const Settings& settings, const std::string& path);

/// Binds what `keys` says, of the controls that there are, and the default buttons to the others.
void apply_keys(const Settings& settings, engine::app::Controls& controls);

}  // namespace game::client
