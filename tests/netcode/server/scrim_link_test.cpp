// The connections of one session at the level of the protocol: who may come beside whom, and who is told to go.
#include "server/scrim_link.hpp"

#include <gtest/gtest.h>

#include "core_fixture.hpp"
#include "field.hpp"
#include "netcode/limits.hpp"
#include "protocol/messages.hpp"
#include "visitor.hpp"

using namespace std::chrono_literals;

namespace netcode {
namespace {

using transport::CloseCode;

Bytes received(std::uint32_t events, Tick tick, Tick twin_tick) {
  return protocol::encode(
      protocol::Received{.snapshot_tick = tick, .received = events, .twin_snapshot_tick = twin_tick});
}

/// A client of plain snapshots, for which there are 2000 bytes a second.
class BoundedPlainLink : public CoreTest {
 protected:
  BoundedPlainLink() : CoreTest(1, ServerConfig().sessions_max, 2000) {
    core_.define("field", rules_type<field::Rules>(), {});
    start();
  }
};

class SessionLinks : public ShardedCoreTest {
 protected:
  SessionLinks() {
    core_.define("field", rules_type<field::Rules>(),
                 {.options = {{"numbered", "1"}}, .map = std::make_shared<const Bytes>(Bytes{1, 2, 3})});
    start();
  }
  void visit(Visitor& visitor, const std::string& target) {
    connect(visitor, target);
    loop_.run_for(100ms);
  }
  void join(Visitor& visitor) {
    visit(visitor, "/match/m?name=ada");
    ASSERT_TRUE(visitor.welcome);
    token_ = visitor.welcome->token;
    map_ = visitor.welcome->match->map_hash;
  }
  std::string link(const std::string& number, std::uint32_t received = 0) const {
    return "/match/m?resume=1&token=" + token_ + "&link=" + number + "&received=" + std::to_string(received);
  }
  Shard& home() { return *core_.shards()[core_.directory().find_session(token_)->shard]; }
  SessionCore& session() { return *home().session(core_.directory().find_session(token_)->session); }
  std::size_t sessions() { return core_.directory().sessions(); }
  SharedEventPtr chat(const std::string& text) {
    return core_.make_event({.name = "chat", .body = encode(field::chat(text))});
  }

