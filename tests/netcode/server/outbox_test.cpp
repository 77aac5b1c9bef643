#include "server/outbox.hpp"

#include <gtest/gtest.h>

using namespace netcode;

namespace {

Bytes event(std::size_t body_bytes = 8) {
  const Bytes body(body_bytes);
  return protocol::encode(
      protocol::EventMessage{.sequence = 1, .name = "e", .space = protocol::kDefaultNamespace, .ack = 0, .body = body});
}

SnapshotPtr snapshot() {
  const Bytes world(64);
  return std::make_shared<const protocol::SharedSnapshot>(world);
}

std::uint32_t sequence_of(const transport::Frame& frame) {
  protocol::AlignedBuffer buffer;
  const auto message = protocol::decode(buffer.copy(*frame.body));
  return message ? std::get<protocol::EventMessage>(*message).sequence : 0;
}

}  // namespace

TEST(Outbox, keeps_one_snapshot_and_the_latest_wins) {
  Outbox outbox;
  outbox.set_snapshot(2, snapshot());
  outbox.set_snapshot(4, snapshot());
  const auto batch = outbox.take();
  EXPECT_EQ(batch.tick, 4U);
  EXPECT_TRUE(batch.snapshot);
  EXPECT_FALSE(outbox.has_work());
}

TEST(Outbox, numbers_events_and_hands_each_over_once) {
  Outbox outbox;
  ASSERT_TRUE(outbox.push_reliable(event()));
  ASSERT_TRUE(outbox.push_reliable(event()));
  const auto batch = outbox.take();
  ASSERT_EQ(batch.events.size(), 2U);
  EXPECT_EQ(sequence_of(batch.events[0]), 1U);
  EXPECT_EQ(sequence_of(batch.events[1]), 2U);
  EXPECT_TRUE(outbox.take().events.empty());
}

TEST(Outbox, holds_snapshots_back_while_too_many_are_unacknowledged) {
  Outbox outbox;
  for (Tick tick = 1; tick <= limits::kSnapshotsUnacknowledgedMax; ++tick) {
    outbox.set_snapshot(tick, snapshot());
    ASSERT_TRUE(outbox.take().snapshot) << tick;
  }
  outbox.set_snapshot(100, snapshot());
  EXPECT_FALSE(outbox.has_work());
  EXPECT_FALSE(outbox.take().snapshot);
  outbox.acknowledge_snapshot(1);
  EXPECT_EQ(outbox.take().tick, 100U);
}

TEST(Outbox, sends_again_after_a_resume_what_was_not_received) {
  Outbox outbox;
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(outbox.push_reliable(event()));
  outbox.take();
  ASSERT_TRUE(outbox.resume_from(3));
  const auto batch = outbox.take();
  ASSERT_EQ(batch.events.size(), 2U);
  EXPECT_EQ(sequence_of(batch.events[0]), 4U);
}

TEST(Outbox, refuses_an_acknowledgement_of_what_was_never_sent) {
  Outbox outbox;
  ASSERT_TRUE(outbox.push_reliable(event()));
  EXPECT_FALSE(outbox.acknowledge(1)) << "pushed, but not handed to a connection yet";
  outbox.take();
  EXPECT_TRUE(outbox.acknowledge(1));
  EXPECT_FALSE(outbox.acknowledge(2));
  EXPECT_FALSE(outbox.resume_from(2));
}

TEST(Outbox, refuses_what_would_exceed_its_bound_while_nothing_leaves) {
  Outbox outbox;
  std::size_t pushed = 0;
  while (outbox.push_reliable(event(1000))) ++pushed;
  EXPECT_LE(outbox.bytes(), limits::kOutboxBytesMax);
  EXPECT_GE(pushed, limits::kOutboxBytesMax / 1200);
}

TEST(Outbox, forgets_sent_events_of_a_client_that_never_acknowledges_and_then_cannot_resume_from_there) {
  Outbox outbox;
  for (int i = 0; i < 500; ++i) {
    ASSERT_TRUE(outbox.push_reliable(event(1000))) << i;
    outbox.take();
  }
  EXPECT_LE(outbox.bytes(), limits::kOutboxBytesMax);
  Outbox same = outbox;
  EXPECT_FALSE(outbox.resume_from(10));
  EXPECT_TRUE(same.resume_from(499));
}
