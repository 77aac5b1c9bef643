// What the menu is told and what it answers: plain values, so that it knows nothing of networks, files of matches, or
// windows, and is tested without them.
#pragma once

#include <cctype>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "game/client/menu/map_picture.hpp"
#include "game/client/settings.hpp"
#include "game/sim/mode_names.hpp"

namespace game::client {

// --- What the menu is told -------------------------------------------------------------------------------------------

struct MatchRow {
  std::string id;
  std::string map;
  std::string mode;
  std::uint32_t players = 0;  // seats taken, bots included
  std::uint32_t bots = 0;
  std::uint32_t players_max = 0;
  std::uint32_t spectators = 0;
  bool has_password = false;
  bool is_locked = false;  // takes nobody, but may be watched
  bool is_private = false;
};

/// A server as far as it is known.
struct ServerView {
  enum class State : std::uint8_t { kNone, kConnecting, kConnected, kRefused, kLost };
  State state = State::kNone;
  std::string url{};
  std::string words{};  // why it refused, or how it was lost
  std::optional<int> ping_ms{};
  std::vector<MatchRow> matches{};
  std::string list_problem{};  // why the server did not say which matches there are
};

/// A name as it goes over the wire, and as people read it.
struct Named {
  std::string id;
  std::string name;
};

struct NamedMap {
  std::string id;
  std::string name;
  MapSketch sketch{};  // if the map is here to be drawn
};

/// What a match can be made of.
struct MatchKinds {
  std::vector<NamedMap> maps = {{"foundry", "Foundry"}, {"duel", "Duel"}, {"large", "Large"}};
  std::vector<Named> modes = all_modes();

  static std::vector<Named> all_modes() {
    std::vector<Named> out;
    for (const sim::ModeName& mode : sim::kModeNames) {
      out.push_back({std::string(mode.id), std::string(mode.name)});
      out.back().name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(mode.name[0])));
    }
    return out;
  }
};

// --- What it answers -------------------------------------------------------------------------------------------------

struct QuickPlay {
  std::string url;
};
struct PlayOffline {
  MatchSetup match;
};
/// Runs a server that friends can reach, and plays on it.
struct HostMatch {
  MatchSetup match;
  std::string password;
};
/// To a server's lobby; ServerView tells how it goes.
struct Connect {
  std::string url;
};
/// Asks the connected server for its matches again.
struct RefreshMatches {};
/// Away from the server whose matches were shown.
struct Disconnect {};
struct JoinMatch {
  std::string url;
  std::string id;
  std::string password;
  bool spectate = false;
};
struct CreateMatch {
  std::string url;
  MatchSetup match;
  std::string password;
};
struct WatchRecording {
  std::string path;
};
/// The settings were changed: use them. `keep`: write them down, too.
struct ApplySettings {
  bool keep = false;
};
/// Give up what the waiting screen waits for.
struct CancelWait {};
struct ResumeMatch {};
struct LeaveMatch {};
struct Quit {};

using MenuChoice = std::variant<QuickPlay, PlayOffline, HostMatch, Connect, RefreshMatches, Disconnect, JoinMatch,
                                CreateMatch, WatchRecording, ApplySettings, CancelWait, ResumeMatch, LeaveMatch, Quit>;

enum class MenuSound : std::uint8_t { kMove, kAccept, kBack };

}  // namespace game::client
