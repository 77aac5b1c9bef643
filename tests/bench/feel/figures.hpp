// The two logs joined: how much of what the players saw was so. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/bench/feel/client_log.hpp"
#include "tests/bench/feel/options.hpp"
#include "tests/bench/feel/server_log.hpp"

namespace game::feel {

struct Figures {
  // Shares, from 0 to 1.
  double own_exact = 0;        // predicted own states that were the server's at that tick
  double excluded = 0;         // own states left out since another player had touched the ship
  double missing_actions = 0;  // ticks whose action was not there
  double starved_frames = 0;   // frames without a pair of snapshots to draw between
  double shots_agree = 0;      // rails near a drawn ship that met the same ship for server and shooter, or none
  double hit_share = 0;        // of those, that hit
  double slack_p50_ticks = 0;
  double interpolation_ms = 0;
  double jump_p99_px = 0;
  double whole_again_ms = 0;   // the longest gap of more than 100 ms without a pair of snapshots
  std::uint64_t shots = 0;     // near a drawn ship, and judged
  std::uint64_t unjudged = 0;  // fired here, but not there: the shooter was dead, or the press too late
  std::uint64_t ticks = 0;     // own states compared
  double links = 0;            // open at the end, mean
  double snapshot_bytes = 0;   // WebSocket payload, mean
};

struct Joined {
  const std::vector<const ClientLog*>& clients;
  const ServerLog& server;
  std::uint64_t actions_missing = 0;
  std::uint64_t player_ticks = 0;
  double links = 0;
  double snapshot_bytes = 0;
};
Figures figures_of(const Joined& logs);

std::string as_json(const Options& options, const Figures& figures);
std::string as_table(const Options& options, const Figures& figures);
std::string table_head();

}  // namespace game::feel
