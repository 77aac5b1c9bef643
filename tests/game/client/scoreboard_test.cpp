#include "game/client/scoreboard.hpp"

#include <gtest/gtest.h>

#include "client_support.hpp"

namespace game::client {
namespace {

using engine::app::Box;

constexpr Box kAll{0, 0, 1280, 720};
constexpr Color kGold = rgb(0xFFD84A);

Roster roster_of(sim::PlayerId players, const std::string& name, sim::Mode mode = sim::Mode::kFreeForAll) {
  game::test::Match match(test::field(), test::endless(mode));
  for (sim::PlayerId id = 1; id <= players; ++id) {
    sim::join(match.state, id, name);
    match.player(id).score = static_cast<std::int16_t>(100 - id);
  }
  Roster roster;
  roster.update(test::Snapshot(match.state).world());
  return roster;
}

struct Board : test::Sheet {
  explicit Board(const ScoreboardFacts& facts, int width = 1280, int height = 720) : Sheet(width, height) {
    draw_scoreboard(canvas, test::art(), facts);
  }
};
struct Podium : test::Sheet {
  explicit Podium(const PodiumFacts& facts, int width = 1280, int height = 720) : Sheet(width, height) {
    draw_podium(canvas, test::art(), facts);
  }
};

constexpr std::pair<int, int> kSizes[] = {{640, 360}, {1280, 720}, {1920, 1080}, {2560, 1080}};

TEST(Scoreboard, fits_nobody_one_and_64_with_long_names_into_every_size) {
  for (const auto& [width, height] : kSizes) {
    for (const sim::PlayerId players : {sim::PlayerId{0}, sim::PlayerId{1}, sim::PlayerId{64}}) {
      SCOPED_TRACE(std::to_string(players) + " in " + std::to_string(width) + " x " + std::to_string(height));
      const Roster roster = roster_of(players, std::string(32, 'W'));
      const Board board({.roster = roster, .self = 1, .note = std::string(200, 'x')}, width, height);
      EXPECT_GT(board.lit({310, 24, 660, 690}), 1000);
      EXPECT_EQ(board.lit({0, 0, 300, 720}), 0) << "its left edge holds";
      EXPECT_EQ(board.lit({310, 0, 660, 20}), 0);
      EXPECT_EQ(board.lit({310, 712, 660, 8}), 0);
    }
  }
}

TEST(Scoreboard, keeps_the_widest_names_out_of_its_columns) {
  for (const auto& [width, height] : kSizes) {
    SCOPED_TRACE(std::to_string(width) + " x " + std::to_string(height));
    const Box frags{310 + 384, 360, 62, 12};  // beside the numbers, within the only row
    const Board narrow({.roster = roster_of(1, "i"), .self = 2}, width, height);
    const Board wide({.roster = roster_of(1, std::string(32, 'W')), .self = 2}, width, height);
    EXPECT_EQ(narrow.count(frags, palette::kText, 60), wide.count(frags, palette::kText, 60));
    const Board marked({.roster = roster_of(1, std::string(32, 'W')), .self = 1}, width, height);
    EXPECT_GT(marked.count({310 + 340, 330, 44, 60}, palette::kMuted, 60), 5) << "(you) is not what is cut";
  }
}

TEST(Podium, gives_each_of_the_widest_names_the_room_above_its_step) {
  const Roster roster = roster_of(3, std::string(32, 'W'));
  const RoundResult result{.is_known = true, .winner = 9, .winner_name = std::string(32, 'W')};
  const Podium podium({.roster = roster, .result = result, .self = 9, .age_s = 4});
  EXPECT_EQ(podium.count({0, 40, 20, 70}, palette::kText, 60), 0) << "its title holds";
  EXPECT_EQ(podium.count({1260, 40, 20, 70}, palette::kText, 60), 0);
  EXPECT_GT(podium.count({560, 270, 160, 30}, palette::kText, 60), 50);
  EXPECT_EQ(podium.count({544, 270, 4, 90}, palette::kText, 60), 0) << "nor do names meet";
  EXPECT_EQ(podium.count({732, 270, 4, 90}, palette::kText, 60), 0);
}

TEST(Scoreboard, marks_ones_own_row_and_no_other) {
  const Roster roster = roster_of(4, "Ada");
  const Color own = test::art().colors.own;
  EXPECT_GT(Board({.roster = roster, .self = 2}).count(kAll, own, 30), 30);
  EXPECT_EQ(Board({.roster = roster, .self = sim::kNobody}).count(kAll, own, 30), 0);
}

TEST(Scoreboard, shows_teams_in_their_colours) {
  const Roster roster = roster_of(4, "Ada", sim::Mode::kTeams);
  const Board board({.roster = roster, .self = 1});
  for (const Color team : test::art().colors.teams) EXPECT_GT(board.count(kAll, team, 30), 60);
}

PodiumFacts facts_of(const Roster& roster, const RoundResult& result) {
  return {.roster = roster, .result = result, .self = 1, .age_s = 4, .next_in_s = 6};
}

TEST(Podium, fits_nobody_and_64_with_long_names_and_every_award_into_every_size) {
  RoundResult result{.is_known = true, .round = 65535, .winner = 9, .winner_name = std::string(32, 'W')};
  for (int i = 0; i < 6; ++i)
    result.awards.push_back({"MOST VALUABLE", std::string(32, 'W'), "65535 frags for the team"});
  for (const auto& [width, height] : kSizes) {
    for (const sim::PlayerId players : {sim::PlayerId{0}, sim::PlayerId{2}, sim::PlayerId{64}}) {
      SCOPED_TRACE(std::to_string(players) + " in " + std::to_string(width) + " x " + std::to_string(height));
      const Roster roster = roster_of(players, std::string(32, 'W'));
      const Podium podium(facts_of(roster, result), width, height);
      EXPECT_GT(podium.count({0, 40, 1280, 70}, palette::kText, 40), 100) << "who has won";
      const int steps = podium.count({556, 295, 168, 10}, kGold, 40);
      EXPECT_EQ(steps > 20, players > 0) << "the winner's step";
    }
  }
}

TEST(Podium, holds_its_awards_inside_of_the_picture) {
  RoundResult result{.is_known = true};
  for (int i = 0; i < 6; ++i) result.awards.push_back({"RAMPAGE", "Ada", "5 kills in one life"});
  const Roster roster = roster_of(3, "Ada");
  const Podium podium(facts_of(roster, result));
  const Color own = test::art().colors.own;
  EXPECT_GT(podium.count({0, 505, 1280, 6}, own, 40), 6 * 2 * 180) << "the upper edges of six cards";
  EXPECT_EQ(podium.count({0, 505, 8, 100}, own, 40), 0);
  EXPECT_EQ(podium.count({1272, 505, 8, 100}, own, 40), 0);
}

TEST(Podium, celebrates_ones_own_victory_in_gold) {
  const Roster roster = roster_of(3, "Ada");
  const Box title{200, 40, 880, 70};
  RoundResult result{.is_known = true, .winner = 1, .winner_name = "Ada"};
  EXPECT_GT(Podium(facts_of(roster, result)).count(title, palette::kRapid, 30), 100);
  result.winner = 2;
  EXPECT_EQ(Podium(facts_of(roster, result)).count(title, palette::kRapid, 30), 0);
  result = {.is_known = true, .team = 2};
  EXPECT_GT(Podium(facts_of(roster, result)).count(title, test::art().colors.teams[1], 30), 100);
}

TEST(Podium, rises_step_by_step) {
  const Roster roster = roster_of(3, "Ada");
  const RoundResult result{.is_known = true, .winner = 1};
  PodiumFacts facts = facts_of(roster, result);
  facts.age_s = 0;
  EXPECT_EQ(Podium(facts).count({366, 290, 548, 170}, palette::kText, 30), 0);
  facts.age_s = 3;
  EXPECT_GT(Podium(facts).count({366, 290, 548, 170}, palette::kText, 30), 20);
}

TEST(Podium, shows_the_vote_and_our_voice) {
  game::test::Match match(test::field(), test::endless());
  sim::join(match.state, 1, "Ada");
  const auto world = test::Snapshot(match.state).unpacked();
  for (const char* map : {"foundry", "duel", "large"}) {
    world->candidates.push_back(std::make_unique<arena::MapCandidateT>());
    world->candidates.back()->id = static_cast<std::uint16_t>(world->candidates.size());
    world->candidates.back()->map = map;
  }
  Roster roster;
  roster.update(test::Snapshot(*world).world());
  const RoundResult result{.is_known = true, .winner = 1};
  PodiumFacts facts = facts_of(roster, result);
  const Box cards{300, 645, 700, 60};
  const Box underlines{300, 690, 700, 3};
  EXPECT_GT(Podium(facts).count(cards, palette::kText, 40), 100);
  EXPECT_EQ(Podium(facts).count(underlines, test::art().colors.own, 10), 0);
  facts.our_vote = "duel";
  EXPECT_GT(Podium(facts).count(underlines, test::art().colors.own, 10), 200);
}

}  // namespace
}  // namespace game::client
