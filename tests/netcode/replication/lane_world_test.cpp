// Worlds as numbers and back.
#include "replication/lane_world.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "random_worlds.hpp"
#include "schema/walk.hpp"
#include "schema_text.hpp"

namespace netcode {
namespace {

using engine::Rng;
using testing::TextSchema;

/// Structs {id:uint; x:float;} and notes {id, text}, in this order.
constexpr std::string_view kShips =
    "struct Ship { id:uint (key); x:float (quantize:\"0.5\"); } table Note { id:uint (key); text:string; }"
    "table World { ships:[Ship]; notes:[Note]; tick:uint; }";

struct Ship {
  std::uint32_t id;
  float x;
};

Bytes world_of(const std::vector<Ship>& ships, const std::vector<std::uint32_t>& notes = {}) {
  flatbuffers::FlatBufferBuilder builder;
  const auto ship_vector = builder.CreateVectorOfStructs(ships);
  std::vector<flatbuffers::Offset<flatbuffers::Table>> tables;
  for (const std::uint32_t id : notes) {
    const auto text = builder.CreateString("note " + std::to_string(id));
    const auto start = builder.StartTable();
    builder.AddElement<std::uint32_t>(4, id, 0);
    builder.AddOffset(6, text);
    tables.emplace_back(builder.EndTable(start));
  }
  const auto note_vector = builder.CreateVector(tables);
  const auto start = builder.StartTable();
  builder.AddOffset(4, ship_vector);
  builder.AddOffset(6, note_vector);
  builder.AddElement<std::uint32_t>(8, 77, 0);
  builder.Finish(flatbuffers::Offset<flatbuffers::Table>(builder.EndTable(start)));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

}  // namespace

TEST(LaneWorld, of_any_schema_comes_back_as_it_was) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Rng rng(seed);
    const TextSchema schema(testing::random_schema(rng));
    const auto layout = schema.layout();
    LaneWorld world = testing::first_world(*layout, rng);
    for (int i = 0; i < 10; ++i) {
      testing::move_on(*layout, rng, 1, world);
      const auto buffer = write_world(*layout, world);
      ASSERT_TRUE(buffer) << buffer.error().reason << ", seed " << seed;
      const auto checked = schema.schema().check(TextSchema::kWorld, *buffer);
      ASSERT_TRUE(checked) << checked.error().reason << ", seed " << seed;
      const auto again = read_world(*layout, *buffer);
      ASSERT_TRUE(again) << again.error().reason << ", seed " << seed;
      ASSERT_EQ(*again, world) << "seed " << seed;
    }
  }
}

