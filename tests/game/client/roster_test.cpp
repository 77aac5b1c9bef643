#include "game/client/roster.hpp"

#include <gtest/gtest.h>

#include "client_support.hpp"
#include "game/sim/mode_names.hpp"

namespace game::client {
namespace {

using test::Snapshot;

struct Row {
  sim::PlayerId id;
  std::string name;
  std::int16_t score;
  std::uint16_t deaths;
  sim::Team team = sim::kNoTeam;
};

Roster roster_of(const std::vector<Row>& rows, sim::Mode mode = sim::Mode::kFreeForAll) {
  game::test::Match match(test::field(), test::endless(mode));
  for (const Row& row : rows) {
    sim::join(match.state, row.id, row.name);
    sim::Player& player = match.player(row.id);
    player.score = row.score;
    player.deaths = row.deaths;
    player.team = row.team;
  }
  Roster roster;
  roster.update(Snapshot(match.state).world());
  return roster;
}

TEST(Roster, puts_the_best_first_and_of_equals_who_died_less) {
  const Roster roster = roster_of({{1, "Ada", 3, 2}, {2, "Bo", 7, 9}, {3, "Cy", 3, 1}, {4, "Di", -2, 0}});
  std::vector<sim::PlayerId> order;
  for (const PlayerRow& row : roster.by_rank()) order.push_back(row.id);
  EXPECT_EQ(order, (std::vector<sim::PlayerId>{2, 3, 1, 4}));
}

TEST(Roster, stays_as_it_was_through_snapshots_that_do_not_tell_of_players) {
  Roster roster = roster_of({{1, "Ada", 3, 2}, {2, "Bo", 7, 9}});
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(arena::CreateWorld(builder));
  roster.update(*flatbuffers::GetRoot<arena::World>(builder.GetBufferPointer()));
  EXPECT_EQ(roster.by_rank().size(), 2U);
  EXPECT_EQ(roster.name(1), "Ada");
}

TEST(Roster, gives_equal_scores_the_same_rank_and_the_next_one_the_place_it_has) {
  const Roster roster =
      roster_of({{1, "Ada", 5, 0}, {2, "Bo", 5, 3}, {3, "Cy", 4, 0}, {4, "Di", 4, 0}, {5, "Ed", 1, 0}});
  EXPECT_EQ(roster.rank(1), 1);
  EXPECT_EQ(roster.rank(2), 1);
  EXPECT_EQ(roster.rank(3), 3);
  EXPECT_EQ(roster.rank(4), 3);
  EXPECT_EQ(roster.rank(5), 5);
  EXPECT_EQ(roster.rank(77), 0) << "who does not play has none";
}

TEST(Roster, shows_only_what_may_be_shown_of_a_name) {
  const Roster roster =
      roster_of({{1, "A\x1B[31mda\n\xE2\x80\xAE", 0, 0}, {2, "Zo\xC3\xAB", 0, 0}, {3, "\xFF\xFE", 0, 0}});
  EXPECT_EQ(roster.name(1), "A[31mda");
  EXPECT_EQ(roster.name(2), "Zo\xC3\xAB");
  EXPECT_EQ(roster.name(3), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(roster.name(9), "somebody");
}

TEST(Roster, knows_who_is_on_which_side) {
  const Roster roster = roster_of({{1, "Ada", 0, 0, 1}, {2, "Bo", 0, 0, 2}}, sim::Mode::kTeams);
  EXPECT_TRUE(roster.match().has_teams());
  EXPECT_EQ(roster.team(1), 1);
  EXPECT_EQ(roster.team(2), 2);
  EXPECT_EQ(roster.team(3), 0);
}

TEST(Roster, reads_the_match_and_its_vote) {
  arena::WorldT world;
  world.match = std::make_unique<arena::MatchT>();
  world.match->mode = arena::Mode::Teams;
  world.match->map = "fo\nundry";
  world.match->frag_limit = 50;
  world.match->team_score_1 = 4;
  world.match->team_score_2 = -1;
  for (const char* map : {"foundry", "duel"}) {
    world.candidates.push_back(std::make_unique<arena::MapCandidateT>());
    world.candidates.back()->map = map;
    world.candidates.back()->votes = 3;
  }
  Roster roster;
  roster.update(Snapshot(world).world());
  EXPECT_EQ(roster.match().map, "foundry");
  EXPECT_EQ(roster.match().frag_limit, 50);
  EXPECT_EQ(roster.match().team_scores, (std::array<int, 2>{4, -1}));
  ASSERT_EQ(roster.match().candidates.size(), 2U);
  EXPECT_EQ(roster.match().candidates[1].map, "duel");
  EXPECT_EQ(roster.match().candidates[1].votes, 3);
  EXPECT_EQ(sim::name_of(roster.match().mode).name, "team deathmatch");
}

TEST(Roster, is_empty_after_a_snapshot_that_says_that_there_is_nobody) {
  Roster roster = roster_of({{1, "Ada", 1, 0}});
  roster.update(Snapshot(game::test::Match(test::field(), test::endless()).state).world());
  EXPECT_TRUE(roster.by_rank().empty());
  EXPECT_EQ(roster.name(1), "somebody");
}

}  // namespace
}  // namespace game::client
