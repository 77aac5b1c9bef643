#include "server/outbox.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace std::chrono_literals;

namespace netcode {
namespace {

using ::testing::ElementsAre;

EventTotalsPtr memory() {
  static const auto kMemory = std::make_shared<EventTotals>();
  return kMemory;
}

SharedEventPtr event(std::size_t body_bytes = 8, const EventTotalsPtr& in = memory()) {
  const Bytes body(body_bytes);
  return std::make_shared<const SharedEvent>(protocol::EventMessage{.name = "e", .body = body}, in);
}

/// With a session's bounds for the default resume window.
struct Box : Outbox {
  explicit Box(const EventTotalsPtr& in = memory()) : Outbox(Bounds::over(limits::kResumeWindow), in) {}
  bool push(SharedEventPtr event, std::uint32_t written = 0) {
    return Outbox::push({.event = std::move(event)}, Cause::kServer, {.written = written, .is_away = false}) ==
           Push::kKept;
  }
  bool push_away(SharedEventPtr event) {
    return Outbox::push({.event = std::move(event)}, Cause::kServer, {.written = sent(), .is_away = true}) ==
           Push::kKept;
  }
  Push hear_of(SharedEventPtr event, std::uint32_t written = 0) {
    return Outbox::push({.event = std::move(event)}, Cause::kOthers, {.written = written, .is_away = false});
  }
};

/// Its bytes are of no interest here.
FrameView frame(Tick tick) {
  return {.frame = std::make_shared<const WorldFrame>(tick, Bytes(64), SnapshotEncoders{}), .visible = nullptr};
}

Tick tick_of(const LinkOutbox::Batch& batch) { return batch.frame.frame ? batch.frame.frame->tick() : 0; }

std::vector<std::uint32_t> sequences(const LinkOutbox::Batch& batch) {
  std::vector<std::uint32_t> out;
  for (const auto& event : batch.events) out.push_back(event.head.sequence);
  return out;
}

}  // namespace

TEST(Outbox, keeps_one_snapshot_and_the_latest_wins) {
  Box outbox;
  LinkOutbox link(outbox, 0);
  EXPECT_FALSE(link.set_frame(frame(2)));
  EXPECT_TRUE(link.set_frame(frame(4))) << "one was dropped";
  const auto batch = link.take();
  EXPECT_EQ(tick_of(batch), 4U);
  EXPECT_FALSE(link.has_work());
}

TEST(Outbox, numbers_events_and_hands_each_over_once) {
  Box outbox;
  LinkOutbox link(outbox, 0);
  ASSERT_TRUE(outbox.push(event(), link.written()));
  ASSERT_TRUE(outbox.push(event(), link.written()));
  const auto batch = link.take();
  ASSERT_EQ(batch.events.size(), 2U);
  EXPECT_EQ(batch.events[0].head.sequence, 1U);
  EXPECT_EQ(batch.events[1].head.sequence, 2U);
  EXPECT_TRUE(link.take().events.empty());
}

TEST(Outbox, holds_snapshots_back_while_too_many_are_unacknowledged) {
  Box outbox;
  LinkOutbox link(outbox, 0);
  for (Tick tick = 1; tick <= limits::kSnapshotsUnacknowledgedMax; ++tick) {
    link.set_frame(frame(tick));
    ASSERT_TRUE(link.take().frame.frame) << tick;
  }
  link.set_frame(frame(100));
  EXPECT_FALSE(link.has_work());
  EXPECT_FALSE(link.take().frame.frame);
  link.acknowledge_snapshot(1);
  EXPECT_EQ(tick_of(link.take()), 100U);
}

TEST(Outbox, keeps_the_newest_snapshot_while_it_is_held_back_and_lets_events_go) {
  Box outbox;
  LinkOutbox link(outbox, 0);
  link.hold_frame(true);
  EXPECT_FALSE(link.set_frame(frame(2)));
  EXPECT_FALSE(link.has_work());
  EXPECT_TRUE(outbox.push(event()));
  ASSERT_TRUE(link.has_work());
  const auto events = link.take();
  EXPECT_THAT(sequences(events), ElementsAre(1U));
  EXPECT_EQ(tick_of(events), 0U);
  EXPECT_EQ(link.snapshots_in_flight(), 0U);
  EXPECT_TRUE(link.set_frame(frame(4)));
  link.hold_frame(false);
  ASSERT_TRUE(link.has_work());
  EXPECT_EQ(tick_of(link.take()), 4U);
}

TEST(Outbox, sends_again_after_a_resume_what_was_not_received) {
  Box outbox;
  LinkOutbox link(outbox, 0);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(outbox.push(event(), link.written()));
  link.take();
  ASSERT_TRUE(outbox.can_go_on_from(3));
  LinkOutbox next(outbox, 3);
  const auto batch = next.take();
  ASSERT_EQ(batch.events.size(), 2U);
  EXPECT_EQ(batch.events[0].head.sequence, 4U);
}

TEST(Outbox, refuses_an_acknowledgement_of_what_was_never_sent) {
  Box outbox;
  LinkOutbox link(outbox, 0);
  ASSERT_TRUE(outbox.push(event(), link.written()));
  EXPECT_FALSE(outbox.acknowledge(1)) << "pushed, but not handed to a connection yet";
  link.take();
  EXPECT_TRUE(outbox.acknowledge(1));
  EXPECT_FALSE(outbox.acknowledge(2));
  EXPECT_FALSE(outbox.can_go_on_from(2));
}

TEST(Outbox, refuses_what_would_exceed_its_bound_while_nothing_leaves) {
  Box outbox;
  LinkOutbox link(outbox, 0);
  std::size_t pushed = 0;
  while (outbox.push(event(1000), link.written())) ++pushed;
  const std::size_t bound = Outbox::Bounds::over(limits::kResumeWindow).bytes;
  EXPECT_LE(outbox.bytes(), bound);
  EXPECT_GE(pushed, bound / 1300);
}

TEST(Outbox, forgets_sent_events_of_a_client_that_never_acknowledges_and_then_cannot_resume_from_there) {
  Box outbox;
  LinkOutbox link(outbox, 0);
  for (int i = 0; i < 500; ++i) {
    ASSERT_TRUE(outbox.push(event(1000), link.written())) << i;
    link.take();
  }
  EXPECT_LE(outbox.bytes(), limits::kOutboxBytesMax);
  EXPECT_FALSE(outbox.can_go_on_from(10));
  EXPECT_TRUE(outbox.can_go_on_from(499));
}

TEST(Outbox, gives_each_link_every_event_at_its_own_speed) {
  Box outbox;
  LinkOutbox link(outbox, 0);
  LinkOutbox twin(outbox, 0);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(outbox.push(event(), 0));
  EXPECT_EQ(link.take().events.size(), 3U);
  EXPECT_TRUE(outbox.acknowledge(2)) << "over the first link";
  const auto batch = twin.take();
  ASSERT_EQ(batch.events.size(), 1U) << "the client has the others";
  EXPECT_EQ(batch.events[0].head.sequence, 3U);
}

TEST(Outbox, believes_a_claim_over_either_link_whatever_it_was_sent_over) {
  Box outbox;
  LinkOutbox link(outbox, 0);
  LinkOutbox twin(outbox, 0);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(outbox.push(event(), 0));
  twin.take();
  EXPECT_TRUE(outbox.acknowledge(3));
  EXPECT_TRUE(outbox.acknowledge(1)) << "said earlier, and come later over the other link";
  EXPECT_FALSE(link.has_work());
}

TEST(Outbox, forgets_nothing_that_a_slow_link_has_not_carried) {
  Box outbox;
  LinkOutbox link(outbox, 0);
  LinkOutbox stalled(outbox, 0);
  std::size_t pushed = 0;
  while (pushed < 5000 && outbox.push(event(1000), std::min(link.written(), stalled.written()))) {
    ++pushed;
    link.take();
  }
  EXPECT_LT(pushed, 1000U) << "neither acknowledged nor carried by both: the client is too far behind";
  EXPECT_TRUE(outbox.can_go_on_from(0));
}

TEST(Outbox, holds_snapshots_back_on_the_link_alone_that_does_not_acknowledge_them) {
  Box outbox;
  LinkOutbox link(outbox, 0);
  LinkOutbox twin(outbox, 0);
  for (Tick tick = 1; tick <= 100; ++tick) {
    link.set_frame(frame(tick));
    twin.set_frame(frame(tick));
    ASSERT_EQ(tick_of(link.take()), tick);
    link.acknowledge_snapshot(tick);
    EXPECT_EQ(twin.take().frame.frame != nullptr, tick <= limits::kSnapshotsUnacknowledgedMax);
  }
}

TEST(Outbox, keeps_what_may_happen_in_the_resume_window) {
  for (const auto window : {30s, 180s}) {
    Outbox outbox(Outbox::Bounds::over(window), memory());
    const auto seconds = static_cast<std::size_t>((limits::kSilenceMax + window) / 1s);
    const std::size_t cost = event(72)->cost();
    const std::size_t in_all = limits::kGameEventBytesPerSecond * seconds / cost;
    for (std::size_t i = 0; i < in_all; ++i) {
      ASSERT_EQ(outbox.push({.event = event(72)}, Outbox::Cause::kServer, {.written = 0, .is_away = true}),
                Outbox::Push::kKept);
    }
    EXPECT_TRUE(outbox.can_go_on_from(0)) << seconds;
    EXPECT_EQ(outbox.last_sequence(), in_all);
  }
}

TEST(Outbox, forgets_the_oldest_of_what_waits_for_a_client_that_is_away_and_says_so) {
  Box outbox;
  for (int i = 0; i < 5000; ++i) ASSERT_TRUE(outbox.push_away(event(1000)));
  EXPECT_LE(outbox.bytes(), Outbox::Bounds::over(limits::kResumeWindow).bytes);
  EXPECT_GT(outbox.forgotten(), 0U);
  EXPECT_FALSE(outbox.can_go_on_from(0));
  ASSERT_TRUE(outbox.can_go_on_from(outbox.forgotten()));
  LinkOutbox link(outbox, outbox.forgotten());
  const auto got = sequences(link.take());
  EXPECT_EQ(got.front(), outbox.forgotten() + 1);
  EXPECT_EQ(got.back(), 5000U);
}

TEST(Outbox, drops_what_others_say_rather_than_end_a_session_that_is_far_behind) {
  Box outbox;
  std::size_t heard = 0;
  while (outbox.hear_of(event(200)) == Outbox::Push::kKept) ++heard;
  EXPECT_EQ(outbox.hear_of(event(200)), Outbox::Push::kMissed);
  EXPECT_EQ(outbox.last_sequence(), heard) << "what is missed has no number, and so leaves no gap";
  const std::size_t per_second = limits::kFanOutBytesPerSecondMax / event(200)->cost();
  EXPECT_GE(heard, per_second * (limits::kSilenceMax / 1s)) << "all may speak as much as they may to one that stalls";
  for (std::size_t i = 0; i < limits::kOutboxBytesMax / event(200)->cost(); ++i)
    ASSERT_TRUE(outbox.push(event(200))) << "the game's own events still find room";
}

TEST(Outbox, counts_each_event_once_however_many_it_waits_for) {
  const auto in = std::make_shared<EventTotals>();
  {
    std::vector<std::unique_ptr<Box>> boxes;
    for (int i = 0; i < 100; ++i) boxes.push_back(std::make_unique<Box>(in));
    for (int i = 0; i < 10; ++i) {
      const auto one = event(1000, in);
      for (const auto& box : boxes) ASSERT_TRUE(box->push(one));
    }
    EXPECT_GE(in->bytes(), 10 * event(1000)->cost());
    EXPECT_LE(in->bytes(), 10 * event(1000)->cost() + 100 * 10 * sizeof(OutgoingEvent));
  }
  EXPECT_EQ(in->bytes(), 0U);
}

TEST(Outbox, of_a_client_that_is_away_keeps_its_share_once_the_servers_memory_is_full) {
  const auto in = std::make_shared<EventTotals>();
  Box outbox(in);
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(outbox.push_away(event(1000, in)));
  EXPECT_GT(outbox.bytes(), limits::kEventsKeptShareBytes);
  in->add(limits::kEventsKeptPerServerBytesMax);
  ASSERT_TRUE(outbox.push_away(event(1000, in)));
  EXPECT_LE(outbox.bytes(), limits::kEventsKeptShareBytes);
  in->remove(limits::kEventsKeptPerServerBytesMax);
}

TEST(Outbox, sends_volatile_events_in_their_place_among_the_reliable_ones) {
  Box outbox;
  LinkOutbox link(outbox, 0);
  link.push_volatile(event(8));
  ASSERT_TRUE(outbox.push(event()));
  link.push_volatile(event(8));
  link.push_volatile(event(8));
  ASSERT_TRUE(outbox.push(event()));
  ASSERT_TRUE(link.has_work());
  EXPECT_EQ(sequences(link.take()), (std::vector<std::uint32_t>{0, 1, 0, 0, 2}));
  EXPECT_FALSE(link.has_work());
}

TEST(Outbox, holds_a_bounded_turn_of_volatile_events) {
  Box outbox;
  LinkOutbox link(outbox, 0);
  for (int i = 0; i < 1000; ++i) link.push_volatile(event(1000));
  const auto batch = link.take();
  EXPECT_GE(batch.events.size(), 10U);
  EXPECT_LE(batch.events.size(), limits::kVolatileBytesMax / 1000);
  link.push_volatile(event(1000));
  EXPECT_EQ(link.take().events.size(), 1U) << "the next turn has room again";
}

TEST(Outbox, lets_nothing_go_that_was_pushed_in_an_interval_before_it_is_released) {
  Box outbox;
  LinkOutbox link(outbox, 0);
  ASSERT_TRUE(outbox.push(event()));
  const auto first = std::make_shared<Interval>();
  outbox.hold(first, 5);
  ASSERT_TRUE(outbox.push(event()));
  link.push_volatile(event(), first);
  EXPECT_EQ(outbox.tellable(9), 5U) << "what was handled in it is not to be known either";
  EXPECT_THAT(sequences(link.take()), ElementsAre(1));
  EXPECT_FALSE(link.has_work());

  const auto second = std::make_shared<Interval>();
  outbox.hold(second, 9);
  ASSERT_TRUE(outbox.push(event()));
  second->release();
  EXPECT_FALSE(link.has_work()) << "nothing overtakes what is held";
  first->release();
  EXPECT_EQ(outbox.tellable(9), 9U);
  EXPECT_THAT(sequences(link.take()), ElementsAre(2, 0, 3)) << "in the order in which they were emitted";
}

TEST(Outbox, forgets_what_is_held_for_a_client_that_is_away_and_goes_on) {
  Box outbox;
  const auto interval = std::make_shared<Interval>();
  outbox.hold(interval, 0);
  for (int i = 0; i < 2000; ++i) ASSERT_TRUE(outbox.push_away(event(1000)));
  EXPECT_GT(outbox.forgotten(), 0U);
  LinkOutbox link(outbox, outbox.forgotten());
  EXPECT_FALSE(link.has_work());
  interval->release();
  EXPECT_EQ(sequences(link.take()).size(), outbox.last_sequence() - outbox.forgotten());
}

TEST(Outbox, is_held_until_the_last_of_its_intervals_is_released) {
  Box box;
  LinkOutbox link(box, 0);
  EXPECT_FALSE(box.is_held());
  const auto first = std::make_shared<Interval>();
  const auto second = std::make_shared<Interval>();
  ASSERT_TRUE(box.push(event()));
  box.hold(first, 3);
  ASSERT_TRUE(box.push(event()));
  box.hold(second, 5);
  ASSERT_TRUE(box.push(event()));
  EXPECT_TRUE(box.is_held());
  EXPECT_EQ(box.tellable(7), 3U);
  EXPECT_THAT(sequences(link.take()), ElementsAre(1));
  first->release();
  EXPECT_TRUE(box.is_held());
  EXPECT_EQ(box.tellable(7), 5U);
  EXPECT_THAT(sequences(link.take()), ElementsAre(2));
  second->release();
  EXPECT_FALSE(box.is_held());
  EXPECT_EQ(box.tellable(7), 7U);
  EXPECT_THAT(sequences(link.take()), ElementsAre(3));
}

TEST(Outbox, is_held_by_no_interval_that_was_released_before) {
  Box box;
  const auto over = std::make_shared<Interval>();
  over->release();
  box.hold(over, 0);
  box.hold(nullptr, 0);
  EXPECT_FALSE(box.is_held());
}

}  // namespace netcode
