#include "protocol/reliable_stream.hpp"

#include <gtest/gtest.h>

#include "engine/core/rng.hpp"
#include "protocol/messages.hpp"

namespace netcode::protocol {
namespace {

Bytes event(std::size_t body_bytes = 4) {
  const Bytes body(body_bytes, 7);
  return encode(EventMessage{.sequence = 1, .name = "note", .ack = 0, .body = body});
}

std::uint32_t sequence_of(const SharedBytes& message) {
  AlignedBuffer buffer;
  return std::get<EventMessage>(*decode(buffer.copy(*message))).sequence;
}

std::vector<std::uint32_t> sequences_after(const ReliableSender& sender, std::uint32_t sequence) {
  std::vector<std::uint32_t> out;
  sender.for_each_after(sequence, [&](const SharedBytes& message) { out.push_back(sequence_of(message)); });
  return out;
}

using Sequences = std::vector<std::uint32_t>;

TEST(ReliableSender, numbers_what_it_keeps) {
  ReliableSender sender;
  EXPECT_EQ(sender.next_sequence(), 1U);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(sender.push(event()));
  EXPECT_EQ(sender.next_sequence(), 4U);
  EXPECT_EQ(sender.size(), 3U);
  EXPECT_EQ(sender.bytes(), 3 * event().size());
  EXPECT_EQ(sequences_after(sender, 0), (Sequences{1, 2, 3}));
  EXPECT_EQ(sequences_after(sender, 2), (Sequences{3}));
  EXPECT_EQ(sequences_after(sender, 3), Sequences{});
}

TEST(ReliableSender, numbers_answers_too) {
  ReliableSender sender;
  ASSERT_TRUE(sender.push(event()));
  ASSERT_TRUE(sender.push(encode(AckMessage{.sequence = 1, .id = 9, .error = {}, .table = {}, .body = {}})));
  std::uint32_t sequence = 0;
  AlignedBuffer buffer;
  sender.for_each_after(
      1, [&](const SharedBytes& message) { sequence = std::get<AckMessage>(*decode(buffer.copy(*message))).sequence; });
  EXPECT_EQ(sequence, 2U);
}

TEST(ReliableSender, lets_go_of_what_the_other_end_has) {
  ReliableSender sender;
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(sender.push(event()));
  ASSERT_TRUE(sender.acknowledge(3));
  EXPECT_EQ(sender.size(), 2U);
  EXPECT_EQ(sender.acknowledged(), 3U);
  EXPECT_EQ(sequences_after(sender, 0), (Sequences{4, 5})) << "what is gone is not sent again";
  ASSERT_TRUE(sender.acknowledge(1)) << "older word, late";
  EXPECT_EQ(sender.acknowledged(), 3U);
  ASSERT_TRUE(sender.push(event()));
  EXPECT_EQ(sequences_after(sender, 5), (Sequences{6}));
  ASSERT_TRUE(sender.acknowledge(6));
  EXPECT_EQ(sender.bytes(), 0U);
  EXPECT_EQ(sender.next_sequence(), 7U);
}

TEST(ReliableSender, does_not_believe_in_what_it_never_sent) {
  ReliableSender sender;
  ASSERT_TRUE(sender.push(event()));
  EXPECT_FALSE(sender.acknowledge(2));
  EXPECT_FALSE(sender.acknowledge(0xFFFFFFFF));
  EXPECT_EQ(sender.size(), 1U);
}

TEST(ReliableSender, keeps_no_more_than_its_bounds) {
  const std::size_t bytes = event(100).size();
  ReliableSender few(10 * bytes, 3);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(few.push(event(100)));
  EXPECT_FALSE(few.push(event(100)));
  EXPECT_EQ(few.next_sequence(), 4U) << "what was not kept has no number";
  ReliableSender small(2 * bytes + 1, 100);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(small.push(event(100)));
  EXPECT_FALSE(small.push(event(100)));
  ASSERT_TRUE(small.acknowledge(1));
  EXPECT_TRUE(small.push(event(100)));
}

TEST(ReliableReceiver, takes_each_number_once_and_in_order) {
  using Verdict = ReliableReceiver::Verdict;
  ReliableReceiver receiver;
  EXPECT_EQ(receiver.take(1), Verdict::kNew);
  EXPECT_EQ(receiver.take(1), Verdict::kDuplicate);
  EXPECT_EQ(receiver.take(3), Verdict::kGap);
  EXPECT_EQ(receiver.received(), 1U);
  EXPECT_EQ(receiver.take(2), Verdict::kNew);
  EXPECT_EQ(receiver.take(3), Verdict::kNew);
  EXPECT_EQ(receiver.take(1), Verdict::kDuplicate);
  EXPECT_EQ(receiver.received(), 3U);
}

TEST(ReliableReceiver, goes_on_behind_what_is_no_longer_kept) {
  ReliableReceiver receiver;
  EXPECT_EQ(receiver.take(1), ReliableReceiver::Verdict::kNew);
  EXPECT_EQ(receiver.skip_to(0), 0U);
  EXPECT_EQ(receiver.skip_to(1), 0U);
  EXPECT_EQ(receiver.skip_to(5), 4U);
  EXPECT_EQ(receiver.take(5), ReliableReceiver::Verdict::kDuplicate);
  EXPECT_EQ(receiver.take(6), ReliableReceiver::Verdict::kNew);
}

TEST(ReliableReceiver, does_not_count_volatile_messages) {
  ReliableReceiver receiver;
  EXPECT_EQ(receiver.take(0), ReliableReceiver::Verdict::kNew);
  EXPECT_EQ(receiver.take(0), ReliableReceiver::Verdict::kNew);
  EXPECT_EQ(receiver.received(), 0U);
}

// A wire that loses everything after a random point, again and again.
TEST(ReliableStream, carries_everything_once_over_any_cuts) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    engine::Rng rng(seed);
    ReliableSender sender;
    ReliableReceiver receiver;
    std::uint32_t pushed = 0;
    std::uint32_t written = 0;
    for (int step = 0; step < 500; ++step) {
      for (std::uint32_t n = rng.below(4); n > 0; --n) pushed += sender.push(event()) ? 1 : 0;
      std::vector<std::uint32_t> wire = sequences_after(sender, written);
      written = sender.last_sequence();
      const bool cut = rng.below(5) == 0;
      if (cut) wire.resize(rng.below(static_cast<std::uint32_t>(wire.size()) + 1));
      for (const std::uint32_t sequence : wire) {
        ASSERT_EQ(receiver.take(sequence), ReliableReceiver::Verdict::kNew);
      }
      if (rng.below(3) == 0 || cut) {
        ASSERT_TRUE(sender.acknowledge(receiver.received()));
      }
      if (cut) written = receiver.received();
    }
    for (const std::uint32_t sequence : sequences_after(sender, written)) (void)receiver.take(sequence);
    EXPECT_EQ(receiver.received(), pushed);
  }
}

}  // namespace
}  // namespace netcode::protocol
