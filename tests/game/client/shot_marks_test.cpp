#include "game/client/shot_marks.hpp"

#include <gtest/gtest.h>

#include "match_driver.hpp"

namespace game::client {
namespace {

constexpr Color kJudged = palette::kWarning;
constexpr engine::app::Box kAll{0, 0, 1280, 720};

Scene scene_with(sim::PlayerId id, Point at) {
  Scene scene;
  SceneShip ship;
  ship.id = id;
  ship.at = at;
  scene.ships.push_back(ship);
  return scene;
}

class ShotMarksTest : public testing::Test {
 protected:
  ShotMarksTest() { marks_.set_self(1); }

  void tell(const auto& event) {
    test::tell([this](const netcode::EventView& view) { marks_.take(view); }, event);
  }
  void rail(sim::PlayerId player) {
    arena::RailFiredT rail;
    rail.player = player;
    rail.x = u(100);
    rail.y = rail.end_y = u(360);
    rail.end_x = u(700);
    tell(rail);
  }
  void judge(netcode::ViewTime view, sim::PlayerId victim, Point at) {
    arena::JudgedT judged;
    judged.view_tick = view.tick;
    judged.view_fraction = view.fraction;
    judged.victim = victim;
    judged.targets.emplace_back(sim::PlayerId{2}, u(static_cast<int>(at.x)), u(static_cast<int>(at.y)));
    tell(judged);
  }
  static std::int32_t u(int units) { return units * sim::kUnit; }

  ShotMarks marks_;
};

TEST_F(ShotMarksTest, stand_where_the_server_says_beside_where_it_was_drawn) {
  marks_.toggle();
  marks_.fired({.tick = 90, .fraction = 7}, scene_with(2, {640, 380}));
  rail(1);
  judge({.tick = 90, .fraction = 7}, 2, {600, 360});
  ASSERT_EQ(marks_.marks().size(), 1U);
  const ShotMarks::Mark& mark = marks_.marks().front();
  EXPECT_EQ(mark.from, (Point{100, 360}));
  EXPECT_EQ(mark.to, (Point{700, 360}));
  EXPECT_EQ(mark.victim, 2);
  ASSERT_EQ(mark.ships.size(), 1U);
  EXPECT_EQ(mark.ships[0].judged, (Point{600, 360}));
  EXPECT_EQ(mark.ships[0].drawn, (Point{640, 380}));
}

TEST_F(ShotMarksTest, belong_to_the_shot_of_the_same_moment) {
  marks_.toggle();
  marks_.fired({.tick = 90, .from = 90, .to = 92}, scene_with(2, {1, 1}));
  marks_.fired({.tick = 95, .from = 94, .to = 96}, scene_with(2, {2, 2}));
  rail(1);
  judge({.tick = 95}, 0, {600, 360});
  EXPECT_EQ(marks_.marks().back().ships[0].drawn, (Point{2, 2}));
  marks_.fired({.tick = 120, .from = 120, .to = 122}, scene_with(2, {3, 3}));
  rail(1);
  judge({.tick = 110}, 0, {600, 360});
  EXPECT_EQ(marks_.marks().back().ships[0].drawn, (Point{3, 3})) << "a server may take back less far";
}

TEST_F(ShotMarksTest, are_of_our_own_rails_alone) {
  marks_.toggle();
  rail(2);
  judge({.tick = 95}, 0, {600, 360});
  EXPECT_TRUE(marks_.marks().empty());
}

TEST_F(ShotMarksTest, are_gone_after_one_and_a_half_seconds) {
  marks_.toggle();
  rail(1);
  judge({.tick = 95}, 2, {600, 360});
  marks_.update(1.4F);
  EXPECT_EQ(marks_.marks().size(), 1U);
  marks_.update(0.2F);
  EXPECT_TRUE(marks_.marks().empty());
}

TEST_F(ShotMarksTest, stay_few_whatever_is_told) {
  marks_.toggle();
  for (std::uint32_t i = 0; i < 1'000; ++i) {
    marks_.fired({.tick = i}, scene_with(2, {1, 1}));
    rail(1);
    arena::JudgedT judged;
    judged.targets.resize(5'000);
    tell(judged);
  }
  EXPECT_LE(marks_.marks().size(), 8U);
  EXPECT_LE(marks_.marks().back().ships.size(), sim::kJudgedTargetsMax);
}

TEST_F(ShotMarksTest, fill_the_victim_and_outline_the_others) {
  marks_.toggle();
  const auto filled = [this](sim::PlayerId victim) {
    marks_.toggle();
    marks_.toggle();
    rail(1);
    judge({.tick = 95}, victim, {600, 300});
    test::Sheet sheet;
    marks_.draw(sheet.canvas);
    EXPECT_GT(sheet.count(kAll, kJudged, 60), 50) << "the outline";
    return sheet.lit({596, 296, 8, 8});
  };
  EXPECT_EQ(filled(2), 64);
  EXPECT_EQ(filled(3), 0);
}

TEST_F(ShotMarksTest, are_nothing_while_off) {
  marks_.fired({.tick = 95}, scene_with(2, {640, 380}));
  rail(1);
  judge({.tick = 95}, 2, {600, 360});
  test::Sheet sheet;
  marks_.draw(sheet.canvas);
  marks_.draw_legend(sheet.canvas, test::art());
  EXPECT_TRUE(marks_.marks().empty());
  EXPECT_EQ(sheet.lit(), 0);
}

TEST(ShotMarksInAMatch, appear_when_their_control_is_on_and_a_rail_was_judged) {
  constexpr engine::app::Box kField{300, 110, 680, 560};
  constexpr engine::app::Box kLegend{400, 690, 500, 24};
  test::MatchDriver driver;
  driver.look_at({900, 360});
  driver.keys.down("Mouse 3");
  driver.frames(4);
  driver.keys.up("Mouse 3");
  EXPECT_EQ(driver.sheet.count(kField, kJudged, 30), 0);
  driver.frames(120);  // until it can fire again
  driver.keys.down("F4");
  driver.frame();
  driver.keys.up("F4");
  EXPECT_GT(driver.sheet.count(kLegend, kJudged, 60), 20);
  driver.keys.down("Mouse 3");
  driver.frames(12);
  EXPECT_GT(driver.sheet.count(kField, kJudged, 30), 40) << "a ring of 14 units";
}

}  // namespace
}  // namespace game::client