  std::string token_;
  std::uint64_t map_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Shards, SessionLinks, ::testing::Values(1U, 3U),
                         [](const auto& shards) { return std::to_string(shards.param); });

}  // namespace

TEST_P(SessionLinks, a_second_one_is_welcomed_as_such_and_carries_all_that_the_first_does) {
  Visitor first, second;
  join(first);
  visit(
      second, link("1", first.events.back()) + "&map=" + [this] {
        char hex[17];
        std::snprintf(hex, sizeof hex, "%llx", static_cast<unsigned long long>(map_));
        return std::string(hex);
      }());
  ASSERT_TRUE(second.welcome);
  EXPECT_EQ(second.welcome->link, 1U);
  EXPECT_TRUE(second.welcome->resumed);
  EXPECT_EQ(second.welcome->match->player, first.welcome->match->player);
  EXPECT_EQ(second.maps, 0) << "it named the map's hash";
  EXPECT_EQ(first.maps, 1);
  loop_.run_for(1s);
  EXPECT_EQ(first.events.back(), second.events.back());
  EXPECT_EQ(first.heads.back().tick, second.heads.back().tick);
  EXPECT_EQ(sessions(), 1U);
  EXPECT_FALSE(first.closed);
}

TEST_P(SessionLinks, there_are_two_and_they_need_the_token_of_a_session_that_is_there) {
  Visitor first, third, stranger, candidate;
  join(first);
  visit(third, link("2"));
  ASSERT_TRUE(third.closed);
  EXPECT_EQ(third.closed->code, CloseCode::kRefused);
  EXPECT_EQ(third.closed->reason, "link=2: a session has links 0 and 1");
  visit(stranger, "/match/m?resume=1&link=1&token=" + std::string(32, 'a'));
  ASSERT_TRUE(stranger.closed);
  EXPECT_EQ(stranger.closed->reason, "this session is over: join again without its token");
  visit(candidate, "/match/m?name=bob&link=1");
  ASSERT_TRUE(candidate.closed);
  EXPECT_EQ(candidate.closed->reason, "link goes with token and resume=1");
  EXPECT_FALSE(first.closed);
}

TEST_P(SessionLinks, one_client_more_with_the_token_takes_the_session_and_both_are_told) {
  Visitor first, second, thief;
  join(first);
  visit(second, link("1"));
  visit(thief, "/match/m?resume=1&token=" + token_);
  ASSERT_TRUE(thief.welcome);
  EXPECT_EQ(thief.welcome->link, 0U);
  for (const Visitor* old : {&first, &second}) {
    ASSERT_TRUE(old->closed);
    EXPECT_EQ(old->closed->code, CloseCode::kReplaced);
    EXPECT_EQ(old->closed->reason, "this session goes on over a newer connection");
  }
  EXPECT_FALSE(thief.closed);
}

TEST_P(SessionLinks, one_that_comes_to_a_taken_slot_takes_it_with_its_first_word) {
  Visitor first, second, racer;
  join(first);
  visit(second, link("1"));
  visit(racer, link("0", first.events.back()));
  ASSERT_TRUE(racer.welcome);
  loop_.run_for(1s);
  EXPECT_FALSE(first.closed) << "welcomed, but it may have been given up meanwhile";
  EXPECT_TRUE(racer.heads.empty());
  racer.send(received(first.events.back(), 0, 0));
  loop_.run_for(100ms);
  ASSERT_TRUE(first.closed);
  EXPECT_EQ(first.closed->code, CloseCode::kReplaced);
  EXPECT_FALSE(second.closed) << "only that slot is replaced";
  EXPECT_FALSE(racer.heads.empty());
}

TEST_P(SessionLinks, many_that_come_and_say_nothing_are_bounded_and_do_not_stay) {
  Visitor first;
  join(first);
  std::vector<std::unique_ptr<Visitor>> silent;
  for (int i = 0; i < 50; ++i) visit(*silent.emplace_back(std::make_unique<Visitor>()), link("0"));
  EXPECT_LE(network_.open_links(), 1 + limits::kCandidateLinksMax);
  for (int second = 0; second < 20; ++second) {
    loop_.run_for(1s);
    first.send(received(first.events.back(), first.heads.back().tick, 0));
  }
  EXPECT_EQ(network_.open_links(), 1U);
  EXPECT_FALSE(first.closed);
}

TEST_P(SessionLinks, a_close_of_the_second_drops_that_one_and_of_the_first_ends_the_session) {
  Visitor first, second, again;
  join(first);
  visit(second, link("1"));
  second.connection->close(CloseCode::kNormal, "");
  loop_.run_for(1s);
  EXPECT_EQ(sessions(), 1U);
  EXPECT_FALSE(session().has_link(1));
  visit(again, link("1", first.events.back()));
  first.connection->close(CloseCode::kNormal, "");
  loop_.run_for(1s);
  EXPECT_EQ(sessions(), 0U);
  ASSERT_TRUE(again.closed);
}

TEST_P(SessionLinks, a_close_of_the_second_ends_the_session_when_it_was_the_last) {
  Visitor first, second;
  join(first);
  visit(second, link("1"));
  first.connection->abort();
  loop_.run_for(1s);
  EXPECT_EQ(sessions(), 1U);
  second.connection->close(CloseCode::kNormal, "");
  loop_.run_for(1s);
  EXPECT_EQ(sessions(), 0U);
}

TEST_P(SessionLinks, a_session_waits_for_its_client_once_both_are_lost) {
  Visitor first, second, back;
  join(first);
  visit(second, link("1"));
  first.connection->abort();
  loop_.run_for(1s);
  EXPECT_TRUE(session().is_connected());
  second.connection->abort();
  loop_.run_for(1s);
  EXPECT_FALSE(session().is_connected());
  visit(back, link("0", second.events.back()));
  ASSERT_TRUE(back.welcome);
  EXPECT_TRUE(session().is_connected());
  loop_.run_for(100ms);
  EXPECT_EQ(back.events.front(), second.events.back() + 1);
}

TEST_P(SessionLinks, acknowledge_snapshots_each_for_itself) {
  Visitor first, second;
  join(first);
  visit(second, link("1"));
  transport::MemoryNetwork::pause_reading(*second.connection, true);  // no pongs over it either
  loop_.run_for(1s);
  const auto handed_in_a_second = [&](Bytes said) {
    const std::uint64_t before = home().stats().snapshots;
    first.send(std::move(said));
    loop_.run_for(1s);
    return home().stats().snapshots - before;
  };
  EXPECT_EQ(handed_in_a_second(received(0, first.heads.back().tick, 0)), 30U) << "the second's are not acknowledged";
  EXPECT_EQ(handed_in_a_second(received(0, 0, first.heads.back().tick)), 30U + limits::kSnapshotsUnacknowledgedMax);
}

TEST_P(SessionLinks, a_claim_over_one_of_what_came_over_the_other_is_believed) {
  Visitor first, second;
  join(first);
  visit(second, link("1"));
  transport::MemoryNetwork::pause_reading(*second.connection, true);
  loop_.run_for(2s);
  second.send(received(first.events.back(), 0, 0));
  loop_.run_for(100ms);
  EXPECT_FALSE(second.closed);
  second.send(received(first.events.back() + 1000, 0, 0));
  loop_.run_for(100ms);
  EXPECT_EQ(sessions(), 0U) << "it was never sent so much";
}

TEST_P(SessionLinks, one_that_stalls_holds_what_nobody_acknowledges_until_the_session_is_too_far_behind) {
  Visitor first, second;
  join(first);
  visit(second, link("1"));
  transport::MemoryNetwork::pause_reading(*second.connection, true);
  const auto event = chat(std::string(1000, 'x'));
  for (int i = 0; i < 2000 && sessions() == 1; ++i) {
    if (i % 100 == 0) first.send(received(1, 0, 0));
    session().send_event("/", event, false);
    loop_.run_for(10ms);
  }
  ASSERT_TRUE(first.closed) << "else the second would skip events that its client may not have";
  EXPECT_EQ(first.closed->code, CloseCode::kTryAgainLater);
}

TEST_P(SessionLinks, one_that_stalls_holds_nothing_that_is_acknowledged_over_the_other) {
  Visitor first, second;
  join(first);
  visit(second, link("1"));
  transport::MemoryNetwork::pause_reading(*second.connection, true);
  const auto event = chat(std::string(1000, 'x'));
  for (int i = 0; i < 500; ++i) {
    session().send_event("/", event, false);
    loop_.run_for(10ms);
    first.send(received(first.events.back(), first.heads.back().tick, 0));
  }
  EXPECT_FALSE(first.closed);
  const std::uint32_t has = first.events.back();
  transport::MemoryNetwork::pause_reading(*second.connection, false);
  loop_.run_for(1s);
  const auto gap = std::adjacent_find(second.events.begin(), second.events.end(),
                                      [has](std::uint32_t a, std::uint32_t b) { return b != a + 1 && b > has + 1; });
  EXPECT_EQ(gap, second.events.end()) << "it skips only what the client has";
  EXPECT_GE(second.events.back(), has);
}

TEST_P(SessionLinks, send_a_volatile_event_over_one_of_them) {
  Visitor first, second;
  join(first);
  visit(second, link("1"));
  const auto volatile_events = [](const Visitor& v) { return std::count(v.events.begin(), v.events.end(), 0U); };
  session().send_event("/", chat("x"), true);
  loop_.run_for(100ms);
  EXPECT_EQ(volatile_events(first) + volatile_events(second), 1);
}

TEST_P(SessionLinks, the_second_is_withdrawn_and_refused_while_ticks_are_overdue) {
  Visitor first, second, refused, again;
  join(first);
  visit(second, link("1"));
  for (int step = 0; step < 50; ++step) {
    home().note_overdue(3);  // of six
    loop_.run_for(100ms);
    if (step % 10 == 0) first.send(received(first.events.back(), first.heads.back().tick, 0));
  }
  ASSERT_TRUE(second.closed);
  EXPECT_EQ(second.closed->code, CloseCode::kWithdrawn);
  EXPECT_EQ(second.closed->reason, "the server is too busy for second connections");
  visit(refused, link("1"));
  ASSERT_TRUE(refused.closed);
  EXPECT_EQ(refused.closed->code, CloseCode::kRefused);
  EXPECT_FALSE(first.closed);

  for (int second_s = 0; second_s < 10; ++second_s) {
    loop_.run_for(1s);
    first.send(received(first.events.back(), first.heads.back().tick, 0));
  }
  visit(again, link("1", first.events.back()));
  EXPECT_TRUE(again.welcome) << "it is over";
}

TEST_P(SessionLinks, a_pong_frees_what_its_client_has_read_and_never_speaks_of) {
  Visitor first;
  join(first);
  std::size_t most = 0;
  for (int i = 0; i < 100; ++i) {
    loop_.run_for(100ms);
    most = std::max(most, core_.event_totals()->bytes());
  }
  EXPECT_GE(first.events.size(), 590U) << "60 a second";
  EXPECT_LE(most, 8U * 1024) << "not the 64 KiB that nobody asks for again";
}

TEST_P(SessionLinks, what_a_client_says_it_has_counts_before_what_its_library_has_read) {
  Visitor first, back;
  join(first);
  const std::uint32_t has = first.events.back();
  first.send(received(has, 0, 0));
  loop_.run_for(3s);
  first.connection->abort();
  loop_.run_for(100ms);
  visit(back, "/match/m?resume=1&received=" + std::to_string(has) + "&token=" + token_);
  ASSERT_TRUE(back.welcome);
  loop_.run_for(100ms);
  ASSERT_FALSE(back.events.empty());
  EXPECT_EQ(back.events.front(), has + 1);
}

TEST_P(SessionLinks, a_session_without_one_is_kept_for_the_whole_window_with_all_that_it_missed) {
  Visitor first, back;
  join(first);
  const std::uint32_t has = first.events.back();
  first.connection->abort();
  loop_.run_for(28s);
  visit(back, "/match/m?resume=1&received=" + std::to_string(has) + "&token=" + token_);
  ASSERT_TRUE(back.welcome) << (back.closed ? back.closed->reason : "");
  EXPECT_TRUE(back.welcome->resumed);
  EXPECT_EQ(back.welcome->missed_through, 0U);
  loop_.run_for(1s);
  ASSERT_GT(back.events.size(), 1600U);
  for (std::size_t i = 0; i < back.events.size(); ++i) ASSERT_EQ(back.events[i], has + i + 1);
}

TEST_P(SessionLinks, a_stalled_one_keeps_its_session_while_its_client_may_come_back) {
  Visitor first, back;
  join(first);
  const std::uint32_t has = first.events.back();
  transport::MemoryNetwork::pause_reading(*first.connection, true);  // its cable is out: nothing comes or goes
  const auto line = chat(std::string(200, 'x'));
  for (int second = 0; second < 40; ++second) {
    for (int i = 0; i < 10; ++i) session().send_event("/", line, false);
    loop_.run_for(1s);
    ASSERT_EQ(sessions(), 1U) << second;
  }
  visit(back, "/match/m?resume=1&received=" + std::to_string(has) + "&token=" + token_);
  ASSERT_TRUE(back.welcome) << (back.closed ? back.closed->reason : "");
  EXPECT_EQ(back.welcome->missed_through, 0U);
  loop_.run_for(1s);
  EXPECT_EQ(back.events.front(), has + 1);
}

TEST_P(SessionLinks, one_that_comes_after_too_much_is_told_what_is_missing_and_goes_on) {
  Visitor first, back;
  join(first);
  const std::uint32_t has = first.events.back();
  first.connection->abort();
  loop_.run_for(100ms);
  const auto line = chat(std::string(1000, 'x'));
  for (int i = 0; i < 10'000; ++i) session().send_event("/", line, false);
  EXPECT_LE(core_.event_totals()->bytes(), 2U * 1024 * 1024);
  visit(back, "/match/m?resume=1&received=" + std::to_string(has) + "&token=" + token_);
  ASSERT_TRUE(back.welcome) << (back.closed ? back.closed->reason : "");
  EXPECT_GT(back.welcome->missed_through, has);
  loop_.run_for(100ms);
  ASSERT_FALSE(back.events.empty());
  EXPECT_EQ(back.events.front(), back.welcome->missed_through + 1);
}

TEST_F(BoundedPlainLink, is_written_fewer_snapshots_each_of_them_whole_and_new) {
  Visitor visitor;
  connect(visitor, "/match/m?name=ada");
  loop_.run_for(2s);
  ASSERT_FALSE(visitor.heads.empty());
  const std::uint64_t before = core_.stats().snapshot_bytes;
  const std::size_t heads_before = visitor.heads.size();
  loop_.run_for(10s);
  EXPECT_LE(core_.stats().snapshot_bytes - before, 22'000U);
  EXPECT_GE(core_.stats().snapshot_bytes - before, 18'000U);
  EXPECT_LT(visitor.heads.size() - heads_before, 290U);
  EXPECT_LE(core_.shards()[0]->match("m")->current_tick() - visitor.heads.back().tick, 20U);
}

}  // namespace netcode
