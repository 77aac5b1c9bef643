#include "game/client/feed.hpp"

#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>

#include "client_support.hpp"

namespace game::client {
namespace {

constexpr engine::app::Box kCorner{640, 0, 640, 170};    // the kill feed
constexpr engine::app::Box kMiddle{100, 120, 540, 260};  // announcements, left of the middle
constexpr engine::app::Box kBelow{400, 400, 480, 100};   // "+1 NAME"
constexpr Color kRed = rgb(0xFF0000);
constexpr Color kGreen = rgb(0x00FF00);

struct Drawn : test::Sheet {
  explicit Drawn(const Feed& feed) { feed.draw(canvas, test::art()); }
};

void pass(Feed& feed, float seconds) {
  for (float at = 0; at < seconds; at += 1.0F / 60) feed.update(1.0F / 60);
}

TEST(Feed, shows_a_kill_in_the_corner_in_both_colours) {
  Feed feed;
  feed.killed("Ada", kRed, sim::Weapon::kRail, "Bo", kGreen, false);
  const Drawn drawn(feed);
  EXPECT_GT(drawn.count(kCorner, kRed), 10);
  EXPECT_GT(drawn.count(kCorner, kGreen), 10);
  EXPECT_EQ(drawn.lit(), drawn.lit(kCorner)) << "and nowhere else";
}

TEST(Feed, holds_the_longest_names_within_its_corner) {
  Feed feed;
  feed.killed(std::string(200, 'W'), kRed, sim::Weapon::kRail, std::string(200, 'W'), kGreen, true);
  feed.said(fmt::format("{:W<200} has joined", ""), kGreen);
  const Drawn drawn(feed);
  EXPECT_GT(drawn.count(kCorner, kRed, 60), 30);
  EXPECT_EQ(drawn.lit(), drawn.lit({780, 0, 500, 170})) << "the clock stays free";
}

TEST(Feed, announces_within_the_picture) {
  Feed feed;
  feed.announce(fmt::format("{:W<200}: RAMPAGE", ""), kRed, 30, 1.6F);
  feed.scored("+1  " + std::string(200, 'W'), kRed);
  const Drawn drawn(feed);
  EXPECT_EQ(drawn.lit({0, 0, 8, 720}), 0);
  EXPECT_EQ(drawn.lit({1272, 0, 8, 720}), 0);
}

TEST(Feed, marks_what_concerns_us) {
  Feed feed;
  feed.killed("Ada", kRed, sim::Weapon::kBlaster, "Bo", kGreen, true);
  EXPECT_GT(Drawn(feed).count(kCorner, test::art().colors.own), 20);
}

TEST(Feed, has_five_lines_of_five_seconds) {
  Feed feed;
  for (int i = 0; i < 5; ++i) feed.said("line", kRed);
  const int of_five = Drawn(feed).lit();
  for (int i = 0; i < 5000; ++i) feed.said("line", kRed);
  EXPECT_EQ(Drawn(feed).lit(), of_five);
  pass(feed, 4.8F);
  EXPECT_GT(Drawn(feed).lit(), 0);
  EXPECT_EQ(Drawn(feed).count(kCorner, kRed, 60), 0) << "faded by now";
  pass(feed, 0.4F);
  EXPECT_EQ(Drawn(feed).lit(), 0);
}

TEST(Feed, announces_in_the_middle_and_no_more_than_three) {
  Feed feed;
  feed.announce("REVENGE", kRed, 30, 1.6F);
  EXPECT_GT(Drawn(feed).count(kMiddle, kRed), 20);
  EXPECT_EQ(Drawn(feed).lit({900, 0, 380, 170}), 0);
  for (int i = 0; i < 50; ++i) feed.announce("REVENGE", kRed, 30, 1.6F);
  pass(feed, 0.2F);
  const int of_three = Drawn(feed).lit();
  feed.announce("REVENGE", kRed, 30, 1.6F);
  pass(feed, 0.2F);
  EXPECT_LE(Drawn(feed).lit(), of_three + of_three / 10);
  pass(feed, 1.7F);
  EXPECT_EQ(Drawn(feed).lit(), 0);
}

TEST(Feed, says_what_was_scored_under_the_ship_for_1200_ms) {
  Feed feed;
  feed.scored("+1  Bo", kGreen);
  EXPECT_GT(Drawn(feed).count(kBelow, kGreen), 20);
  pass(feed, 1.1F);
  EXPECT_GT(Drawn(feed).lit(kBelow), 0);
  pass(feed, 0.2F);
  EXPECT_EQ(Drawn(feed).lit(), 0);
}

TEST(Feed, draws_names_of_any_length_and_is_empty_once_cleared) {
  Feed feed;
  feed.killed(std::string(300, 'W'), kRed, sim::Weapon::kRapid, std::string(300, 'M'), kGreen, true);
  feed.said("", kRed);
  feed.announce(std::string(500, 'W'), kRed);
  feed.scored(std::string(500, 'W'), kRed);
  EXPECT_GT(Drawn(feed).lit(), 0);
  feed.clear();
  EXPECT_EQ(Drawn(feed).lit(), 0);
}

}  // namespace
}  // namespace game::client
