// Tables of random schemas go through JSON and back; damaged ones do not get there.
#include <flatbuffers/flatbuffers.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>
#include <engine/core/rng.hpp>

#include <schemas_bfbs_generated.h>
#include <schemas_generated.h>

#include "json_build.hpp"
#include "netcode/event.hpp"
#include "random_json.hpp"
#include "schema/table_json.hpp"
#include "schema/walk.hpp"
#include "socketio/json_text.hpp"
#include "socketio/packet.hpp"
#include "two_builds.hpp"

namespace netcode {
namespace {

using testing::JsonBuild;
using ::testing::StartsWith;

constexpr std::size_t kBytesMax = 1024 * 1024;
constexpr AttachmentForm kForm = {.placeholder = socketio::placeholder, .attachments_max = 10'000};

TableJson shapes_json() {
  return {*Schema::load({shapes::WorldBinarySchema::data(), shapes::WorldBinarySchema::size()}, "shapes.World"), kForm};
}

TEST(TableJson, knows_the_tables_of_its_schema) {
  const TableJson json = shapes_json();
  const Bytes say = encode(shapes::SayT{.text = "hi", .to = {3}});
  EXPECT_EQ(socketio::json_text(json.to_json("shapes.Say", say)->value), R"({"text":"hi","to":[3]})");
  const boost::json::value value = {{"text", "hi"}, {"to", {3}}};
  EXPECT_EQ(socketio::json_text(json.to_json("shapes.Say", *json.to_table("shapes.Say", value, {}, 100))->value),
            R"({"text":"hi","to":[3]})");
  for (const char* none : {"shapes.Nobody", "shapes.Point", "Say", ""}) {
    const JsonError expected{JsonFault::kUnknownTable, "", fmt::format("the schema has no table {}", none)};
    EXPECT_EQ(json.to_json(none, say).error(), expected);
    EXPECT_EQ(json.to_table(none, value, {}, 100).error(), expected);
  }
}

TEST(TableJson, says_in_words_what_kind_of_fault_it_is) {
  EXPECT_EQ(code_of(JsonFault::kUnknownField), "unknown_field");
  EXPECT_EQ(code_of(JsonFault::kNotValid), "not_valid");
}

TEST(TableJson, refuses_bytes_of_no_such_table) {
  JsonBuild build(testing::kRichSchema);
  EXPECT_EQ(build.said_of(Bytes()), "not_valid : not a T");
  EXPECT_EQ(build.said_of(Bytes(16, 0xFF)), "not_valid : not a T");
  const Bytes good = build.build().table("T", R"({any_type: "Kid", any: {u8: 1}})");
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_THAT(build.said_of(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))),
                StartsWith("not_valid"));
}

TEST(TableJson, refuses_a_union_whose_type_and_value_do_not_belong_together) {
  JsonBuild build("table K { s:string (required); } struct P { x:int; } union U { K, P } table T { u:U; }");
  const auto said = [&build](int type, bool has_value) {
    flatbuffers::FlatBufferBuilder builder;
    const auto text = builder.CreateString("text");
    auto start = builder.StartTable();
    builder.AddOffset(4, text);
    const flatbuffers::Offset<void> kid(builder.EndTable(start));
    start = builder.StartTable();
    if (has_value) builder.AddOffset(6, kid);
    if (type >= 0) builder.AddElement<std::uint8_t>(4, static_cast<std::uint8_t>(type));
    builder.Finish(flatbuffers::Offset<void>(builder.EndTable(start)));
    return build.said_of({builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()});
  };
  EXPECT_EQ(said(1, true), R"({"u_type":"K","u":{"s":"text"}})");
  EXPECT_EQ(said(-1, false), R"({"u_type":"NONE"})");
  for (const auto& [type, has_value] :
       {std::pair(1, false), {2, false}, {-1, true}, {3, true}, {255, true}, {3, false}})
    EXPECT_EQ(said(type, has_value), "not_valid : not a T") << type << has_value;
}

TEST(TableJson, is_never_more_lenient_with_unions_than_generated_code) {
  const TableJson json = shapes_json();
  shapes::OddT odd;
  odd.any.Set(shapes::SayT{.text = "some text", .to = {1, 2, 3}});
  const Bytes good = encode(odd);
  engine::Rng rng(5);
  int passed = 0;
  for (int round = 0; round < 20000; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    Bytes bad = good;
    for (std::uint32_t i = 0; i <= rng.below(3); ++i)
      bad[rng.below(static_cast<std::uint32_t>(bad.size()))] = static_cast<std::uint8_t>(rng.next() >> rng.below(9));
    if (json.to_json("shapes.Odd", bad)) {
      ++passed;
      flatbuffers::Verifier verifier(bad.data(), bad.size(), 8, 4096);
      ASSERT_TRUE(verifier.VerifyBuffer<shapes::Odd>(nullptr));
    }
  }
  EXPECT_GT(passed, 500);
}

// What a value check looks for is looked for in unions and arrays too.
TEST(TableJson, makes_what_the_check_of_values_finds_faults_in_where_it_is_damaged) {
  JsonBuild build(testing::kRichSchema);
  const auto types = TypeTable::load(*reflection::GetSchema(build.build().schema().bfbs().data()));
  const TypeInfo& type = *types->find("T");
  const auto fault_after = [&](const std::string& text, std::string_view from, std::string_view to) {
    Bytes bytes = build.made_of(text);
    EXPECT_EQ(first_bad_value(type, bytes), "");
    const auto at = std::search(bytes.begin(), bytes.end(), from.begin(), from.end(),
                                [](std::uint8_t byte, char c) { return byte == static_cast<std::uint8_t>(c); });
    EXPECT_NE(at, bytes.end());
    if (at != bytes.end()) std::copy(to.begin(), to.end(), at);
    EXPECT_TRUE(verify_buffer(type, bytes));
    return first_bad_value(type, bytes);
  };
  EXPECT_EQ(fault_after(R"({"any_type":"Words","any":"abcd"})", "abcd",
                        "ab\xFF"
                        "d"),
            "any is not UTF-8");
  EXPECT_EQ(fault_after(R"({"any_type":"Kid","any":{"name":"abcd"}})", "abcd",
                        "ab\xFF"
                        "d"),
            "any.name is not UTF-8");
  const std::string point = std::string("\x31\x32\x33\x34\0\0\x80\x3F", 8);  // 875770417 and 1
  const std::string infinite = std::string("\x31\x32\x33\x34\0\0\x80\x7F", 8);
  EXPECT_EQ(fault_after(R"({"any_type":"Point","any":{"x":875770417,"y":1}})", point, infinite), "any.y is not finite");
  const std::string grid =
      R"({"grids":[{"id":1,"cells":[1,2,3],"points":[{"x":1,"y":2},{"x":875770417,"y":1}],"colours":["Blue","Blue"],"big":0}]})";
  EXPECT_EQ(fault_after(grid, point, infinite), "grids[0].points[1].y is not finite");
  EXPECT_EQ(fault_after(grid, "\5\5", "\5\4"), "grids[0].colours[1] is 4, which is no Colour");
}

// --- At random -------------------------------------------------------------------------------------------------------

// Where a table has no vector it comes back with an empty one.
void add_empty_lists(const testing::Build& build, const std::string& type, testing::Value& value) {
  using testing::Kind;
  for (const testing::Model& field : build.types.at(type)) {
    const bool is_list = field.kind == Kind::kNumbers || field.kind == Kind::kTexts || field.kind >= Kind::kPoints;
    if (is_list) value.fields[field.name];
    if (!value.fields.contains(field.name)) continue;
    testing::Value& child = value.fields[field.name];
    if (field.kind == Kind::kDetail) add_empty_lists(build, "Detail", child);
    for (testing::Value& element : child.list) {
      if (field.kind == Kind::kNotes) add_empty_lists(build, "Note", element);
      if (field.kind == Kind::kDetails) add_empty_lists(build, "Detail", element);
    }
  }
}

// The tables are flatc's own.
TEST(TableJson, brings_tables_of_random_schemas_back_as_they_were) {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    engine::Rng rng(seed);
    const testing::Build model = testing::random_builds(rng)[0];
    testing::CompiledBuild build(model.schema());
    const TableJson json(build.schema(), kForm);
    for (int round = 0; round < 4; ++round) {
      testing::Value value = testing::random_world(model, rng);
      add_empty_lists(model, "World", value);
      const Bytes world = build.world(model.json(value));
      const auto said = json.to_json("World", world);
      ASSERT_TRUE(said) << testing::words(said.error());
      const std::string text = socketio::json_text(said->value);
      const auto back = json.to_table("World", *socketio::parse_json(text),
                                      {.bytes = said->attachments, .number_of = socketio::attachment_of}, kBytesMax);
      ASSERT_TRUE(back) << testing::words(back.error()) << "\n" << text;
      ASSERT_EQ(build.schema().first_difference("World", world, *back), "") << text;
      ASSERT_TRUE(build.schema().check("World", *back));
    }
  }
}

