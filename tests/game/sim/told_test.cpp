#include "game/sim/told.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

namespace game::sim {
namespace {

using test::Match;
using test::u;

// 1 and 2 stand together, 3 and 4 do too, and neither pair is on the other's screen.
class Told : public testing::Test {
 protected:
  Told() {
    match_.start(4);
    match_.place(1, u(400, 400));
    match_.place(2, u(600, 400));
    match_.place(3, u(2400, 1600));
    match_.place(4, u(2600, 1600));
  }
  Sight sight(PlayerId viewer) { return Sight(match_.state, *match_.map, viewer); }
  template <class Event>
  auto to(PlayerId viewer, const Event& event) {
    return told(event, sight(viewer));
  }
  Match match_;
};

TEST_F(Told, a_spawn_is_for_who_sees_the_ship) {
  const Spawned spawned{.player = 1, .at = u(400, 400)};
  EXPECT_EQ(to(1, spawned), spawned);
  EXPECT_EQ(to(2, spawned), spawned);
  EXPECT_EQ(to(3, spawned), std::nullopt);
  EXPECT_EQ(to(9, spawned), std::nullopt) << "of no seat";
}

TEST_F(Told, a_hit_is_for_its_two_and_for_who_sees_the_victim) {
  const Hit hit{.shooter = 1, .victim = 3, .damage = 20, .at = u(2390, 1600)};
  EXPECT_EQ(to(1, hit), hit) << "given";
  EXPECT_EQ(to(3, hit), hit) << "taken";
  EXPECT_EQ(to(2, hit), std::nullopt) << "the shooter is seen, the place is not";
  Hit unseen = hit;
  unseen.shooter = kNobody;
  EXPECT_EQ(to(4, hit), unseen) << "by somebody";
}

TEST_F(Told, a_kill_is_for_all_and_its_place_for_who_sees_the_victim) {
  const Kill kill{
      .killer = 1, .victim = 3, .weapon = Weapon::kRail, .killer_health = 35, .streak = 4, .at = u(2400, 1600)};
  EXPECT_EQ(to(1, kill), kill);
  EXPECT_EQ(to(3, kill), kill);
  const auto beside_the_victim = to(4, kill);
  ASSERT_TRUE(beside_the_victim);
  EXPECT_EQ(beside_the_victim->at, kill.at);
  EXPECT_EQ(beside_the_victim->killer_health, 0) << "of who is not seen";
  EXPECT_FALSE(beside_the_victim->is_unseen);
  const auto elsewhere = to(2, kill);
  ASSERT_TRUE(elsewhere);
  EXPECT_EQ(*elsewhere, (Kill{.killer = 1, .victim = 3, .weapon = Weapon::kRail, .streak = 4, .is_unseen = true}));
}

TEST_F(Told, a_rail_is_for_its_shooter_and_for_who_sees_it) {
  const RailFired rail{.player = 1, .from = u(400, 400), .to = u(1400, 400), .hit_wall = true};
  EXPECT_EQ(to(1, rail), rail);
  EXPECT_EQ(to(2, rail), rail);
  EXPECT_EQ(to(3, rail), std::nullopt);
}

TEST_F(Told, a_rail_that_meets_somebody_unseen_ends_with_the_screen) {
  match_.place(3, u(1500, 400));  // hardly beyond the screen of 2
  const RailFired rail{.player = 1, .from = u(400, 400), .to = u(1486, 400), .met = 3};
  EXPECT_EQ(to(1, rail), rail) << "it is his";
  const auto seen = to(2, rail);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->player, 1);
  EXPECT_EQ(seen->from, rail.from);
  EXPECT_LT(seen->to.x, u(1486, 0).x);
  EXPECT_GT(seen->to.x, u(1200, 0).x);
  note_encounter(match_.state, 2, 3);
  EXPECT_EQ(to(2, rail), rail);
}

TEST_F(Told, a_rail_of_somebody_unseen_is_no_more_than_the_beam_on_the_screen) {
  const RailFired rail{.player = 3, .from = u(2400, 400), .to = u(500, 400), .met = 1};
  const auto seen = to(2, rail);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->player, kNobody);
  EXPECT_LT(seen->from.x, u(1500, 0).x);
  EXPECT_EQ(seen->to, rail.to);
}

TEST_F(Told, a_pickup_is_everybodys_and_its_taker_only_theirs_who_see_him) {
  const PickupTaken taken{.player = 1, .pickup = 3, .kind = PickupKind::kMega, .at = u(400, 400)};
  EXPECT_EQ(to(2, taken), taken);
  PickupTaken by_somebody = taken;
  by_somebody.player = kNobody;
  EXPECT_EQ(to(3, taken), by_somebody);
}

TEST_F(Told, how_a_rail_was_judged_names_only_who_its_shooter_sees) {
  Judged judged{.shooter = 1, .tick = 9, .victim = 3, .struck = false, .target_count = 3};
  judged.targets[0] = {3, u(2400, 1600)};
  judged.targets[1] = {2, u(600, 400)};
  judged.targets[2] = {4, u(2600, 1600)};
  const Judged out = told_of(judged, sight(1));
  ASSERT_EQ(out.target_count, 1);
  EXPECT_EQ(out.targets[0].player, 2);
  EXPECT_EQ(out.targets[0].at, u(600, 400));
  EXPECT_EQ(out.targets[1].player, kNobody);
  EXPECT_EQ(out.targets[1].at, Vec{});
  EXPECT_EQ(out.victim, kNobody);
  note_encounter(match_.state, 1, 3);
  EXPECT_EQ(told_of(judged, sight(1)).victim, 3);
}

TEST_F(Told, a_sound_comes_from_one_of_eight_sides) {
  match_.place(1, u(1500, 1000));
  const auto from = [&](std::int32_t x, std::int32_t y) {
    return heard(HeardKind::kKill, u(1500 + x, 1000 + y), sight(1));
  };
  const std::vector<std::pair<Vec, int>> sides = {{{900, 0}, 0},   {{700, 700}, 1},   {{0, 900}, 2},  {{-700, 700}, 3},
                                                  {{-900, 0}, 4},  {{-700, -700}, 5}, {{0, -900}, 6}, {{700, -700}, 7},
                                                  {{900, 360}, 0}, {{900, 380}, 1},   {{360, 900}, 2}};
  for (const auto& [way, octant] : sides) {
    const auto sound = from(way.x, way.y);
    ASSERT_TRUE(sound);
    EXPECT_EQ(sound->octant, octant) << way.x << ", " << way.y;
    EXPECT_EQ(sound->kind, HeardKind::kKill);
  }
}

TEST_F(Told, a_sound_is_near_or_far_or_not_heard) {
  match_.place(1, u(1500, 1000));
  const auto away = [&](std::int32_t x) { return heard(HeardKind::kRail, u(1500 + x, 1000), sight(1)); };
  EXPECT_TRUE(away(kEarshotNear / kUnit)->is_near);
  EXPECT_FALSE(away(kEarshotNear / kUnit + 1)->is_near);
  EXPECT_TRUE(away(-kEarshot / kUnit));
  EXPECT_FALSE(away(-kEarshot / kUnit - 1));
}

}  // namespace
}  // namespace game::sim
