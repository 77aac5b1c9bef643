// What the server says happened: the other log, read from the match's recording by playing it again. Plain values.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/core/result.hpp"
#include "game/sim/event.hpp"

namespace game::feel {

struct ServerLog {
  struct PlayerAt {
    sim::Ship ship{};
    /// Another player had a hand in it in this tick: hit, killed, rammed; or it came into play.
    bool is_touched = false;
  };
  std::vector<std::map<sim::PlayerId, PlayerAt>> ticks;  // by tick, from 0
  std::vector<sim::Judged> judged;

  const PlayerAt* at(std::uint32_t tick, sim::PlayerId id) const;
};

engine::Result<ServerLog> read_server_log(const std::string& recording);

}  // namespace game::feel
