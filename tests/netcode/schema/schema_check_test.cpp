// Tests also: value_check.cpp, verify.cpp.
#include <flatbuffers/flatbuffers.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <schemas_bfbs_generated.h>
#include <schemas_generated.h>

#include <cmath>
#include <limits>

#include "engine/core/rng.hpp"
#include "netcode/event.hpp"
#include "netcode/schema.hpp"

namespace netcode {
namespace {

using ::testing::HasSubstr;

const Schema& shapes_schema() {
  static const auto schema =
      Schema::load({shapes::WorldBinarySchema::data(), shapes::WorldBinarySchema::size()}, "shapes.World");
  return *schema;
}

template <class T>
std::string fault(const T& object) {
  const auto checked = shapes_schema().check(T::TableType::GetFullyQualifiedName(), encode(object));
  return checked ? "" : checked.error().reason;
}

shapes::WorldT full_world() {
  shapes::WorldT world;
  world.name = "Žofie";
  world.spot = std::make_unique<shapes::Point>(1, 2.5F);
  world.label = std::make_unique<shapes::LabelT>();
  world.label->text = "a label";
  world.label->parent = std::make_unique<shapes::LabelT>();
  world.label->parent->text = "its parent";
  world.numbers = {1, -2, 3};
  world.heats = {0.5F, -0.0F};
  world.colours = {shapes::Colour::Red, shapes::Colour::Blue};
  world.words = {"one", "", "três"};
  world.items.emplace_back(std::uint16_t{1}, shapes::Colour::Blue, static_cast<shapes::Sides>(5), shapes::Point(3, 4),
                           1e300);
  world.labels.push_back(std::make_unique<shapes::LabelT>(*world.label));
  world.labels[0]->id = 4;
  world.big = std::numeric_limits<std::uint64_t>::max();
  return world;
}

TEST(SchemaCheck, passes_a_buffer_in_which_everything_is_right) {
  EXPECT_EQ(fault(full_world()), "");
  EXPECT_EQ(fault(shapes::WorldT{}), "");
}

TEST(SchemaCheck, names_the_value_that_is_not_allowed_and_where_it_is) {
  const std::string bad = "\xFF";
  shapes::WorldT world = full_world();
  world.name = bad;
  EXPECT_EQ(fault(world), "shapes.World: name is not UTF-8");
  world = full_world();
  world.words[2] = bad;
  EXPECT_EQ(fault(world), "shapes.World: words[2] is not UTF-8");
  world = full_world();
  world.label->parent->text = bad;
  EXPECT_EQ(fault(world), "shapes.World: label.parent.text is not UTF-8");
  world = full_world();
  world.labels[0]->parent->text = bad;
  EXPECT_EQ(fault(world), "shapes.World: labels[0].parent.text is not UTF-8");
  world = full_world();
  world.colour = static_cast<shapes::Colour>(3);
  EXPECT_EQ(fault(world), "shapes.World: colour is 3, which is no shapes.Colour");
  world = full_world();
  world.colours[1] = static_cast<shapes::Colour>(4);
  EXPECT_EQ(fault(world), "shapes.World: colours[1] is 4, which is no shapes.Colour");
  world = full_world();
  world.items[0].mutate_sides(static_cast<shapes::Sides>(8));
  EXPECT_EQ(fault(world), "shapes.World: items[0].sides is 8, which is no shapes.Sides");
  world = full_world();
  world.items[0].mutate_heat(std::numeric_limits<double>::infinity());
  EXPECT_EQ(fault(world), "shapes.World: items[0].heat is not finite");
  world = full_world();
  world.items[0].mutable_at().mutate_y(std::nanf(""));
  EXPECT_EQ(fault(world), "shapes.World: items[0].at.y is not finite");
  world = full_world();
  world.spot->mutate_y(-std::numeric_limits<float>::infinity());
  EXPECT_EQ(fault(world), "shapes.World: spot.y is not finite");
  world = full_world();
  world.heats[1] = std::nanf("");
  EXPECT_EQ(fault(world), "shapes.World: heats[1] is not finite");
}

TEST(SchemaCheck, calls_an_event_by_its_name) {
  shapes::SayT say;
  say.text = "\xC3(";
  EXPECT_EQ(fault(say), "say: text is not UTF-8");
  EXPECT_EQ(shapes_schema().check("shapes.Say", Bytes(3)).error().reason, "say: not a shapes.Say");
}

TEST(SchemaCheck, needs_what_is_required) {
  flatbuffers::FlatBufferBuilder builder;
  const auto start = builder.StartTable();
  builder.Finish(flatbuffers::Offset<shapes::Say>(builder.EndTable(start)));
  const Bytes bytes(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
  EXPECT_EQ(shapes_schema().check("shapes.Say", bytes).error().reason, "say: not a shapes.Say");
}

TEST(SchemaCheck, refuses_tables_nested_too_deep_and_too_many_of_them) {
  shapes::WorldT world;
  auto* last = &world.label;
  for (int depth = 0; depth < 7; ++depth, last = &(*last)->parent) *last = std::make_unique<shapes::LabelT>();
  EXPECT_EQ(fault(world), "");
  *last = std::make_unique<shapes::LabelT>();
  EXPECT_EQ(fault(world), "shapes.World: not a shapes.World");

  shapes::WorldT many;
  for (std::uint32_t i = 0; i < 4095; ++i) {
    many.labels.push_back(std::make_unique<shapes::LabelT>());
    many.labels.back()->id = i;
  }
  EXPECT_EQ(fault(many), "");
  many.labels.push_back(std::make_unique<shapes::LabelT>());
  many.labels.back()->id = 5000;
  EXPECT_EQ(fault(many), "shapes.World: not a shapes.World");
}

// 16,000 offsets to one long string are 128 KiB to send and 256 MiB to unpack.
TEST(SchemaCheck, refuses_a_buffer_that_unpacks_to_far_more_than_it_is) {
  for (const bool few : {true, false}) {
    flatbuffers::FlatBufferBuilder builder;
    const auto text = builder.CreateString(std::string(16 * 1024, 'a'));
    const std::vector<flatbuffers::Offset<flatbuffers::String>> words(few ? 3 : 16 * 1024, text);
    const auto words_offset = builder.CreateVector(words);
    shapes::WorldBuilder world(builder);
    world.add_words(words_offset);
    builder.Finish(world.Finish());
    const Bytes bytes(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
    const auto checked = shapes_schema().check("shapes.World", bytes);
    EXPECT_EQ(checked ? "" : checked.error().reason,
              few ? "" : "shapes.World: words[16] takes the buffer's shared parts beyond what it may unpack to");
  }
}

TEST(SchemaCheck, agrees_with_generated_code_on_every_cut_and_stays_inside_the_buffer) {
  const Bytes good = encode(full_world());
  for (std::size_t size = 0; size <= good.size(); ++size) {
    const Bytes cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
    flatbuffers::Verifier verifier(cut.data(), cut.size(), 8, 4096);
    const bool generated = size > 0 && verifier.VerifyBuffer<shapes::World>(nullptr);
    EXPECT_EQ(shapes_schema().check("shapes.World", cut).has_value(), generated) << size;
  }
}

TEST(SchemaCheck, is_never_more_lenient_than_generated_code_on_damaged_bytes) {
  const Bytes good = encode(full_world());
  engine::Rng rng(3);
  int passed = 0;
  for (int round = 0; round < 30000; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    Bytes bad = good;
    for (std::uint32_t i = 0; i <= rng.below(4); ++i) {
      bad[rng.below(static_cast<std::uint32_t>(bad.size()))] = static_cast<std::uint8_t>(rng.next() >> rng.below(9));
    }
    if (!shapes_schema().check("shapes.World", bad)) continue;
    ++passed;
    flatbuffers::Verifier verifier(bad.data(), bad.size(), 8, 4096);
    ASSERT_TRUE(verifier.VerifyBuffer<shapes::World>(nullptr));
    shapes::WorldT unpacked;
    flatbuffers::GetRoot<shapes::World>(bad.data())->UnPackTo(&unpacked);
    ASSERT_EQ(shapes_schema().first_difference("shapes.World", bad, bad), "");
  }
  EXPECT_GT(passed, 1000);
}

}  // namespace
}  // namespace netcode