// JSON of every shape, unions and arrays too.
TEST(TableJson, says_again_what_it_heard_of_random_schemas) {
  std::size_t tables = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    engine::Rng rng(seed);
    const std::string schema = testing::random_json_schema(rng);
    SCOPED_TRACE(fmt::format("seed {}: {}", seed, schema));
    testing::CompiledBuild build(schema + "\ntable World { }");
    const TableJson json(build.schema(), kForm);
    const auto types = TypeTable::load(*reflection::GetSchema(build.schema().bfbs().data()));
    for (int round = 0; round < 5; ++round) {
      const boost::json::value value = testing::random_json(*types->find("T"), rng);
      const auto made = json.to_table("T", value, {}, kBytesMax);
      ASSERT_TRUE(made) << testing::words(made.error()) << "\n" << socketio::json_text(value);
      const auto said = json.to_json("T", *made);
      ASSERT_TRUE(said) << testing::words(said.error());
      const auto parsed = *socketio::parse_json(socketio::json_text(said->value));
      const AttachmentsOfJson attachments{.bytes = said->attachments, .number_of = socketio::attachment_of};
      const auto again = json.to_table("T", parsed, attachments, kBytesMax);
      ASSERT_TRUE(again) << testing::words(again.error());
      const auto said_again = json.to_json("T", *again);
      ASSERT_EQ(socketio::json_text(said_again->value), socketio::json_text(said->value));
      ASSERT_EQ(said_again->attachments, said->attachments);
      // What was given is in what is said.
      ASSERT_EQ(testing::missing_in(*types->find("T"), value, parsed, said->attachments), "");
      ++tables;
    }
  }
  EXPECT_EQ(tables, 2000U);
}

// Each value is changed into something that may not be there.
TEST(TableJson, makes_no_table_that_does_not_verify_of_damaged_json) {
  JsonBuild build(testing::kRichSchema);
  const auto types = TypeTable::load(*reflection::GetSchema(build.build().schema().bfbs().data()));
  const TypeInfo& type = *types->find("T");
  engine::Rng rng(8);
  int made = 0;
  for (int round = 0; round < 3000; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    boost::json::value value = testing::random_json(type, rng);
    testing::damage(value, rng);
    const auto table = build.json().to_table("T", value, {}, kBytesMax);
    if (!table) {
      ASSERT_NE(table.error().fault, JsonFault::kNotValid) << testing::words(table.error());
      continue;
    }
    ++made;
    ASSERT_TRUE(build.json().to_json("T", *table));
  }
  EXPECT_GT(made, 100);
  EXPECT_LT(made, 2900);
}

}  // namespace
}  // namespace netcode
