// A buffer written anew: the same values, and no byte that means nothing.
#include <gtest/gtest.h>

#include <schemas_bfbs_generated.h>
#include <schemas_generated.h>

#include "netcode/event.hpp"
#include "netcode/schema.hpp"

namespace netcode {
namespace {

constexpr const char* kWorld = "shapes.World";

Schema load() {
  auto schema = Schema::load({shapes::WorldBinarySchema::data(), shapes::WorldBinarySchema::size()}, "shapes.World");
  return std::move(*schema);
}

/// A value in every shape, and tables three deep.
shapes::WorldT full() {
  shapes::WorldT world;
  world.tick = 9;
  world.heat = 0.25F;
  world.colour = shapes::Colour::Blue;
  world.name = std::string("a name with a \0 in it", 21);
  world.spot = std::make_unique<shapes::Point>(-1, 0.5F);
  world.label = std::make_unique<shapes::LabelT>();
  world.label->id = 4;
  world.label->text = std::string("child");
  world.label->marks = {1, 2, 3, 4, 5};
  world.label->parent = std::make_unique<shapes::LabelT>();
  world.label->parent->text = std::string("parent");
  world.numbers = {1, -2, 3};
  world.heats = {1.5F, -0.5F};
  world.colours = {shapes::Colour::Red, shapes::Colour::Green};
  world.words = {"u", "", "a longer word"};
  for (std::uint16_t id = 1; id <= 3; ++id)
    world.items.emplace_back(id, shapes::Colour::Red, shapes::Sides::Left | shapes::Sides::Top, shapes::Point(id, 5),
                             6.5);
  for (std::uint32_t id : {7U, 8U}) {
    world.labels.push_back(std::make_unique<shapes::LabelT>());
    world.labels.back()->id = id;
    world.labels.back()->text = std::to_string(id);
  }
  world.big = 0xFFFFFFFFFFFFFFFFU;
  world.yes = true;
  return world;
}

void expect_same(const Schema& schema, const Bytes& before, const Bytes& packed) {
  const auto ok = schema.check(kWorld, packed);
  ASSERT_TRUE(ok) << ok.error().reason;
  EXPECT_EQ(schema.first_difference(kWorld, before, packed), "");
  EXPECT_EQ(schema.text(kWorld, before, 100'000), schema.text(kWorld, packed, 100'000));
}

}  // namespace

TEST(SchemaPack, keeps_every_value_of_every_shape) {
  const Schema schema = load();
  const Bytes bytes = encode(full());
  const Bytes packed = schema.packed(kWorld, bytes);
  expect_same(schema, bytes, packed);
  EXPECT_LE(packed.size(), bytes.size() + 64) << "no longer than what FlatBuffers writes but for alignment";
}

TEST(SchemaPack, keeps_a_buffer_without_a_value_one_without) {
  const Schema schema = load();
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(shapes::CreateLabel(builder));
  const Bytes bytes(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
  EXPECT_EQ(schema.text("shapes.Label", schema.packed("shapes.Label", bytes)), "{}");
}

TEST(SchemaPack, leaves_out_what_stands_behind_a_buffer) {
  const Schema schema = load();
  const Bytes bytes = encode(full());
  Bytes padded = bytes;
  padded.resize(bytes.size() + 4096, 0xAB);
  EXPECT_EQ(schema.packed(kWorld, padded), schema.packed(kWorld, bytes));
}

TEST(SchemaPack, leaves_out_what_stands_between_the_parts) {
  const Schema schema = load();
  flatbuffers::FlatBufferBuilder builder;
  builder.CreateString(std::string(1000, 'x'));  // that nothing leads to
  const auto text = builder.CreateString("said");
  builder.CreateString(std::string(1000, 'y'));
  builder.Finish(shapes::CreateLabel(builder, 3, text));
  const Bytes bytes(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
  ASSERT_TRUE(schema.check("shapes.Label", bytes));
  const Bytes packed = schema.packed("shapes.Label", bytes);
  EXPECT_LT(packed.size(), 64U);
  EXPECT_EQ(schema.text("shapes.Label", packed), schema.text("shapes.Label", bytes));
}

TEST(SchemaPack, packed_again_is_the_same) {
  const Schema schema = load();
  const Bytes packed = schema.packed(kWorld, encode(full()));
  EXPECT_EQ(schema.packed(kWorld, packed), packed);
}

TEST(SchemaPack, takes_whatever_damage_check_lets_through) {
  const Schema schema = load();
  const Bytes bytes = encode(full());
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const unsigned value : {0x00U, 0x01U, 0x04U, 0x7FU, 0xFFU}) {
      Bytes damaged = bytes;
      damaged[at] = static_cast<std::uint8_t>(value);
      if (!schema.check(kWorld, damaged)) continue;
      expect_same(schema, damaged, schema.packed(kWorld, damaged));
    }
  }
}

}  // namespace netcode
