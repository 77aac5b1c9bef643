#include <gtest/gtest.h>

#include <schemas_bfbs_generated.h>
#include <schemas_generated.h>

#include "netcode/event.hpp"
#include "netcode/schema.hpp"

namespace netcode {
namespace {

std::string text(const shapes::WorldT& world, std::size_t bytes_max = 1024) {
  const auto schema =
      Schema::load({shapes::WorldBinarySchema::data(), shapes::WorldBinarySchema::size()}, "shapes.World");
  return schema->text("shapes.World", encode(world), bytes_max);
}

TEST(SchemaText, leaves_out_what_a_buffer_does_not_have) { EXPECT_EQ(text({}), "{}"); }

TEST(SchemaText, shows_every_shape_on_one_line) {
  shapes::WorldT world;
  world.tick = 9;
  world.colour = shapes::Colour::Blue;
  world.name = std::string("a \"b\"\n\\c");
  world.spot = std::make_unique<shapes::Point>(-1, 0.5F);
  world.label = std::make_unique<shapes::LabelT>();
  world.label->text = std::string("x");
  world.numbers = {1, -2};
  world.colours = {shapes::Colour::Red, shapes::Colour::Green};
  world.words = {"u", "v"};
  world.items.emplace_back(std::uint16_t{3}, shapes::Colour::Red, shapes::Sides::Left | shapes::Sides::Top,
                           shapes::Point(4, 5), 6.5);
  world.big = 0xFFFFFFFFFFFFFFFFU;
  world.yes = true;
  const std::string shown = text(world);
  EXPECT_EQ(shown.find('\n'), std::string::npos);
  for (const char* part : {"tick: 9", "colour: Blue", "a \\\"b\\\"", "spot: {x: -1, y: 0.5}", "label: {text: \"x\"}",
                           "numbers: [1, -2]", "colours: [Red, Green]", "words: [\"u\", \"v\"]",
                           "items: [{id: 3, colour: Red, sides: Left|Top, at: {x: 4, y: 5}, heat: 6.5}]",
                           "big: 18446744073709551615", "yes: true"}) {
    EXPECT_NE(shown.find(part), std::string::npos) << part << " in " << shown;
  }
}

TEST(SchemaText, is_cut_where_there_is_enough) {
  shapes::WorldT world;
  world.words.assign(10'000, "word");
  const std::string shown = text(world, 50);
  EXPECT_EQ(shown.size(), 53U);
  EXPECT_EQ(shown.substr(shown.size() - 3), "...");
  world.words.assign(1, std::string(100'000, 'a'));
  EXPECT_LE(text(world, 50).size(), 53U);
}

}  // namespace
}  // namespace netcode
