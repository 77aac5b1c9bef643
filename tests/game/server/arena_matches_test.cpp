// Tests also: map_catalog.cpp.
#include "game/server/arena_matches.hpp"

#include <gtest/gtest.h>

#include "game/server/arena_rules.hpp"
#include "game/sim/mode_names.hpp"

namespace game::server {
namespace {

ArenaMatches matches_of(std::vector<std::string> maps = {"foundry"}, std::string mode = "ffa") {
  auto catalog = MapCatalog::load(GAME_MAPS_DIR);
  EXPECT_TRUE(catalog) << catalog.error().reason;
  return {std::move(*catalog), {.mode = std::move(mode), .maps = std::move(maps), .players_max = 16}};
}

netcode::MatchOptions prepared(const ArenaMatches& matches, netcode::Fields options) {
  netcode::MatchOptions out{.options = std::move(options)};
  const auto done = matches.prepare(out);
  EXPECT_TRUE(done) << done.error().reason;
  return out;
}

std::string refusal(const ArenaMatches& matches, netcode::Fields options) {
  netcode::MatchOptions out{.options = std::move(options)};
  const auto done = matches.prepare(out);
  return done ? "" : done.error().reason;
}

std::string map_name(const netcode::MatchOptions& options) {
  ArenaRules rules;
  const auto prepared = rules.prepare({.options = options.options, .map = options.map});
  EXPECT_TRUE(prepared) << prepared.error().reason;
  return rules.map().name();
}

TEST(ArenaMatches, without_a_wish_are_the_servers_map_and_mode) {
  const auto options = prepared(matches_of(), {});
  EXPECT_EQ(map_name(options), "foundry");
  EXPECT_EQ(options.players_max, 16U);
  EXPECT_EQ(options.metadata.at("map"), "foundry");
  EXPECT_EQ(options.metadata.at("mode"), "ffa");
}

TEST(ArenaMatches, may_be_on_every_map_there_is_and_of_every_mode) {
  const ArenaMatches matches = matches_of();
  for (const char* map : {"duel", "foundry", "large"}) {
    for (const sim::ModeName& mode : sim::kModeNames) {
      const auto options = prepared(matches, {{"map", map}, {"mode", std::string(mode.id)}});
      EXPECT_EQ(map_name(options), map);
      EXPECT_EQ(options.metadata.at("mode"), mode.id);
    }
  }
}

TEST(ArenaMatches, have_the_seats_of_their_mode_and_map) {
  const ArenaMatches matches = matches_of();
  EXPECT_EQ(prepared(matches, {{"mode", "duel"}, {"map", "foundry"}}).players_max, 2U);
  EXPECT_EQ(prepared(matches, {{"mode", "tdm"}}).players_max, 8U);
  EXPECT_EQ(prepared(matches, {{"map", "duel"}}).players_max, 4U);
  EXPECT_EQ(prepared(matches, {{"map", "large"}}).players_max, 16U);
}

TEST(ArenaMatches, have_as_many_seats_as_were_asked_for_and_the_map_takes) {
  const ArenaMatches matches = matches_of();
  EXPECT_EQ(prepared(matches, {{"seats", "5"}}).players_max, 5U);
  EXPECT_EQ(prepared(matches, {{"seats", "32"}}).players_max, 16U);
  EXPECT_EQ(prepared(matches, {{"seats", "32"}, {"mode", "duel"}}).players_max, 2U);
  EXPECT_EQ(refusal(matches, {{"seats", "0"}}), "option seats=0: a whole number from 1 to 1024");
  EXPECT_EQ(refusal(matches, {{"seats", "many"}}), "option seats=many: a whole number from 1 to 1024");
}

TEST(ArenaMatches, have_the_bots_that_were_asked_for_or_the_servers) {
  const ArenaMatches matches = matches_of();
  EXPECT_EQ(prepared(matches, {}).bots, std::nullopt);
  EXPECT_EQ(prepared(matches, {{"bots", "0"}}).bots, 0U);
  EXPECT_EQ(prepared(matches, {{"bots", "3"}}).bots, 3U);
  EXPECT_EQ(prepared(matches, {{"bots", "30"}, {"seats", "6"}}).bots, 6U);
  EXPECT_NE(refusal(matches, {{"bots", "-1"}}), "");
  EXPECT_EQ(refusal(matches, {{"bot_level", "6"}}), "option bot_level=6: a whole number from 0 to 5");
  const auto options = prepared(matches, {{"bots", "3"}, {"seats", "4"}, {"bot_level", "2"}});
  EXPECT_EQ(map_name(options), "foundry") << "the rules let them be";
  EXPECT_EQ(bot_level_of(options.options), 2);
  EXPECT_EQ(bot_level_of({}), std::nullopt);
}

TEST(ArenaMatches, tell_their_players_what_they_see_or_all_that_there_is) {
  const ArenaMatches matches = matches_of();
  const auto hides = [&](const netcode::Fields& asked) {
    const auto options = prepared(matches, asked);
    ArenaRules rules;
    EXPECT_TRUE(rules.prepare({.options = options.options, .map = options.map}));
    return rules.has_hidden_entities();
  };
  EXPECT_FALSE(hides({})) << "the server's";
  EXPECT_TRUE(hides({{"visibility", "screen"}}));
  EXPECT_FALSE(hides({{"visibility", "all"}}));
  EXPECT_EQ(refusal(matches, {{"visibility", "xray"}}), "option visibility=xray: all, screen");
}

TEST(ArenaMatches, of_one_seat_wait_for_nobody) {
  const ArenaMatches matches = matches_of();
  EXPECT_EQ(prepared(matches, {{"seats", "1"}}).options.at("players_to_start"), "1");
  EXPECT_FALSE(prepared(matches, {{"seats", "2"}}).options.contains("players_to_start"));
}

TEST(ArenaMatches, unknown_maps_and_modes_are_refused_with_what_there_is) {
  const ArenaMatches matches = matches_of();
  EXPECT_EQ(refusal(matches, {{"map", "mars"}}), "there is no map mars: duel, foundry, large");
  EXPECT_EQ(refusal(matches, {{"mode", "chess"}}), "there is no mode chess: ffa, duel, tdm, instarail");
  EXPECT_EQ(refusal(matches, {{"maps", "large,mars"}}), "there is no map mars: duel, foundry, large");
  EXPECT_NE(refusal(matches, {{"map", "../foundry"}}), "");
}

TEST(ArenaMatches, vote_between_those_of_the_servers_maps_that_suit_the_mode) {
  const ArenaMatches matches = matches_of({"foundry", "duel", "large"});
  EXPECT_EQ(prepared(matches, {}).options.at("maps"), "foundry,large");
  EXPECT_EQ(prepared(matches, {{"mode", "duel"}, {"map", "duel"}}).options.at("maps"), "foundry,duel");
  EXPECT_EQ(prepared(matches_of({"foundry", "large"}), {{"map", "duel"}}).options.at("maps"), "")
      << "a match elsewhere stays there";
}

TEST(ArenaMatches, begin_on_the_first_map_that_suits_the_mode) {
  const ArenaMatches matches = matches_of({"large", "duel"});
  EXPECT_EQ(prepared(matches, {{"mode", "duel"}}).options.at("map"), "duel");
  EXPECT_EQ(prepared(matches, {{"mode", "tdm"}}).options.at("map"), "large");
}

TEST(ArenaMatches, go_on_with_the_same_vote_on_another_map) {
  const ArenaMatches matches = matches_of({"foundry", "large"});
  netcode::MatchOptions options = prepared(matches, {});
  options.options["map"] = "large";
  ASSERT_TRUE(matches.prepare(options));
  EXPECT_EQ(map_name(options), "large");
  EXPECT_EQ(options.options.at("maps"), "foundry,large");
  EXPECT_EQ(options.metadata.at("map"), "large");
}

TEST(ArenaRules, refuses_options_it_cannot_use_by_name) {
  const netcode::SharedBytes map = prepared(matches_of(), {}).map;
  const auto reason = [&](netcode::Fields options) {
    const auto done = ArenaRules().prepare({.options = std::move(options), .map = map});
    return done ? std::string() : done.error().reason;
  };
  EXPECT_EQ(reason({{"mode", "tdm"}, {"frag_limit", "5"}}), "");
  EXPECT_EQ(reason({{"visibility", "screen"}}), "");
  EXPECT_EQ(reason({{"visibility", ""}}), "option visibility=: all, screen");
  EXPECT_NE(reason({{"frag_limit", "0"}}).find("frag_limit"), std::string::npos);
  EXPECT_NE(reason({{"gravity", "1"}}).find("unknown option gravity"), std::string::npos);
}

}  // namespace
}  // namespace game::server
