// What one build of a game makes of another's buffers: what both have, by its name, and nothing else.
// Tests also: number.cpp, type_match.cpp.
#include "schema/convert.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "compiled_build.hpp"
#include "engine/core/rng.hpp"
#include "netcode/limits.hpp"
#include "schema/type_match.hpp"
#include "two_builds.hpp"

namespace netcode {
namespace {

using testing::CompiledBuild;
using ::testing::HasSubstr;

constexpr const char* kBuildWorld = CompiledBuild::kWorld;

Converter converter(const CompiledBuild& from, const CompiledBuild& to) {
  auto made = Converter::make(from.schema(), to.schema(), kBuildWorld);
  if (!made) throw std::runtime_error(made.error().reason);
  return std::move(*made);
}

/// A World of `from`, which is JSON, as a line of text of the one that `to` makes of it.
std::string seen(const std::string& from, const std::string& json, const std::string& to) {
  CompiledBuild theirs(from), ours(to);
  const Bytes world = theirs.world(json);
  if (const auto good = theirs.schema().check(kBuildWorld, world); !good)
    return fmt::format("not theirs: {}", good.error().reason);
  const auto converted = converter(theirs, ours).convert(world, limits::kWorldBytesMax);
  if (!converted) return converted.error().reason;
  if (const auto good = ours.schema().check(kBuildWorld, *converted); !good)
    return fmt::format("not ours: {}", good.error().reason);
  return ours.schema().text(kBuildWorld, *converted);
}

}  // namespace

TEST(Convert, gives_what_both_builds_have_and_defaults_for_the_rest) {
  std::size_t empty = 0;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    engine::Rng rng(seed);
    const auto builds = testing::random_builds(rng);
    CompiledBuild a(builds[0].schema()), b(builds[1].schema());
    const Converter to_b = converter(a, b);
    const Converter to_a = converter(b, a);
    for (int i = 0; i < 5; ++i) {
      for (const bool is_back : {false, true}) {
        CompiledBuild& theirs = is_back ? b : a;
        CompiledBuild& ours = is_back ? a : b;
        const testing::Value value = testing::random_world(builds[is_back ? 1 : 0], rng);
        const Bytes world = theirs.world(builds[is_back ? 1 : 0].json(value));
        const auto good = theirs.schema().check(kBuildWorld, world);
        ASSERT_TRUE(good) << good.error().reason;
        const auto converted = (is_back ? to_a : to_b).convert(world, limits::kWorldBytesMax);
        ASSERT_TRUE(converted) << converted.error().reason;
        const auto sound = ours.schema().check(kBuildWorld, *converted);
        ASSERT_TRUE(sound) << sound.error().reason;
        const Bytes expected = ours.world(
            builds[is_back ? 0 : 1].json(testing::as_seen_by(builds[is_back ? 0 : 1], builds[is_back ? 1 : 0], value)));
        ASSERT_EQ(ours.schema().first_difference(kBuildWorld, *converted, expected), "")
            << theirs.schema().text(kBuildWorld, world) << "\n"
            << ours.schema().text(kBuildWorld, *converted);
        empty += ours.schema().text(kBuildWorld, *converted) == "{}" ? 1 : 0;
      }
    }
  }
  EXPECT_LT(empty, 500U) << "of 5000: they say next to nothing";
}

TEST(Convert, of_one_build_changes_nothing) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    engine::Rng rng(seed);
    const auto builds = testing::random_builds(rng);
    CompiledBuild build(builds[0].schema()), again(builds[0].schema());
    const testing::Value value = testing::random_world(builds[0], rng);
    const Bytes world = build.world(builds[0].json(value));
    const auto converted = converter(build, again).convert(world, limits::kWorldBytesMax);
    ASSERT_TRUE(converted) << converted.error().reason;
    const Bytes expected = build.world(builds[0].json(testing::as_seen_by(builds[0], builds[0], value)));
    EXPECT_EQ(build.schema().first_difference(kBuildWorld, *converted, expected), "");
  }
}

