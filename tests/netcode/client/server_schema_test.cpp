// Snapshots of a server of another build, read by the schema that it has sent; and schemas that no server should send.
#include "client/server_schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <variant>

#include "../schema/compiled_build.hpp"
#include "../schema/two_builds.hpp"
#include "engine/core/rng.hpp"
#include "netcode/limits.hpp"
#include "protocol/messages.hpp"
#include "replication/packed_encoder.hpp"
#include "replication/plain_encoder.hpp"
#include "replication/unpacker.hpp"

namespace netcode::client {
namespace {

using netcode::testing::CompiledBuild;
using ::testing::HasSubstr;

constexpr const char* kWorld = CompiledBuild::kWorld;

std::string refusal(BytesView bfbs, const CompiledBuild& own) {
  const auto loaded = ServerSchema::load(bfbs, own.schema(), kWorld);
  return loaded ? "loaded" : loaded.error().reason;
}

/// A match of one build, and a connection of a client of another.
class Stream {
 public:
  Stream(const CompiledBuild& server, const CompiledBuild& own, bool is_packed) {
    const auto layout = LaneLayout::find(server.schema(), kWorld);
    const auto filter = std::make_shared<const VisibleWorld>(server.schema(), kWorld);
    encoders_.plain = std::make_shared<PlainEncoder>(filter, layout);
    encoders_.packed = std::make_shared<PackedEncoder>(layout, filter, encoders_.plain);
    encoders_.packs = layout->hash();
    if (is_packed) packs_ = layout->hash();
    const auto loaded = ServerSchema::load(server.schema().bfbs(), own.schema(), kWorld);
    if (!loaded) throw std::runtime_error(loaded.error().reason);
    theirs_ = *loaded;
    unpacker_.emplace(theirs_->layout());
  }

  /// What the client makes of it, as a World of its own.
  engine::Result<Bytes> sent(const Bytes& world) {
    tick_ += 2;
    const auto frame = std::make_shared<const WorldFrame>(tick_, world, encoders_);
    const FrameView view{.frame = frame, .visible = nullptr};
    auto encoded = frame->encoder(packs_).encode(view, {.tick = tick_}, handed_);
    handed_ = {.view = view, .chain = encoded.chain};
    Bytes message = encoded.message.head;
    if (encoded.message.body)
      message.insert(message.end(),
                     encoded.message.body->begin() + static_cast<std::ptrdiff_t>(encoded.message.body_offset),
                     encoded.message.body->end());
    auto read = encoded.is_packed ? unpacked(message) : read_plain(message);
    if (!read) return read.error();
    if (const auto good = theirs_->check(*read); !good) return good.error();
    return theirs_->convert(*read);
  }
  std::size_t packed() const { return packed_; }

 private:
  engine::Result<Bytes> unpacked(const Bytes& frame) {
    ++packed_;
    return unpacker_->unpack(tick_, kNoPlayer, frame);
  }
  engine::Result<Bytes> read_plain(const Bytes& message) {
    protocol::AlignedBuffer buffer, body;
    const auto decoded = protocol::decode(buffer.copy(message));
    if (!decoded) return decoded.error();
    const BytesView plain = protocol::aligned(std::get<protocol::SnapshotView>(*decoded).world, body);
    if (const auto good = theirs_->check(plain); !good) return good.error();
    auto whole = unpacker_->complete(plain);
    if (!whole || !whole->empty()) return whole;
    return Bytes(plain.begin(), plain.end());
  }

  SnapshotEncoders encoders_;
  std::optional<std::uint64_t> packs_;
  ServerSchemaPtr theirs_;
  std::optional<Unpacker> unpacker_;
  HandedFrame handed_{};
  Tick tick_ = 0;
  std::size_t packed_ = 0;
};

}  // namespace

TEST(ServerSchema, gives_of_snapshots_what_both_builds_have) {
  std::size_t packed = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    engine::Rng rng(seed);
    const auto builds = netcode::testing::random_builds(rng);
    CompiledBuild server(builds[0].schema()), own(builds[1].schema());
    for (const bool is_packed : {true, false}) {
      Stream stream(server, own, is_packed);
      for (int i = 0; i < 6; ++i) {
        const netcode::testing::Value value = netcode::testing::random_world(builds[0], rng);
        const auto seen = stream.sent(server.world(builds[0].json(value)));
        ASSERT_TRUE(seen) << seen.error().reason;
        const auto sound = own.schema().check(kWorld, *seen);
        ASSERT_TRUE(sound) << sound.error().reason;
        const Bytes expected = own.world(builds[1].json(netcode::testing::as_seen_by(builds[1], builds[0], value)));
        ASSERT_EQ(own.schema().first_difference(kWorld, *seen, expected), "") << (is_packed ? "packed" : "plain");
      }
      packed += stream.packed();
    }
  }
  EXPECT_GT(packed, 800U) << "of 1200";
}

