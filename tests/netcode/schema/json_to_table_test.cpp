#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spdlog/fmt/fmt.h>

#include "json_build.hpp"
#include "netcode/limits.hpp"
#include "schema/json_to_table.hpp"
#include "socketio/json_text.hpp"
#include "socketio/packet.hpp"

namespace netcode {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::JsonBuild;
using ::testing::StartsWith;

TEST(JsonToTable, knows_the_schemas_names_and_no_others) {
  JsonBuild build("table K { a:int; } struct P { x:int; } table T { a:int; Old:int (deprecated); kids:[K]; p:P; }");
  EXPECT_THAT(build.heard(R"({"a":1})"), StartsWith(R"({"a":1,)"));
  EXPECT_EQ(build.heard(R"({"b":1})"), "unknown_field b: T has no field \"b\"");
  EXPECT_EQ(build.heard(R"({"A":1})"), "unknown_field A: T has no field \"A\"");
  EXPECT_EQ(build.heard(R"({"b":null})"), "unknown_field b: T has no field \"b\"");
  EXPECT_EQ(build.heard(R"({"Old":1})"), "unknown_field Old: T has no field \"Old\"");
  EXPECT_EQ(build.heard(R"({"kids":[{},{"a":1,"c":[]}]})"), "unknown_field kids[1].c: K has no field \"c\"");
  EXPECT_EQ(build.heard(R"({"p":{"x":1,"y":2}})"), "unknown_field p.y: P has no field \"y\"");
  EXPECT_EQ(build.heard(R"({"":1})"), "unknown_field : T has no field \"\"");
  EXPECT_EQ(build.heard("{\"a\\u0000\":1}").substr(0, 15), "unknown_field a");
  EXPECT_LT(build.heard("{\"" + std::string(100'000, 'n') + "\":1}").size(), 300U);
}

TEST(JsonToTable, takes_the_last_of_a_name_that_comes_twice) {
  JsonBuild build("table T { a:int; }");
  EXPECT_EQ(build.heard(R"({"a":1,"a":2})"), R"({"a":2})");
  EXPECT_EQ(build.heard(R"({"a":"x","a":2})"), R"({"a":2})");
}

TEST(JsonToTable, needs_what_is_required) {
  JsonBuild build(
      "struct P { x:int; } table K { name:string (required); } table T { p:P (required); kids:[K] (required); k:K; }");
  EXPECT_EQ(build.heard("{}"), "missing p: required");
  EXPECT_EQ(build.heard(R"({"p":null,"kids":[]})"), "missing p: required");
  EXPECT_EQ(build.heard(R"({"p":{"x":1}})"), "missing kids: required");
  EXPECT_EQ(build.heard(R"({"p":{"x":1},"kids":[{"name":""},{}]})"), "missing kids[1].name: required");
  EXPECT_EQ(build.heard(R"({"p":{"x":1},"kids":[],"k":{"name":null}})"), "missing k.name: required");
  EXPECT_EQ(build.heard(R"({"p":{"x":1},"kids":[]})"), R"({"p":{"x":1},"kids":[]})");
}

TEST(JsonToTable, takes_null_as_absent_where_something_may_be) {
  JsonBuild build("table T { n:int = 3; maybe:int = null; s:string; t:T; v:[int]; w:[string]; f:float; b:bool; }");
  EXPECT_EQ(build.heard(R"({"maybe":null,"s":null,"t":null,"v":null,"w":null})"),
            R"({"n":3,"v":[],"w":[],"f":0,"b":false})");
  EXPECT_EQ(build.heard(R"({"n":null})"),
            "wrong_type n: expected a whole number from -2147483648 to 2147483647, found null");
  EXPECT_EQ(build.heard(R"({"t":{"f":null}})"), "wrong_type t.f: expected a number, found null");
  EXPECT_EQ(build.heard(R"({"b":null})"), "wrong_type b: expected true or false, found null");
  EXPECT_THAT(build.heard(R"({"v":[null]})"), StartsWith("wrong_type v[0]: "));
  EXPECT_EQ(build.heard(R"({"w":["a",null]})"), "wrong_type w[1]: expected a string, found null");
}

TEST(JsonToTable, keeps_what_is_optional_even_where_it_is_zero) {
  JsonBuild build("table T { maybe:int = null; }");
  EXPECT_EQ(build.heard(R"({"maybe":0})"), R"({"maybe":0})");
  EXPECT_EQ(build.heard("{}"), "{}");
  EXPECT_THAT(build.heard(R"({"maybe":"0"})"), StartsWith("wrong_type maybe: "));
}

TEST(JsonToTable, is_an_object) {
  JsonBuild build("table T { t:T; kids:[T]; s:string; v:[int]; p:P; } struct P { x:int; }");
  for (const char* bad : {"null", "[]", "1", "\"{}\"", "true"})
    EXPECT_THAT(build.heard(bad), StartsWith("wrong_type : expected an object, found ")) << bad;
  EXPECT_EQ(build.heard(R"({"t":[]})"), "wrong_type t: expected an object, found an array");
  EXPECT_EQ(build.heard(R"({"kids":{}})"), "wrong_type kids: expected an array, found an object");
  EXPECT_EQ(build.heard(R"({"kids":[{},"x"]})"), "wrong_type kids[1]: expected an object, found a string");
  EXPECT_EQ(build.heard(R"({"s":1})"), "wrong_type s: expected a string, found 1");
  EXPECT_EQ(build.heard(R"({"v":"abc"})"), "wrong_type v: expected an array, found a string");
  EXPECT_EQ(build.heard(R"({"p":[1]})"), "wrong_type p: expected an object, found an array");
  EXPECT_THAT(build.heard(R"({"v":[1,[2]]})"), StartsWith("wrong_type v[1]: "));
}

TEST(JsonToTable, says_the_way_to_the_field) {
  JsonBuild build(testing::kRichSchema);
  EXPECT_EQ(build.heard(R"({"kids":[{},{},{},{"u8":256}]})"),
            "out_of_range kids[3].u8: expected a whole number from 0 to 255, found 256");
  EXPECT_EQ(build.heard(R"({"kid":{"kids":[{"point":{"x":1,"y":"2"}}]}})"),
            "wrong_type kid.kids[0].point.y: expected a number, found a string");
  EXPECT_THAT(build.heard(R"({"numbered":[{"any_type":"Kid","any":{"u8":-1}}]})"),
              StartsWith("out_of_range numbered[0].any.u8: "));
  EXPECT_THAT(build.heard(R"({"points":[{"x":1,"y":2},{"x":1.5,"y":2}]})"), StartsWith("wrong_type points[1].x: "));
  EXPECT_THAT(build.heard(R"({"texts":["",[]]})"), StartsWith("wrong_type texts[1]: "));
}

TEST(JsonToTable, takes_strings_of_utf8_with_whatever_is_in_them) {
  JsonBuild build("table T { s:string; }");
  EXPECT_EQ(build.heard(R"({"s":""})"), R"({"s":""})");
  EXPECT_EQ(build.heard(R"({"s":"a\u0000b"})"), R"({"s":"a\u0000b"})");
  EXPECT_EQ(build.heard(R"({"s":"\ud83d\ude00"})"), "{\"s\":\"\xF0\x9F\x98\x80\"}");
  EXPECT_EQ(build.heard(R"({"s":"\ud800"})"), "{\"s\":\"\xEF\xBF\xBD\"}");
  // Whoever made the value may not have parsed it.
  const boost::json::value bad = {{"s", "\xFF"}};
  EXPECT_EQ(testing::words(build.json().to_table("T", bad, {}, 1000).error()), "not_utf8 s: not UTF-8");
}

TEST(JsonToTable, takes_bytes_as_attachments_or_as_numbers) {
  JsonBuild build("enum E : ubyte { A, B } table T { a:[ubyte]; b:[byte]; c:[short]; e:[E]; }");
  const std::string first = R"({"_placeholder":true,"num":0})", second = R"({"_placeholder":true,"num":1})";
  EXPECT_EQ(build.heard("{\"a\":" + second + ",\"b\":" + first + "}", {std::string("\xFF\0", 2), "xyz"}),
            "{\"a\":" + first + ",\"b\":" + second + R"(,"c":[],"e":[]})");
  EXPECT_THAT(build.attachments(), ElementsAre("xyz", std::string("\xFF\0", 2)));
  EXPECT_EQ(build.heard("{\"a\":" + first + ",\"b\":" + first + "}", {"ab"}),
            "{\"a\":" + first + ",\"b\":" + second + R"(,"c":[],"e":[]})");
  EXPECT_EQ(build.heard(R"({"a":[255,0],"b":[-128]})"), "{\"a\":" + first + ",\"b\":" + second + R"(,"c":[],"e":[]})");
  EXPECT_THAT(build.attachments(), ElementsAre(std::string("\xFF\0", 2), "\x80"));
  EXPECT_EQ(build.heard("{\"a\":" + first + "}", {""}), R"({"a":[],"b":[],"c":[],"e":[]})");
  EXPECT_THAT(build.heard(R"({"a":[256]})"), StartsWith("out_of_range a[0]: "));
  EXPECT_EQ(build.heard("{\"a\":" + first + "}"), "wrong_type a: expected an array, found an object");
  EXPECT_EQ(build.heard("{\"c\":" + first + "}", {"ab"}), "wrong_type c: expected an array, found an object");
  EXPECT_EQ(build.heard("{\"e\":" + first + "}", {"ab"}), "wrong_type e: expected an array, found an object");
  EXPECT_EQ(build.heard("{\"a\":" + second + "}", {"ab"}), "missing a: there is no attachment 1");
}

TEST(JsonToTable, needs_every_field_of_a_struct) {
  JsonBuild build("struct P { x:int; y:float; } struct Q { p:P; n:ubyte; } table T { q:Q; v:[P]; }");
  EXPECT_EQ(build.heard(R"({"q":{"n":1,"p":{"y":0.5,"x":2}},"v":[]})"), R"({"q":{"p":{"x":2,"y":0.5},"n":1},"v":[]})");
  EXPECT_EQ(build.heard(R"({"q":{"p":{"x":2,"y":1}}})"), "missing q.n: a struct has all of its fields");
  EXPECT_EQ(build.heard(R"({"q":{"p":{"x":2},"n":1}})"), "missing q.p.y: a struct has all of its fields");
  EXPECT_EQ(build.heard(R"({"v":[{"x":1,"y":2},{}]})"), "missing v[1].x: a struct has all of its fields");
  EXPECT_THAT(build.heard(R"({"v":[{"x":null,"y":2}]})"), StartsWith("wrong_type v[0].x: "));
  EXPECT_THAT(build.heard(R"({"v":[{"x":1,"y":2,"z":3}]})"), StartsWith("unknown_field v[0].z: "));
}

TEST(JsonToTable, needs_exactly_as_many_elements_as_a_fixed_array_has) {
  JsonBuild build("struct P { x:int; } struct G { cells:[short:3]; points:[P:2]; } table T { g:G; }");
  EXPECT_EQ(build.heard(R"({"g":{"cells":[1,2,3],"points":[{"x":1},{"x":2}]}})"),
            R"({"g":{"cells":[1,2,3],"points":[{"x":1},{"x":2}]}})");
  EXPECT_EQ(build.heard(R"({"g":{"cells":[1,2],"points":[{"x":1},{"x":2}]}})"),
            "wrong_type g.cells: expected 3 elements, found 2");
  EXPECT_EQ(build.heard(R"({"g":{"cells":[1,2,3,4],"points":[{"x":1},{"x":2}]}})"),
            "wrong_type g.cells: expected 3 elements, found 4");
  EXPECT_EQ(build.heard(R"({"g":{"cells":[1,2,3],"points":[]}})"), "wrong_type g.points: expected 2 elements, found 0");
  EXPECT_EQ(build.heard(R"({"g":{"cells":[1,2,3],"points":{}}})"),
            "wrong_type g.points: expected an array, found an object");
  EXPECT_THAT(build.heard(R"({"g":{"cells":[1,2,3],"points":[{"x":1},{"x":"2"}]}})"),
              StartsWith("wrong_type g.points[1].x: "));
  EXPECT_THAT(build.heard(R"({"g":{"cells":[1,2,70000],"points":[{"x":1},{"x":2}]}})"),
              StartsWith("out_of_range g.cells[2]: "));
}

TEST(JsonToTable, takes_a_union_as_two_fields_in_any_order) {
  JsonBuild build(
      "table K { n:int; } struct P { a:byte; x:double; } union Any { K, P, Words:string } table T { x:Any; }");
  EXPECT_EQ(build.heard(R"({"x_type":"K","x":{"n":3}})"), R"({"x_type":"K","x":{"n":3}})");
  EXPECT_EQ(build.heard(R"({"x":{"n":3},"x_type":1})"), R"({"x_type":"K","x":{"n":3}})");
  EXPECT_EQ(build.heard(R"({"x":{"a":1,"x":3},"x_type":"P"})"), R"({"x_type":"P","x":{"a":1,"x":3}})");
  EXPECT_EQ(build.heard(R"({"x":"hi","x_type":"Words"})"), R"({"x_type":"Words","x":"hi"})");
  for (const char* none :
       {R"({"x_type":"NONE"})", R"({"x_type":0,"x":null})", R"({"x_type":null})", "{}", R"({"x":null})"})
    EXPECT_EQ(build.heard(none), R"({"x_type":"NONE"})") << none;
  EXPECT_EQ(build.heard(R"({"x":{"n":3}})"), "missing x_type: x is there, and this does not say what it is");
  EXPECT_EQ(build.heard(R"({"x":{},"x_type":"NONE"})"), "missing x_type: x is there, and this does not say what it is");
  EXPECT_EQ(build.heard(R"({"x_type":"K"})"), "missing x: x_type says that there is one");
  EXPECT_EQ(build.heard(R"({"x_type":"K","x":null})"), "missing x: x_type says that there is one");
  EXPECT_THAT(build.heard(R"({"x_type":"k","x":{}})"),
              StartsWith("wrong_type x_type: expected the name or the number"));
  EXPECT_THAT(build.heard(R"({"x_type":4,"x":{}})"), StartsWith("out_of_range x_type: "));
  EXPECT_THAT(build.heard(R"({"x_type":257,"x":{}})"), StartsWith("out_of_range x_type: "));
  EXPECT_THAT(build.heard(R"({"x_type":"K","x":"hi"})"), StartsWith("wrong_type x: expected an object"));
  EXPECT_THAT(build.heard(R"({"x_type":"K","x":{"n":1,"m":2}})"), StartsWith("unknown_field x.m: "));
  EXPECT_EQ(build.heard(R"({"y":1,"x_type":0})"), "unknown_field y: T has no field \"y\"");
}

TEST(JsonToTable, needs_a_union_that_is_required) {
  JsonBuild build("table K { } union Any { K } table T { x:Any (required); }");
  EXPECT_EQ(build.heard("{}"), "missing x: required");
  EXPECT_EQ(build.heard(R"({"x_type":"NONE"})"), "missing x: required");
  EXPECT_EQ(build.heard(R"({"x_type":"K","x":{}})"), R"({"x_type":"K","x":{}})");
}

TEST(JsonToTable, knows_neither_field_of_a_deprecated_union) {
  JsonBuild build("table K { } union Any { K } table T { x:Any (deprecated); n:int; }");
  EXPECT_THAT(build.heard(R"({"x_type":"NONE"})"), StartsWith("unknown_field x_type: "));
  EXPECT_EQ(build.heard(R"({"n":1})"), R"({"n":1})");
}

TEST(JsonToTable, sorts_elements_by_their_keys) {
  JsonBuild build(testing::kRichSchema);
  EXPECT_THAT(build.heard(R"({"numbered":[{"id":5},{"id":-7},{}]})"),
              HasSubstr(R"("numbered":[{"id":-7,"any_type":"NONE"},{"id":0,"any_type":"NONE"},{"id":5,)"));
  EXPECT_THAT(build.heard(R"({"named":[{"name":"b"},{"name":"a\u0000"},{"name":"\u00e9"},{"name":"a"},{"name":""}]})"),
              HasSubstr("\"named\":[{\"name\":\"\",\"n\":0},{\"name\":\"a\",\"n\":0},{\"name\":\"a\\u0000\",\"n\":0},"
                        "{\"name\":\"b\",\"n\":0},{\"name\":\"\u00e9\",\"n\":0}]"));
  const auto grid = [](const char* id) {
    return fmt::format(
        R"({{"id":{},"cells":[1,2,3],"points":[{{"x":1,"y":2}},{{"x":3,"y":4}}],"colours":["Red","Red"],"big":"0"}})",
        id);
  };
  EXPECT_THAT(build.heard(fmt::format(R"({{"grids":[{},{},{}]}})", grid("4294967295"), grid("0"), grid("7"))),
              HasSubstr(fmt::format(R"("grids":[{},{},{}])", grid("0"), grid("7"), grid("4294967295"))));
  EXPECT_EQ(build.heard(fmt::format(R"({{"grids":[{},{},{}]}})", grid("7"), grid("1"), grid("7"))),
            "duplicate_key grids[2].id: the key of [0], too");
}

TEST(JsonToTable, sorts_every_kind_of_number_as_it_counts) {
  struct Keys {
    const char* type;
    const char* json;
    const char* sorted;
  };
  for (const Keys& keys : {Keys{"byte", "[1,-1,0]", "-1 0 1"}, Keys{"ubyte", "[200,100]", "100 200"},
                           Keys{"long", R"(["1","-1"])", "-1 1"},
                           Keys{"ulong", R"(["18446744073709551615","1","9223372036854775808"])",
                                "1 9223372036854775808 18446744073709551615"},
                           Keys{"float", "[0.5,-0.5,1e10]", "-0.5 0.5 10000000000"}}) {
    JsonBuild build(fmt::format("table K {{ id:{} (key); }} table T {{ v:[K]; }}", keys.type));
    std::string text = "{\"v\":[";
    const auto given = *socketio::parse_json(keys.json);
    for (const auto& key : given.as_array())
      text += (text.back() == '[' ? "{\"id\":" : ",{\"id\":") + socketio::json_text(key) + "}";
    text += "]}";
    std::string sorted;
    const auto heard = *socketio::parse_json(build.heard(text));
    for (const auto& element : heard.at("v").as_array()) {
      const auto& id = element.at("id");
      sorted += (sorted.empty() ? "" : " ") + (id.is_string() ? std::string(id.as_string()) : socketio::json_text(id));
    }
    EXPECT_EQ(sorted, keys.sorted);
  }
}

TEST(JsonToTable, refuses_a_key_that_comes_twice) {
  JsonBuild build(testing::kRichSchema);
  EXPECT_EQ(build.heard(R"({"numbered":[{"id":5},{"id":1},{"id":5}]})"),
            "duplicate_key numbered[2].id: the key of [0], too");
  EXPECT_EQ(build.heard(R"({"numbered":[{},{"id":0}]})"), "duplicate_key numbered[1].id: the key of [0], too");
  EXPECT_EQ(build.heard(R"({"named":[{"name":"a"},{"name":"a"}]})"),
            "duplicate_key named[1].name: the key of [0], too");
  EXPECT_EQ(build.heard(R"({"named":[{"name":"a"},{}]})"), "missing named[1].name: required");
  JsonBuild zeros("table K { id:float (key); } table T { v:[K]; }");
  EXPECT_THAT(zeros.heard(R"({"v":[{"id":0.0},{"id":-0.0}]})"), StartsWith("duplicate_key v[1].id: "));
}

TEST(JsonToTable, is_no_deeper_and_has_no_more_tables_than_others) {
  JsonBuild build("union U { T } table T { t:T; kids:[T]; any:U; }");
  for (const std::string& link :
       {std::string("{\"t\":"), std::string("{\"kids\":["), std::string("{\"any_type\":1,\"any\":")}) {
    const std::string end = link.back() == '[' ? "]}" : "}";
    std::string text = "{}";
    for (std::uint32_t depth = 1; depth < limits::kVerifyDepthMax; ++depth) text = link + text + end;
    EXPECT_THAT(build.heard(text), StartsWith("{\"")) << text;
    EXPECT_THAT(build.heard(link + text + end), HasSubstr(": tables are nested deeper than 8")) << text;
  }
  const auto kids = [](std::size_t count) {
    std::string text = "{\"kids\":[{}";
    for (std::size_t i = 1; i < count; ++i) text += ",{}";
    return text + "]}";
  };
  EXPECT_THAT(build.heard(kids(limits::kVerifyTablesMax - 1)), StartsWith("{\""));
  EXPECT_EQ(build.heard(kids(limits::kVerifyTablesMax)), "too_large kids[4095]: more than 4096 tables");
}

TEST(JsonToTable, takes_no_more_bytes_than_it_may) {
  JsonBuild build(testing::kRichSchema);
  const auto fault = [&build](const std::string& text, std::size_t bytes_max,
                              const std::vector<std::string>& attachments = {}) {
    const auto made = build.json().to_table("T", *socketio::parse_json(text),
                                            {.bytes = attachments, .number_of = socketio::attachment_of}, bytes_max);
    EXPECT_TRUE(!made || made->size() <= bytes_max);
    return made ? std::string() : testing::words(made.error());
  };
  const std::string many(1000, 'a');
  std::string numbers = "[0", texts = "[\"\"", points = R"([{"x":0,"y":0})";
  for (int i = 1; i < 1000; ++i) {
    numbers += ",0";
    texts += ",\"\"";
    points += R"(,{"x":0,"y":0})";
  }
  std::string kids = "[{}";
  for (int i = 1; i < 100; ++i) kids += R"(,{"point":{"x":1,"y":2}})";
  // Where it is too much, and not in the end: what is refused is not built first.
  const std::pair<std::string, std::string> cases[] = {{"{\"text\":\"" + many + "\"}", "text"},
                                                       {"{\"texts\":[\"\",\"" + many + "\"]}", "texts[1]"},
                                                       {"{\"shorts\":" + numbers + "]}", "shorts"},
                                                       {"{\"bytes\":" + numbers + "]}", "bytes"},
                                                       {"{\"texts\":" + texts + "]}", "texts"},
                                                       {"{\"points\":" + points + "]}", "points"},
                                                       {R"({"named":[{"name":")" + many + "\"}]}", "named[0].name"},
                                                       {R"({"any_type":3,"any":")" + many + "\"}", "any"},
                                                       {"{\"kids\":" + kids + "]}", "kids[74]"}};
  for (const auto& [text, field] : cases) {
    EXPECT_EQ(fault(text, 900), "too_large " + field + ": the table takes more than 900 bytes");
    EXPECT_EQ(fault(text, 20'000), "");
  }
  EXPECT_EQ(fault(R"({"bytes":{"_placeholder":true,"num":0}})", 900, {many}),
            "too_large bytes: the table takes more than 900 bytes");
  EXPECT_EQ(fault("{}", 8), "too_large : the table takes more than 8 bytes");
  for (std::size_t bytes_max = 0; bytes_max < 100; ++bytes_max)
    static_cast<void>(fault(R"({"text":"abc","point":{"x":1,"y":2},"kid":{}})", bytes_max));
}

// One attachment may be meant in many places.
TEST(JsonToTable, takes_no_more_bytes_than_it_may_where_one_attachment_is_used_often) {
  JsonBuild build("table T { a:[ubyte]; kids:[T]; }");
  std::string text = "{\"kids\":[{}";
  for (int i = 0; i < 4000; ++i) text += R"(,{"a":{"_placeholder":true,"num":0}})";
  EXPECT_THAT(build.heard(text + "]}", {std::string(1000, 'a')}), StartsWith("too_large kids["));
}

TEST(JsonToTable, refuses_what_has_no_form_in_json) {
  JsonBuild build("table K { } union U { K } table T { us:[U]; nested:[ubyte] (nested_flatbuffer: \"K\"); n:int; }");
  EXPECT_EQ(build.heard(R"({"n":1})"), R"({"n":1})");
  EXPECT_THAT(build.heard(R"({"us":[]})"), StartsWith("unsupported us: "));
  EXPECT_THAT(build.heard(R"({"us_type":[]})"), StartsWith("unsupported us_type: "));
  EXPECT_THAT(build.heard(R"({"nested":[1]})"), StartsWith("unsupported nested: "));
}

TEST(JsonToTable, writes_no_scalar_that_has_its_default) {
  JsonBuild build(testing::kRichSchema);
  EXPECT_EQ(build.made_of(R"({"u8":7,"f32":0.1,"colour":"Green","yes":false,"i64":0})"), build.made_of("{}"));
  EXPECT_NE(build.made_of(R"({"u8":0})"), build.made_of("{}"));
  // flatc's reflection says 0 where a ulong's default is more than a long has room for.
  JsonBuild far("table T { x:ulong = 18446744073709551615; }");
  EXPECT_NE(far.made_of(R"({"x":"0"})"), far.made_of("{}"));
}

}  // namespace
}  // namespace netcode