TEST(Convert, keeps_numbers_that_there_is_room_for) {
  const std::string wide = "table World { a:long; b:ulong; c:double; d:double; e:int; }";
  const std::string narrow = "table World { e:float; d:short; c:float; b:byte = 7; a:uint = 9; }";
  EXPECT_EQ(seen(wide, "{a: 4294967295, b: 127, c: 0.5, d: 2.75, e: -3}", narrow),
            "{e: -3, d: 3, c: 0.5, b: 127, a: 4294967295}");
  EXPECT_EQ(seen(wide, "{a: 4294967296, b: 128, c: 1e300, d: 1e5, e: 4}", narrow), "{e: 4}") << "the rest is absent";
  EXPECT_EQ(seen(wide, "{a: -1, b: 18446744073709551615}", narrow), "{}");
  EXPECT_EQ(seen(wide, "{a: -1}", narrow), "{b: 0}") << "as it is there, where it is absent";
}

TEST(Convert, keeps_a_default_that_is_another_one_here) {
  EXPECT_EQ(
      seen("table World { a:int = 5; b:int = 5; c:int = 5; }", "{b: 6}", "table World { a:int; b:int; c:int = 5; }"),
      "{a: 5, b: 6}");
  EXPECT_EQ(seen("table World { a:int = null; b:int = null; }", "{b: 0}", "table World { a:int = 3; b:int = 3; }"),
            "{b: 0}")
      << "what is absent and has no default there is absent here";
  EXPECT_EQ(seen("table World { a:int; }", "{}", "table World { a:int = null; }"), "{a: 0}");
}

TEST(Convert, takes_no_number_that_an_enum_has_not) {
  const std::string more =
      "enum E:ushort { A, B, C = 300 } struct S { id:uint (key); e:E; } "
      "table World { a:E; b:E; all:[E]; things:[S]; }";
  const std::string fewer =
      "enum E:ubyte { A, B } struct S { e:E; id:uint (key); } "
      "table World { things:[S]; all:[E]; b:E = B; a:E = B; }";
  EXPECT_EQ(seen(more, "{a: 300, b: 0, all: [1, 300], things: [{id: 1, e: 1}, {id: 2, e: 300}]}", fewer),
            "{things: [{e: B, id: 1}, {e: A, id: 2}], all: [B, A], b: A}");
}

TEST(Convert, leaves_out_elements_whose_key_has_no_room) {
  const std::string wide =
      "struct S { id:int (key); x:int; } table N { id:uint (key); n:int; } "
      "table World { things:[S]; notes:[N]; }";
  const std::string narrow =
      "struct S { id:ubyte (key); x:int; } table N { id:ubyte (key); n:int; } "
      "table World { things:[S]; notes:[N]; }";
  EXPECT_EQ(
      seen(wide, "{things: [{id: -1, x: 1}, {id: 2, x: 2}, {id: 256, x: 3}], notes: [{id: 0, n: 4}, {id: 300, n: 5}]}",
           narrow),
      "{things: [{id: 2, x: 2}], notes: [{n: 4}]}");
  const std::string renamed =
      "struct S { key:int (key); x:int; } table N { key:uint (key); n:int; } "
      "table World { things:[S]; notes:[N]; }";
  EXPECT_EQ(seen(wide, "{things: [{id: 1, x: 1}], notes: [{id: 1, n: 1}]}", renamed), "{things: [], notes: []}");
}

TEST(Convert, puts_elements_in_the_order_of_the_key_here) {
  const std::string by_id = "struct S { id:uint (key); team:uint; } table World { things:[S]; }";
  const std::string by_team = "struct S { id:uint; team:uint (key); } table World { things:[S]; }";
  EXPECT_EQ(seen(by_id, "{things: [{id: 1, team: 9}, {id: 2, team: 3}, {id: 3, team: 9}]}", by_team),
            "{things: [{id: 2, team: 3}, {id: 1, team: 9}]}");
}