TEST(ServerSchema, has_the_hash_and_the_layout_of_the_servers_own) {
  const CompiledBuild server("struct S { id:uint (key); x:int; } table World { things:[S]; }");
  const CompiledBuild own("struct S { id:uint (key); } table World { things:[S]; }");
  const auto loaded = ServerSchema::load(server.schema().bfbs(), own.schema(), kWorld);
  ASSERT_TRUE(loaded) << loaded.error().reason;
  EXPECT_EQ((*loaded)->hash(), server.schema().hash());
  EXPECT_EQ((*loaded)->layout()->hash(), LaneLayout::find(server.schema(), kWorld)->hash());
}

TEST(ServerSchema, is_refused_in_words_where_it_is_none_or_of_another_game) {
  const CompiledBuild own("table World { a:int; }");
  EXPECT_THAT(refusal({}, own), HasSubstr("not the binary schema"));
  EXPECT_THAT(refusal(Bytes(100, 7), own), HasSubstr("not the binary schema"));
  const CompiledBuild other("namespace other; table World { a:int; }", "other.World");
  EXPECT_EQ(refusal(other.schema().bfbs(), own), "the schema has no table World");
  const CompiledBuild unpackable("struct S { id:uint (key); x:float; } table World { things:[S]; }");
  EXPECT_THAT(refusal(unpackable.schema().bfbs(), own), HasSubstr("it needs quantize"));
}

TEST(ServerSchema, is_refused_where_its_worlds_have_more_numbers_than_a_client_will_learn) {
  const CompiledBuild own("table World { a:int; }");
  const auto of_lanes = [](std::size_t lanes) {
    // Structs of 32 and one of the rest, and the key.
    std::string out = "struct P {";
    for (int i = 0; i < 32; ++i) out += fmt::format(" f{}:ubyte;", i);
    out += " } struct S { id:ubyte (key);";
    for (std::size_t i = 0; i < (lanes - 1) / 32; ++i) out += fmt::format(" p{}:P;", i);
    for (std::size_t i = 0; i < (lanes - 1) % 32; ++i) out += fmt::format(" x{}:ubyte;", i);
    return fmt::format("{} }} table World {{ things:[S]; }}", out);
  };
  const CompiledBuild most(of_lanes(limits::kWorldLanesMax)), more(of_lanes(limits::kWorldLanesMax + 1));
  EXPECT_EQ(refusal(most.schema().bfbs(), own), "loaded");
  EXPECT_EQ(refusal(more.schema().bfbs(), own), "the World's entities have more than 1024 numbers");
}

TEST(ServerSchema, changed_at_random_is_refused_or_reads_what_it_can) {
  const std::string text =
      "enum E : ushort { A, B, C } struct P { x:short; e:E; } struct S { id:ushort (key); p:P; q:int; z:float "
      "(quantize:\"0.5\"); } "
      "table D { s:string; n:[int]; } table N { id:uint (key); d:D; t:[string]; p:[P]; } "
      "table World { things:[S]; notes:[N]; a:int = 3; e:E; d:D; s:string; v:[ulong]; }";
  CompiledBuild server(text);
  const CompiledBuild own(text);
  const Bytes world = server.world(std::string(
      "{things: [{id: 1, p: {x: 2, e: 1}, q: 3, z: 0.5}], a: 5, e: 2, d: {s: \"d\", n: [1, 2]}, s: \"s\", v: [7], "
      "notes: [{id: 4, d: {s: \"x\"}, t: [\"a\", \"b\"], p: [{x: 1, e: 2}]}]}"));
  const Bytes good(server.schema().bfbs().begin(), server.schema().bfbs().end());
  engine::Rng rng(20261130);
  std::size_t loaded = 0, read = 0;
  for (int round = 0; round < 6000; ++round) {
    Bytes bytes = good;
    for (std::uint32_t flips = 1 + rng.below(3); flips > 0; --flips)
      bytes[rng.below(static_cast<std::uint32_t>(bytes.size()))] = static_cast<std::uint8_t>(rng.next());
    if (rng.below(20) == 0) bytes.resize(rng.below(static_cast<std::uint32_t>(bytes.size())));
    const auto changed = ServerSchema::load(bytes, own.schema(), kWorld);
    if (!changed) {
      EXPECT_NE(changed.error().reason, "");
      continue;
    }
    ++loaded;
    // By it the same bytes may say anything; what they are made into is a World of ours, or is refused.
    if (!(*changed)->check(world)) continue;
    const auto converted = (*changed)->convert(world);
    if (!converted) continue;
    ++read;
    EXPECT_TRUE(own.schema().check(kWorld, *converted));
  }
  EXPECT_GT(loaded, 100U);
  EXPECT_GT(read, 50U);
}

}  // namespace netcode::client
