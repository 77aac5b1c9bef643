// What a server is told before it runs: plain values with units, from the program, a TOML file and the command line.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "netcode/limits.hpp"
#include "netcode/match_info.hpp"

namespace netcode {

/// A flag of the game's own: --bot-level N, and the key `bot_level` (or `bot-level`) in the config file.
struct ExtraFlag {
  std::string name;        // "bot-level"
  std::string value_name;  // "N"; empty for a switch
  std::string help;
  std::variant<std::string*, int*, bool*> value;  // holds the default, and what was given
  int min = 0;                                    // of a number
  int max = 0;
};

/// How official clients of Socket.IO are served. They are told the heartbeat and the payload as they connect.
struct SocketioConfig {
  bool is_served = true;
  std::chrono::milliseconds ping_interval{25'000};
  std::chrono::milliseconds ping_timeout{20'000};
  std::chrono::milliseconds connect_timeout{45'000};                   // to join a namespace
  std::chrono::milliseconds upgrade_timeout{10'000};                   // from polling to a WebSocket
  std::size_t payload_bytes_max = limits::kMessageFromClientBytesMax;  // of a message, and of a POST's body
  bool allows_credentials = false;  // pages of the allowed origins may send cookies along
  /// For how long a lost connection's state waits for its client (connection state recovery); 0: not at all.
  std::chrono::milliseconds recovery_window = limits::kRecoveryWindow;
};

/// The Admin UI of Socket.IO: who logs in sees the server's sockets, and may act on them. Off without a password.
struct AdminUiConfig {
  std::string user = "admin";
  std::string password_hash;  // bcrypt, "$2y$10$..."; empty: off
  bool is_read_only = false;  // pages see, and change nothing
};

struct ServerConfig {
  std::vector<std::string> listen{"127.0.0.1:8787"};  // HOST:PORT; port 0: any free one
  std::string tls_cert;                               // PEM, with its chain; set: wss:// and https:// only
  std::string tls_key;                                // PEM; of that certificate
  std::string path_prefix;                            // "/games": all paths are below it; empty: below none
  std::uint32_t threads = 1;                          // shards: a match lives on one
  std::string record_dir;                             // empty: matches are not recorded
  std::chrono::seconds duration{0};                   // 0: until SIGTERM or SIGINT
  std::uint32_t tick_hz = 0;                          // 0: as each kind says
  std::uint32_t snapshot_hz = 0;                      // 0: as each kind says
  std::optional<std::uint32_t> rewind_ms_max;         // overrides MatchOptions::rewind_ms_max
  std::uint32_t snapshot_bytes_per_second = 0;        // what snapshots to one client may take; 0: all that they need
  std::optional<std::uint32_t> bots;                  // overrides BotOptions::fill_to
  bool json = false;                                  // run() ends with a line of JSON
  std::string log_level = "info";                     // trace, debug, info, warn, error or off
  bool quiet = false;                                 // warnings and errors only
  bool log_json = false;                              // log lines as JSON

  std::size_t sessions_max = 4096;
  std::size_t matches_max = limits::kMatchesMax;
  std::uint32_t matches_created_per_minute = limits::kMatchesCreatedPerMinutePerAddressMax;  // by one address
  bool create_by_url = true;         // /match/<id> makes the match if there is none
  std::vector<std::string> origins;  // allowed Origin headers; empty: any, for native clients send none
  SocketioConfig socketio;           // clients of Socket.IO, below /socket.io/
  AdminUiConfig admin_ui;            // the namespace /admin of Socket.IO, for that page
  bool twin_links = true;            // a session may be carried by two connections at once
  std::chrono::milliseconds resume_window = limits::kResumeWindow;
  std::uint64_t seed = 0;  // of matches; 0: from the system
  bool check_only =
      false;       // run() checks everything that a start needs, says so and returns: nothing is served or made
  Fields options;  // given to the rules of every match: "frag_limit" -> "20"

  /// From the command line and the --config file it may name; flags win. docs/hosting.md has them all. Prints --help
  /// and exits 0; an error is one line that names the flag or key, and exit 2.
  static ServerConfig from_args(int argc, char** argv, const std::string& description = "A game server.",
                                const std::vector<ExtraFlag>& extra = {});
  /// One line that names the field, or nothing.
  std::optional<std::string> problem() const;
};

}  // namespace netcode
