#include <gtest/gtest.h>

#include <schemas_bfbs_generated.h>
#include <schemas_generated.h>

#include "netcode/event.hpp"
#include "netcode/schema.hpp"

namespace netcode {
namespace {

std::string difference(const shapes::WorldT& left, const shapes::WorldT& right) {
  const auto schema =
      Schema::load({shapes::WorldBinarySchema::data(), shapes::WorldBinarySchema::size()}, "shapes.World");
  return schema->first_difference("shapes.World", encode(left), encode(right));
}

shapes::WorldT world_with_items(std::initializer_list<int> xs) {
  shapes::WorldT world;
  std::uint16_t id = 0;
  for (const int x : xs) {
    world.items.emplace_back(++id, shapes::Colour::Red, shapes::Sides::Left, shapes::Point(x, 0), 0.0);
  }
  return world;
}

TEST(SchemaDifference, is_empty_between_equals_however_they_are_laid_out) {
  EXPECT_EQ(difference({}, {}), "");
  EXPECT_EQ(difference(world_with_items({1, 2}), world_with_items({1, 2})), "");
}

TEST(SchemaDifference, names_scalars_with_their_defaults) {
  shapes::WorldT left;
  shapes::WorldT right;
  right.tick = 12;
  EXPECT_EQ(difference(left, right), "tick: 7 != 12");
  right = {};
  right.heat = 2;
  EXPECT_EQ(difference(left, right), "heat: 1.5 != 2");
  right = {};
  right.big = 0xFFFFFFFFFFFFFFFFU;
  EXPECT_EQ(difference(left, right), "big: 0 != 18446744073709551615");
  right = {};
  right.colour = shapes::Colour::Blue;
  EXPECT_EQ(difference(left, right), "colour: Green != Blue");
}

TEST(SchemaDifference, names_elements_of_vectors) {
  EXPECT_EQ(difference(world_with_items({1, 2, 3, 12}), world_with_items({1, 2, 3, 13})), "items[3].at.x: 12 != 13");
  EXPECT_EQ(difference(world_with_items({1}), world_with_items({1, 2})), "items: 1 elements != 2 elements");
  EXPECT_EQ(difference(world_with_items({}), world_with_items({1})), "items: missing != present");
  shapes::WorldT left;
  shapes::WorldT right;
  left.numbers = {1, 2};
  right.numbers = {1, 3};
  EXPECT_EQ(difference(left, right), "numbers[1]: 2 != 3");
  left = {};
  right = {};
  left.words = {"a", "b"};
  right.words = {"a", "c"};
  EXPECT_EQ(difference(left, right), "words[1]: \"b\" != \"c\"");
}

TEST(SchemaDifference, names_fields_of_tables_within_tables) {
  shapes::WorldT left;
  shapes::WorldT right;
  for (shapes::WorldT* world : {&left, &right}) {
    world->label = std::make_unique<shapes::LabelT>();
    world->label->parent = std::make_unique<shapes::LabelT>();
    world->labels.push_back(std::make_unique<shapes::LabelT>());
  }
  right.label->parent->id = 3;
  EXPECT_EQ(difference(left, right), "label.parent.id: 0 != 3");
  right.label->parent.reset();
  EXPECT_EQ(difference(left, right), "label.parent: present != missing");
  right.label = std::make_unique<shapes::LabelT>(*left.label);
  right.labels[0]->text = "x";
  left.labels[0]->text = "y";
  EXPECT_EQ(difference(left, right), "labels[0].text: \"y\" != \"x\"");
}

}  // namespace
}  // namespace netcode
