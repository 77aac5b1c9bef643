// The rules of noughts and crosses, and a bot. The state is noughts.fbs' World.
#pragma once

#include <algorithm>
#include <netcode/bot.hpp>
#include <netcode/rules.hpp>

#include "noughts_bfbs_generated.h"
#include "noughts_generated.h"

namespace noughts {

inline constexpr std::size_t kLines[8][3] = {{0, 1, 2}, {3, 4, 5}, {6, 7, 8}, {0, 3, 6},
                                             {1, 4, 7}, {2, 5, 8}, {0, 4, 8}, {2, 4, 6}};

class Game : public netcode::ObjectRules<World, Move, WorldBinarySchema> {
 public:
  void start(netcode::Context&) override { state.cells.assign(9, 0); }
  void join(netcode::Context&, const netcode::Player& player) override { state.players.push_back(player.id.value); }
  void leave(netcode::Context&, netcode::PlayerId player) override {
    std::erase(state.players, player.value);
    state.cells.assign(9, 0);  // whoever comes next finds an empty board
    state.turns = 0;
  }
  void act(netcode::Context& ctx, netcode::PlayerId player, const Move& move) override {
    if (state.players.size() != 2 || state.players[state.turns % 2] != player.value) return;
    if (move.cell() < 1 || move.cell() > 9 || state.cells.at(move.cell() - 1U) != 0) return;
    state.cells[move.cell() - 1U] = player.value;
    ++state.turns;
    const auto is_own = [&](std::size_t cell) { return state.cells.at(cell) == player.value; };
    if (std::ranges::any_of(kLines, [&](const auto& line) { return std::ranges::all_of(line, is_own); }))
      ctx.end(std::ranges::find(ctx.players(), player, &netcode::Player::id)->name + " wins", {});
    else if (state.turns == 9)
      ctx.end("nobody wins", {});  // and the next match goes on in this one's place
  }
  void tick(netcode::Context&) override {}
};

/// Tries one cell after the other, and so gets some free one when it is on.
struct Guesser : netcode::BotFor<World, Move> {
  bool think(const World&, netcode::PlayerId, netcode::Tick tick, MoveT& move) override {
    move.cell = static_cast<std::uint8_t>(1 + tick % 9);
    return true;
  }
};

}  // namespace noughts
