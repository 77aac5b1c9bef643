#include "game/client/net_graph.hpp"

#include <gtest/gtest.h>

#include <spdlog/fmt/fmt.h>

#include "client_support.hpp"
#include "game/wire/map.hpp"

namespace game::client {
namespace {

const std::string kFont = SCRIM_FONTS_DIR "/B612-Regular.otf";
constexpr engine::app::Box kCorner{880, 330, 400, 350};

class NetGraphTest : public testing::Test {
 protected:
  void play(NetGraph& graph, double seconds) {
    for (double end = now_s_ + seconds; now_s_ < end; now_s_ += 1.0 / 60) {
      stats_.snapshot_bytes += 100;
      stats_.links = 1;
      graph.add(now_s_, {.rtt = rtt_, .slack = slack_}, stats_, std::nullopt, motion_);
    }
  }

  const sim::Map map_ = wire::load_map(test::field_bytes()).value();
  const Motion motion_{map_, {.self = 1}};
  netcode::ClientStats stats_;
  engine::Duration rtt_ = std::chrono::milliseconds(60);
  engine::Duration slack_ = std::chrono::milliseconds(12);
  double now_s_ = 100;
  NetGraph graph_{kFont};
  test::Sheet sheet_;
};

TEST_F(NetGraphTest, changes_no_pixel_while_it_is_off) {
  play(graph_, 2);
  graph_.draw(*sheet_.picture, kSideColors[0]);
  graph_.toggle();
  graph_.toggle();
  graph_.draw(*sheet_.picture, kSideColors[0]);
  EXPECT_EQ(sheet_.lit(), 0);
}

TEST_F(NetGraphTest, shows_measures_and_traffic_in_its_corner_alone) {
  play(graph_, 2);
  graph_.toggle();
  graph_.draw(*sheet_.picture, kSideColors[0]);
  EXPECT_EQ(sheet_.lit(), sheet_.lit(kCorner));
  EXPECT_GT(sheet_.count(kCorner, palette::kText, 40), 200);
  EXPECT_GT(sheet_.count(kCorner, kSideColors[0].own, 40), 50) << "traffic down";
}

TEST_F(NetGraphTest, has_lines_for_the_dearest_fields_while_it_is_told_of_them) {
  graph_.toggle();
  play(graph_, 1);
  netcode::FieldCosts costs;
  for (int i = 0; i < 8; ++i) costs.push_back({.name = fmt::format("ships.field_{}", i), .bits = 10.0 + i});
  constexpr engine::app::Box kAbove{880, 150, 400, 180};
  graph_.draw(*sheet_.picture, kSideColors[0]);
  EXPECT_EQ(sheet_.lit(kAbove), 0);
  graph_.add_fields(now_s_, costs);
  graph_.add_fields(now_s_ + 1, costs);
  sheet_.clear();
  graph_.draw(*sheet_.picture, kSideColors[0]);
  EXPECT_EQ(sheet_.lit(), sheet_.lit(kCorner) + sheet_.lit(kAbove)) << "and none above, where kills are told";
  EXPECT_GT(sheet_.lit(kAbove), 20'000) << "five lines";
  graph_.add_fields(now_s_ + 2, {});
  sheet_.clear();
  graph_.draw(*sheet_.picture, kSideColors[0]);
  EXPECT_EQ(sheet_.lit(kAbove), 0);
}

TEST_F(NetGraphTest, has_collected_before_it_was_turned_on) {
  play(graph_, 20);
  graph_.toggle();
  EXPECT_EQ(graph_.history().steps(), NetHistory::kStepsMax);
}

TEST_F(NetGraphTest, warns_of_actions_that_come_late) {
  graph_.toggle();
  play(graph_, 1);
  graph_.draw(*sheet_.picture, kSideColors[0]);
  EXPECT_EQ(sheet_.count(kCorner, palette::kWarning, 30), 0);
  slack_ = std::chrono::milliseconds(-12);
  play(graph_, 1);
  sheet_.clear();
  graph_.draw(*sheet_.picture, kSideColors[0]);
  EXPECT_GT(sheet_.count(kCorner, palette::kWarning, 30), 10);
}

TEST_F(NetGraphTest, is_off_where_its_font_is_not) {
  NetGraph graph("/nonexistent.otf");
  graph.toggle();
  graph.draw(*sheet_.picture, kSideColors[0]);
  EXPECT_FALSE(graph.is_on());
  EXPECT_EQ(sheet_.lit(), 0);
}

}  // namespace
}  // namespace game::client
