#include "game/client/effects.hpp"

#include <gtest/gtest.h>

#include "client_support.hpp"

namespace game::client {
namespace {

constexpr Color kRed = rgb(0xFF4D5E);
constexpr Point kPlace{640, 360};
constexpr float kFrame = 1.0F / 60;

struct Drawn : test::Sheet {
  explicit Drawn(const Effects& effects) {
    effects.draw_below(canvas);
    effects.draw_above(canvas);
  }
};

void pass(Effects& effects, float seconds) {
  for (float at = 0; at < seconds; at += kFrame) effects.update(kFrame);
}

SceneShip ship_at(Point at) {
  SceneShip ship;
  ship.id = 3;
  ship.at = at;
  ship.thrust = {1, 0};
  ship.color = kRed;
  return ship;
}

/// How many of the next frames satisfy this, when each is updated and then drawn.
template <class Is>
int frames(Effects& effects, Is is) {
  int count = 0;
  for (int i = 0; i < 30; ++i) {
    effects.update(kFrame);
    count += is() ? 1 : 0;
  }
  return count;
}

TEST(Effects, draw_who_was_hit_white_for_three_frames) {
  Effects effects;
  EXPECT_EQ(effects.flash_of(3), 0);
  effects.hit(3, kPlace, kRed);
  EXPECT_EQ(effects.flash_of(4), 0) << "and nobody else";
  EXPECT_EQ(frames(effects, [&] { return effects.flash_of(3) > 0; }), 3);
}

TEST(Effects, flash_at_the_muzzle_for_two_frames_and_kick_back_by_two_units) {
  Effects effects;
  effects.muzzle(3, 0, kRed);
  EXPECT_EQ(effects.kick_of(3), 2);
  EXPECT_EQ(frames(effects, [&] { return effects.muzzle_of(3) > 0; }), 2);
  EXPECT_EQ(effects.kick_of(3), 0);
}

TEST(Effects, do_not_flash_when_that_is_switched_off) {
  Effects effects;
  effects.set_flashes(false);
  effects.hit(3, kPlace, kRed);
  EXPECT_EQ(effects.flash_of(3), 0);
  effects.clear();
  effects.hit(3, kPlace, kRed);
  EXPECT_EQ(effects.flash_of(3), 0) << "nor after a new start";
}

TEST(Effects, take_any_id_for_a_ship) {
  Effects effects;
  for (const sim::PlayerId id : {sim::PlayerId{0}, sim::PlayerId{65}, sim::PlayerId{65535}}) {
    effects.hit(id, kPlace, kRed);
    effects.muzzle(id, 0, kRed);
    effects.flash_of(id);
    effects.kick_of(id);
  }
}

TEST(Effects, light_up_where_they_happen) {
  using Make = void (*)(Effects&);
  const std::pair<const char*, Make> all[] = {
      {"hit", [](Effects& e) { e.hit(3, kPlace, kRed); }},
      {"shield hit", [](Effects& e) { e.shield_hit(3, kPlace, kRed); }},
      {"explosion", [](Effects& e) { e.explosion(kPlace, {}, kRed); }},
      {"sparks",
       [](Effects& e) {
         e.sparks(kPlace, {1, 0}, 8, kRed);
       }},
      {"spawn", [](Effects& e) { e.spawn(kPlace, kRed); }},
      {"pickup", [](Effects& e) { e.pickup(kPlace, kRed); }},
      {"afterimage", [](Effects& e) { e.afterimage(ship_at(kPlace)); }},
      {"rail",
       [](Effects& e) {
         e.rail(kPlace - Point{50, 0}, kPlace + Point{50, 0}, false, kRed);
       }},
  };
  const engine::app::Box around{kPlace.x - 130, kPlace.y - 130, 260, 260};
  for (const auto& [name, make] : all) {
    Effects effects;
    EXPECT_EQ(Drawn(effects).lit(), 0) << name;
    make(effects);
    pass(effects, 2 * kFrame);
    EXPECT_GT(Drawn(effects).lit(around), 10) << name;
    EXPECT_EQ(Drawn(effects).lit(), Drawn(effects).lit(around)) << name;
    pass(effects, 1.5F);
    EXPECT_EQ(Drawn(effects).lit(), 0) << name << " is gone by itself";
  }
}

TEST(Effects, leave_a_scar_of_four_seconds_where_a_rail_met_a_wall) {
  Effects effects;
  effects.rail({100, 360}, kPlace, true, kRed);
  pass(effects, 3.5F);
  EXPECT_GT(Drawn(effects).lit({kPlace.x - 20, kPlace.y - 20, 40, 40}), 10);
  EXPECT_EQ(Drawn(effects).lit({0, 0, 600, 720}), 0) << "the beam itself fades in 400 ms";
  pass(effects, 0.6F);
  EXPECT_EQ(Drawn(effects).lit(), 0);
}

TEST(Effects, grow_a_ring_to_120_units_in_300_ms_over_a_kill) {
  Effects effects;
  effects.explosion(kPlace, {}, kRed);
  pass(effects, 0.25F);
  const Drawn drawn(effects);
  EXPECT_GT(drawn.lit({kPlace.x - 122, kPlace.y - 8, 20, 16}), 0);
}

TEST(Effects, fade) {
  Effects effects;
  effects.pickup(kPlace, palette::kWhite);
  pass(effects, kFrame);
  EXPECT_GT(Drawn(effects).count({0, 0, 1280, 720}, palette::kWhite, 60), 0);
  pass(effects, 0.28F);
  EXPECT_EQ(Drawn(effects).count({0, 0, 1280, 720}, palette::kWhite, 60), 0);
}

TEST(Effects, stay_bounded_whatever_happens_in_a_frame) {
  Effects effects;
  for (int i = 0; i < 2000; ++i) {
    effects.explosion(kPlace, {500, 500}, kRed);
    effects.rail({0, 0}, {1e6F, 1e6F}, true, kRed);
    effects.afterimage(ship_at({-1e6F, 0}));
    effects.exhaust(ship_at(kPlace));
  }
  EXPECT_GT(Drawn(effects).lit(), 0);
  pass(effects, 5);
  EXPECT_EQ(Drawn(effects).lit(), 0) << "nothing is left after seconds";
}

TEST(Effects, have_a_thousand_sparks_at_most_the_newest) {
  constexpr int kColumns = 60;
  constexpr int kRows = 36;
  const auto place = [](int i) {
    return Point{10 + 21 * static_cast<float>(i % kColumns), 10 + 20 * static_cast<float>(i / kColumns)};
  };
  Effects effects;
  for (int i = 0; i < kColumns * kRows; ++i) effects.sparks(place(i), {1, 0}, 1, kRed);
  const Drawn drawn(effects);
  int shown = 0;
  for (int i = 0; i < kColumns * kRows; ++i) shown += drawn.lit({place(i).x - 1, place(i).y - 1, 2, 2}) > 0 ? 1 : 0;
  EXPECT_LE(shown, 1100);
  EXPECT_GE(shown, 800);
  EXPECT_GT(drawn.lit({0, 700, 1280, 20}), 0) << "the newest are there";
  EXPECT_EQ(drawn.lit({0, 0, 1280, 20}), 0) << "the oldest are not";
}

TEST(Effects, are_gone_once_cleared) {
  Effects effects;
  effects.explosion(kPlace, {}, kRed);
  effects.hit(3, kPlace, kRed);
  effects.clear();
  EXPECT_EQ(Drawn(effects).lit(), 0);
  EXPECT_EQ(effects.flash_of(3), 0);
}

}  // namespace
}  // namespace game::client
