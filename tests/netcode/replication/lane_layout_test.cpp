// What a game's schema and its attributes say of lanes, and which attributes are refused, in which words.
#include "replication/lane_layout.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "schema_text.hpp"

namespace netcode {
namespace {

using ::testing::ElementsAre;
using testing::TextSchema;

std::shared_ptr<const LaneLayout> layout_of(const std::string& text) { return TextSchema(text).layout(); }

/// Of a World of one group `ships` of struct Ship, whose fields besides its key are these.
std::shared_ptr<const LaneLayout> ships_of(const std::string& fields, const std::string& of_ship = "") {
  return layout_of("struct Ship " + of_ship + " { id:uint (key); " + fields + " } table World { ships:[Ship]; }");
}

std::string refusal_of(const std::string& text) {
  const auto layout = TextSchema(text).load();
  return layout ? "none" : layout.error().reason;
}

std::string ships_refusal(const std::string& fields, const std::string& of_ship = "") {
  return refusal_of("struct Ship " + of_ship + " { id:uint (key); " + fields + " } table World { ships:[Ship]; }");
}

std::vector<std::string> names_of(const LaneGroup& group) {
  std::vector<std::string> names;
  for (const Lane& lane : group.lanes) names.push_back(lane.name);
  return names;
}

const Lane& lane_of(const LaneGroup& group, std::string_view name) {
  for (const Lane& lane : group.lanes)
    if (lane.name == name) return lane;
  throw std::runtime_error("no such lane");
}

std::string rate_of(const LaneGroup& group, std::string_view name) {
  const int rate = lane_of(group, name).rate;
  return rate < 0 ? "" : group.lanes[static_cast<std::size_t>(rate)].name;
}

}  // namespace

TEST(LaneLayout, has_a_lane_of_its_width_and_sign_for_every_scalar) {
  const auto layout = layout_of(R"(
    enum Colour : ushort { Red, Green }
    struct Ship { id:ushort (key); yes:bool; a:byte; b:ubyte; c:short; d:Colour; e:int; f:uint; g:long; h:ulong; }
    table World { tick:uint; ships:[Ship]; }
  )");
  ASSERT_EQ(layout->groups().size(), 1U);
  const LaneGroup& group = layout->groups()[0];
  EXPECT_EQ(group.name, "ships");
  EXPECT_EQ(group.bytes, 40);
  EXPECT_EQ(group.align, 8);
  EXPECT_EQ(group.key.name, "id");
  EXPECT_EQ(group.key.bits, 16);
  EXPECT_THAT(names_of(group), ElementsAre("yes", "a", "b", "c", "d", "e", "f", "g", "h"));
  std::vector<int> bits;
  std::vector<bool> signs;
  for (const Lane& lane : group.lanes) {
    bits.push_back(lane.bits);
    signs.push_back(lane.is_signed);
    EXPECT_FALSE(lane.is_float());
    EXPECT_EQ(lane.rate, -1);
  }
  EXPECT_THAT(bits, ElementsAre(8, 8, 8, 16, 16, 32, 32, 64, 64));
  EXPECT_THAT(signs, ElementsAre(false, true, false, true, false, true, false, true, false));
  EXPECT_EQ(group.public_lanes, 9U);
  EXPECT_FALSE(layout->has_owner_only());
}

TEST(LaneLayout, has_a_slow_vector_for_each_vector_of_tables_and_one_for_the_rest) {
  const auto layout = layout_of(R"(
    table Player { name:string; id:ushort (key); }
    struct Ship { id:uint (key); x:int; }
    table World { tick:uint; players:[Player]; ships:[Ship]; teams:[Player]; old:int (deprecated); rocks:[Ship]; }
  )");
  ASSERT_EQ(layout->slow().size(), 3U);
  EXPECT_EQ(layout->slow()[0].name, "players");
  EXPECT_EQ(layout->slow()[0].key->name, "id");
  EXPECT_EQ(layout->slow()[1].name, "teams");
  EXPECT_EQ(layout->slow()[2].name, "");
  EXPECT_EQ(layout->slow()[2].key, nullptr);
  EXPECT_EQ(layout->slow()[2].element, &layout->world());
  ASSERT_EQ(layout->groups().size(), 2U);
  EXPECT_EQ(layout->groups()[0].name, "ships");
  EXPECT_EQ(layout->groups()[1].name, "rocks");
  EXPECT_EQ(layout->world().name, "t.World");
}

TEST(LaneLayout, of_a_world_without_entities_is_the_rest_alone) {
  const auto layout = layout_of("table World { tick:uint; }");
  EXPECT_TRUE(layout->groups().empty());
  EXPECT_EQ(layout->slow().size(), 1U);
}

TEST(LaneLayout, names_the_lanes_of_nested_structs_by_their_path) {
  const auto layout = layout_of(R"(
    struct Speed { x:short; y:short; }
    struct Point { x:int; y:int; by:Speed; }
    struct Ship { id:uint (key); at:Point; hp:ubyte; }
    table World { ships:[Ship]; }
  )");
  const LaneGroup& group = layout->groups()[0];
  EXPECT_THAT(names_of(group), ElementsAre("hp", "at.by.x", "at.by.y", "at.x", "at.y"));
  EXPECT_EQ(lane_of(group, "at.x").offset, 4);
  EXPECT_EQ(lane_of(group, "at.by.y").offset, 14);
  EXPECT_EQ(lane_of(group, "hp").offset, 16);
}

TEST(LaneLayout, finds_the_rates_of_a_nested_struct_in_the_same_struct) {
  const auto layout = layout_of(R"(
    struct Point { x:int (predict:"v"); v:short; }
    struct Ship { id:uint (key); v:int; at:Point; to:Point; }
    table World { ships:[Ship]; }
  )");
  EXPECT_EQ(rate_of(layout->groups()[0], "at.x"), "at.v");
  EXPECT_EQ(rate_of(layout->groups()[0], "to.x"), "to.v");
}

// --- predict

TEST(LaneLayout, puts_a_rate_before_what_it_predicts_and_else_what_is_narrow_first) {
  const auto layout = ships_of("x:short (predict:\"vx\"); big:long; vx:int (predict:\"ax\"); ax:long; hp:ubyte;");
  const LaneGroup& group = layout->groups()[0];
  EXPECT_THAT(names_of(group), ElementsAre("hp", "ax", "vx", "x", "big"));
  EXPECT_EQ(rate_of(group, "x"), "vx");
  EXPECT_EQ(rate_of(group, "vx"), "ax");
  EXPECT_EQ(rate_of(group, "ax"), "");
}

TEST(LaneLayout, marks_what_goes_on_over_its_own_last_values) {
  const auto layout = ships_of("x:int (predict:\"(linear)\"); y:int;");
  EXPECT_TRUE(lane_of(layout->groups()[0], "x").is_linear);
  EXPECT_EQ(lane_of(layout->groups()[0], "x").rate, -1);
  EXPECT_FALSE(lane_of(layout->groups()[0], "y").is_linear);
}

TEST(LaneLayout, refuses_a_rate_that_is_no_other_field_of_the_struct) {
  for (const char* rate : {"vy", "x", "id", "", "linear", "ships"}) {
    EXPECT_EQ(ships_refusal(fmt::format("x:int (predict:\"{}\"); vx:int;", rate)),
              fmt::format("t.Ship.x: predict names another field of the struct or is \"(linear)\", not '{}'", rate));
  }
  EXPECT_EQ(ships_refusal("x:int (predict);"),
            "t.Ship.x: predict names another field of the struct or is \"(linear)\", not '0'");
}

TEST(LaneLayout, refuses_fields_that_predict_each_other_in_a_circle) {
  const std::string reason = "t.Ship: a field is predicted by what it predicts itself";
  EXPECT_EQ(ships_refusal("a:int (predict:\"b\"); b:int (predict:\"a\");"), reason);
  EXPECT_EQ(
      ships_refusal("z:int (predict:\"a\"); a:int (predict:\"b\"); b:int (predict:\"c\"); c:int (predict:\"a\");"),
      reason);
}

TEST(LaneLayout, counts_a_rate_in_the_steps_of_what_it_predicts) {
  const auto q16 = [](const std::string& fields) {
    const auto layout = ships_of(fields);
    return lane_of(layout->groups()[0], "x").rate_q16;
  };
  EXPECT_EQ(q16("x:int (predict:\"v\"); v:int;"), 65536);
  EXPECT_EQ(q16("x:int (predict:\"v\", scale:\"1/256\"); v:int (scale:\"1/256\");"), 65536);
  EXPECT_EQ(q16("x:int (predict:\"v\", scale:\"1/256\"); v:int (scale:\"1/4096\");"), 4096);
  EXPECT_EQ(q16("x:float (predict:\"v\", quantize:\"0.01\"); v:float (quantize:\"0.02\");"), 131072);
  EXPECT_EQ(q16("x:float (predict:\"v\", quantize:\"0.5\"); v:int (scale:\"1/4\");"), 32768);
  // Of one alone nothing follows.
  EXPECT_EQ(q16("x:int (predict:\"v\", scale:\"1/256\"); v:int;"), 65536);
  EXPECT_EQ(q16("x:int (predict:\"v\"); v:int (scale:\"1/256\");"), 65536);
  // What no such number can say is as near as one can.
  EXPECT_EQ(q16("x:int (predict:\"v\", scale:\"1000000000\"); v:int (scale:\"0.000000001\");"), 1);
  EXPECT_EQ(q16("x:int (predict:\"v\", scale:\"0.000000001\"); v:int (scale:\"1000000000\");"), std::int64_t{1} << 32);
}

// --- quantize, scale, interpolate

TEST(LaneLayout, refuses_floats_without_the_step_to_which_they_are_rounded) {
  EXPECT_EQ(ships_refusal("x:float;"), "t.Ship.x is a float: it needs quantize, the step to which it is rounded");
  EXPECT_EQ(ships_refusal("x:double (interpolate:\"linear\");"),
            "t.Ship.x is a float: it needs quantize, the step to which it is rounded");
}

TEST(LaneLayout, says_of_a_nested_field_which_struct_it_stands_in) {
  EXPECT_EQ(
      refusal_of("struct Point { x:float; } struct Ship { id:uint (key); at:Point; } table World { ships:[Ship]; }"),
      "t.Point.x is a float: it needs quantize, the step to which it is rounded");
}

TEST(LaneLayout, takes_the_step_of_a_float_as_a_number_or_a_fraction) {
  const auto layout =
      ships_of("a:float (quantize:\"0.01\"); b:float (quantize:\"1/256\"); c:double (quantize:\"2e3\");");
  const LaneGroup& group = layout->groups()[0];
  EXPECT_EQ(lane_of(group, "a").quantum, 0.01);
  EXPECT_EQ(lane_of(group, "a").bits, 32);
  EXPECT_TRUE(lane_of(group, "a").is_signed);
  EXPECT_EQ(lane_of(group, "b").quantum, 1.0 / 256);
  EXPECT_EQ(lane_of(group, "c").quantum, 2000);
  EXPECT_EQ(lane_of(group, "c").bits, 64);
}

TEST(LaneLayout, refuses_steps_and_scales_that_are_no_positive_numbers) {
  for (const char* bad : {"", "0", "-1", "x", "1/0", "1/", "/2", "1/2/3", "0.1 ", " 1", "inf", "nan", "1e999", "1e-999",
                          "1e300/1e-300", "1e-300/1e300", "0x10", "+1"}) {
    EXPECT_EQ(ships_refusal(fmt::format("x:float (quantize:\"{}\");", bad)),
              fmt::format("t.Ship.x: quantize is a positive number, not '{}'", bad));
    EXPECT_EQ(ships_refusal(fmt::format("x:int (scale:\"{}\");", bad)),
              fmt::format("t.Ship.x: scale is a positive number or a fraction, not '{}'", bad));
  }
  EXPECT_EQ(ships_refusal("x:int (scale);"), "t.Ship.x: scale is a positive number or a fraction, not '0'");
}

TEST(LaneLayout, refuses_to_quantize_integers) {
  EXPECT_EQ(ships_refusal("x:int (quantize:\"2\");"), "t.Ship.x: quantize is for floats");
}

TEST(LaneLayout, knows_four_ways_to_interpolate) {
  const auto layout = ships_of(
      "a:int (interpolate:\"linear\"); b:int (interpolate:\"angle\"); c:int (interpolate:\"step\");"
      "d:int (interpolate:\"none\"); e:int;");
  std::string jump;
  for (const Lane& lane : layout->groups()[0].lanes)
    if (lane.jumps) jump += lane.name;
  EXPECT_EQ(jump, "cd");
  for (const char* bad : {"", "Linear", "cubic", "linear,angle"}) {
    EXPECT_EQ(ships_refusal(fmt::format("x:int (interpolate:\"{}\");", bad)),
              fmt::format("t.Ship.x: interpolate is linear, angle, step or none, not '{}'", bad));
  }
}

// --- owner, owner_only

TEST(LaneLayout, puts_the_owner_first) {
  const auto layout = ships_of("hp:ubyte; by:ulong; x:int;", "(owner:\"by\")");
  const LaneGroup& group = layout->groups()[0];
  EXPECT_THAT(names_of(group), ElementsAre("by", "hp", "x"));
  EXPECT_EQ(group.owner, 0);
}

TEST(LaneLayout, of_entities_whose_key_is_their_owner_has_no_lane_for_it) {
  EXPECT_EQ(ships_of("x:int;")->groups()[0].owner, -1);
  EXPECT_EQ(ships_of("x:int;", "(owner:\"id\")")->groups()[0].owner, -1);
}

TEST(LaneLayout, refuses_owners_that_are_no_public_integers) {
  const auto reason = [](std::string_view owner) {
    return fmt::format("t.Ship: owner names a field of integers that everybody is sent, not '{}'", owner);
  };
  const std::string fields = "x:float (quantize:\"1\"); secret:uint (owner_only);";
  for (const char* owner : {"x", "secret", "nobody", "", "Id"})
    EXPECT_EQ(ships_refusal(fields, fmt::format("(owner:\"{}\")", owner)), reason(owner));
  EXPECT_EQ(ships_refusal(fields, "(owner)"), reason("0"));
}

TEST(LaneLayout, puts_what_is_for_the_owner_alone_last) {
  const auto layout = ships_of(
      "held:ubyte (owner_only); x:long (predict:\"v\"); a:ubyte (owner_only); v:int;"
      "z:ushort (owner_only, predict:\"v\");");
  const LaneGroup& group = layout->groups()[0];
  EXPECT_THAT(names_of(group), ElementsAre("v", "x", "held", "a", "z"));
  EXPECT_EQ(group.public_lanes, 2U);
  EXPECT_FALSE(lane_of(group, "x").is_owner_only);
  EXPECT_TRUE(lane_of(group, "held").is_owner_only);
  EXPECT_EQ(rate_of(group, "z"), "v");
  EXPECT_TRUE(layout->has_owner_only());
}

TEST(LaneLayout, refuses_a_rate_that_is_for_the_owner_alone_of_what_is_for_everybody) {
  EXPECT_EQ(ships_refusal("x:int (predict:\"v\"); v:int (owner_only);"),
            "t.Ship.x: v is owner_only and cannot predict what everybody is sent");
  const auto both = ships_of("x:int (predict:\"v\", owner_only); v:int (owner_only);");
  EXPECT_EQ(rate_of(both->groups()[0], "x"), "v");
  EXPECT_EQ(both->groups()[0].public_lanes, 0U);
}

TEST(LaneLayout, refuses_a_key_that_is_for_the_owner_alone_or_predicted) {
  const auto refusal = [](std::string_view attribute) {
    return refusal_of(
        fmt::format("struct Ship {{ id:uint (key, {}); v:int; }} table World {{ ships:[Ship]; }}", attribute));
  };
  EXPECT_EQ(refusal("owner_only"), "t.Ship.id is the key, which everybody is sent: it cannot be owner_only");
  EXPECT_EQ(refusal("predict:\"v\""), "t.Ship.id is the key, which does not change: predict is of no use");
}

// --- priority

TEST(LaneLayout, takes_the_priority_of_a_vector_which_is_no_part_of_the_format) {
  const std::string ship = "struct Ship { id:uint (key); x:int; } ";
  const auto layout =
      layout_of(ship + "table World { a:[Ship]; b:[Ship] (priority:\"1000\"); c:[Ship] (priority:\"1\"); }");
  EXPECT_EQ(layout->groups()[0].priority, 1U);
  EXPECT_EQ(layout->groups()[1].priority, 1000U);
  EXPECT_EQ(layout->groups()[2].priority, 1U);
  EXPECT_EQ(layout->hash(), layout_of(ship + "table World { a:[Ship]; b:[Ship]; c:[Ship]; }")->hash())
      << "it is the writer's affair";
}

TEST(LaneLayout, refuses_a_priority_that_is_none) {
  for (const char* priority : {"0", "1001", "-1", "1.5", "high", "", " 2", "2 ", "99999999999999999999"}) {
    EXPECT_EQ(
        refusal_of(fmt::format(
            "struct Ship {{ id:uint (key); x:int; }} table World {{ ships:[Ship] (priority:\"{}\"); }}", priority)),
        fmt::format("t.World.ships: priority is a whole number from 1 to 1000, not '{}'", priority));
  }
}

TEST(LaneLayout, refuses_a_priority_anywhere_but_on_a_vector_of_structs) {
  const auto refusal = [](const std::string& name) {
    return name + ": priority is for World's vectors of structs: mark one of those";
  };
  EXPECT_EQ(ships_refusal("x:int (priority:\"2\");"), refusal("t.Ship.x"));
  EXPECT_EQ(ships_refusal("x:int;", "(priority:\"2\")"), refusal("t.Ship"));
  EXPECT_EQ(refusal_of("table World { tick:uint (priority:\"2\"); }"), refusal("t.World.tick"));
  EXPECT_EQ(refusal_of("table Info { id:uint (key); } table World { infos:[Info] (priority:\"2\"); }"),
            refusal("t.World.infos"));
  EXPECT_EQ(refusal_of("table Info { id:uint (key); n:int (priority:\"2\"); } table World { infos:[Info]; }"),
            refusal("t.Info.n"));
}

TEST(LaneLayout, is_another_one_where_an_absent_field_is_something_else) {
  const auto hash_of = [](const std::string& fields) {
    return layout_of(fmt::format("table Note {{ id:uint (key); n:int{}; }} table World {{ notes:[Note]; }}", fields))
        ->hash();
  };
  EXPECT_EQ(hash_of(""), hash_of(" = 0"));
  EXPECT_NE(hash_of(""), hash_of(" = 1"));
}

}  // namespace netcode
