// Tests also: packed_envelope.cpp.
#include "protocol/packed_snapshot.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "engine/core/rng.hpp"
#include "protocol/packed_envelope.hpp"

namespace netcode::protocol {
namespace {

const Bytes kOwn = {8, 9};
const SharedBytes kShared = std::make_shared<const Bytes>(Bytes{5, 6, 7});
constexpr std::size_t kFrameBytes = 5;

/// Both ends of a connection.
class HeadLink {
 public:
  /// How many bytes it took beside the frame; what came out is in `head`.
  std::size_t carry(const SnapshotHead& sent) {
    const OutgoingMessage message = packer_.pack(sent, {.head = kOwn, .body = kShared});
    EXPECT_EQ(message.body, kShared) << "one buffer for all";
    whole = message.head;
    whole.insert(whole.end(), kShared->begin(), kShared->end());
    const auto decoded = decode(buffer_.copy(whole));
    EXPECT_TRUE(decoded) << decoded.error().reason;
    const auto read = unpacker_.unpack(std::get<PackedView>(*decoded).packed);
    EXPECT_TRUE(read) << read.error().reason;
    head = read->head;
    EXPECT_EQ(Bytes(read->frame.begin(), read->frame.end()), (Bytes{8, 9, 5, 6, 7}));
    return message.size() - kFrameBytes;
  }
  SnapshotHead head{};
  Bytes whole{};

 private:
  SnapshotPacker packer_;
  SnapshotUnpacker unpacker_;
  AlignedBuffer buffer_;
};

void expect_equal(const SnapshotHead& a, const SnapshotHead& b) {
  EXPECT_EQ(a.tick, b.tick);
  EXPECT_EQ(a.action_sequence, b.action_sequence);
  EXPECT_EQ(a.action_tick, b.action_tick);
  EXPECT_EQ(a.received, b.received);
  EXPECT_EQ(a.slack_ms, b.slack_ms);
}

TEST(PackedSnapshot, takes_a_byte_for_its_head_where_all_goes_on_as_before) {
  HeadLink link;
  SnapshotHead head{.tick = 1000, .action_sequence = 200, .action_tick = 990, .received = 4, .slack_ms = -5};
  EXPECT_LE(link.carry(head), kPackedEnvelopeBytes + 1 + 8);
  expect_equal(link.head, head);
  for (int i = 0; i < 3; ++i) {
    head.tick += 2;
    head.action_sequence += 2;
    head.action_tick += 2;
    EXPECT_EQ(link.carry(head), kPackedEnvelopeBytes + (i == 0 ? 3U : 1U)) << "the first has another step";
    expect_equal(link.head, head);
  }
  head.tick += 2;
  head.action_sequence += 2;
  head.action_tick += 2;
  head.slack_ms = -3;
  EXPECT_EQ(link.carry(head), kPackedEnvelopeBytes + 2);
  expect_equal(link.head, head);
}

TEST(PackedSnapshot, tells_any_head_after_any_other) {
  engine::Rng rng(7);
  HeadLink link;
  const auto any = [&rng] { return rng.below(2) == 0 ? rng.below(3) : UINT32_MAX - rng.below(3); };
  for (int i = 0; i < 20'000; ++i) {
    const SnapshotHead head{.tick = any(),
                            .action_sequence = any(),
                            .action_tick = any(),
                            .received = any(),
                            .slack_ms = static_cast<std::int16_t>(any())};
    ASSERT_LE(link.carry(head), kPackedEnvelopeBytes + kPackedHeadBytesMax) << "seed 7, head " << i;
    expect_equal(link.head, head);
    if (HasFailure()) FAIL() << "seed 7, head " << i;
  }
}

TEST(PackedSnapshot, that_is_cut_off_in_its_head_or_says_what_nobody_knows_is_refused_with_a_reason) {
  HeadLink link;
  link.carry({.tick = 100'000, .action_sequence = 70'000, .action_tick = 99'000, .received = 900, .slack_ms = 2000});
  const BytesView packed = BytesView(link.whole).subspan(kPackedEnvelopeBytes);
  const std::size_t head = packed.size() - kFrameBytes;
  for (std::size_t size = 0; size < head; ++size) {
    SnapshotUnpacker fresh;
    const auto read = fresh.unpack(packed.first(size));
    ASSERT_FALSE(read) << size;
    EXPECT_EQ(read.error().reason, "a packed snapshot that is cut off");
  }
  SnapshotUnpacker fresh;
  const auto unknown = fresh.unpack(Bytes{32});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().reason, "a packed snapshot whose head says what nobody knows");
  const auto large = fresh.unpack(Bytes{1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().reason, "a packed snapshot with a number that is too large");
}

}  // namespace
}  // namespace netcode::protocol
