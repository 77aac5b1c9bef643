// Tests also: schema_hash.cpp, type_table.cpp.
#include "netcode/schema.hpp"

#include <flatbuffers/idl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <schemas_bfbs_generated.h>

#include "engine/core/rng.hpp"
#include "netcode/limits.hpp"

namespace netcode {
namespace {

using ::testing::HasSubstr;

// What flatc makes of the text, which begins with the attributes of scrim.fbs.
Bytes compile(const std::string& text) {
  flatbuffers::Parser parser;
  parser.opts.binary_schema_builtins = true;
  const std::string all = "attribute \"event\"; attribute \"input\"; attribute \"predict\";" + text;
  if (!parser.Parse(all.c_str())) throw std::runtime_error(parser.error_);
  parser.Serialize();
  return {parser.builder_.GetBufferPointer(), parser.builder_.GetBufferPointer() + parser.builder_.GetSize()};
}

std::uint64_t hash_of(const std::string& text) {
  const auto schema = Schema::load(compile(text), "World");
  if (!schema) throw std::runtime_error(schema.error().reason);
  return schema->hash();
}

std::string refusal(const std::string& text, std::string_view world = "World") {
  const auto schema = Schema::load(compile(text), world);
  return schema ? "loaded" : schema.error().reason;
}

TEST(Schema, has_the_events_that_its_attributes_name_by_rising_name) {
  const auto schema =
      Schema::load({shapes::WorldBinarySchema::data(), shapes::WorldBinarySchema::size()}, "shapes.World");
  ASSERT_TRUE(schema) << schema.error().reason;
  ASSERT_EQ(schema->events().size(), 2U);
  EXPECT_EQ(schema->events()[0].name, "say");
  EXPECT_EQ(schema->events()[0].table, "shapes.Say");
  EXPECT_FALSE(schema->events()[0].is_input);
  EXPECT_EQ(schema->events()[1].name, "vote");
  EXPECT_TRUE(schema->events()[1].is_input);
  EXPECT_TRUE(schema->events()[1].is_of_clients);
  ASSERT_NE(schema->event_named("vote"), nullptr);
  EXPECT_EQ(schema->event_named("vote")->table, "shapes.Vote");
  EXPECT_EQ(schema->event_named("vot"), nullptr);
  EXPECT_EQ(schema->event_named("zzz"), nullptr);
  ASSERT_NE(schema->event_of_table("shapes.Say"), nullptr);
  EXPECT_EQ(schema->event_of_table("shapes.Say")->name, "say");
  EXPECT_EQ(schema->event_of_table("shapes.World"), nullptr);
  EXPECT_EQ(schema->bfbs().size(), shapes::WorldBinarySchema::size());
}

TEST(Schema, keeps_what_it_gave_out_when_it_is_moved) {
  auto schema = Schema::load({shapes::WorldBinarySchema::data(), shapes::WorldBinarySchema::size()}, "shapes.World");
  ASSERT_TRUE(schema);
  const EventInfo* say = schema->event_named("say");
  const Schema moved = std::move(*schema);
  EXPECT_EQ(moved.event_named("say"), say);
}

TEST(Schema, has_a_hash_that_comments_and_order_do_not_change) {
  const std::uint64_t hash = hash_of("enum E:ubyte { A, B } table T { e:E; } table World { a:int; t:T; }");
  EXPECT_EQ(hash,
            hash_of("\n/// said\n enum E:ubyte { A, B } table World { a:int; t:T; } \n/// more\n table T { e:E; }"));
}

TEST(Schema, has_another_hash_when_a_type_changes) {
  const std::string base =
      "enum E:ubyte { A, B } struct S { x:int (predict:\"v\"); v:int; } table T { e:E; s:S; } table World { a:int; "
      "t:T; }";
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string text = base;
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  for (const auto& [from, to] :
       std::initializer_list<std::pair<std::string, std::string>>{{"a:int", "b:int"},
                                                                  {"a:int", "a:uint"},
                                                                  {"a:int", "a:int = 3"},
                                                                  {"a:int", "a:int (deprecated)"},
                                                                  {"a:int; t:T", "t:T; a:int"},
                                                                  {"A, B", "A, C"},
                                                                  {"A, B", "A, B, C"},
                                                                  {"A, B", "B, A"},
                                                                  {"E:ubyte { A", "E:ubyte (bit_flags) { A"},
                                                                  {"e:E", "e:ubyte"},
                                                                  {"x:int (predict:\"v\")", "x:int"},
                                                                  {"table T {", "table T (event:\"t\") {"},
                                                                  {"v:int;", "v:int; w:int;"}}) {
    EXPECT_NE(hash_of(base), hash_of(changed(from, to))) << from << " -> " << to;
  }
}

TEST(Schema, lets_clients_send_an_input_only_where_it_says_so) {
  const auto schema = Schema::load(compile("table World {} table A (event:\"a\", input) {} table B (event:\"b\", "
                                           "input:\"client\") {} table C (event:\"c\") {}"),
                                   "World");
  ASSERT_TRUE(schema) << schema.error().reason;
  const auto marks = [&](std::string_view name) {
    const EventInfo& event = *schema->event_named(name);
    return std::pair(event.is_input, event.is_of_clients);
  };
  EXPECT_EQ(marks("a"), std::pair(true, false));
  EXPECT_EQ(marks("b"), std::pair(true, true));
  EXPECT_EQ(marks("c"), std::pair(false, false));
}

TEST(Schema, refuses_events_that_cannot_be) {
  EXPECT_EQ(refusal("table World {} table E (event:\"\") {}"), "E is an event without a name");
  EXPECT_EQ(refusal("table World {} table E (event:\"a\\nb\") {}"), "E is an event without a name");
  EXPECT_EQ(refusal("table World {} table E (input) {}"), "E is an input, but no event");
  EXPECT_EQ(refusal("table World {} table E (event:\"e\", input:\"server\") {}"),
            "E: input is \"client\", or has no value");
  EXPECT_EQ(refusal("table World {} table E (event:\"a\") {} table F (event:\"a\") {}"),
            "E and F are both the event a");
  EXPECT_EQ(refusal("table World {} struct E (event:\"a\") { x:int; }"), "E is a struct: an event is a table");
  EXPECT_EQ(refusal("table World {} table E (event:\"" + std::string(limits::kEventNameBytesMax + 1, 'e') + "\") {}"),
            "E: an event's name takes at most 64 bytes");
  EXPECT_EQ(refusal("table World {} table A {} union U { A } table E (event:\"e\") { u:U; }"),
            "event e: E.u_type is a union, a fixed array or a nested buffer");
}

TEST(Schema, refuses_worlds_that_snapshots_cannot_hold) {
  EXPECT_EQ(refusal("table World {}", "Wrold"), "the schema has no table Wrold");
  EXPECT_EQ(refusal("struct World { x:int; }"), "World is a struct: a world is a table");
  EXPECT_EQ(refusal("struct S { x:int; } table World { all:[S]; }"), "World.all: S has no field marked (key)");
  EXPECT_EQ(refusal("table S { x:int; } table World { all:[S]; }"), "World.all: S has no field marked (key)");
  EXPECT_EQ(refusal("table S { x:string (key); } table World { all:[S]; }"),
            "World.all: the key of S is no integer of up to 32 bits");
  EXPECT_EQ(refusal("table S { x:ulong (key); } table World { all:[S]; }"),
            "World.all: the key of S is no integer of up to 32 bits");
  EXPECT_EQ(refusal("struct A { x:[int:4]; } table T { a:A; } table World { t:T; }"),
            "A.x is a union, a fixed array or a nested buffer");
  EXPECT_EQ(refusal("struct S { x:uint (key); } table World { all:[S]; t:uint; names:[string]; }"), "loaded");
}

TEST(Schema, supports_tables_without_unions_and_nested_buffers) {
  const auto schema =
      Schema::load({shapes::WorldBinarySchema::data(), shapes::WorldBinarySchema::size()}, "shapes.World");
  ASSERT_TRUE(schema);
  EXPECT_TRUE(schema->supports("shapes.World"));
  EXPECT_EQ(schema->supports("shapes.Odd").error().reason,
            "shapes.Odd.any_type is a union, a fixed array or a nested buffer");
  EXPECT_EQ(schema->supports("shapes.Nested").error().reason,
            "shapes.Nested.body is a union, a fixed array or a nested buffer");
  EXPECT_EQ(schema->supports("shapes.Point").error().reason, "the schema has no table shapes.Point");
  EXPECT_EQ(schema->supports("Nobody").error().reason, "the schema has no table Nobody");
}

std::uint64_t layout(const std::string& text, const std::string& table = "World") {
  const auto schema = Schema::load(compile(text), table);
  if (!schema) throw std::runtime_error(schema.error().reason);
  return schema->layout_hash(table);
}

TEST(Schema, has_a_layout_that_the_structs_of_the_table_change_and_its_fields_do_not) {
  const std::string base = "struct S { k:uint (key); x:short; y:short; } table World { all:[S]; n:int; }";
  const std::uint64_t ours = layout(base);
  EXPECT_EQ(layout(base + " table Other (event:\"other\") { z:int; } struct Alone { a:int; }"), ours);
  EXPECT_EQ(layout("struct S { k:uint (key); x:short; y:short; } table World { all:[S]; n:int; more:string; }"), ours);
  EXPECT_EQ(layout("struct S { k:uint (key); x:short (predict:\"y\"); y:short; } table World { all:[S]; n:int; }"),
            ours)
      << "what is only said of a field moves none";
  EXPECT_NE(layout("struct S { k:uint (key); x:short; y:short; z:int; } table World { all:[S]; n:int; }"), ours);
  EXPECT_NE(layout("struct S { k:uint (key); y:short; x:short; } table World { all:[S]; n:int; }"), ours);
  EXPECT_NE(layout("struct S { k:uint (key); x:ushort; y:short; } table World { all:[S]; n:int; }"), ours);
  EXPECT_NE(layout("struct P { x:short; y:short; } struct S { k:uint (key); p:P; } table World { all:[S]; n:int; }"),
            ours);
}

TEST(Schema, has_a_layout_of_the_table_s_own_name) {
  const std::string fields = "{ n:int; }";
  EXPECT_NE(layout("table World " + fields), layout("table Universe " + fields, "Universe"))
      << "two games without a struct";
  EXPECT_NE(layout("namespace a; table World " + fields, "a.World"),
            layout("namespace b; table World " + fields, "b.World"));
}

TEST(Schema, has_a_layout_that_the_numbers_of_the_table_s_enums_change_and_their_names_do_not) {
  const auto with = [](const std::string& enumeration) {
    return layout(enumeration + " table Part { k:uint (key); e:E = A; } table World { parts:[Part]; n:int; }");
  };
  const std::uint64_t ours = with("enum E:ubyte { A, B }");
  EXPECT_EQ(with("enum E:ubyte { A, C }"), ours);
  EXPECT_EQ(with("enum Other:ubyte { X, Y, Z } table Said (event:\"said\") { o:Other; } enum E:ubyte { A, B }"), ours)
      << "events are checked one by one";
  EXPECT_NE(with("enum E:ubyte { A, B, C }"), ours) << "the new one would be refused in a snapshot";
  EXPECT_NE(with("enum E:ubyte { A, B = 7 }"), ours);
  EXPECT_NE(with("enum E:ushort { A, B }"), ours);
  EXPECT_NE(with("enum E:ubyte (bit_flags) { A, B }"), with("enum E:ubyte { A = 1, B = 2 }"));
}

TEST(Schema, refuses_what_is_no_schema) {
  for (std::size_t size = 0; size < 12; ++size)  // without room for the identifier, too
    EXPECT_EQ(Schema::load(Bytes(size), "World").error().reason,
              "the schema is not the binary schema (.bfbs) that flatc writes");
  EXPECT_EQ(Schema::load(Bytes(100), "World").error().reason,
            "the schema is not the binary schema (.bfbs) that flatc writes");
}

// Recordings carry schemas: whatever is in one, loading and using it stays inside it (run under the sanitizers too).
TEST(Schema, survives_any_damage_to_its_bytes) {
  const Bytes good(shapes::WorldBinarySchema::data(),
                   shapes::WorldBinarySchema::data() + shapes::WorldBinarySchema::size());
  Bytes buffer(256);
  engine::Rng rng(7);
  int loaded = 0;
  for (int round = 0; round < 4000; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    Bytes bad = good;
    for (std::uint32_t i = 0; i <= rng.below(3); ++i) {
      const std::uint32_t at = rng.below(static_cast<std::uint32_t>(bad.size()));
      bad[at] = static_cast<std::uint8_t>(rng.below(3) == 0 ? 0xFF : rng.next());
    }
    if (rng.below(10) == 0) bad.resize(rng.below(static_cast<std::uint32_t>(bad.size())));
    const auto schema = Schema::load(bad, "shapes.World");
    if (!schema) continue;
    ++loaded;
    for (std::uint8_t& byte : buffer) byte = static_cast<std::uint8_t>(rng.below(12));
    for (const char* table : {"shapes.World", "shapes.Say", "shapes.Label"}) {
      if (!schema->check(table, buffer)) continue;
      EXPECT_EQ(schema->first_difference(table, buffer, buffer), "");
    }
  }
  EXPECT_GT(loaded, 100);
}

TEST(Schema, has_structs_in_structs_up_to_a_depth) {
  const auto nested = [](int depth) {
    std::string text = "struct S1 { x:int; }";
    for (int i = 2; i <= depth; ++i) text += fmt::format(" struct S{} {{ s:S{}; }}", i, i - 1);
    return fmt::format("{} table World {{ s:S{}; }}", text, depth);
  };
  EXPECT_EQ(refusal(nested(64)), "loaded");
  EXPECT_EQ(refusal(nested(65)), "S65 contains itself, or 64 structs one in the other");
}

}  // namespace
}  // namespace netcode