TEST(LaneWorld, has_its_entities_by_rising_key) {
  const auto layout = TextSchema(kShips).layout();
  const auto world = read_world(*layout, world_of({{9, 1}, {4'000'000'000, 2}, {3, 3}}, {8, 2, 5}));
  ASSERT_TRUE(world) << world.error().reason;
  EXPECT_EQ(world->groups[0].keys, (std::vector<std::uint32_t>{3, 9, 4'000'000'000}));
  EXPECT_EQ(world->groups[0].values, (std::vector<std::int64_t>{6, 2, 4}));
  ASSERT_EQ(world->slow[0].size(), 3U);
  EXPECT_EQ(world->slow[0][0].key, 2U);
  EXPECT_EQ(world->slow[0][2].key, 8U);
  const auto sorted = world_of({{3, 3}, {9, 1}, {4'000'000'000, 2}}, {2, 5, 8});
  EXPECT_EQ(*world, *read_world(*layout, sorted));
  EXPECT_EQ(TextSchema(kShips).schema().first_difference("t.World", *write_world(*layout, *world), sorted), "");
}

TEST(LaneWorld, refuses_a_key_that_is_there_twice) {
  const auto layout = TextSchema(kShips).layout();
  EXPECT_EQ(read_world(*layout, world_of({{3, 0}, {1, 0}, {3, 0}})).error().reason, "ships has the key 3 twice");
  EXPECT_EQ(read_world(*layout, world_of({}, {0, 4, 0})).error().reason, "notes has the key 0 twice");
}

TEST(LaneWorld, is_the_same_whether_an_empty_vector_is_there_or_not) {
  const TextSchema schema(kShips);
  const auto layout = schema.layout();
  flatbuffers::FlatBufferBuilder builder;
  const auto start = builder.StartTable();
  builder.AddElement<std::uint32_t>(8, 77, 0);
  builder.Finish(flatbuffers::Offset<flatbuffers::Table>(builder.EndTable(start)));
  const Bytes bare(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
  EXPECT_EQ(*read_world(*layout, bare), *read_world(*layout, world_of({})));
}

TEST(LaneWorld, rounds_floats_to_the_nearest_step_and_to_the_ends_of_their_range) {
  const auto layout = TextSchema(kShips).layout();
  const auto world = read_world(*layout, world_of({{1, 0.74F}, {2, 0.76F}, {3, -0.76F}, {4, 1e30F}, {5, -1e30F}}));
  EXPECT_EQ(world->groups[0].values, (std::vector<std::int64_t>{1, 2, -2, INT32_MAX, -INT32_MAX}));
}

TEST(LaneWorld, keeps_integers_of_64_bits) {
  const auto layout =
      TextSchema("struct Ship { id:ubyte (key); a:long; b:ulong; } table World { ships:[Ship]; }").layout();
  LaneWorld world{.groups = {{.keys = {0, 255}, .values = {INT64_MIN, -1, INT64_MAX, INT64_MIN}}},
                  .slow = {{{.key = 0, .run = {}}}}};
  EXPECT_EQ(*read_world(*layout, *write_world(*layout, world)), world);
}

TEST(LaneWorld, without_its_own_state_or_with_a_bad_run_is_no_world) {
  const auto layout = TextSchema(kShips).layout();
  LaneWorld world = *read_world(*layout, world_of({}, {5}));
  LaneWorld none = world;
  none.slow.edit().back().clear();
  EXPECT_EQ(write_world(*layout, none).error().reason, "the World has no state of its own");
  LaneWorld bad = world;
  bad.slow.edit()[0][0].run.pop_back();
  EXPECT_EQ(write_world(*layout, bad).error().reason, "notes 5: slow state ends early");
}

TEST(LaneWorlds, are_written_with_signed_keys_in_their_own_order) {
  const TextSchema schema(R"(
    struct Ship { id:byte (key); x:int; }
    table Note { id:short (key); }
    table World { ships:[Ship]; notes:[Note]; }
  )");
  const LaneLayoutPtr layout = schema.layout();
  const LaneWorld world{
      .groups = {{.keys = {0, 5, 0xFFFFFFFE, 0xFFFFFFFF}, .values = {10, 15, -2, -1}}},
      .slow = {{{.key = 3, .run = {1, 3, 0}}, {.key = 0xFFFFFFF0, .run = {1, 0xF0, 0xFF}}}, {{.key = 0, .run = {}}}}};
  const auto bytes = write_world(*layout, world);
  ASSERT_TRUE(bytes) << bytes.error().reason;
  EXPECT_EQ(*read_world(*layout, *bytes), world);
  const auto* root = flatbuffers::GetRoot<flatbuffers::Table>(bytes->data());
  const auto* ships = root->GetPointer<const flatbuffers::Vector<std::int64_t>*>(4);  // of 8 bytes each
  ASSERT_EQ(ships->size(), 4U);
  std::vector<int> ids;
  for (std::size_t i = 0; i < 4; ++i) ids.push_back(static_cast<std::int8_t>(ships->Data()[8 * i]));
  EXPECT_EQ(ids, (std::vector<int>{-2, -1, 0, 5}));
  const auto* notes = root->GetPointer<const flatbuffers::Vector<flatbuffers::Offset<flatbuffers::Table>>*>(6);
  EXPECT_EQ(notes->Get(0)->GetField<std::int16_t>(4, 0), -16);
  EXPECT_EQ(notes->Get(1)->GetField<std::int16_t>(4, 0), 3);
}

TEST(SlowStates, share_what_they_hold_until_one_is_changed) {
  const SlowState whole{{{.key = 1, .run = {2}}}, {}};
  SlowState copy = whole;
  EXPECT_TRUE(copy.is_same(whole));
  copy.edit()[0][0].run[0] = 3;
  EXPECT_FALSE(copy.is_same(whole));
  EXPECT_EQ(whole[0][0].run[0], 2);
  EXPECT_FALSE(copy == whole);
  copy.edit()[0][0].run[0] = 2;
  EXPECT_TRUE(copy == whole) << "the same once more, if not shared";
  EXPECT_TRUE(SlowState().empty());
  EXPECT_EQ(SlowState().begin(), SlowState().end());
}

}  // namespace netcode
