#include "client/outbox.hpp"

#include <gtest/gtest.h>

#include "protocol/messages.hpp"

namespace netcode::client {
namespace {

Bytes event() { return protocol::encode(protocol::EventMessage{.sequence = 1, .name = "note", .ack = 0, .body = {}}); }

std::size_t frames(Outbox& outbox, std::uint8_t link = 0) { return outbox.take(link).size(); }

Outbox opened() {
  Outbox outbox;
  EXPECT_TRUE(outbox.resume_from(0));
  return outbox;
}

TEST(Outbox, hands_out_what_waits_once) {
  Outbox outbox = opened();
  ASSERT_TRUE(outbox.push_reliable(event()));
  outbox.push_loose({1, 2, 3});
  const auto taken = outbox.take(0);
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_TRUE(taken[0].body);
  EXPECT_EQ(*taken[1].body, (Bytes{1, 2, 3}));
  EXPECT_EQ(frames(outbox), 0U);
  EXPECT_EQ(outbox.reliable_size(), 1U) << "but keeps the reliable one";
}

TEST(Outbox, keeps_the_order_of_what_may_be_lost_and_what_may_not) {
  Outbox outbox = opened();
  outbox.push_loose_over(0, {1});
  ASSERT_TRUE(outbox.push_reliable(event()));
  outbox.push_loose({2});
  ASSERT_TRUE(outbox.push_reliable(event()));
  const auto taken = outbox.take(0);
  ASSERT_EQ(taken.size(), 4U);
  EXPECT_EQ(*taken[0].body, (Bytes{1}));
  EXPECT_EQ(taken[1].body->size(), event().size());
  EXPECT_EQ(*taken[2].body, (Bytes{2}));
  EXPECT_EQ(taken[3].body->size(), event().size());
}

TEST(Outbox, resumes_after_what_the_server_has) {
  Outbox outbox = opened();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(outbox.push_reliable(event()));
  EXPECT_EQ(frames(outbox), 5U);
  ASSERT_TRUE(outbox.resume_from(2));
  EXPECT_EQ(frames(outbox), 3U);
  EXPECT_EQ(outbox.reliable_size(), 3U);
}

TEST(Outbox, drops_what_was_meant_for_the_lost_connection) {
  Outbox outbox = opened();
  outbox.push_loose({1});
  ASSERT_TRUE(outbox.resume_from(0));
  EXPECT_EQ(frames(outbox), 0U);
}

TEST(Outbox, believes_no_word_of_what_was_never_written) {
  Outbox outbox = opened();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(outbox.push_reliable(event()));
  EXPECT_FALSE(outbox.acknowledge(1)) << "it waits here";
  EXPECT_FALSE(outbox.resume_from(1));
  (void)outbox.take(0);
  EXPECT_TRUE(outbox.acknowledge(2));
  EXPECT_FALSE(outbox.acknowledge(4));
  EXPECT_FALSE(outbox.resume_from(1)) << "the server has said to have 2";
  EXPECT_TRUE(outbox.resume_from(2));
}

TEST(Outbox, prefers_the_newest_of_what_may_be_lost) {
  Outbox outbox = opened();
  for (std::uint32_t i = 0; i < 1000; ++i) outbox.push_loose({static_cast<std::uint8_t>(i % 256)});
  const auto taken = outbox.take(0);
  EXPECT_EQ(taken.size(), limits::kInboxActionsMax);
  EXPECT_EQ(*taken.back().body, Bytes{999 % 256});
}

TEST(Outbox, gives_each_link_everything_at_its_own_speed) {
  Outbox outbox = opened();
  ASSERT_TRUE(outbox.push_reliable(event()));
  EXPECT_EQ(frames(outbox, 0), 1U);
  ASSERT_TRUE(outbox.open(1, 0));
  ASSERT_TRUE(outbox.push_reliable(event()));
  outbox.push_loose({1});
  EXPECT_EQ(frames(outbox, 0), 2U);
  outbox.push_loose({2});
  EXPECT_EQ(frames(outbox, 1), 4U) << "both events and both loose ones";
  EXPECT_EQ(frames(outbox, 0), 1U);
}

TEST(Outbox, gives_a_new_link_nothing_that_the_server_has_said_to_have_over_the_other) {
  Outbox outbox = opened();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(outbox.push_reliable(event()));
  EXPECT_EQ(frames(outbox, 0), 5U);
  ASSERT_TRUE(outbox.acknowledge(4));
  ASSERT_TRUE(outbox.open(1, 2)) << "its Welcome left earlier, and came later";
  EXPECT_EQ(frames(outbox, 1), 1U);
  EXPECT_FALSE(outbox.open(1, 6)) << "it was never sent so much";
}

TEST(Outbox, sends_what_the_other_end_could_not_tell_from_a_copy_over_one_link) {
  Outbox outbox = opened();
  ASSERT_TRUE(outbox.open(1, 0));
  outbox.push_loose_over(1, {1});
  EXPECT_EQ(frames(outbox, 0), 0U);
  EXPECT_EQ(frames(outbox, 1), 1U);
}

}  // namespace
}  // namespace netcode::client
