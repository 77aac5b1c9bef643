#include "client/send_queue.hpp"

#include <gtest/gtest.h>

#include "protocol/messages.hpp"

namespace netcode::client {
namespace {

Bytes event() { return protocol::encode(protocol::EventMessage{.sequence = 1, .name = "note", .ack = 0, .body = {}}); }

std::size_t frames(SendQueue& queue, std::uint8_t link = 0) { return queue.take(link).size(); }

SendQueue opened() {
  SendQueue queue;
  EXPECT_TRUE(queue.resume_from(0));
  return queue;
}

TEST(SendQueue, hands_out_what_waits_once) {
  SendQueue queue = opened();
  ASSERT_TRUE(queue.push_reliable(event()));
  queue.push_loose({1, 2, 3});
  const auto taken = queue.take(0);
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_TRUE(taken[0].body);
  EXPECT_EQ(*taken[1].body, (Bytes{1, 2, 3}));
  EXPECT_EQ(frames(queue), 0U);
  EXPECT_EQ(queue.reliable_size(), 1U) << "but keeps the reliable one";
}

TEST(SendQueue, keeps_the_order_of_what_may_be_lost_and_what_may_not) {
  SendQueue queue = opened();
  queue.push_loose_over(0, {1});
  ASSERT_TRUE(queue.push_reliable(event()));
  queue.push_loose({2});
  ASSERT_TRUE(queue.push_reliable(event()));
  const auto taken = queue.take(0);
  ASSERT_EQ(taken.size(), 4U);
  EXPECT_EQ(*taken[0].body, (Bytes{1}));
  EXPECT_EQ(taken[1].body->size(), event().size());
  EXPECT_EQ(*taken[2].body, (Bytes{2}));
  EXPECT_EQ(taken[3].body->size(), event().size());
}

TEST(SendQueue, resumes_after_what_the_server_has) {
  SendQueue queue = opened();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(queue.push_reliable(event()));
  EXPECT_EQ(frames(queue), 5U);
  ASSERT_TRUE(queue.resume_from(2));
  EXPECT_EQ(frames(queue), 3U);
  EXPECT_EQ(queue.reliable_size(), 3U);
}

TEST(SendQueue, drops_what_was_meant_for_the_lost_connection) {
  SendQueue queue = opened();
  queue.push_loose({1});
  ASSERT_TRUE(queue.resume_from(0));
  EXPECT_EQ(frames(queue), 0U);
}

TEST(SendQueue, believes_no_word_of_what_was_never_written) {
  SendQueue queue = opened();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(queue.push_reliable(event()));
  EXPECT_FALSE(queue.acknowledge(1)) << "it waits here";
  EXPECT_FALSE(queue.resume_from(1));
  (void)queue.take(0);
  EXPECT_TRUE(queue.acknowledge(2));
  EXPECT_FALSE(queue.acknowledge(4));
  EXPECT_FALSE(queue.resume_from(1)) << "the server has said to have 2";
  EXPECT_TRUE(queue.resume_from(2));
}

TEST(SendQueue, prefers_the_newest_of_what_may_be_lost) {
  SendQueue queue = opened();
  for (std::uint32_t i = 0; i < 1000; ++i) queue.push_loose({static_cast<std::uint8_t>(i % 256)});
  const auto taken = queue.take(0);
  EXPECT_EQ(taken.size(), limits::kInboxActionsMax);
  EXPECT_EQ(*taken.back().body, Bytes{999 % 256});
}

TEST(SendQueue, gives_each_link_everything_at_its_own_speed) {
  SendQueue queue = opened();
  ASSERT_TRUE(queue.push_reliable(event()));
  EXPECT_EQ(frames(queue, 0), 1U);
  ASSERT_TRUE(queue.open(1, 0));
  ASSERT_TRUE(queue.push_reliable(event()));
  queue.push_loose({1});
  EXPECT_EQ(frames(queue, 0), 2U);
  queue.push_loose({2});
  EXPECT_EQ(frames(queue, 1), 4U) << "both events and both loose ones";
  EXPECT_EQ(frames(queue, 0), 1U);
}

TEST(SendQueue, gives_a_new_link_nothing_that_the_server_has_said_to_have_over_the_other) {
  SendQueue queue = opened();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(queue.push_reliable(event()));
  EXPECT_EQ(frames(queue, 0), 5U);
  ASSERT_TRUE(queue.acknowledge(4));
  ASSERT_TRUE(queue.open(1, 2)) << "its Welcome left earlier, and came later";
  EXPECT_EQ(frames(queue, 1), 1U);
  EXPECT_FALSE(queue.open(1, 6)) << "it was never sent so much";
}

TEST(SendQueue, sends_what_the_other_end_could_not_tell_from_a_copy_over_one_link) {
  SendQueue queue = opened();
  ASSERT_TRUE(queue.open(1, 0));
  queue.push_loose_over(1, {1});
  EXPECT_EQ(frames(queue, 0), 0U);
  EXPECT_EQ(frames(queue, 1), 1U);
}

}  // namespace
}  // namespace netcode::client
