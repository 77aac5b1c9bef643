#include "server/action_inbox.hpp"

#include <gtest/gtest.h>

#include "netcode/limits.hpp"

using namespace netcode;
using Verdict = ActionInbox::Verdict;

namespace {

constexpr PlayerId kAda{1};
constexpr PlayerId kBob{2};

class Inbox : public ::testing::Test {
 protected:
  Inbox() {
    inbox_.add_player(kAda);
    inbox_.add_player(kBob);
  }
  Verdict put(PlayerId player, Tick tick, std::uint32_t sequence, std::uint8_t value = 0, Tick next = 10) {
    const Bytes body{value};
    return inbox_.put(player, tick, sequence, body, next, engine::Duration(5));
  }
  ActionInbox inbox_;
};

}  // namespace

TEST_F(Inbox, gives_an_action_at_its_tick_and_not_before) {
  EXPECT_EQ(put(kAda, 12, 1), Verdict::kTaken);
  EXPECT_TRUE(inbox_.take(10).empty());
  EXPECT_TRUE(inbox_.take(11).empty());
  EXPECT_EQ(inbox_.take(12).size(), 1U);
  EXPECT_TRUE(inbox_.take(13).empty());
}

TEST_F(Inbox, takes_tick_zero_as_soon_as_possible_and_sequence_zero_never_for_a_duplicate) {
  EXPECT_EQ(put(kAda, 0, 0), Verdict::kTaken);
  EXPECT_EQ(put(kAda, 0, 0), Verdict::kTaken);
  EXPECT_EQ(inbox_.take(10).size(), 2U);
}

TEST_F(Inbox, drops_a_sequence_seen_before) {
  EXPECT_EQ(put(kAda, 0, 5), Verdict::kTaken);
  EXPECT_EQ(put(kAda, 0, 5), Verdict::kDuplicate);
  EXPECT_EQ(put(kAda, 0, 4), Verdict::kDuplicate);
  EXPECT_EQ(put(kBob, 0, 5), Verdict::kTaken) << "sequences are each player's own";
}

TEST_F(Inbox, takes_a_late_action_at_the_next_tick) {
  EXPECT_EQ(put(kAda, 3, 1), Verdict::kLate);
  EXPECT_EQ(inbox_.take(10).size(), 1U);
  EXPECT_EQ(inbox_.progress(kAda).sequence, 1U);
  EXPECT_EQ(inbox_.progress(kAda).tick, 10U);
}

TEST_F(Inbox, drops_an_action_of_the_far_future) {
  EXPECT_EQ(put(kAda, 10 + limits::kActionTicksAheadMax, 1), Verdict::kTaken);
  EXPECT_EQ(put(kAda, 11 + limits::kActionTicksAheadMax, 2), Verdict::kTooFarAhead);
  EXPECT_EQ(put(kAda, 4'000'000'000U, 3), Verdict::kTooFarAhead);
}

TEST_F(Inbox, is_bounded_a_player) {
  for (std::size_t i = 0; i < limits::kInboxActionsMax; ++i) ASSERT_EQ(put(kAda, 20, 0), Verdict::kTaken);
  EXPECT_EQ(put(kAda, 20, 0), Verdict::kFull);
  EXPECT_EQ(put(kBob, 20, 0), Verdict::kTaken);
}

TEST_F(Inbox, plays_no_burst_back_but_takes_the_newest_of_it) {
  for (std::uint8_t i = 1; i <= 10; ++i) put(kAda, 0, i, i);
  const auto due = inbox_.take(10);
  ASSERT_EQ(due.size(), limits::kActionsPerTickMax);
  EXPECT_EQ(due.front().body[0], 7);
  EXPECT_EQ(due.back().body[0], 10);
  EXPECT_EQ(inbox_.stuffed(), 6U);
}

TEST_F(Inbox, orders_by_player_and_then_by_arrival_whatever_the_order_they_came_in) {
  put(kBob, 0, 1, 20);
  put(kAda, 0, 1, 10);
  put(kBob, 0, 2, 21);
  put(kAda, 0, 2, 11);
  std::vector<int> order;
  for (const auto& due : inbox_.take(10)) order.push_back(due.body[0]);
  EXPECT_EQ(order, (std::vector<int>{10, 11, 20, 21}));
}

TEST_F(Inbox, knows_nobody_who_left) {
  put(kAda, 0, 1);
  inbox_.remove_player(kAda);
  EXPECT_TRUE(inbox_.take(10).empty());
  EXPECT_EQ(put(kAda, 0, 2), Verdict::kNoSeat);
}
