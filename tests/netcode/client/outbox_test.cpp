#include "client/outbox.hpp"

#include <gtest/gtest.h>

#include "protocol/messages.hpp"

namespace netcode::client {
namespace {

Bytes event() { return protocol::encode(protocol::EventMessage{.sequence = 1, .name = "note", .ack = 0, .body = {}}); }

std::size_t frames(Outbox& outbox) { return outbox.take().size(); }

TEST(Outbox, hands_out_what_waits_once) {
  Outbox outbox;
  ASSERT_TRUE(outbox.push_reliable(event()));
  outbox.push_loose({1, 2, 3});
  const auto taken = outbox.take();
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_TRUE(taken[0].body) << "reliable ones first";
  EXPECT_EQ(taken[1].head, (Bytes{1, 2, 3}));
  EXPECT_EQ(frames(outbox), 0U);
  EXPECT_EQ(outbox.reliable_size(), 1U) << "but keeps the reliable one";
}

TEST(Outbox, resumes_after_what_the_server_has) {
  Outbox outbox;
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(outbox.push_reliable(event()));
  EXPECT_EQ(frames(outbox), 5U);
  ASSERT_TRUE(outbox.resume_from(2));
  EXPECT_EQ(frames(outbox), 3U);
  EXPECT_EQ(outbox.reliable_size(), 3U);
}

TEST(Outbox, drops_what_was_meant_for_the_lost_connection) {
  Outbox outbox;
  outbox.push_loose({1});
  ASSERT_TRUE(outbox.resume_from(0));
  EXPECT_EQ(frames(outbox), 0U);
}

TEST(Outbox, believes_no_word_of_what_was_never_written) {
  Outbox outbox;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(outbox.push_reliable(event()));
  EXPECT_FALSE(outbox.acknowledge(1)) << "it waits here";
  EXPECT_FALSE(outbox.resume_from(1));
  (void)outbox.take();
  EXPECT_TRUE(outbox.acknowledge(2));
  EXPECT_FALSE(outbox.acknowledge(4));
  EXPECT_FALSE(outbox.resume_from(1)) << "the server has said to have 2";
  EXPECT_TRUE(outbox.resume_from(2));
}

TEST(Outbox, prefers_the_newest_of_what_may_be_lost) {
  Outbox outbox;
  for (std::uint32_t i = 0; i < 1000; ++i) outbox.push_loose({static_cast<std::uint8_t>(i % 256)});
  const auto taken = outbox.take();
  EXPECT_EQ(taken.size(), limits::kInboxActionsMax);
  EXPECT_EQ(taken.back().head, Bytes{999 % 256});
}

}  // namespace
}  // namespace netcode::client
