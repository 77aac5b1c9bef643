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
  LinkOutbox link(outbox, 0);
  link.set_snapshot(2, snapshot());
  link.set_snapshot(4, snapshot());
  const auto batch = link.take();
  EXPECT_EQ(batch.tick, 4U);
  EXPECT_TRUE(batch.snapshot);
  EXPECT_FALSE(link.has_work());
}

TEST(Outbox, numbers_events_and_hands_each_over_once) {
  Outbox outbox;
  LinkOutbox link(outbox, 0);
  ASSERT_TRUE(outbox.push_reliable(event(), link.written()));
  ASSERT_TRUE(outbox.push_reliable(event(), link.written()));
  const auto batch = link.take();
  ASSERT_EQ(batch.events.size(), 2U);
  EXPECT_EQ(sequence_of(batch.events[0]), 1U);
  EXPECT_EQ(sequence_of(batch.events[1]), 2U);
  EXPECT_TRUE(link.take().events.empty());
}

TEST(Outbox, holds_snapshots_back_while_too_many_are_unacknowledged) {
  Outbox outbox;
  LinkOutbox link(outbox, 0);
  for (Tick tick = 1; tick <= limits::kSnapshotsUnacknowledgedMax; ++tick) {
    link.set_snapshot(tick, snapshot());
    ASSERT_TRUE(link.take().snapshot) << tick;
  }
  link.set_snapshot(100, snapshot());
  EXPECT_FALSE(link.has_work());
  EXPECT_FALSE(link.take().snapshot);
  link.acknowledge_snapshot(1);
  EXPECT_EQ(link.take().tick, 100U);
}

TEST(Outbox, sends_again_after_a_resume_what_was_not_received) {
  Outbox outbox;
  LinkOutbox link(outbox, 0);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(outbox.push_reliable(event(), link.written()));
  link.take();
  ASSERT_TRUE(outbox.can_go_on_from(3));
  LinkOutbox next(outbox, 3);
  const auto batch = next.take();
  ASSERT_EQ(batch.events.size(), 2U);
  EXPECT_EQ(sequence_of(batch.events[0]), 4U);
}

TEST(Outbox, refuses_an_acknowledgement_of_what_was_never_sent) {
  Outbox outbox;
  LinkOutbox link(outbox, 0);
  ASSERT_TRUE(outbox.push_reliable(event(), link.written()));
  EXPECT_FALSE(outbox.acknowledge(1)) << "pushed, but not handed to a connection yet";
  link.take();
  EXPECT_TRUE(outbox.acknowledge(1));
  EXPECT_FALSE(outbox.acknowledge(2));
  EXPECT_FALSE(outbox.can_go_on_from(2));
}

TEST(Outbox, refuses_what_would_exceed_its_bound_while_nothing_leaves) {
  Outbox outbox;
  LinkOutbox link(outbox, 0);
  std::size_t pushed = 0;
  while (outbox.push_reliable(event(1000), link.written())) ++pushed;
  EXPECT_LE(outbox.bytes(), limits::kOutboxBytesMax);
  EXPECT_GE(pushed, limits::kOutboxBytesMax / 1200);
}

TEST(Outbox, forgets_sent_events_of_a_client_that_never_acknowledges_and_then_cannot_resume_from_there) {
  Outbox outbox;
  LinkOutbox link(outbox, 0);
  for (int i = 0; i < 500; ++i) {
    ASSERT_TRUE(outbox.push_reliable(event(1000), link.written())) << i;
    link.take();
  }
  EXPECT_LE(outbox.bytes(), limits::kOutboxBytesMax);
  EXPECT_FALSE(outbox.can_go_on_from(10));
  EXPECT_TRUE(outbox.can_go_on_from(499));
}

TEST(Outbox, gives_each_link_every_event_at_its_own_speed) {
  Outbox outbox;
  LinkOutbox link(outbox, 0);
  LinkOutbox twin(outbox, 0);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(outbox.push_reliable(event(), 0));
  EXPECT_EQ(link.take().events.size(), 3U);
  EXPECT_TRUE(outbox.acknowledge(2)) << "over the first link";
  const auto batch = twin.take();
  ASSERT_EQ(batch.events.size(), 1U) << "the client has the others";
  EXPECT_EQ(sequence_of(batch.events[0]), 3U);
}

TEST(Outbox, believes_a_claim_over_either_link_whatever_it_was_sent_over) {
  Outbox outbox;
  LinkOutbox link(outbox, 0);
  LinkOutbox twin(outbox, 0);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(outbox.push_reliable(event(), 0));
  twin.take();
  EXPECT_TRUE(outbox.acknowledge(3));
  EXPECT_TRUE(outbox.acknowledge(1)) << "said earlier, and come later over the other link";
  EXPECT_FALSE(link.has_work());
}

TEST(Outbox, forgets_nothing_that_a_slow_link_has_not_carried) {
  Outbox outbox;
  LinkOutbox link(outbox, 0);
  LinkOutbox stalled(outbox, 0);
  std::size_t pushed = 0;
  while (pushed < 500 && outbox.push_reliable(event(1000), std::min(link.written(), stalled.written()))) {
    ++pushed;
    link.take();
  }
  EXPECT_LT(pushed, 100U) << "neither acknowledged nor carried by both: the client is too far behind";
  EXPECT_TRUE(outbox.can_go_on_from(0));
}

TEST(Outbox, holds_snapshots_back_on_the_link_alone_that_does_not_acknowledge_them) {
  Outbox outbox;
  LinkOutbox link(outbox, 0);
  LinkOutbox twin(outbox, 0);
  for (Tick tick = 1; tick <= 100; ++tick) {
    link.set_snapshot(tick, snapshot());
    twin.set_snapshot(tick, snapshot());
    ASSERT_EQ(link.take().tick, tick);
    link.acknowledge_snapshot(tick);
    EXPECT_EQ(twin.take().snapshot != nullptr, tick <= limits::kSnapshotsUnacknowledgedMax);
  }
}