TEST(Convert, gives_nothing_for_what_is_another_kind_of_thing) {
  EXPECT_EQ(
      seen("struct P { x:int; } table T { x:int; } table World { a:int; b:string; c:P; d:T; e:[int]; f:[ubyte]; }",
           "{a: 1, b: \"b\", c: {x: 1}, d: {x: 1}, e: [1], f: [1]}",
           "struct P { x:int; } table T { x:int; } "
           "table World { a:string; b:int; c:T; d:P; e:[string]; f:string (required); }"),
      "{f: \"\"}");
}

TEST(Convert, makes_what_is_required_here_of_nothing) {
  EXPECT_EQ(seen("table World { a:int; }", "{a: 1}",
                 "struct P { x:int; } table T { s:string (required); n:int = 4; v:[int] (required); } "
                 "table World { a:int; t:T (required); s:string (required); p:P (required); }"),
            "{a: 1, t: {s: \"\", v: []}, s: \"\", p: {x: 0}}");
}

TEST(Convert, refuses_what_is_required_and_requires_itself) {
  const std::string endless = "table T { t:T (required); } table World { a:int; t:T (required); }";
  EXPECT_THAT(seen("table World { a:int; }", "{a: 1}", endless), HasSubstr("a T is required, and there is none"));
}

TEST(Convert, has_empty_vectors_of_elements_in_its_root_as_packed_snapshots_have) {
  EXPECT_EQ(seen("table World { a:int; }", "{a: 1}",
                 "struct S { id:uint (key); } table N { id:uint (key); } "
                 "table World { a:int; things:[S]; notes:[N]; numbers:[int]; }"),
            "{a: 1, things: [], notes: []}");
}

TEST(Convert, refuses_what_is_larger_here_than_it_may_be) {
  const std::string small = "struct S { id:ubyte (key); } table World { things:[S]; name:string; }";
  const std::string large =
      "struct W { a:long; b:long; c:long; d:long; } "
      "struct S { id:ubyte (key); a:W; b:W; c:W; d:W; } table World { things:[S]; name:string; }";
  CompiledBuild theirs(small), ours(large);
  std::string things;
  for (int i = 0; i < 200; ++i) things += fmt::format("{}{{id: {}}}", i == 0 ? "" : ", ", i);
  const Bytes world = theirs.world(fmt::format("{{things: [{}]}}", things));
  const Converter convert = converter(theirs, ours);
  const auto whole = convert.convert(world, limits::kWorldBytesMax);
  ASSERT_TRUE(whole) << whole.error().reason;
  EXPECT_GT(whole->size(), 200U * 128);
  EXPECT_TRUE(convert.convert(world, whole->size()));
  const auto refused = convert.convert(world, whole->size() - 1);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().reason, HasSubstr(fmt::format("larger than {} bytes", whole->size() - 1)));
  for (const std::size_t bytes_max : {0U, 10U, 1000U, 25'600U}) EXPECT_FALSE(convert.convert(world, bytes_max));
}

TEST(Convert, is_not_made_where_a_build_has_no_such_table) {
  const CompiledBuild one("table World { a:int; } table Other { b:int; }"), two("table World { a:int; }");
  const auto made = Converter::make(one.schema(), two.schema(), "Other");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().reason, "the schema has no table Other");
  EXPECT_FALSE(Converter::make(two.schema(), one.schema(), "Other"));
  EXPECT_TRUE(Converter::make(one.schema(), one.schema(), "Other"));
}

// Ours has T0 to T79, which lead to each other, and theirs too, in other ways: from each of ours to each of theirs.
TEST(Convert, is_not_made_of_schemas_that_lead_from_each_type_to_each) {
  constexpr int kTypes = 80;
  const auto all = [](int step) {
    std::string out;
    for (int i = 0; i < kTypes; ++i)
      out += fmt::format("table T{} {{ a:T{}; b:T{}; }} ", i, (i + 1) % kTypes, (i * step) % kTypes);
    return fmt::format("{}table World {{ t:T0; }}", out);
  };
  const CompiledBuild theirs(all(4)), ours(all(3));
  const auto made = Converter::make(theirs.schema(), ours.schema(), kBuildWorld);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().reason, "more than 4096 types to be matched");
}

}  // namespace netcode
