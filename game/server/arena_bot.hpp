// A brain of game::bots in a seat of netcode's: the same in the server's process and behind a client's connection.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "arena_generated.h"
#include "engine/core/result.hpp"
#include "game/bots/brain.hpp"
#include "game/bots/nav_grid.hpp"
#include "netcode/bot.hpp"

namespace game::server {

class ArenaBot final : public netcode::BotFor<arena::World, arena::Move> {
 public:
  ArenaBot(int level, std::uint64_t seed, std::shared_ptr<const bots::NavGrid> grid);
  bool think(const arena::World& world, netcode::PlayerId self, netcode::Tick tick, arena::MoveT& action) override;

 private:
  bots::Brain brain_;
  sim::PlayerView view_;     // what the bot's own screen would show
  bool has_warned_ = false;  // of a World that it cannot read
};

/// An error is the map's.
engine::Result<std::shared_ptr<const bots::NavGrid>> make_nav_grid(netcode::BytesView map);

/// Bots of this level, 1 to 5; 0: of every level in turn; the match's own option bot_level comes first. `grid_of` knows
/// the map of every match.
using GridOfMap = std::function<std::shared_ptr<const bots::NavGrid>(const netcode::SharedBytes& map)>;
netcode::BotMaker arena_bots(int level, GridOfMap grid_of);

/// What bots are called.
const std::vector<std::string>& arena_bot_names();

}  // namespace game::server
