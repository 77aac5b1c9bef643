#include "server/action_inbox.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "netcode/limits.hpp"

namespace netcode {
namespace {

using Verdict = ActionInbox::Verdict;

constexpr PlayerId kAda{1};
constexpr PlayerId kBob{2};

constexpr Tick kSecond = 60;

class Inbox : public ::testing::Test {
 protected:
  Inbox() {
    inbox_.add_player(kAda);
    inbox_.add_player(kBob);
  }
  Verdict put(PlayerId player, Tick tick, std::uint32_t sequence, std::uint8_t value = 0, Tick next = 10,
              ViewTime view = {}) {
    const Bytes body{value};
    return inbox_.put(player, {.tick = tick,
                               .sequence = sequence,
                               .view = view,
                               .body = body,
                               .next_tick = next,
                               .slack = engine::Duration(sequence)});
  }
  std::vector<int> take(Tick tick) {
    std::vector<int> values;
    for (const auto& due : inbox_.take(tick)) values.push_back(due.body[0]);
    return values;
  }
  ActionInbox inbox_{{.late_ticks_max = 30 * kSecond, .view_ticks_max = 30 * kSecond}};
};

}  // namespace

TEST_F(Inbox, gives_an_action_at_its_tick_and_not_before) {
  EXPECT_EQ(put(kAda, 12, 1), Verdict::kTaken);
  EXPECT_TRUE(inbox_.take(10).empty());
  EXPECT_TRUE(inbox_.take(11).empty());
  EXPECT_EQ(inbox_.take(12).size(), 1U);
  EXPECT_TRUE(inbox_.take(13).empty());
}

TEST_F(Inbox, gives_an_action_with_its_view) {
  put(kAda, 10, 1, 7, 10, {.tick = 4, .fraction = 200});
  put(kBob, 10, 1, 8, 10, {.tick = 0, .fraction = 200});
  const auto due = inbox_.take(10);
  ASSERT_EQ(due.size(), 2U);
  EXPECT_EQ(due[0].view, (ViewTime{.tick = 4, .fraction = 200}));
  EXPECT_EQ(due[1].view, ViewTime{}) << "a part of no tick";
}

TEST_F(Inbox, takes_a_view_between_two_snapshots_and_refuses_one_between_what_are_none) {
  ActionInbox inbox({.view_span_ticks_max = 6, .snapshot_ticks = 2});
  inbox.add_player(kAda);
  std::uint32_t sequence = 0;
  const auto put = [&](const ViewTime& view) {
    const Bytes body{1};
    return inbox.put(kAda, {.sequence = ++sequence, .view = view, .body = body, .next_tick = 21, .slack = {}});
  };
  EXPECT_EQ(put({.tick = 13, .fraction = 9, .from = 12, .to = 14}), Verdict::kTaken);
  EXPECT_EQ(inbox.take(21).at(0).view, (ViewTime{.tick = 13, .fraction = 9, .from = 12, .to = 14}));
  EXPECT_EQ(put({.tick = 17, .fraction = 255, .from = 14, .to = 20}), Verdict::kTaken) << "the newest tick is 20";
  EXPECT_EQ(put({.tick = 13, .from = 10, .to = 18}), Verdict::kTaken) << "after a stall";
  const auto wide = inbox.take(22);
  ASSERT_EQ(wide.size(), 2U);
  EXPECT_EQ(wide[1].view, (ViewTime{.tick = 13})) << "too far apart to be gone by";
  for (const ViewTime& view : std::vector<ViewTime>{{.tick = 13, .from = 14, .to = 16},
                                                    {.tick = 14, .from = 12, .to = 14},
                                                    {.tick = 13, .from = 12, .to = 0},
                                                    {.tick = 1, .from = 0, .to = 2},
                                                    {.tick = 13, .from = 14, .to = 12},
                                                    {.tick = 13, .from = 11, .to = 14},
                                                    {.tick = 13, .from = 12, .to = 15},
                                                    {.tick = 20, .from = 20, .to = 22},
                                                    {.tick = 0, .from = 0, .to = 0xFFFFFFFF},
                                                    {.tick = 13, .from = 0xFFFFFFFE, .to = 14}})
    EXPECT_EQ(put(view), Verdict::kViewBetweenNo) << view.tick << ": " << view.from << ", " << view.to;
  EXPECT_EQ(ActionInbox::answer(Verdict::kViewBetweenNo, {.view = {.tick = 13, .from = 11, .to = 14}, .slack = {}})
                .error()
                .reason,
            "an action that was shown tick 13 between 11 and 14, which are no two snapshots around it");
}

TEST_F(Inbox, takes_tick_zero_as_soon_as_possible_and_sequence_zero_never_for_a_duplicate) {
  EXPECT_EQ(put(kAda, 0, 0), Verdict::kTaken);
  EXPECT_EQ(put(kAda, 0, 0), Verdict::kTaken);
  EXPECT_EQ(inbox_.take(10).size(), 2U);
}

TEST_F(Inbox, drops_a_copy_quietly_and_calls_the_same_sequence_with_other_content_altered) {
  EXPECT_EQ(put(kAda, 12, 5, 1), Verdict::kTaken);
  EXPECT_EQ(put(kAda, 12, 5, 1), Verdict::kDuplicate);
  EXPECT_EQ(put(kAda, 12, 5, 2), Verdict::kAltered);
  EXPECT_EQ(put(kAda, 13, 5, 1), Verdict::kAltered);
  EXPECT_EQ(put(kAda, 12, 5, 1, 10, {.tick = 3}), Verdict::kAltered);
  EXPECT_EQ(take(12), std::vector<int>{1}) << "the first stands";
  EXPECT_EQ(put(kAda, 12, 5, 1, 20), Verdict::kDuplicate) << "also after it was taken";
  EXPECT_EQ(put(kBob, 12, 5, 3, 20), Verdict::kLate) << "sequences are each player's own";
}

TEST_F(Inbox, takes_what_one_of_two_connections_has_overtaken) {
  EXPECT_EQ(put(kAda, 14, 4, 4), Verdict::kTaken);
  EXPECT_EQ(put(kAda, 13, 3, 3), Verdict::kTaken);
  EXPECT_EQ(put(kAda, 14, 4, 4), Verdict::kDuplicate);
  EXPECT_EQ(take(13), std::vector<int>{3});
  EXPECT_EQ(take(14), std::vector<int>{4});
  EXPECT_EQ(inbox_.progress(kAda).sequence, 4U);
}

TEST_F(Inbox, takes_a_sequence_of_too_long_ago_to_know_for_a_copy) {
  const auto far = static_cast<std::uint32_t>(limits::kActionsRememberedMax) + 1;
  EXPECT_EQ(put(kAda, 0, far), Verdict::kTaken);
  EXPECT_EQ(put(kAda, 0, 1, 9), Verdict::kDuplicate);
  EXPECT_EQ(put(kAda, 0, 2, 9), Verdict::kTaken);
}

TEST_F(Inbox, answers_a_refused_action_once_and_drops_its_copy) {
  EXPECT_EQ(put(kAda, 1'000'000, 1), Verdict::kTooFarAhead);
  EXPECT_EQ(put(kAda, 1'000'000, 1), Verdict::kDuplicate);
}

TEST_F(Inbox, takes_a_late_action_at_the_next_tick) {
  EXPECT_EQ(put(kAda, 3, 1), Verdict::kLate);
  EXPECT_EQ(inbox_.take(10).size(), 1U);
  EXPECT_EQ(inbox_.progress(kAda).sequence, 1U);
  EXPECT_EQ(inbox_.progress(kAda).tick, 10U);
}

TEST_F(Inbox, gives_all_late_actions_before_the_ticks_own_in_the_order_of_their_ticks) {
  put(kAda, 10, 9, 10);
  for (const Tick tick : {4U, 3U, 5U, 7U, 6U, 8U}) put(kAda, tick, tick, static_cast<std::uint8_t>(tick));
  put(kAda, 11, 10, 11);
  EXPECT_EQ(take(10), (std::vector<int>{3, 4, 5, 6, 7, 8, 10}));
  EXPECT_EQ(inbox_.progress(kAda).sequence, 9U);
  EXPECT_EQ(inbox_.progress(kAda).slack, engine::Duration(9)) << "of the newest";
  EXPECT_EQ(take(11), std::vector<int>{11});
}

TEST_F(Inbox, refuses_a_second_action_for_a_tick) {
  EXPECT_EQ(put(kAda, 12, 1), Verdict::kTaken);
  EXPECT_EQ(put(kAda, 12, 2), Verdict::kStuffed);
  EXPECT_EQ(put(kAda, 12, 0), Verdict::kStuffed);
  EXPECT_EQ(put(kBob, 12, 1), Verdict::kTaken);
  inbox_.take(12);
  EXPECT_EQ(put(kAda, 12, 3, 0, 13), Verdict::kStuffed) << "nor when it is over";
}

TEST_F(Inbox, drops_an_action_for_a_tick_too_long_ago_to_know) {
  const auto far = static_cast<Tick>(limits::kNamedTicksRememberedMax);
  EXPECT_EQ(put(kAda, far + 5, 1, 0, far + 5), Verdict::kTaken);
  EXPECT_EQ(put(kAda, 5, 2, 0, far + 5), Verdict::kStale);
  EXPECT_EQ(put(kAda, 6, 3, 0, far + 5), Verdict::kLate);
}

TEST_F(Inbox, refuses_actions_of_the_far_future_and_of_the_far_past) {
  EXPECT_EQ(put(kAda, 10 + limits::kActionTicksAheadMax, 1), Verdict::kTaken);
  EXPECT_EQ(put(kAda, 11 + limits::kActionTicksAheadMax, 2), Verdict::kTooFarAhead);
  EXPECT_EQ(put(kAda, 4'000'000'000U, 3), Verdict::kTooFarAhead);
  constexpr Tick kPresent = 1'000'000;
  EXPECT_EQ(put(kBob, kPresent - 30 * kSecond, 1, 0, kPresent), Verdict::kLate);
  EXPECT_EQ(put(kBob, kPresent - 30 * kSecond - 1, 2, 0, kPresent), Verdict::kTooFarBehind);
  EXPECT_EQ(put(kBob, 1, 3, 0, kPresent), Verdict::kTooFarBehind);
}

TEST_F(Inbox, takes_a_view_a_little_ahead_for_one_of_the_newest_tick) {
  constexpr Tick kPresent = 1'000;
  EXPECT_EQ(put(kAda, kPresent, 1, 0, kPresent, {.tick = kPresent, .fraction = 9}), Verdict::kTaken);
  EXPECT_EQ(put(kAda, kPresent + 1, 2, 0, kPresent, {.tick = kPresent + limits::kActionTicksAheadMax}),
            Verdict::kTaken);
  EXPECT_EQ(put(kAda, kPresent + 1, 2, 0, kPresent, {.tick = kPresent + limits::kActionTicksAheadMax}),
            Verdict::kDuplicate);
  for (const Tick tick : {kPresent, kPresent + 1})
    EXPECT_EQ(inbox_.take(tick).at(0).view, (ViewTime{.tick = kPresent - 1, .fraction = 0}));
}

TEST_F(Inbox, refuses_views_of_the_future_and_of_half_a_minute_ago) {
  constexpr Tick kPresent = 1'000'000;
  EXPECT_EQ(put(kAda, kPresent, 1, 0, kPresent, {.tick = kPresent - 1, .fraction = 255}), Verdict::kTaken);
  EXPECT_EQ(put(kAda, kPresent + 1, 2, 0, kPresent, {.tick = kPresent + limits::kActionTicksAheadMax + 1}),
            Verdict::kViewOfFuture);
  EXPECT_EQ(put(kAda, kPresent + 1, 3, 0, kPresent, {.tick = 4'000'000'000U}), Verdict::kViewOfFuture);
  EXPECT_EQ(put(kAda, kPresent + 1, 4, 0, kPresent, {.tick = kPresent - 30 * kSecond}), Verdict::kTaken);
  EXPECT_EQ(put(kAda, kPresent + 2, 5, 0, kPresent, {.tick = kPresent - 30 * kSecond - 1}), Verdict::kViewOfThePast);
  EXPECT_EQ(inbox_.take(kPresent + 2).size(), 2U);
}

TEST_F(Inbox, is_bounded_a_player) {
  for (std::size_t i = 0; i < limits::kInboxActionsMax; ++i) ASSERT_EQ(put(kAda, 0, 0), Verdict::kTaken);
  EXPECT_EQ(put(kAda, 0, 0), Verdict::kFull);
  EXPECT_EQ(put(kAda, 10, 1), Verdict::kFull);
  EXPECT_EQ(put(kBob, 0, 0), Verdict::kTaken);
}

TEST_F(Inbox, keeps_the_newest_of_the_late_ones_when_it_is_full) {
  constexpr Tick kPresent = 200;
  for (Tick tick = kPresent - 100; tick <= kPresent; ++tick)
    put(kAda, tick, tick, static_cast<std::uint8_t>(tick), kPresent);
  const auto values = take(kPresent);
  ASSERT_EQ(values.size(), limits::kInboxActionsMax);
  EXPECT_EQ(values.back(), 200);
  EXPECT_EQ(values.front(), 200 - static_cast<int>(limits::kInboxActionsMax) + 1);
  EXPECT_EQ(inbox_.stuffed(), 101 - limits::kInboxActionsMax);
}

TEST_F(Inbox, plays_no_burst_of_actions_without_ticks_back_but_takes_the_newest_of_it) {
  for (std::uint8_t i = 1; i <= 10; ++i) put(kAda, 0, i, i);
  EXPECT_EQ(take(10), (std::vector<int>{7, 8, 9, 10}));
  EXPECT_EQ(inbox_.stuffed(), 6U);
}

TEST_F(Inbox, orders_by_player_and_then_by_arrival_whatever_the_order_they_came_in) {
  put(kBob, 0, 1, 20);
  put(kAda, 0, 1, 10);
  put(kBob, 0, 2, 21);
  put(kAda, 0, 2, 11);
  EXPECT_EQ(take(10), (std::vector<int>{10, 11, 20, 21}));
}

TEST_F(Inbox, counts_the_ticks_that_were_computed_before_their_action_had_come) {
  inbox_.take(9);
  put(kAda, 10, 1, 0, 10);
  inbox_.take(10);
  EXPECT_EQ(inbox_.progress(kAda).missing, 0U) << "before the first is none";
  inbox_.take(11);
  inbox_.take(12);
  EXPECT_EQ(inbox_.progress(kAda).missing, 0U) << "it may have stopped";
  put(kAda, 14, 4, 0, 13);
  EXPECT_EQ(inbox_.progress(kAda).missing, 2U) << "it has not: 11 and 12";
  inbox_.take(13);
  EXPECT_EQ(inbox_.progress(kAda).missing, 3U);
  inbox_.take(14);
  EXPECT_EQ(inbox_.progress(kAda).missing, 3U);
  put(kAda, 11, 2, 0, 15);
  put(kAda, 12, 3, 0, 15);
  EXPECT_EQ(inbox_.progress(kAda).missing, 3U) << "that they come late changes nothing";
  put(kAda, 15, 5, 0, 17);
  put(kAda, 16, 6, 0, 17);
  put(kAda, 17, 7, 0, 17);
  EXPECT_EQ(inbox_.progress(kAda).missing, 5U) << "15 and 16 are late";
  put(kBob, 0, 1, 0, 17);
  inbox_.take(17);
  EXPECT_EQ(inbox_.progress(kBob).missing, 0U) << "who names no tick misses none";
  EXPECT_EQ(inbox_.missing(), 5U);
}

TEST_F(Inbox, knows_nobody_who_left) {
  put(kAda, 0, 1);
  inbox_.remove_player(kAda);
  EXPECT_TRUE(inbox_.take(10).empty());
  EXPECT_EQ(put(kAda, 0, 2), Verdict::kNoSeat);
}

TEST_F(Inbox, tells_of_every_action_that_is_dropped_and_why) {
  std::vector<std::string> told;
  inbox_.set_drop_sink([&told](const ActionInbox::Dropped& dropped) {
    told.push_back(std::to_string(dropped.player.value) + ", " + std::to_string(dropped.sequence) + " for " +
                   std::to_string(dropped.tick) + ": " + std::string(dropped.why));
  });
  put(kAda, 12, 1);
  put(kAda, 12, 1);
  EXPECT_EQ(told, std::vector<std::string>{"1, 1 for 12: it came before"});
  told.clear();
  inbox_.let_go(kAda);
  EXPECT_EQ(told, std::vector<std::string>{"1, 1 for 12: its player's connection is lost"});
  told.clear();
  for (std::uint32_t i = 1; i <= limits::kActionsPerTickMax + 1; ++i) put(kBob, 0, i);
  take(10);
  EXPECT_EQ(told, std::vector<std::string>{"2, 1 for 0: enough newer ones are for the same tick"});
  told.clear();
  put(kBob, 15, 100, 0, 11);
  inbox_.remove_player(kBob);
  put(kBob, 16, 101, 0, 11);
  EXPECT_EQ(told, (std::vector<std::string>{"2, 100 for 15: its player has left",  //
                                            "2, 101 for 16: its player has no seat"}));
}

TEST_F(Inbox, tells_its_drop_sink_of_none_that_is_taken_or_answered_with_an_error) {
  bool is_told = false;
  inbox_.set_drop_sink([&is_told](const ActionInbox::Dropped&) { is_told = true; });
  EXPECT_EQ(put(kAda, 12, 1, 1), Verdict::kTaken);
  EXPECT_EQ(put(kAda, 12, 1, 2), Verdict::kAltered);
  EXPECT_EQ(put(kAda, 12, 2), Verdict::kStuffed);
  EXPECT_EQ(put(kAda, 100'000, 3), Verdict::kTooFarAhead);
  EXPECT_EQ(put(kAda, 9, 4), Verdict::kLate);
  take(12);
  EXPECT_FALSE(is_told);
}

}  // namespace netcode
