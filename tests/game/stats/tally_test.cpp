// Tests also: report.cpp, rounds.cpp.
#include "game/apps/stats/tally.hpp"

#include <gtest/gtest.h>

#include "game/apps/stats/report.hpp"
#include "game/apps/stats/rounds.hpp"
#include "support.hpp"

namespace game::stats {
namespace {

using sim::Event;
using sim::Weapon;
using test::u;

// A round of two who stand where nobody sees the other, and events as a test wants them.
class TallyTest : public testing::Test {
 protected:
  TallyTest() {
    match_.start(2);
    match_.place(1, u(100, 100));
    match_.place(2, u(2900, 1900));
    begin_ = match_.state.tick;
    tell({sim::RoundStarted{1, 20, 0}});
  }
  void tell(const std::vector<Event>& events) { watch_.watch(match_.state, events); }
  void at(double seconds, const std::vector<Event>& events) {
    match_.state.tick = begin_ + static_cast<std::uint32_t>(seconds * 60);
    tell(events);
  }
  static Event kill(sim::PlayerId killer, sim::PlayerId victim, Weapon weapon = Weapon::kBlaster) {
    return sim::Kill{.killer = killer, .victim = victim, .weapon = weapon};
  }

  test::Match match_;
  std::uint32_t begin_ = 0;
  RoundWatch watch_{*match_.map};
};

TEST_F(TallyTest, a_life_goes_from_coming_in_to_the_kill) {
  at(10, {kill(1, 2)});
  at(11, {sim::Spawned{2, {}}});
  at(15, {kill(1, 2)});
  EXPECT_EQ(watch_.tally().lives, 2U);
  EXPECT_EQ(watch_.tally().life_ticks, (10U + 4U) * 60U);
}

TEST_F(TallyTest, a_death_within_2_seconds_of_coming_in_counts_as_one_at_the_spawn) {
  at(5, {kill(1, 2)});
  at(6, {sim::Spawned{2, {}}});
  at(7.9, {kill(1, 2)});
  at(9, {sim::Spawned{2, {}}});
  at(11, {kill(1, 2)});
  EXPECT_EQ(watch_.tally().spawn_deaths, 1U);
}

TEST_F(TallyTest, kills_are_told_apart_by_weapon_and_only_in_rounds) {
  at(5, {kill(1, 2), kill(2, 1, Weapon::kRail)});
  at(6, {kill(1, 2, Weapon::kRail), sim::RoundEnded{.round = 1, .winner = 1}});
  at(7, {kill(1, 2)});
  EXPECT_EQ(watch_.tally().kills, (std::array<std::uint64_t, 3>{1, 0, 2}));
  EXPECT_EQ(watch_.tally().rounds, 1U);
  EXPECT_EQ(watch_.tally().wins, std::vector<std::uint32_t>{1});
}

TEST_F(TallyTest, a_lead_that_becomes_shared_is_no_change_and_one_that_is_taken_is) {
  at(1, {sim::LeadChanged{.leader = 1, .score = 1}});
  at(2, {sim::LeadChanged{.leader = 0, .previous = 1, .score = 1}});
  at(3, {sim::LeadChanged{.leader = 2, .score = 2}});
  at(4, {sim::LeadChanged{.score = 3, .team = 1}});
  EXPECT_EQ(watch_.tally().lead_changes, 3U);
}

TEST_F(TallyTest, contact_is_the_first_enemy_on_the_screen_with_no_wall_between) {
  at(1, {});
  EXPECT_EQ(watch_.tally().contacts, 0U);
  match_.place(2, u(500, 100));
  at(2, {});
  at(3, {});
  EXPECT_EQ(watch_.tally().contacts, 2U);
  EXPECT_EQ(watch_.tally().contact_ticks, 240U);
}

TEST_F(TallyTest, a_mate_is_no_contact) {
  match_.player(1).team = match_.player(2).team = 1;
  match_.place(2, u(500, 100));
  at(2, {});
  EXPECT_EQ(watch_.tally().contacts, 0U);
}

TEST(Rounds, come_out_the_same_for_a_seed_and_otherwise_for_another) {
  RoundsAsked asked{.grid = std::make_shared<const bots::NavGrid>(test::foundry()), .rounds = 1};
  asked.bots = 4;
  asked.level = 5;
  asked.seed = 3;
  const Tally first = play_rounds(asked);
  const Tally again = play_rounds(asked);
  asked.seed = 4;
  const Tally other = play_rounds(asked);
  EXPECT_EQ(first.rounds, 1U);
  EXPECT_GE(first.kill_count(), 20U);
  EXPECT_EQ(first.life_ticks, again.life_ticks);
  EXPECT_EQ(first.kills, again.kills);
  EXPECT_NE(first.life_ticks, other.life_ticks);
}

TEST(Rounds, seat_every_level_in_turn) {
  RoundsAsked asked;
  asked.bots = 7;
  EXPECT_EQ(levels_of(asked, 0), (std::vector<int>{1, 2, 3, 4, 5, 1, 2}));
  EXPECT_EQ(levels_of(asked, 4), (std::vector<int>{5, 1, 2, 3, 4, 5, 1}));
  asked.bots = 2;
  EXPECT_EQ(levels_of(asked, 3), (std::vector<int>{4, 5}));
  EXPECT_EQ(levels_of(asked, 4), (std::vector<int>{1, 2}));
  asked.bots = 3;
  asked.level = 4;
  EXPECT_EQ(levels_of(asked, 1), (std::vector<int>{4, 4, 4}));
}

Tally an_hour_of_two() {
  Tally tally;
  tally.rounds = 10;
  tally.player_ticks = 2 * 3600 * 60;
  tally.lives = 480;
  tally.life_ticks = 480 * 60 * 11;
  tally.kills = {240, 40, 200};
  tally.contacts = 100;
  tally.contact_ticks = 100 * 60 * 5;
  tally.spawn_deaths = 24;
  tally.lead_changes = 50;
  tally.wins = {4, 6};
  return tally;
}

const Measure& measure(const std::vector<Measure>& all, std::string_view key) {
  return *std::find_if(all.begin(), all.end(), [key](const Measure& one) { return one.key == key; });
}

TEST(StatsReport, holds_each_measure_against_its_target) {
  const auto all = measures_of(an_hour_of_two(), an_hour_of_two(), sim::Mode::kFreeForAll, 8);
  EXPECT_DOUBLE_EQ(measure(all, "life_s").value, 11);
  EXPECT_TRUE(measure(all, "life_s").is_met());
  EXPECT_DOUBLE_EQ(measure(all, "frags_per_minute").value, 4);
  EXPECT_TRUE(measure(all, "frags_per_minute").is_met());
  EXPECT_DOUBLE_EQ(measure(all, "first_contact_s").value, 5);
  EXPECT_FALSE(measure(all, "first_contact_s").is_met());
  EXPECT_DOUBLE_EQ(measure(all, "blaster_share").value, 50);
  EXPECT_DOUBLE_EQ(measure(all, "spawn_deaths").value, 5);
  EXPECT_FALSE(measure(all, "spawn_deaths").is_met());
  EXPECT_DOUBLE_EQ(measure(all, "lead_changes").value, 5);
  EXPECT_DOUBLE_EQ(measure(all, "best_of_equals").value, 60);
  EXPECT_FALSE(measure(all, "best_of_equals").is_met());
}

TEST(StatsReport, asks_for_no_share_of_two_equals_and_of_the_only_weapon) {
  const auto duel = measures_of(an_hour_of_two(), an_hour_of_two(), sim::Mode::kDuel, 2);
  EXPECT_FALSE(measure(duel, "best_of_equals").has_target());
  const auto instarail = measures_of(an_hour_of_two(), an_hour_of_two(), sim::Mode::kInstarail, 8);
  EXPECT_FALSE(measure(instarail, "rail_share").has_target());
}

TEST(StatsReport, says_in_json_and_as_a_table_what_is_not_met) {
  const Report report{.map = "foundry",
                      .mode = "ffa",
                      .rounds = 10,
                      .bots = 8,
                      .level = 0,
                      .seed = 1,
                      .measures = measures_of(an_hour_of_two(), an_hour_of_two(), sim::Mode::kFreeForAll, 8)};
  const std::string json = as_json(report);
  EXPECT_NE(json.find(R"("life_s":{"value":11.00,"least":8,"most":14,"met":true})"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("first_contact_s":{"value":5.00,"least":null,"most":4,"met":false})"), std::string::npos);
  EXPECT_NE(json.find(R"("all_met":false})"), std::string::npos);
  EXPECT_EQ(json.find('\n'), std::string::npos);
  EXPECT_NE(as_table(report).find("NOT MET"), std::string::npos);
}

}  // namespace
}  // namespace game::stats
