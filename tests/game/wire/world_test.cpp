#include "game/wire/world.hpp"

#include <gtest/gtest.h>

#include "crowd.hpp"
#include "game/sim/ship.hpp"
#include "mutate.hpp"
#include "support.hpp"

namespace game::wire {
namespace {

std::vector<std::uint8_t> world_bytes(const sim::State& state) {
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(write_world(state, "foundry", builder));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

TEST(World, gives_back_ships_shots_pickups_and_flow) {
  test::Crowd crowd(8, 4, 21);
  for (int i = 0; i < 800; ++i) crowd.step();
  const auto bytes = world_bytes(crowd.state);
  sim::PlayerView view;
  const auto result = read_world(*flatbuffers::GetRoot<arena::World>(bytes.data()), crowd.state.tick, view);
  ASSERT_TRUE(result) << result.error().reason;
  EXPECT_EQ(view.tick, crowd.state.tick);
  EXPECT_EQ(view.seed, crowd.state.seed);
  EXPECT_EQ(view.flow, crowd.state.flow);
  EXPECT_EQ(view.shots, crowd.state.shots);
  EXPECT_EQ(view.pickups, crowd.state.pickups);
  ASSERT_EQ(view.ships.size(), crowd.state.players.size());
  for (std::size_t i = 0; i < view.ships.size(); ++i) EXPECT_EQ(view.ships[i], crowd.state.players[i].ship);
}

TEST(World, its_vectors_are_found_by_key) {
  test::Crowd crowd(8, 4, 21);
  for (int i = 0; i < 800; ++i) crowd.step();
  const auto bytes = world_bytes(crowd.state);
  const auto* world = flatbuffers::GetRoot<arena::World>(bytes.data());
  for (const sim::Player& player : crowd.state.players) {
    ASSERT_NE(world->ships()->LookupByKey(player.id()), nullptr);
    ASSERT_NE(world->players()->LookupByKey(player.id()), nullptr);
    EXPECT_EQ(world->players()->LookupByKey(player.id())->name()->str(), player.name);
  }
  for (const sim::Shot& shot : crowd.state.shots) EXPECT_NE(world->shots()->LookupByKey(shot.id), nullptr);
}

TEST(World, tells_mode_map_sides_and_their_scores) {
  test::Match match(test::bare_ground(), sim::options_of(sim::Mode::kTeams));
  for (sim::PlayerId id = 1; id <= 3; ++id) sim::join(match.state, id, "x");
  match.run(3);
  match.state.flow.team_scores = {4, 9};
  match.state.flow.leading_team = 2;
  const auto bytes = world_bytes(match.state);
  const auto* world = flatbuffers::GetRoot<arena::World>(bytes.data());
  EXPECT_EQ(world->match()->mode(), arena::Mode::Teams);
  EXPECT_EQ(world->match()->map()->str(), "foundry");
  EXPECT_EQ(world->match()->team_score_2(), 9);
  EXPECT_EQ(world->players()->LookupByKey(2)->team(), 2);
  sim::PlayerView view;
  ASSERT_TRUE(read_world(*world, match.state.tick, view));
  EXPECT_EQ(view.mode, sim::Mode::kTeams);
  EXPECT_EQ(view.flow, match.state.flow);
  EXPECT_TRUE(view.are_mates(1, 3));
  EXPECT_FALSE(view.are_mates(1, 2));
  EXPECT_FALSE(view.are_mates(1, 9));
}

TEST(World, shows_the_vote_at_the_podium_only) {
  sim::Options options;
  options.maps = {"foundry", "large"};
  test::Match match(test::bare_ground(), options);
  sim::join(match.state, 1, "x");
  auto bytes = world_bytes(match.state);
  EXPECT_EQ(flatbuffers::GetRoot<arena::World>(bytes.data())->candidates(), nullptr);
  match.state.flow.phase = sim::Phase::kPodium;
  sim::vote(match.state, 1, "large");
  bytes = world_bytes(match.state);
  const auto* candidates = flatbuffers::GetRoot<arena::World>(bytes.data())->candidates();
  ASSERT_EQ(candidates->size(), 2U);
  EXPECT_EQ(candidates->LookupByKey(2)->map()->str(), "large");
  EXPECT_EQ(candidates->LookupByKey(2)->votes(), 1);
  EXPECT_EQ(candidates->LookupByKey(1)->votes(), 0);
}

// What prediction stands on: from one snapshot the own ship goes on as on the server.
TEST(World, the_own_ship_of_a_snapshot_goes_on_as_the_servers) {
  test::Match match;
  match.start(1);
  engine::Rng rng(8);
  sim::PlayerView view;
  for (int round = 0; round < 50; ++round) {
    const auto bytes = world_bytes(match.state);
    ASSERT_TRUE(read_world(*flatbuffers::GetRoot<arena::World>(bytes.data()), match.state.tick, view));
    sim::Ship predicted = *view.ship(1);
    for (int i = 0; i < 23; ++i) {
      const sim::Action action{.thrust_x = static_cast<std::int8_t>(rng.between(-127, 127)),
                               .aim = static_cast<engine::Angle>(rng.below(65536)),
                               .fire = rng.below(2) == 0,
                               .dash = rng.below(9) == 0};
      match.act(1, action);
      match.step();
      sim::step_player(predicted, action, *match.map,
                       {.tick = match.state.tick, .seed = view.seed, .phase = view.flow.phase});
      ASSERT_EQ(predicted, match.ship(1));
    }
  }
}

TEST(World, survives_truncated_and_mutated_bytes) {
  test::Crowd crowd(4, 4, 22);
  for (int i = 0; i < 500; ++i) crowd.step();
  sim::PlayerView view;
  const int accepted =
      test::for_each_mutation(world_bytes(crowd.state), 3000, [&view](const test::AlignedBytes& broken) {
        flatbuffers::Verifier verifier(broken.data(), broken.size(), 8, 4096);
        if (!verifier.VerifyBuffer<arena::World>(nullptr)) return false;
        return read_world(*flatbuffers::GetRoot<arena::World>(broken.data()), 500, view).has_value();
      });
  EXPECT_GT(accepted, 100);
}

}  // namespace
}  // namespace game::wire
