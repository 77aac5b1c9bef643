#include <flatbuffers/flatbuffers.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "json_build.hpp"
#include "schema/table_to_json.hpp"

namespace netcode {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::JsonBuild;
using ::testing::StartsWith;

// A table with one field.
std::string said(const std::string& field, const std::string& value, const std::string& types = {}) {
  return JsonBuild(types + " table T { x:" + field + "; }").said("{x: " + value + "}");
}

Bytes finished(flatbuffers::FlatBufferBuilder& builder, flatbuffers::uoffset_t start) {
  builder.Finish(flatbuffers::Offset<void>(builder.EndTable(start)));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

TEST(TableToJson, says_every_scalar_and_vector_and_leaves_out_what_else_is_absent) {
  JsonBuild build(testing::kRichSchema);
  EXPECT_EQ(build.said("{}"),
            R"({"yes":false,"i8":0,"u8":7,"i16":0,"u16":0,"i32":-4,"u32":0,"i64":"0","u64":"9223372036854775807",)"
            R"("f32":0.1,"f64":0,"colour":"Green","small":"Nothing","far":"Near","sides":0,"wide":"0",)"
            R"("any_type":"NONE","bools":[],"bytes":[],"signed_bytes":[],"shorts":[],"longs":[],"floats":[],)"
            R"("doubles":[],"colours":[],"flags":[],"texts":[],"points":[],"grids":[],"kids":[],"named":[],)"
            R"("numbered":[]})");
}

TEST(TableToJson, says_integers_of_up_to_32_bits_as_numbers) {
  EXPECT_EQ(said("byte", "-128"), R"({"x":-128})");
  EXPECT_EQ(said("ubyte", "255"), R"({"x":255})");
  EXPECT_EQ(said("short", "-32768"), R"({"x":-32768})");
  EXPECT_EQ(said("ushort", "65535"), R"({"x":65535})");
  EXPECT_EQ(said("int", "-2147483648"), R"({"x":-2147483648})");
  EXPECT_EQ(said("uint", "4294967295"), R"({"x":4294967295})");
}

TEST(TableToJson, says_integers_of_64_bits_as_strings) {
  EXPECT_EQ(said("long", "-9223372036854775808"), R"({"x":"-9223372036854775808"})");
  EXPECT_EQ(said("ulong", "18446744073709551615"), R"({"x":"18446744073709551615"})");
  EXPECT_EQ(said("[ulong]", "[18446744073709551615, 0]"), R"({"x":["18446744073709551615","0"]})");
}

TEST(TableToJson, says_the_shortest_that_a_float_of_its_width_is_read_from) {
  EXPECT_EQ(said("float", "0.1"), R"({"x":0.1})");
  EXPECT_EQ(said("double", "0.1"), R"({"x":0.1})");
  EXPECT_EQ(said("[float]", "[0.3, 16777216, 1e-45, 3.4028235e38]"), R"({"x":[0.3,16777216,1e-45,3.4028235e+38]})");
  EXPECT_EQ(said("double", "0.1000000014901161"), R"({"x":0.1000000014901161})");
}

TEST(TableToJson, refuses_floats_that_are_not_finite) {
  for (const double bad : {std::numeric_limits<double>::infinity(), std::nan("")}) {
    for (const bool is_wide : {false, true}) {
      JsonBuild build("table T { x:[double]; y:[float]; }");
      flatbuffers::FlatBufferBuilder builder;
      const auto wide = builder.CreateVector(std::vector<double>{0, bad});
      const auto narrow = builder.CreateVector(std::vector<float>{0, static_cast<float>(bad)});
      const auto start = builder.StartTable();
      if (is_wide) builder.AddOffset(4, wide);
      if (!is_wide) builder.AddOffset(6, narrow);
      EXPECT_THAT(build.said_of(finished(builder, start)),
                  StartsWith(is_wide ? "out_of_range x[1]: " : "out_of_range y[1]: "));
    }
  }
  JsonBuild build("table T { x:float = inf; }");
  EXPECT_THAT(build.said("{}"), StartsWith("out_of_range x: "));
}

TEST(TableToJson, says_bools_as_true_and_false) {
  EXPECT_EQ(said("bool", "true"), R"({"x":true})");
  EXPECT_EQ(said("[bool]", "[true, false]"), R"({"x":[true,false]})");
}

TEST(TableToJson, says_the_names_of_an_enum_and_numbers_that_have_none) {
  const std::string colours = "enum Colour : ubyte { None, Red, Blue = 5 }";
  EXPECT_EQ(said("Colour", "\"Blue\"", colours), R"({"x":"Blue"})");
  EXPECT_EQ(said("Colour", "3", colours), R"({"x":3})");
  EXPECT_EQ(said("[Colour]", "[1, 3, 0]", colours), R"({"x":["Red",3,"None"]})");
  EXPECT_EQ(said("Far = A", "2", "enum Far : ulong { A = 18446744073709551615 }"), R"({"x":"2"})");
}

TEST(TableToJson, says_flags_as_a_number) {
  const std::string sides = "enum Sides : ushort (bit_flags) { Left, Right, Top }";
  EXPECT_EQ(said("Sides", "\"Left Top\"", sides), R"({"x":5})");
  EXPECT_EQ(said("Sides", "\"Left\"", sides), R"({"x":1})");
  EXPECT_EQ(said("Wide", "\"High\"", "enum Wide : ulong (bit_flags) { Low, High = 63 }"),
            R"({"x":"9223372036854775808"})");
}

TEST(TableToJson, says_strings_that_are_utf8_and_no_others) {
  EXPECT_EQ(said("string", "\"\\u0000 \\\"\\u00e9\""), "{\"x\":\"\\u0000 \\\"\u00e9\"}");
  EXPECT_EQ(said("[string]", R"(["", "a"])"), R"({"x":["","a"]})");
  JsonBuild build("table T { x:string; y:[string]; }");
  for (const char* bad : {"\xFF", "\xED\xA0\x80", "a\xC3"}) {
    for (const bool is_element : {false, true}) {
      flatbuffers::FlatBufferBuilder builder;
      const auto text = builder.CreateString(bad);
      const auto texts = builder.CreateVector(std::vector{text});
      const auto start = builder.StartTable();
      if (is_element) builder.AddOffset(6, texts);
      if (!is_element) builder.AddOffset(4, text);
      EXPECT_EQ(build.said_of(finished(builder, start)),
                is_element ? "not_utf8 y[0]: not UTF-8" : "not_utf8 x: not UTF-8");
    }
  }
}

TEST(TableToJson, says_bytes_as_attachments) {
  JsonBuild build("table T { a:[ubyte]; b:[byte]; c:[short]; d:[ubyte]; kids:[T]; }");
  EXPECT_EQ(build.said("{a: [1, 255], b: [-1, 0], c: [1], d: [], kids: [{a: [65]}]}"),
            R"({"a":{"_placeholder":true,"num":0},"b":{"_placeholder":true,"num":1},"c":[1],"d":[],)"
            R"("kids":[{"a":{"_placeholder":true,"num":2},"b":[],"c":[],"d":[],"kids":[]}]})");
  EXPECT_THAT(build.attachments(), ElementsAre("\x01\xFF", std::string("\xFF\0", 2), "A"));
  const std::string kid = "{a: [1]}, ";
  std::string kids;
  for (int i = 0; i < 10; ++i) kids += kid;
  EXPECT_THAT(build.said("{kids: [" + kids + "]}"), StartsWith("{"));
  EXPECT_EQ(build.said("{kids: [" + kids + kid + "]}"), "too_large kids[10].a: more than 10 attachments");
}

TEST(TableToJson, says_structs_and_their_arrays_whole) {
  const std::string grid =
      "enum E : byte { A, B } struct P { x:int; y:double; } struct G { cells:[short:3]; points:[P:2]; kinds:[E:2]; "
      "p:P; }";
  EXPECT_EQ(
      said("G", "{cells: [1, 2, 3], points: [{x: 1, y: 0.5}, {x: 2, y: 0}], kinds: [1, 0], p: {x: 4, y: 5}}", grid),
      R"({"x":{"cells":[1,2,3],"points":[{"x":1,"y":0.5},{"x":2,"y":0}],"kinds":["B","A"],"p":{"x":4,"y":5}}})");
  EXPECT_EQ(said("[P]", "[{x: 1, y: 2}, {x: 3, y: 4}]", grid), R"({"x":[{"x":1,"y":2},{"x":3,"y":4}]})");
}

TEST(TableToJson, says_a_union_in_two_fields) {
  const std::string any = "table K { n:int; } struct P { x:int; } union Any { K, P, Words:string }";
  JsonBuild build(any + " table T { x:Any; }");
  EXPECT_EQ(build.said(R"({x_type: "K", x: {n: 3}})"), R"({"x_type":"K","x":{"n":3}})");
  EXPECT_EQ(build.said(R"({x_type: "P", x: {x: 3}})"), R"({"x_type":"P","x":{"x":3}})");
  EXPECT_EQ(build.said(R"({x_type: "Words", x: "hi"})"), R"({"x_type":"Words","x":"hi"})");
  EXPECT_EQ(build.said("{}"), R"({"x_type":"NONE"})");
}

TEST(TableToJson, leaves_out_what_is_optional_and_absent_and_what_is_deprecated) {
  JsonBuild build(
      "table K { } union U { K } table T { a:int = null; b:bool = null; c:int (deprecated); d:U (deprecated); }");
  EXPECT_EQ(build.said("{}"), "{}");
  EXPECT_EQ(build.said("{a: 0, b: false}"), R"({"a":0,"b":false})");
}

// 4,000 offsets to one long string are 32 KiB to send and 64 MiB to unpack.
TEST(TableToJson, does_not_unpack_what_is_shared_to_far_more_than_it_is) {
  JsonBuild build("table T { texts:[string]; }");
  for (const bool few : {true, false}) {
    flatbuffers::FlatBufferBuilder builder;
    const auto text = builder.CreateString(std::string(16 * 1024, 'a'));
    const auto texts = builder.CreateVector(std::vector(few ? 3 : 4000, text));
    const auto start = builder.StartTable();
    builder.AddOffset(4, texts);
    EXPECT_THAT(build.said_of(finished(builder, start)), StartsWith(few ? R"({"texts":["aaa)" : "too_large texts["));
  }
}

}  // namespace
}  // namespace netcode
