// scrim's command line. Plain value.
#pragma once

#include <optional>
#include <string>

#include "netcode/network_profile.hpp"

namespace game::apps {

struct Flags {
  std::string connect{};     // a server's URL, of an address as the menu takes it: straight into a match
  std::string name{};        // for this time; else the settings' one
  std::string match{};       // with connect: this match; else whichever has room
  bool spectate = false;     // with connect
  std::string replay{};      // a recording to watch
  bool offline = false;      // straight into a match without a network
  std::string screenshot{};  // where a picture of the window goes, as PNG
  double after_s = 0;        // of the picture, or of quitting; 0: never
  std::string keys{};        // pressed as if by hand: see key_script.hpp
  std::string config{};      // another folder for the settings
  bool software = false;     // SDL's software renderer
  bool fullscreen = false;
  bool mute = false;
  int frame_rate = 0;                                 // 0: the settings' one
  std::optional<netcode::NetworkProfile> simulate{};  // servers are reached as if over such a network
  bool report = false;                                // a line of JSON at the end: frames, how long they took
};

/// Prints --help and exits 0. Throws std::runtime_error, one line that names the flag, for what is wrong.
std::optional<Flags> parse_flags(int argc, char** argv);

}  // namespace game::apps
