// What those who are in a match learn of its intervals while its audience holds: all of each, in order, when it is
// released.
#include "server/match_audience.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "audience_fixture.hpp"
#include "netcode/limits.hpp"

using namespace std::chrono_literals;

namespace netcode {
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::Not;
using ::testing::StartsWith;

TEST_F(Audience, hears_of_each_interval_as_it_was_at_its_end) {
  hold();
  std::vector<std::uint64_t> ended;
  for (int i = 0; i < 5; ++i) {
    field::MoveT move;
    move.dx = 1;
    const Bytes body = encode(move);
    tap.send(protocol::encode(protocol::ActionView{.sequence = static_cast<std::uint32_t>(i + 1), .body = body}));
    tap.send(vote(0, static_cast<std::uint32_t>(i + 1), 0));
    const auto interval = audience().interval();
    ASSERT_TRUE(loop_.run_until([&] { return audience().interval() != interval; }, 1s));
    ended.push_back(interval);
  }
  EXPECT_THAT(tap.heard, IsEmpty());
  std::uint32_t taken = 0;
  for (const std::uint64_t interval : ended) {
    tap.forget();
    gate->release(interval);
    loop_.run_for(5ms);
    ASSERT_EQ(tap.heads.size(), 1U) << "the frame of this interval and of no other";
    const protocol::SnapshotHead& head = tap.heads[0];
    EXPECT_THAT(tap.received, Each(Le(interval - ended.front() + 1))) << "one was sent in each";
    for (const Tick tick : tap.ticks) EXPECT_LE(tick, head.tick);
    EXPECT_LE(head.action_tick, head.tick);
    EXPECT_GE(head.action_sequence, taken);
    EXPECT_LE(head.action_sequence, interval - ended.front() + 1) << "what was taken later is not said yet";
    EXPECT_LE(head.received, head.action_sequence) << "what was handled later is not said yet";
    taken = head.action_sequence;
  }
  EXPECT_GE(taken, 4U);
}

TEST_F(Audience, is_told_by_no_message_what_was_handled_in_an_interval_that_is_held) {
  hold();
  for (std::uint32_t i = 1; i <= 40; ++i) tap.send(vote(1, i, 0));
  loop_.run_for(1ms);
  const auto ended = audience().interval();
  ASSERT_TRUE(loop_.run_until([&] { return audience().interval() != ended; }, 1s));
  for (std::uint32_t i = 41; i <= 80; ++i) tap.send(vote(1, i, 0));
  loop_.run_for(50ms);
  visit(other, "/match/m?resume=1&link=1&token=" + tap.welcome->token);
  EXPECT_THAT(tap.received, IsEmpty());
  EXPECT_THAT(other.received, ElementsAre(0U));
  gate->release(ended);
  loop_.run_for(200ms);
  EXPECT_THAT(tap.received, AllOf(Contains(40U), Each(Le(40U))));
  Tap third;
  visit(third, "/match/m?resume=1&link=1&token=" + tap.welcome->token);
  EXPECT_THAT(third.received, AllOf(Contains(40U), Each(Le(40U))));
}

TEST_F(Audience, is_welcomed_at_the_newest_tick_that_is_released) {
  hold();
  const Tick known = audience().released_tick();
  loop_.run_for(200ms);
  visit(other, "/match/m?name=bob");
  ASSERT_TRUE(other.welcome);
  EXPECT_EQ(other.welcome->match->tick, known);
  EXPECT_LT(known, match().current_tick() - 10);
  gate->release(audience().interval() - 1);
  loop_.run_for(5ms);
  ASSERT_FALSE(tap.heads.empty());
  Tap eve;
  visit(eve, "/match/m?name=eve");
  ASSERT_TRUE(eve.welcome);
  EXPECT_EQ(eve.welcome->match->tick, tap.heads.back().tick) << "of the newest interval that was released";
  gate.reset();
  Tap dan;
  visit(dan, "/match/m?name=dan");
  ASSERT_TRUE(dan.welcome);
  EXPECT_GE(dan.welcome->match->tick, match().current_tick() - 7) << "the match's own, where nothing is held";
}

TEST_F(Audience, is_welcomed_at_the_end_of_an_interval_that_was_released_while_newer_ones_are_held) {
  hold();
  const auto first = audience().interval();
  loop_.run_for(200ms);
  gate->release(first);
  loop_.run_for(5ms);
  ASSERT_EQ(tap.heads.size(), 1U);
  visit(other, "/match/m?name=bob");
  ASSERT_TRUE(other.welcome);
  EXPECT_EQ(other.welcome->match->tick, tap.heads.back().tick);
}

// --- a session that ends

TEST_F(Audience, that_is_closed_is_told_so_after_what_was_held_and_is_gone_at_once_for_the_server) {
  hold();
  tap.send(vote(3, 0, 4));
  loop_.run_for(50ms);
  ask("close");
  loop_.run_for(5ms);
  EXPECT_EQ(disconnects, 1);
  EXPECT_EQ(audience().people(), 0U) << "its seat is free";
  EXPECT_EQ(core_.directory().sessions(), 0U);
  tap.send(vote(3, 0, 5));
  loop_.run_for(50ms);
  EXPECT_THAT(tap.heard, IsEmpty());
  gate->release(audience().interval());
  loop_.run_for(100ms);
  EXPECT_THAT(tap.heard, Contains("ack 4"));
  EXPECT_THAT(tap.heard, Not(Contains(StartsWith("ack 5")))) << "nothing is taken from it any more";
  ASSERT_FALSE(tap.heard.empty());
  EXPECT_THAT(tap.heard.back(), StartsWith("closed 4002: tick "));
  EXPECT_EQ(disconnects, 1);
  EXPECT_EQ(core_.closing().load(), 0);
}

TEST_F(Audience, that_is_closed_where_nothing_is_held_is_told_so_at_once) {
  ask("close");
  loop_.run_for(5ms);
  EXPECT_THAT(tap.heard.back(), StartsWith("closed 4002: tick "));
}

TEST_F(Audience, that_is_closed_and_never_released_loses_its_connection_without_a_word_of_why) {
  hold();
  ask("close");
  loop_.run_for(5ms);
  match().request_end("over");  // no later interval makes this one leave
  loop_.run_for(limits::kSilenceMax - 1s);
  EXPECT_THAT(tap.heard, IsEmpty());
  EXPECT_EQ(core_.closing().load(), 1);
  loop_.run_for(2s);
  EXPECT_THAT(tap.heard, ElementsAre("closed 1001: the session ended"));
  EXPECT_EQ(core_.closing().load(), 0);
}

TEST_F(Audience, that_is_closed_may_leave_before_it_is_told_so) {
  hold();
  ask("close");
  loop_.run_for(5ms);
  EXPECT_EQ(core_.closing().load(), 1);
  tap.connection->close(transport::CloseCode::kNormal, "");
  loop_.run_for(100ms);
  EXPECT_EQ(core_.closing().load(), 0);
  gate->release(audience().interval());
}

TEST_F(Audience, that_is_closed_is_told_of_the_servers_end_if_that_comes_first) {
  hold();
  ask("close");
  loop_.run_for(5ms);
  core_.stop("maintenance", [] {});
  loop_.run_for(100ms);
  EXPECT_THAT(tap.heard, ElementsAre("closed 1001: maintenance"));
}

class AudienceOfOne : public Audience {
 public:
  AudienceOfOne() : Audience(AudienceSetup{.sessions_max = 1}) {}
};

TEST_F(AudienceOfOne, keeps_no_more_connections_of_sessions_that_have_ended_than_there_may_be_sessions) {
  hold();
  in_joined = "close";
  ask("close");
  loop_.run_for(5ms);
  visit(other, "/match/m?name=bob");
  EXPECT_THAT(other.heard, ElementsAre("welcome", "closed 1001: the session ended"));
  EXPECT_THAT(tap.heard, IsEmpty());
  EXPECT_EQ(core_.closing().load(), 1);
  gate->release(audience().interval());
  loop_.run_for(100ms);
  EXPECT_THAT(tap.heard.back(), StartsWith("closed 4002: tick "));
}

// --- when it is released

TEST_F(Audience, that_leaves_gets_what_it_was_to_hear_when_that_is_released) {
  hold();
  tap.send(vote(0, 0, 4));
  loop_.run_for(50ms);
  tap.send(request(protocol::kLeaveEvent));
  loop_.run_for(50ms);
  EXPECT_THAT(tap.heard, IsEmpty()) << "nor does what comes after it";
  gate->release(audience().interval());
  loop_.run_for(50ms);
  std::vector<std::string> acks;
  for (const std::string& line : tap.heard)
    if (line.starts_with("ack")) acks.push_back(line);
  EXPECT_THAT(acks, ElementsAre("ack 4", "ack 9"));
}

TEST_F(Audience, that_nobody_holds_any_more_hears_everything) {
  hold();
  tap.send(vote(0, 0, 4));
  loop_.run_for(100ms);
  EXPECT_THAT(tap.heard, IsEmpty());
  gate.reset();
  loop_.run_for(100ms);
  EXPECT_THAT(tap.heard, Contains("ack 4"));
  EXPECT_EQ(audience().open_interval(), nullptr);
}

TEST_F(Audience, that_nobody_releases_goes_out_oldest_first_when_too_much_is_held) {
  hold();
  loop_.run_for(std::chrono::seconds(limits::kIntervalsHeldMax / 30 + 2));
  EXPECT_FALSE(tap.heads.empty()) << "a match goes on, whatever it waits for";
  EXPECT_LT(tap.heads.back().tick, match().current_tick() - 60);
}

TEST_F(Audience, of_64_has_an_event_encoded_once) {
  std::vector<Tap> others(63);
  for (std::size_t i = 0; i < others.size(); ++i) visit(others[i], "/match/m?spectate=1&name=w" + std::to_string(i));
  const auto before = core_.stats().events_encoded;
  const Tick tick = match().current_tick();
  ASSERT_TRUE(loop_.run_until([&] { return match().current_tick() == tick + 60; }, 2s));
  EXPECT_EQ(core_.stats().events_encoded - before, 60U) << "one of the rules' at each tick, for all";
  loop_.run_for(5ms);
  EXPECT_EQ(others[62].ticks.back(), tap.ticks.back());
}

class HiddenDots : public Audience {
 public:
  HiddenDots() : Audience(AudienceSetup{.options = {{"hidden", "1"}, {"keeps", "1"}}}) {}
};

TEST_F(HiddenDots, stay_shown_where_the_rules_keep_what_was_shown_before) {
  Tap bob, eve;
  visit(bob, "/match/m?name=bob");
  Bytes scratch;
  const auto seen_by = [&](const Tap& one) {
    const BytesView world = audience().seen_by(one.welcome->match->player, scratch);
    return flatbuffers::GetRoot<field::World>(world.data())->dots()->size();
  };
  EXPECT_EQ(seen_by(bob), 2U) << "nobody has voted";
  tap.send(vote(1, 0, 0));
  loop_.run_for(100ms);
  visit(eve, "/match/m?name=eve");
  ASSERT_EQ(eve.welcome->match->player, PlayerId{3});
  EXPECT_EQ(seen_by(bob), 2U) << "ada's was shown before, eve's was not";
  EXPECT_EQ(seen_by(eve), 2U) << "bob's and her own: she was shown nothing before";
}

}  // namespace netcode
