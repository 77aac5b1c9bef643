#include "replication/unpacker.hpp"

#include "packed_stream.hpp"

namespace netcode {
namespace {

using testing::kStreamedWorld;
using testing::PackedStream;
using Client = PackedStream::Client;

std::string reason_of(const engine::Result<Bytes>& result) { return result ? "" : result.error().reason; }

TEST(Unpacker, refuses_what_builds_on_nothing_it_has) {
  PackedStream stream(1, kStreamedWorld);
  Client client(stream);
  client.take(stream.next());
  client.take(stream.next());
  Unpacker fresh(stream.layout_ptr());
  EXPECT_EQ(reason_of(fresh.unpack(client.tick, kNoPlayer, client.packed)), "a packed snapshot that builds on none");
}

TEST(Unpacker, refuses_a_tick_that_does_not_rise) {
  PackedStream stream(2, kStreamedWorld);
  Client client(stream);
  client.take(stream.next());
  client.take(stream.next());
  EXPECT_NE(reason_of(client.unpacker.unpack(client.tick, kNoPlayer, client.packed)).find("after one of tick"),
            std::string::npos);
}

TEST(Unpacker, finds_by_the_hash_that_a_world_is_not_the_one_that_was_packed) {
  PackedStream stream(3, kStreamedWorld);
  Client client(stream);
  client.take(stream.next());
  Bytes other = client.packed;
  ASSERT_NE(other[0] & 64, 0) << "the first has a hash";
  other[1] ^= 1;
  Unpacker fresh(stream.layout_ptr());
  EXPECT_NE(reason_of(fresh.unpack(client.tick, kNoPlayer, other)).find("does not give the World"), std::string::npos);
}

TEST(Unpacker, ends_on_any_bytes_with_a_world_or_a_reason) {
  PackedStream stream(4, kStreamedWorld);
  Client client(stream);
  engine::Rng rng(4);
  for (int i = 0; i < 40; ++i) client.take(stream.next());
  for (int i = 0; i < 2000; ++i) {
    SCOPED_TRACE(i);
    Bytes bytes = client.packed;
    for (std::uint32_t flips = rng.below(4) + 1; flips > 0; --flips)
      bytes[rng.below(static_cast<std::uint32_t>(bytes.size()))] ^= static_cast<std::uint8_t>(1U << rng.below(8));
    if (rng.below(4) == 0) bytes.resize(rng.below(static_cast<std::uint32_t>(bytes.size())) + 1);
    Unpacker copy = client.unpacker;
    const auto world = copy.unpack(client.tick + 1, kNoPlayer, bytes);
    if (!world) {
      EXPECT_FALSE(world.error().reason.empty());
    }
  }
}

TEST(Unpacker, puts_in_again_what_a_plain_snapshot_leaves_out) {
  PackedStream stream(5, kStreamedWorld);
  Unpacker client(stream.layout_ptr());
  HandedFrame handed;
  std::size_t completed = 0;
  for (int i = 0; i < 100; ++i) {
    const WorldFramePtr frame = stream.next();
    SnapshotEncoder& encoder = frame->encoder(std::nullopt);
    const FrameView view{.frame = frame, .visible = nullptr, .viewer = kNoPlayer};
    const auto encoded = encoder.encode(view, {.tick = frame->tick()}, handed);
    handed = {.view = view, .chain = nullptr};
    Bytes message = encoded.message.head;
    message.insert(message.end(),
                   encoded.message.body->begin() + static_cast<std::ptrdiff_t>(encoded.message.body_offset),
                   encoded.message.body->end());
    const auto decoded = protocol::decode(message);
    ASSERT_TRUE(decoded);
    const auto& snapshot = std::get<protocol::SnapshotView>(*decoded);
    const Bytes plain(snapshot.world.begin(), snapshot.world.end());
    const auto whole = client.complete(plain);
    ASSERT_TRUE(whole) << whole.error().reason;
    completed += whole->empty() ? 0 : 1;
    LaneWorld expected = *read_world(stream.layout(), frame->world());
    hide_owner_only(stream.layout(), kNoPlayer, expected);
    ASSERT_EQ(*read_world(stream.layout(), whole->empty() ? plain : *whole), expected) << "snapshot " << i;
  }
  EXPECT_GT(completed, 0U) << "something was left out";
}

}  // namespace
}  // namespace netcode
