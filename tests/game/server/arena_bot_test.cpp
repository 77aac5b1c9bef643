#include "game/server/arena_bot.hpp"

#include <gtest/gtest.h>

#include "crowd.hpp"
#include "game/sim/player_view.hpp"
#include "game/wire/action.hpp"
#include "game/wire/world.hpp"

namespace game::server {
namespace {

TEST(ArenaBot, on_a_server_does_what_its_brain_does_in_statistics) {
  test::Crowd crowd(8, 4, 17);
  const auto grid = std::make_shared<const bots::NavGrid>(crowd.map);
  ArenaBot bot(3, 99, grid);
  bots::Brain brain(3, 99, grid);
  for (int tick = 0; tick < 1200; ++tick) {
    crowd.step();
    flatbuffers::FlatBufferBuilder builder;
    builder.Finish(wire::write_world(crowd.state, "foundry", builder));
    arena::MoveT action;
    const auto& world = *flatbuffers::GetRoot<arena::World>(builder.GetBufferPointer());
    ASSERT_TRUE(bot.think(world, netcode::PlayerId{1}, crowd.state.tick, action));
    sim::PlayerView view;
    sim::view_of(crowd.state, 1, view);
    const arena::MoveT expected = wire::to_wire(brain.think(view, 1, crowd.state.tick));
    ASSERT_EQ(netcode::encode(action), netcode::encode(expected)) << "tick " << crowd.state.tick;
  }
}

TEST(ArenaBot, has_the_level_that_its_match_asks_for) {
  test::Crowd crowd(2, 4, 17);
  const auto grid = std::make_shared<const bots::NavGrid>(crowd.map);
  const netcode::BotMaker make = arena_bots(1, [&](const netcode::SharedBytes&) { return grid; });
  const auto first_moves = [&](netcode::Bot& bot) {
    std::vector<netcode::Bytes> moves;
    test::Crowd same(2, 4, 17);
    for (int tick = 0; tick < 600; ++tick) {
      same.step();
      flatbuffers::FlatBufferBuilder builder;
      builder.Finish(wire::write_world(same.state, "foundry", builder));
      const netcode::BytesView world{builder.GetBufferPointer(), builder.GetSize()};
      moves.push_back(bot.act(world, netcode::PlayerId{1}, same.state.tick).value_or(netcode::Bytes()));
    }
    return moves;
  };
  const auto asked = make({.seed = 5, .index = 0, .map = nullptr, .options = {{"bot_level", "5"}}});
  const auto usual = make({.seed = 5, .index = 0, .map = nullptr});
  ArenaBot fifth(5, 5, grid);
  ArenaBot first(1, 5, grid);
  EXPECT_EQ(first_moves(*asked), first_moves(fifth));
  EXPECT_EQ(first_moves(*usual), first_moves(first));
  EXPECT_NE(first_moves(*asked), first_moves(*usual));
}

}  // namespace
}  // namespace game::server
