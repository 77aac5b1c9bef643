// Worlds coded against the ones before: what is written is read, always as the same bytes, and no other bytes do harm.
#include "replication/packed/packed_codec.hpp"

#include <gtest/gtest.h>
#include <engine/core/hash.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "netcode/limits.hpp"
#include "random_worlds.hpp"
#include "replication/packed/lane_guess.hpp"
#include "schema/walk.hpp"
#include "schema_text.hpp"

namespace netcode::packed {
namespace {

using engine::Rng;
using testing::TextSchema;

/// Of a fixed chain's bytes: another value is another format, which a peer of before cannot read.
constexpr std::uint64_t kFormatHash = 8503489605539568670U;

constexpr std::string_view kArena = R"(
  struct Ship (owner:"id") {
    id:ushort (key); x:int (predict:"vx"); y:int (predict:"vy"); vx:short; vy:short; aim:ushort; thrust:ubyte;
    ready_tick:uint; energy:ushort (owner_only);
  }
  struct Shot (owner:"by") { id:uint (key); x:int (predict:"vx"); y:int (predict:"vy"); vx:short; vy:short; by:ushort; }
  table Player { id:ushort (key); name:string; score:int; }
  table World { tick:uint; ships:[Ship]; shots:[Shot]; players:[Player]; map:string; }
)";

using World = std::shared_ptr<const LaneWorld>;

struct Frame {
  Tick tick;
  World world;
};

/// Worlds one after the other, some of them late.
class Chain {
 public:
  Chain(const LaneLayout& layout, std::uint64_t seed)
      : layout_(layout), rng_(seed, 9), world_(testing::first_world(layout, rng_)) {}

  Frame next() {
    const Tick ticks = testing::chance(rng_, 80) ? 2 : testing::chance(rng_, 95) ? 1 + rng_.below(9) : rng_.next() >> 8;
    tick_ += ticks;
    testing::move_on(layout_, rng_, ticks, world_);
    return {tick_, std::make_shared<const LaneWorld>(world_)};
  }

 private:
  const LaneLayout& layout_;
  Rng rng_;
  LaneWorld world_;
  Tick tick_ = 0;
};

Bytes encoded(const LaneLayout& layout, State& state, const Frame& frame) {
  Bytes bytes;
  encode(layout, state, frame.tick, frame.world, bytes);
  return bytes;
}

/// What write_world believes of a LaneWorld. Empty: it is one.
std::string fault_of(const LaneLayout& layout, const LaneWorld& world) {
  if (world.groups.size() != layout.groups().size() || world.slow.size() != layout.slow().size()) return "its size";
  for (std::size_t i = 0; i < world.groups.size(); ++i) {
    const LaneGroup& group = layout.groups()[i];
    const GroupLanes& lanes = world.groups[i];
    if (std::adjacent_find(lanes.keys.begin(), lanes.keys.end(), std::greater_equal<>()) != lanes.keys.end())
      return "the order of keys";
    if (lanes.values.size() != lanes.keys.size() * group.lanes.size()) return "its count of values";
    for (std::size_t at = 0; at < lanes.values.size(); ++at) {
      const Lane& lane = group.lanes[at % group.lanes.size()];
      if (fit(lane, static_cast<std::uint64_t>(lanes.values[at])) != lanes.values[at]) return "a value beyond its lane";
    }
  }
  return "";
}

/// `pairs` Worlds of random schemas, each coded against the one before.
void expect_round_trips(std::uint64_t first_seed, std::size_t pairs) {
  constexpr std::size_t kSnapshots = 50;
  for (std::uint64_t seed = first_seed; seed < first_seed + pairs / kSnapshots; ++seed) {
    Rng rng(seed);
    const auto layout = TextSchema(testing::random_schema(rng)).layout();
    Chain chain(*layout, seed);
    State writer(*layout);
    State reader(*layout);
    for (std::size_t i = 0; i < kSnapshots; ++i) {
      const Frame frame = chain.next();
      const Bytes bytes = encoded(*layout, writer, frame);
      const auto decoded = decode(*layout, reader, frame.tick, bytes);
      ASSERT_TRUE(decoded) << decoded.error().reason << ", seed " << seed << ", snapshot " << i;
      ASSERT_EQ(reader.world(), *frame.world) << "seed " << seed << ", snapshot " << i;
      ASSERT_EQ(reader.tick(), frame.tick);
    }
  }
}

Bytes damaged(Bytes bytes, Rng& rng) {
  const auto any = [&rng] { return static_cast<std::uint8_t>(rng.next()); };
  switch (rng.below(5)) {
    case 0:
      for (std::uint32_t i = 0; i <= rng.below(3) && !bytes.empty(); ++i)
        bytes[rng.below(static_cast<std::uint32_t>(bytes.size()))] ^= static_cast<std::uint8_t>(1U << rng.below(8));
      break;
    case 1:
      bytes.resize(rng.below(static_cast<std::uint32_t>(bytes.size()) + 1));
      break;
    case 2:
      for (std::uint32_t i = 0; i <= rng.below(20); ++i) bytes.push_back(any());
      break;
    case 3:
      for (std::uint8_t& byte : bytes) byte = any();
      break;
    default:
      bytes.assign(rng.below(60), any());
      for (std::uint8_t& byte : bytes) byte = any();
  }
  return bytes;
}

}  // namespace

