// Many bots, each behind a connection of its own, on one thread.
//
// Threading: one. Ownership: the swarm owns its clients; the loop under them goes last.
#pragma once

#include <chrono>
#include <cstdint>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "game/apps/bots/measure.hpp"
#include "game/apps/bots/progress.hpp"
#include "game/bots/nav_grid.hpp"
#include "netcode/client.hpp"

namespace game::apps {

struct SwarmConfig {
  std::string url;
  std::string match;  // empty: quick join
  std::uint32_t count = 8;
  std::uint32_t duration_s = 0;  // 0: until told to stop
  int bot_level = 0;             // 1 to 5; 0: of every level in turn
  double cut_every_s = 0;        // 0: never; else each connection is cut so often
  std::string record_actions;    // a file; empty: none
  std::uint64_t seed = 1;
  bool shows_scores = false;
  std::optional<netcode::NetworkProfile> simulate{};
};

class Member;

class Swarm {
 public:
  explicit Swarm(const SwarmConfig& config);
  ~Swarm();

  /// Until the duration is over or `should_stop`, with a line of progress a second on stderr.
  void run(const volatile bool& should_stop);

  /// One line of JSON.
  std::string report();
  /// Nobody was ever let in: why. Empty if somebody was.
  std::string failure() const;

 private:
  friend class Member;
  std::shared_ptr<const bots::NavGrid> grid_of(netcode::BytesView map);
  void cut_connections(double elapsed_s);
  void print_progress(double elapsed_s);

  SwarmConfig config_;
  netcode::ClientLoop loop_;
  std::shared_ptr<const bots::NavGrid> grid_;
  std::uint64_t grid_map_hash_ = 0;
  Measured measured_;
  std::ofstream actions_file_;
  std::vector<std::unique_ptr<Member>> members_;
  Progress progress_;
  std::uint64_t snapshots_reported_ = 0;
  std::uint64_t bytes_reported_ = 0;
  std::vector<std::int64_t> cuts_;  // of each member, so far
};

}  // namespace game::apps
