#include "protocol/packed_snapshot.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <variant>

namespace netcode::protocol {
namespace {

TEST(PackedSnapshot, is_decoded_as_it_was_made) {
  const auto shared = std::make_shared<const Bytes>(Bytes{5, 6, 7});
  for (const std::size_t own : {0U, 1U, 2U, 3U, 40U}) {
    const SnapshotHead head{.tick = 1, .action_sequence = 2, .action_tick = 3, .received = 4, .slack_ms = -5};
    const OutgoingMessage message = packed_snapshot(head, Bytes(own, 9), shared);
    EXPECT_EQ(message.body, shared) << "one buffer for all";
    EXPECT_EQ(message.size(), kPackedEnvelopeBytesMax + own + 3);
    Bytes whole = message.head;
    whole.insert(whole.end(), shared->begin(), shared->end());
    const auto decoded = decode(whole);
    ASSERT_TRUE(decoded) << decoded.error().reason;
    const auto& read = std::get<PackedSnapshotView>(*decoded);
    EXPECT_EQ(read.head.tick, 1U);
    EXPECT_EQ(read.head.action_sequence, 2U);
    EXPECT_EQ(read.head.action_tick, 3U);
    EXPECT_EQ(read.head.received, 4U);
    EXPECT_EQ(read.head.slack_ms, -5);
    Bytes packed(own, 9);
    packed.insert(packed.end(), shared->begin(), shared->end());
    EXPECT_EQ(Bytes(read.packed.begin(), read.packed.end()), packed);
  }
}

}  // namespace
}  // namespace netcode::protocol