TEST(PackedCodec, gives_back_worlds_of_random_schemas) { expect_round_trips(0, 25'000); }
TEST(PackedCodec, gives_back_worlds_of_other_random_schemas) { expect_round_trips(10'000, 25'000); }
TEST(PackedCodec, gives_back_worlds_of_random_schemas_again) { expect_round_trips(20'000, 25'000); }
TEST(PackedCodec, gives_back_worlds_of_still_other_random_schemas) { expect_round_trips(30'000, 25'000); }

TEST(PackedCodec, gives_back_the_ends_of_every_lanes_range) {
  const auto layout = TextSchema(
                          "struct Ship { id:uint (key); a:long; b:long (predict:\"a\"); c:ulong; d:int; e:byte; }"
                          "table World { ships:[Ship]; }")
                          .layout();
  const LaneGroup& group = layout->groups()[0];
  State writer(*layout);
  State reader(*layout);
  for (Tick tick = 1; tick < 200; ++tick) {
    Rng rng(tick);
    LaneWorld world{.groups = {{.keys = {0, 1, 0xFFFFFFFF}, .values = {}}}, .slow = {{{.key = 0, .run = {}}}}};
    for (std::size_t i = 0; i < 3 * group.lanes.size(); ++i) {
      const std::uint64_t top = std::uint64_t{1} << (group.lanes[i % group.lanes.size()].bits - 1);
      world.groups[0].values.push_back(fit(group.lanes[i % group.lanes.size()], rng.below(2) == 0 ? top : top - 1));
    }
    const Frame frame{tick, std::make_shared<const LaneWorld>(world)};
    const Bytes bytes = encoded(*layout, writer, frame);
    ASSERT_TRUE(decode(*layout, reader, tick, bytes)) << tick;
    ASSERT_EQ(reader.world(), world) << tick;
  }
}

TEST(PackedCodec, takes_hardly_a_byte_for_what_goes_on_as_before) {
  const auto layout = TextSchema(
                          "struct Ship { id:uint (key); x:int (predict:\"v\"); v:short; }"
                          "table World { ships:[Ship]; }")
                          .layout();
  State state(*layout);
  std::size_t bytes = 0;
  for (Tick tick = 2; tick < 400; tick += 2) {
    LaneWorld world{.groups = {{}}, .slow = {{{.key = 0, .run = {}}}}};
    for (std::uint32_t id = 0; id < 20; ++id) {
      world.groups[0].keys.push_back(id);
      world.groups[0].values.insert(world.groups[0].values.end(), {id * 3, 1000 + id * 3 * tick});
    }
    bytes = encoded(*layout, state, {tick, std::make_shared<const LaneWorld>(std::move(world))}).size();
  }
  EXPECT_LE(bytes, 1U);
}

TEST(PackedCodec, takes_any_order_of_ticks) {
  const auto layout = TextSchema(kArena).layout();
  Chain chain(*layout, 5);
  State writer(*layout);
  State reader(*layout);
  for (const Tick tick : {0U, 0U, 5U, 4U, 4U, 0xFFFFFFFFU, 0U, 1U, 0x80000000U, 0xFFFFFFFEU, 3U}) {
    const Frame frame{tick, chain.next().world};
    const Bytes bytes = encoded(*layout, writer, frame);
    ASSERT_TRUE(decode(*layout, reader, tick, bytes)) << tick;
    ASSERT_EQ(reader.world(), *frame.world) << tick;
  }
}

// --- Both ends the same

TEST(PackedCodec, has_the_format_that_it_had) {
  const auto layout = TextSchema(kArena).layout();
  Chain chain(*layout, 1);
  State state(*layout);
  engine::Hasher hasher;
  for (int i = 0; i < 300; ++i) {
    const Bytes bytes = encoded(*layout, state, chain.next());
    hasher.add(static_cast<std::uint32_t>(bytes.size()));
    hasher.add(BytesView(bytes));
  }
  EXPECT_EQ(hasher.value(), kFormatHash);
}

TEST(PackedCodec, of_equal_states_writes_equal_bytes) {
  const auto layout = TextSchema(kArena).layout();
  Chain chain(*layout, 2);
  State one(*layout);
  State other(*layout);
  for (int i = 0; i < 100; ++i) {
    const Frame frame = chain.next();
    ASSERT_EQ(encoded(*layout, one, frame), encoded(*layout, other, frame)) << i;
  }
}

TEST(PackedCodec, goes_on_from_a_copy_of_either_ends_state) {
  const auto layout = TextSchema(kArena).layout();
  Chain chain(*layout, 3);
  State writer(*layout);
  State reader(*layout);
  for (int i = 0; i < 60; ++i) {
    const Frame frame = chain.next();
    ASSERT_TRUE(decode(*layout, reader, frame.tick, encoded(*layout, writer, frame)));
  }
  State fork_writer = writer;
  State fork_reader = reader;
  State of_reader = reader;  // a reader's state writes as well
  for (int i = 0; i < 30; ++i) {
    const Frame frame = chain.next();
    const Bytes bytes = encoded(*layout, writer, frame);
    ASSERT_EQ(encoded(*layout, fork_writer, frame), bytes) << i;
    ASSERT_EQ(encoded(*layout, of_reader, frame), bytes) << i;
    ASSERT_TRUE(decode(*layout, reader, frame.tick, bytes));
    ASSERT_TRUE(decode(*layout, fork_reader, frame.tick, bytes));
    ASSERT_EQ(fork_reader.world(), *frame.world) << i;
    ASSERT_EQ(reader.world(), *frame.world) << i;
  }
}

TEST(PackedCodec, counts_the_bits_that_it_writes) {
  const auto layout = TextSchema(kArena).layout();
  Chain chain(*layout, 4);
  State writer(*layout);
  State counter(*layout);
  std::vector<BitCounter::Field> fields(field_names(*layout).size());
  std::size_t bytes = 0;
  for (int i = 0; i < 100; ++i) {
    const Frame frame = chain.next();
    bytes += encoded(*layout, writer, frame).size();
    count(*layout, counter, frame.tick, frame.world, fields);
  }
  double bits = 0;
  for (const BitCounter::Field& field : fields) bits += field.bits;
  EXPECT_NEAR(static_cast<double>(bytes), bits / 8, 100 * 1.5);
}

// --- Bytes from outside

TEST(PackedCodec, of_damaged_bytes_is_an_error_or_another_world) {
  std::size_t errors = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Rng rng(seed);
    const auto layout = TextSchema(testing::random_schema(rng)).layout();
    Chain chain(*layout, seed);
    State writer(*layout);
    State reader(*layout);
    for (int i = 0; i < 25; ++i) {
      const Frame frame = chain.next();
      const Bytes bytes = encoded(*layout, writer, frame);
      for (int attempt = 0; attempt < 10; ++attempt) {
        State state = reader;
        if (!decode(*layout, state, frame.tick, damaged(bytes, rng))) {
          ++errors;
          continue;
        }
        ASSERT_EQ(fault_of(*layout, state.world()), "") << "seed " << seed << ", snapshot " << i;
        // A run may be damaged, too: an error or a buffer.
        const auto buffer = write_world(*layout, state.world());
        if (buffer) {
          ASSERT_TRUE(verify_buffer(layout->world(), *buffer)) << "seed " << seed << ", snapshot " << i;
        }
      }
      ASSERT_TRUE(decode(*layout, reader, frame.tick, bytes));
    }
  }
  EXPECT_GT(errors, 100U);
}

TEST(PackedCodec, says_of_which_tick_the_damaged_snapshot_is) {
  const auto layout = TextSchema(kArena).layout();
  State state(*layout);
  const auto decoded = decode(*layout, state, 77, Bytes(1, 0x55));
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().reason, "the packed snapshot of tick 77 is damaged");
}

