#include "game/sim/vote.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

namespace game::sim {
namespace {

using test::Match;

// At the podium of a round on the map "bare", which stands between two others.
Match at_the_podium(std::vector<std::string> maps = {"attic", "bare", "cellar"}, PlayerId players = 4) {
  Options options = test::at_once();
  options.time_limit_ticks = 10;
  options.sudden_death_ticks = 1;
  options.podium_ticks = 50;
  options.maps = std::move(maps);
  Match match(test::bare_ground(), options);
  match.start(players);
  match.run_until(Phase::kPodium, 100);
  return match;
}

std::string chosen(Match& match) {
  for (int i = 0; i < 60 && match.all<MapChosen>().empty(); ++i) match.step();
  return match.all<MapChosen>().empty() ? "" : match.all<MapChosen>()[0].map;
}

TEST(Vote, the_map_with_the_most_voices_is_chosen) {
  Match match = at_the_podium();
  vote(match.state, 1, "attic");
  vote(match.state, 2, "attic");
  vote(match.state, 3, "cellar");
  EXPECT_EQ(votes_for(match.state, 1), 2);
  EXPECT_EQ(votes_for(match.state, 3), 1);
  EXPECT_EQ(chosen(match), "attic");
}

TEST(Vote, without_a_voice_the_next_in_order_is_chosen) {
  Match match = at_the_podium();
  EXPECT_EQ(chosen(match), "cellar");
}

TEST(Vote, after_the_last_comes_the_first) {
  Match match = at_the_podium({"attic", "cellar", "bare"});
  EXPECT_EQ(chosen(match), "attic");
}

TEST(Vote, of_equals_the_next_in_order_is_chosen) {
  Match match = at_the_podium();
  vote(match.state, 1, "attic");
  vote(match.state, 2, "bare");
  EXPECT_EQ(chosen(match), "attic");
}

TEST(Vote, the_last_voice_of_a_player_counts) {
  Match match = at_the_podium();
  vote(match.state, 1, "cellar");
  vote(match.state, 1, "bare");
  EXPECT_EQ(votes_for(match.state, 3), 0);
  EXPECT_EQ(votes_for(match.state, 2), 1);
  vote(match.state, 1, "the moon");
  EXPECT_EQ(votes_for(match.state, 2), 0);
}

TEST(Vote, who_leaves_takes_the_voice_along) {
  Match match = at_the_podium();
  vote(match.state, 1, "bare");
  leave(match.state, 1);
  EXPECT_EQ(votes_for(match.state, 2), 0);
}

TEST(Vote, counts_at_the_podium_only) {
  Match match = at_the_podium();
  vote(match.state, 1, "bare");
  match.run_until(Phase::kRound, 200);
  EXPECT_FALSE(vote_is_on(match.state));
  vote(match.state, 1, "cellar");
  match.run_until(Phase::kPodium, 200);
  for (std::uint16_t i = 1; i <= 3; ++i) EXPECT_EQ(votes_for(match.state, i), 0) << i;
}

TEST(Vote, for_the_map_that_is_played_the_match_goes_on) {
  Match match = at_the_podium();
  vote(match.state, 1, "bare");
  EXPECT_EQ(chosen(match), "bare");
  match.run_until(Phase::kRound, 200);
}

TEST(Vote, for_another_map_the_match_waits_for_its_end) {
  Match match = at_the_podium();
  vote(match.state, 1, "attic");
  EXPECT_EQ(chosen(match), "attic");
  EXPECT_EQ(match.state.flow.phase, Phase::kPodium);
}

TEST(Vote, with_one_map_there_is_none) {
  Match match = at_the_podium({"bare"});
  EXPECT_FALSE(vote_is_on(match.state));
  match.run_until(Phase::kRound, 200);
  EXPECT_TRUE(match.all<MapChosen>().empty());
}

}  // namespace
}  // namespace game::sim
