// Tests also: directory_sessions.cpp.
#include "server/directory.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

using namespace std::chrono_literals;

namespace netcode {
namespace {

const engine::TimePoint kNow{1h};
constexpr Directory::Limits kLimits{.sessions_max = 3, .matches_max = 2, .matches_created_per_minute = 2};

Directory::Listing match(const std::string& id, std::uint32_t players, std::uint32_t bots = 0) {
  Directory::Listing listing;
  listing.info.id = id;
  listing.info.kind = "field";
  listing.info.players = players;
  listing.info.bots = bots;
  listing.info.players_max = 4;
  listing.seats_free = 4 - players + bots;
  listing.places_free = 2;
  return listing;
}
Directory::Wish to_play(const std::string& address = "1.2.3.4") {
  return {.kind = "field", .players_max = 4, .address = address};
}
Directory::Wish to_watch() { return {.kind = "field", .players_max = 4, .spectate = true, .address = "1.2.3.4"}; }
Directory::NewMatch made(std::string_view id, std::string_view by) {
  return {.id = id, .kind = "field", .made_by = by};
}

}  // namespace

TEST(Directory, gives_every_session_a_token_of_its_own_and_forgets_it) {
  Directory directory(3, kLimits);
  std::set<std::string> tokens;
  for (int i = 0; i < 3; ++i) {
    const auto ticket = directory.open_session(1);
    ASSERT_TRUE(ticket);
    EXPECT_EQ(ticket->token.size(), 32U);
    tokens.insert(ticket->token);
  }
  EXPECT_EQ(tokens.size(), 3U);
  EXPECT_FALSE(directory.open_session(1)) << "three is the limit";
  directory.move_session(*tokens.begin(), 2);
  EXPECT_EQ(directory.find_session(*tokens.begin())->shard, 2U);
  directory.close_session(*tokens.begin());
  EXPECT_FALSE(directory.find_session(*tokens.begin()));
  EXPECT_TRUE(directory.open_session(0));
}

TEST(Directory, limits_matches_in_all_and_a_minute_by_address) {
  Directory directory(1, {.sessions_max = 1, .matches_max = 3, .matches_created_per_minute = 2});
  EXPECT_TRUE(directory.admit_match(made("a", "1.2.3.4"), kNow));
  directory.publish(match("a", 0));
  EXPECT_TRUE(directory.admit_match(made("b", "1.2.3.4"), kNow));
  directory.publish(match("b", 0));
  EXPECT_EQ(directory.admit_match(made("c", "1.2.3.4"), kNow).error().reason,
            "2 matches a minute is the limit, wait a little");
  EXPECT_TRUE(directory.admit_match(made("c", "5.6.7.8"), kNow)) << "another address";
  directory.remove("c");
  EXPECT_TRUE(directory.admit_match(made("c", "1.2.3.4"), kNow + 61s)) << "a minute later";
  directory.publish(match("c", 0));
  EXPECT_EQ(directory.admit_match(made("d", "5.6.7.8"), kNow).error().reason, "the server has 3 matches, its limit");
  EXPECT_EQ(directory.admit_match(made("a", "9.9.9.9"), kNow).error().reason, "there is a match a already");
}

TEST(Directory, picks_the_fullest_match_with_a_seat_that_no_person_has) {
  Directory directory(1, {.sessions_max = 1, .matches_max = 9, .matches_created_per_minute = 9});
  directory.publish(match("calm", 1));
  directory.publish(match("busy", 3));
  directory.publish(match("full", 4));
  directory.publish(match("bots", 4, 4));
  const Directory::Pick first = directory.pick(to_play(), kNow);
  EXPECT_EQ(first.match, "busy");
  EXPECT_EQ(directory.pick(to_play(), kNow).match, "calm") << "busy's last seat is promised";
  directory.settle("busy", first.hold);
  EXPECT_EQ(directory.pick(to_play(), kNow).match, "busy") << "the promise was kept or given back";
  directory.settle("busy", first.hold);
  EXPECT_EQ(directory.pick(to_play(), kNow).match, "calm") << "a promise is given back once, whoever says it again";
}

TEST(Directory, gives_a_promised_seat_back_after_a_while) {
  Directory directory(1, kLimits);
  directory.publish(match("busy", 3));
  EXPECT_EQ(directory.pick(to_play(), kNow).match, "busy");
  EXPECT_NE(directory.pick(to_play(), kNow).match, "busy");
  EXPECT_EQ(directory.pick(to_play(), kNow + 11s).match, "busy");
}

TEST(Directory, never_picks_what_would_refuse_nor_lists_a_private_match) {
  Directory directory(1, {.sessions_max = 1, .matches_max = 9, .matches_created_per_minute = 9});
  Directory::Listing closed = match("closed", 1);
  closed.seats_free = closed.places_free = 0;
  closed.info.is_locked = true;
  Directory::Listing hidden = match("hidden", 1);
  hidden.is_private = true;
  directory.publish(closed);
  directory.publish(hidden);
  for (const auto& wish : {to_play(), to_watch()}) {
    const std::string picked = directory.pick(wish, kNow).match;
    EXPECT_EQ(std::set<std::string>({"closed", "hidden"}).count(picked), 0U);
  }
  std::vector<std::string> listed;
  for (const auto& info : directory.list("")) listed.push_back(info.id);
  EXPECT_EQ(listed, (std::vector<std::string>{"closed"}));
}

TEST(Directory, picks_a_match_with_people_for_one_who_watches_and_holds_no_seat) {
  Directory directory(1, {.sessions_max = 1, .matches_max = 9, .matches_created_per_minute = 9});
  directory.publish(match("bots", 4, 4));
  directory.publish(match("few", 1));
  directory.publish(match("full", 4));
  Directory::Listing crowded = match("crowded", 4);
  crowded.places_free = 0;
  directory.publish(crowded);
  for (int i = 0; i < 3; ++i) {
    const Directory::Pick pick = directory.pick(to_watch(), kNow);
    EXPECT_EQ(pick.match, "full") << "no seat is needed to watch";
    EXPECT_EQ(pick.hold, 0U);
  }
  EXPECT_EQ(directory.pick(to_play(), kNow).match, "few");
}

TEST(Directory, holds_no_more_seats_for_one_address_than_a_household_needs) {
  Directory directory(
      1, {.sessions_max = 1, .matches_max = 9, .matches_created_per_minute = 9, .seats_held_per_address_max = 2});
  EXPECT_NE(directory.pick(to_play(), kNow).hold, 0U);
  EXPECT_NE(directory.pick(to_play(), kNow).hold, 0U);
  const Directory::Pick third = directory.pick(to_play(), kNow);
  EXPECT_EQ(third.hold, 0U) << "sent to a match, but without a promise";
  EXPECT_FALSE(third.match.empty());
  EXPECT_NE(directory.pick(to_play("5.6.7.8"), kNow).hold, 0U) << "another address";
  EXPECT_NE(directory.pick(to_play(), kNow + 11s).hold, 0U);
}

TEST(Directory, gathers_those_of_one_address_who_are_promised_nothing_in_as_many_matches_as_they_fill) {
  Directory directory(
      3, {.sessions_max = 1, .matches_max = 99, .matches_created_per_minute = 9, .seats_held_per_address_max = 4});
  std::map<std::string, int> sent;
  for (int i = 0; i < 12; ++i) {
    const Directory::Pick pick = directory.pick(to_play(), kNow);
    EXPECT_EQ(pick.hold != 0, i < 4);
    ++sent[pick.match];
    const std::uint32_t home = directory.shard_of_match(pick.match);
    ASSERT_TRUE(directory.admit_match(made("other" + std::to_string(i), ""), kNow)) << "another shard is the calmest";
    EXPECT_EQ(directory.shard_of_match(pick.match), home);
  }
  EXPECT_EQ(sent.size(), 3U) << "four players each";
  for (const auto& [match, players] : sent) EXPECT_EQ(players, 4) << match;
  EXPECT_NE(directory.pick(to_play("5.6.7.8"), kNow).hold, 0U) << "another address";
}

TEST(Directory, forgets_a_match_that_was_promised_and_never_made) {
  Directory directory(1, {.sessions_max = 1, .matches_max = 1, .matches_created_per_minute = 9});
  const Directory::Pick pick = directory.pick(to_play(), kNow);
  EXPECT_FALSE(directory.admit_match(made("a", ""), kNow)) << "one is the limit";
  directory.settle(pick.match, pick.hold);
  EXPECT_TRUE(directory.admit_match(made("a", ""), kNow));
}

TEST(Directory, does_not_count_what_nobody_wanted_as_an_address_s_creations) {
  Directory directory(1, {.sessions_max = 1, .matches_max = 99, .matches_created_per_minute = 2});
  for (int i = 0; i < 40; ++i) EXPECT_TRUE(directory.admit_match(made("m" + std::to_string(i), ""), kNow));
}

TEST(Directory, ends_the_session_of_an_address_that_has_waited_longest_when_too_many_wait) {
  Directory directory(
      2, {.sessions_max = 9, .matches_max = 1, .matches_created_per_minute = 1, .sessions_away_per_address_max = 2});
  std::vector<Directory::Ticket> tickets;
  for (std::uint32_t i = 0; i < 4; ++i) tickets.push_back(*directory.open_session(i % 2));
  EXPECT_FALSE(directory.session_away(tickets[0].token, "1.2.3.4"));
  EXPECT_FALSE(directory.session_away(tickets[1].token, "1.2.3.4"));
  EXPECT_FALSE(directory.session_away(tickets[2].token, "5.6.7.8")) << "another address";
  const auto victim = directory.session_away(tickets[3].token, "1.2.3.4");
  ASSERT_TRUE(victim);
  EXPECT_EQ(victim->session, tickets[0].id);
  EXPECT_EQ(victim->shard, 0U);
  directory.close_session(tickets[0].token);
  directory.session_back(tickets[1].token);
  EXPECT_FALSE(directory.session_away(tickets[0].token, "1.2.3.4")) << "closed: it waits no more";
  EXPECT_FALSE(directory.session_away(tickets[1].token, "1.2.3.4"));
}

TEST(Directory, spreads_names_that_differ_in_their_last_letters) {
  for (const std::uint32_t shards : {2U, 3U, 4U, 8U}) {
    const Directory directory(shards, kLimits);
    for (const std::string prefix : {"m", "match-", "arena_2026_", ""}) {
      std::vector<std::uint32_t> load(shards);
      for (int i = 0; i < 100; ++i) ++load[directory.spread(prefix + std::to_string(i))];
      EXPECT_LE(*std::max_element(load.begin(), load.end()), 100 / shards * 3 / 2 + 3) << prefix << " on " << shards;
      std::set<std::uint32_t> few;
      for (int i = 0; i < 10; ++i) few.insert(directory.spread(prefix + std::to_string(i)));
      EXPECT_GE(few.size(), std::min(shards, 3U)) << prefix << "0 to 9 on " << shards;
    }
  }
}

TEST(Directory, makes_no_match_for_which_its_shard_has_no_time) {
  Directory directory(1, {.sessions_max = 1, .matches_max = 99, .matches_created_per_minute = 99});
  for (const char* id : {"a", "b", "c"}) {
    ASSERT_TRUE(directory.admit_match(made(id, ""), kNow));
    directory.publish(match(id, 1));
    directory.note_shares({{id, 0.2}});
  }
  EXPECT_EQ(directory.admit_match(made("d", ""), kNow).error().reason,
            "the server has no time for another match: try again later, or join one that is there")
      << "three take 0.6, a fourth would take 0.2";
  directory.note_shares({{"a", 0.0}, {"b", 0.01}, {"c", 0.01}});
  EXPECT_TRUE(directory.admit_match(made("d", ""), kNow)) << "nobody is in them now";
}

TEST(Directory, grants_one_address_a_share_of_the_time_and_at_least_one_match) {
  Directory directory(2, {.sessions_max = 1, .matches_max = 99, .matches_created_per_minute = 99});
  const auto make = [&](const std::string& id, const std::string& by) {
    auto admitted = directory.admit_match(made(id, by), kNow);
    if (!admitted) return admitted.error().reason;
    auto listing = match(id, 1);
    listing.made_by = by;
    directory.publish(listing);
    directory.note_shares({{id, 0.15}});
    return std::string();
  };
  EXPECT_EQ(make("a", "1.2.3.4"), "");
  EXPECT_EQ(make("b", "1.2.3.4"), "");
  EXPECT_EQ(make("c", "1.2.3.4"),
            "the 2 matches that were made from here take all of the server's time that one address may");
  EXPECT_EQ(make("d", "5.6.7.8"), "");
  EXPECT_EQ(make("e", ""), "") << "a quick join is nobody's wish";
}

TEST(Directory, makes_each_match_on_the_shard_that_has_the_least_to_do) {
  Directory directory(3, {.sessions_max = 1, .matches_max = 99, .matches_created_per_minute = 99});
  std::vector<int> load(3);
  for (int i = 0; i < 30; ++i) {
    const std::string id = directory.free_id();
    const auto shard = directory.admit_match(made(id, ""), kNow);
    ASSERT_TRUE(shard);
    directory.publish(match(id, 0));
    EXPECT_EQ(directory.shard_of_match(id), *shard);
    ++load[*shard];
  }
  EXPECT_EQ(load, (std::vector<int>{10, 10, 10}));

  Directory measured(2, {.sessions_max = 1, .matches_max = 99, .matches_created_per_minute = 99});
  for (const char* id : {"busy", "calm"}) ASSERT_TRUE(measured.admit_match(made(id, ""), kNow));
  for (const char* id : {"busy", "calm"}) measured.publish(match(id, 1));
  ASSERT_NE(measured.shard_of_match("busy"), measured.shard_of_match("calm"));
  measured.note_shares({{"busy", 0.4}, {"calm", 0.01}});
  for (const char* id : {"a", "b"}) EXPECT_EQ(measured.place(id), measured.shard_of_match("calm")) << id;
}

TEST(Directory, keeps_a_match_where_it_was_made_whatever_happens_there) {
  Directory directory(2, {.sessions_max = 1, .matches_max = 99, .matches_created_per_minute = 99});
  const std::uint32_t shard = directory.place("m");
  directory.publish(match("m", 4));
  directory.note_shares({{"m", 0.6}});
  EXPECT_EQ(directory.place("m"), shard);
  directory.suspend("m");
  EXPECT_FALSE(directory.find("m"));
  EXPECT_EQ(directory.shard_of_match("m"), shard) << "it may be made anew";
  EXPECT_EQ(directory.admit_match(made("m", ""), kNow).error().reason, "match m is being made: try again");
  directory.publish(match("m", 0));
  EXPECT_EQ(directory.shard_of_match("m"), shard);
  directory.remove("m");
  EXPECT_TRUE(directory.admit_match(made("m", ""), kNow));
}

TEST(Directory, brings_all_who_name_a_new_match_to_one_shard_and_keeps_no_place_for_those_who_left) {
  Directory directory(
      3, {.sessions_max = 1, .matches_max = 2, .matches_created_per_minute = 99, .seats_held_per_address_max = 1});
  const auto first = directory.approach("m", "1.2.3.4", kNow);
  EXPECT_NE(first.hold, 0U);
  ASSERT_TRUE(directory.admit_match(made("other", ""), kNow)) << "which makes another shard the calmest";
  const auto second = directory.approach("m", "5.6.7.8", kNow);
  EXPECT_EQ(second.shard, first.shard);
  EXPECT_EQ(directory.approach("n", "1.2.3.4", kNow).hold, 0U) << "one place an address";
  directory.settle("m", first.hold);
  EXPECT_EQ(directory.shard_of_match("m"), first.shard) << "the second is on its way";
  directory.settle("m", second.hold);
  directory.publish(match("other", 0));
  EXPECT_TRUE(directory.admit_match(made("third", ""), kNow)) << "m takes no room any more";
}

}  // namespace netcode