// Each further birth costs a two-thousandth of a bit, once a few thousand were as expected.
TEST(PackedCodec, refuses_more_births_than_a_world_holds) {
  const auto layout = TextSchema("struct Ship { id:uint (key); } table World { ships:[Ship]; }").layout();
  Bytes bytes;
  BitWriter bits(bytes);
  GroupModels models;
  code_bit(bits, true, models.any_born);
  for (std::uint32_t i = 0; i < limits::kWorldBytesMax / 4 + 1; ++i) {
    models.keys[i == 0 ? 0 : 1].code(bits, 0);
    code_bit(bits, true, models.more_born);
  }
  bits.end();
  EXPECT_LT(bytes.size(), 1000U);
  State state(*layout);
  EXPECT_FALSE(decode(*layout, state, 1, bytes));
}

TEST(PackedCodec, gives_back_who_is_born_after_the_greatest_key) {
  const auto layout = TextSchema("struct Ship { id:uint (key); } table World { ships:[Ship]; }").layout();
  State writer(*layout);
  State reader(*layout);
  Tick tick = 0;
  for (const std::vector<std::uint32_t>& keys : {std::vector{0xFFFFFFFFU}, std::vector{0U, 0xFFFFFFFFU}}) {
    const LaneWorld world{.groups = {{.keys = keys, .values = {}}}, .slow = {{{.key = 0, .run = {}}}}};
    const Frame frame{++tick, std::make_shared<const LaneWorld>(world)};
    const auto decoded = decode(*layout, reader, tick, encoded(*layout, writer, frame));
    ASSERT_TRUE(decoded) << decoded.error().reason;
    ASSERT_EQ(reader.world(), world);
  }
}

TEST(PackedCodec, gives_back_a_large_world_whose_entities_are_all_new) {
  const auto layout = TextSchema(
                          "struct Ship { id:uint (key); x:uint; y:ulong; z:ulong; w:ulong; } "
                          "table World { ships:[Ship]; }")
                          .layout();
  const LaneGroup& group = layout->groups()[0];
  const std::size_t count = limits::kWorldBytesMax / group.bytes * 6 / 10;
  State writer(*layout);
  State reader(*layout);
  for (Tick tick = 1; tick <= 2; ++tick) {
    LaneWorld world{.groups = {{}}, .slow = {{{.key = 0, .run = {}}}}};
    for (std::size_t i = 0; i < count; ++i)
      world.groups[0].keys.push_back(static_cast<std::uint32_t>(tick * count + i));
    world.groups[0].values.resize(count * group.lanes.size());
    const Frame frame{tick, std::make_shared<const LaneWorld>(std::move(world))};
    const auto decoded = decode(*layout, reader, tick, encoded(*layout, writer, frame));
    ASSERT_TRUE(decoded) << decoded.error().reason;
    ASSERT_EQ(reader.world(), *frame.world);
  }
}

}  // namespace netcode::packed
