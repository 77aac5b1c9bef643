#include "rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <vector>

#include "games/crowd.hpp"

namespace scenes {
namespace {

netcode::Bytes bytes_of(const test_games::Match& match) {
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(flatbuffers::Offset<flatbuffers::Table>(match.simulation->rules().write_snapshot(builder).o));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

WorldT world_of(const test_games::Match& match) {
  WorldT world;
  flatbuffers::GetRoot<World>(bytes_of(match).data())->UnPackTo(&world);
  return world;
}

class Scenes : public testing::Test {
 protected:
  static test_games::Match match_of(Scene scene) {
    const auto number = std::to_string(static_cast<int>(scene));
    return test_games::Match({.name = "scenes",
                              .type = netcode::rules_type<Rules>(),
                              .setup = {.match_id = "scene",
                                        .seed = 3,
                                        .tick_hz = kTickHz,
                                        .snapshot_hz = kTickHz,
                                        .options = {{"scene", number}},
                                        .map = {}},
                              .random_action = {},
                              .random_event = {}});
  }
  /// As it starts, and after each tick.
  static std::vector<WorldT> worlds_of(Scene scene, int ticks) {
    const test_games::Match match = match_of(scene);
    std::vector<WorldT> worlds{world_of(match)};
    for (int i = 0; i < ticks; ++i) {
      match.simulation->tick();
      worlds.push_back(world_of(match));
    }
    return worlds;
  }
};

std::vector<std::uint16_t> ids_of(const WorldT& world) {
  std::vector<std::uint16_t> ids;
  for (const Thing& thing : world.things) ids.push_back(thing.id());
  return ids;
}

bool are_where_their_velocities_said(const WorldT& before, const WorldT& now) {
  return std::equal(before.things.begin(), before.things.end(), now.things.begin(), now.things.end(),
                    [](const Thing& a, const Thing& b) {
                      return a.id() == b.id() && a.x() + a.vx() == b.x() && a.y() + a.vy() == b.y() &&
                             a.z() + a.vz() == b.z();
                    });
}

TEST_F(Scenes, move_every_object_up_and_down_on_a_sine) {
  const std::vector<WorldT> worlds = worlds_of(Scene::kSine, 200);
  std::int32_t lowest = 0, highest = 0;
  for (std::size_t i = 1; i < worlds.size(); ++i) {
    ASSERT_EQ(worlds[i].things.size(), kObjects);
    ASSERT_TRUE(are_where_their_velocities_said(worlds[i - 1], worlds[i])) << i;
    lowest = std::min(lowest, worlds[i].things[7].y());
    highest = std::max(highest, worlds[i].things[7].y());
    EXPECT_EQ(worlds[i].things[7].x(), worlds[0].things[7].x());
  }
  EXPECT_NEAR(lowest, -3 * 256, 8);
  EXPECT_NEAR(highest, 3 * 256, 8);
  EXPECT_NE(worlds[50].things[7].y(), worlds[50].things[8].y());
}

TEST_F(Scenes, let_every_object_wander_within_the_field) {
  const std::vector<WorldT> worlds = worlds_of(Scene::kWander, 2'000);
  std::size_t changes = 0;
  for (std::size_t i = 1; i < worlds.size(); ++i) {
    ASSERT_TRUE(are_where_their_velocities_said(worlds[i - 1], worlds[i])) << i;
    for (std::size_t k = 0; k < kObjects; ++k) {
      const Thing& thing = worlds[i].things[k];
      ASSERT_LE(std::abs(thing.vx()), 64);
      ASSERT_LE(std::abs(thing.vz()), 64);
      ASSERT_TRUE(thing.x() >= -64 && thing.x() <= 10'240 + 64 && thing.z() >= -64 && thing.z() <= 10'240 + 64);
      changes += thing.vx() != worlds[i - 1].things[k].vx() ? 1U : 0U;
    }
  }
  EXPECT_GT(changes, kObjects * 2'000 * 8 / 10) << "each steers in nearly every tick";
}

TEST_F(Scenes, keep_everything_still) {
  const test_games::Match match = match_of(Scene::kStill);
  const netcode::Bytes start = bytes_of(match);
  for (int i = 0; i < 50; ++i) match.simulation->tick();
  EXPECT_EQ(bytes_of(match), start);
  EXPECT_EQ(world_of(match).things.size(), kObjects);
}

TEST_F(Scenes, let_two_objects_come_and_two_go_each_tick) {
  const std::vector<WorldT> worlds = worlds_of(Scene::kSpawn, 120);
  for (std::size_t i = 1; i < worlds.size(); ++i) {
    const auto before = ids_of(worlds[i - 1]), now = ids_of(worlds[i]);
    ASSERT_EQ(now.size(), kObjects);
    ASSERT_TRUE(std::is_sorted(now.begin(), now.end()));
    std::vector<std::uint16_t> stayed;
    std::set_intersection(before.begin(), before.end(), now.begin(), now.end(), std::back_inserter(stayed));
    ASSERT_EQ(stayed.size(), kObjects - 2) << i;
  }
}

TEST_F(Scenes, begin_anew_with_the_ids_when_they_have_run_out) {
  const test_games::Match match = match_of(Scene::kSpawn);
  for (int i = 0; i < 29'975; ++i) match.simulation->tick();
  const auto now = ids_of(world_of(match));
  EXPECT_EQ(now.size(), kObjects);
  EXPECT_TRUE(std::is_sorted(now.begin(), now.end()));
  EXPECT_EQ(now.front(), 1U);
  EXPECT_EQ(now.back(), 60'000U);
  EXPECT_EQ(std::adjacent_find(now.begin(), now.end()), now.end());
}

TEST_F(Scenes, change_four_numbers_of_every_object_each_tick) {
  const std::vector<WorldT> worlds = worlds_of(Scene::kNumbers, 500);
  for (std::size_t i = 1; i < worlds.size(); ++i) {
    ASSERT_TRUE(worlds[i].things.empty());
    ASSERT_EQ(worlds[i].gauges.size(), kObjects);
    for (std::size_t k = 0; k < kObjects; ++k) {
      const Gauge &a = worlds[i - 1].gauges[k], &b = worlds[i].gauges[k];
      ASSERT_TRUE(a.a() != b.a() && a.b() != b.b() && a.c() != b.c() && a.d() != b.d());
      ASSERT_TRUE(b.a() >= 0 && b.a() <= 10'000 && b.d() >= 0 && b.d() <= 10'000);
    }
  }
}

TEST_F(Scenes, go_on_from_a_keyframe) {
  for (int number = 1; number <= kScenes; ++number) {
    const test_games::Match match = match_of(static_cast<Scene>(number));
    for (int i = 0; i < 33; ++i) match.simulation->tick();
    const auto other = test_games::fresh_simulation(match);
    const auto restored = other->restore(match.simulation->keyframe());
    ASSERT_TRUE(restored) << restored.error().reason;
    for (int i = 0; i < 33; ++i) {
      match.simulation->tick();
      other->tick();
    }
    EXPECT_EQ(other->state_hash(), match.simulation->state_hash()) << number;
  }
}

TEST_F(Scenes, are_refused_where_there_is_none_of_that_number) {
  for (const char* number : {"", "0", "6", "11", "x"}) {
    Rules rules;
    netcode::MatchSetup setup;
    setup.options = {{"scene", number}};
    const auto prepared = rules.prepare(setup);
    ASSERT_FALSE(prepared) << number;
    EXPECT_EQ(prepared.error().reason, "scene: 1 to 5 was expected");
  }
  EXPECT_FALSE(Rules().prepare({}));
  EXPECT_EQ(to_string(*scene_of("5")), "numbers");
}

}  // namespace
}  // namespace scenes
