#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/string.hpp>

#include "json_build.hpp"
#include "schema/json_scalar.hpp"

namespace netcode {
namespace {

using ::testing::HasSubstr;
using testing::JsonBuild;
using ::testing::StartsWith;

/// A table with one field of this type, given this JSON, as JSON again; or the error.
std::string heard(const std::string& field, const std::string& value, const std::string& types = {}) {
  return JsonBuild(types + " table T { x:" + field + "; }").heard("{\"x\":" + value + "}");
}
std::string x(const std::string& value) { return "{\"x\":" + value + "}"; }

TEST(JsonScalar, takes_whole_numbers_however_they_are_written) {
  for (const char* type : {"byte", "ubyte", "short", "ushort", "int", "uint"}) {
    EXPECT_EQ(heard(type, "1e2"), x("100")) << type;
    EXPECT_EQ(heard(type, "2.0"), x("2")) << type;
    EXPECT_EQ(heard(type, "-0"), x("0")) << type;
    EXPECT_EQ(heard(type, "-0.0"), x("0")) << type;
    EXPECT_EQ(heard(type, "0.5e1"), x("5")) << type;
  }
  EXPECT_EQ(heard("int", "1e3"), x("1000"));
}

TEST(JsonScalar, takes_no_fractions_and_no_strings_for_integers) {
  for (const char* type : {"byte", "ubyte", "short", "ushort", "int", "uint"}) {
    for (const char* bad : {"1.5", "\"12\"", "true", "[]", "{}", "null", "1e-3", "\"\""})
      EXPECT_THAT(heard(type, bad), StartsWith("wrong_type x: expected a whole number from ")) << type << bad;
  }
  EXPECT_EQ(heard("ubyte", "1.5"), "wrong_type x: expected a whole number from 0 to 255, found 1.5");
  EXPECT_EQ(heard("byte", "\"12\""), "wrong_type x: expected a whole number from -128 to 127, found \"12\"");
  EXPECT_EQ(heard("uint", "true"), "wrong_type x: expected a whole number from 0 to 4294967295, found true");
}

TEST(JsonScalar, takes_integers_up_to_both_ends_of_their_range) {
  struct Range {
    const char* type;
    const char* below;
    const char* min;
    const char* max;
    const char* above;
  };
  for (const Range& of :
       {Range{"byte", "-129", "-128", "127", "128"}, Range{"ubyte", "-1", "0", "255", "256"},
        Range{"short", "-32769", "-32768", "32767", "32768"}, Range{"ushort", "-1", "0", "65535", "65536"},
        Range{"int", "-2147483649", "-2147483648", "2147483647", "2147483648"},
        Range{"uint", "-1", "0", "4294967295", "4294967296"}}) {
    EXPECT_EQ(heard(of.type, of.min), x(of.min)) << of.type;
    EXPECT_EQ(heard(of.type, of.max), x(of.max)) << of.type;
    for (const char* bad : {of.below, of.above, "1e300", "-1e300", "1e400", "18446744073709551615", "1e19"})
      EXPECT_THAT(heard(of.type, bad), HasSubstr(" x: expected a whole number from ")) << of.type << bad;
    EXPECT_THAT(heard(of.type, of.below), StartsWith("out_of_range x: ")) << of.type;
    EXPECT_THAT(heard(of.type, of.above), StartsWith("out_of_range x: ")) << of.type;
  }
}

TEST(JsonScalar, takes_64_bits_as_strings_of_digits) {
  EXPECT_EQ(heard("long", "\"-9223372036854775808\""), x("\"-9223372036854775808\""));
  EXPECT_EQ(heard("long", "\"9223372036854775807\""), x("\"9223372036854775807\""));
  EXPECT_EQ(heard("ulong", "\"18446744073709551615\""), x("\"18446744073709551615\""));
  EXPECT_EQ(heard("ulong", "\"0\""), x("\"0\""));
  EXPECT_THAT(heard("long", "\"9223372036854775808\""), StartsWith("out_of_range x: "));
  EXPECT_THAT(heard("ulong", "\"-1\""), StartsWith("out_of_range x: "));
  for (const char* type : {"long", "ulong"})
    for (const char* bad :
         {"\"\"", "\"-\"", "\"+1\"", "\" 1\"", "\"1 \"", "\"01\"", "\"-0\"", "\"1e3\"", "\"1.0\"", "\"0x10\"",
          "\"18446744073709551616\"", "\"-9223372036854775809\"", "\"1\\u0000\"", "\"\xD9\xA1\"", "\"--1\"", "\"nan\""})
      EXPECT_THAT(heard(type, bad), StartsWith("wrong_type x: expected a whole number from ")) << type << bad;
}

TEST(JsonScalar, takes_64_bits_as_numbers_where_javascript_counts_exactly) {
  for (const char* type : {"long", "ulong"}) {
    EXPECT_EQ(heard(type, "9007199254740991"), x("\"9007199254740991\"")) << type;
    EXPECT_EQ(heard(type, "1e3"), x("\"1000\"")) << type;
    EXPECT_EQ(heard(type, "-0.0"), x("\"0\"")) << type;
    for (const char* bad :
         {"9007199254740992", "9007199254740992.0", "18446744073709551615", "1e19", "-9007199254740992"})
      EXPECT_THAT(heard(type, bad), StartsWith("out_of_range x: ")) << type << bad;
    for (const char* bad : {"1.5", "1e400", "1e300", "true", "null"})
      EXPECT_THAT(heard(type, bad), StartsWith("wrong_type x: ")) << type << bad;
  }
  EXPECT_EQ(heard("long", "-9007199254740991"), x("\"-9007199254740991\""));
  EXPECT_THAT(heard("ulong", "-1"), StartsWith("out_of_range x: "));
  EXPECT_EQ(heard("ulong", "1e19"),
            "out_of_range x: expected a whole number from 0 to 18446744073709551615, as a string of digits beyond "
            "9007199254740991, found 1e+19");
}

TEST(JsonScalar, takes_floats_that_are_finite_in_their_width) {
  EXPECT_EQ(heard("float", "0.1"), x("0.1"));
  EXPECT_EQ(heard("float", "16777217"), x("16777216"));
  EXPECT_EQ(heard("float", "3.4028235e38"), x("3.4028235e+38"));
  EXPECT_EQ(heard("float", "-3.4028235e38"), x("-3.4028235e+38"));
  EXPECT_EQ(heard("float", "1e-50"), x("0"));
  EXPECT_EQ(heard("float", "18446744073709551615"), x("18446744000000000000"));
  EXPECT_EQ(heard("double", "-9223372036854775808"), x("-9223372036854776000"));
  EXPECT_EQ(heard("double", "1.7976931348623157e308"), x("1.7976931348623157e+308"));
  EXPECT_EQ(heard("float", "3.5e38"), "out_of_range x: 3.5e+38 is not finite in 32 bits");
  EXPECT_EQ(heard("float", "-1e39"), "out_of_range x: -1e+39 is not finite in 32 bits");
  EXPECT_THAT(heard("float", "1e400"), StartsWith("out_of_range x: "));
  EXPECT_THAT(heard("double", "1e400"), StartsWith("out_of_range x: "));
  EXPECT_THAT(heard("double", "-1e400"), StartsWith("out_of_range x: "));
  for (const char* type : {"float", "double"})
    for (const char* bad : {"null", "\"1\"", "true", "[1]", "{}", "\"NaN\"", "\"Infinity\""})
      EXPECT_THAT(heard(type, bad), StartsWith("wrong_type x: expected a number, found ")) << type << bad;
}

TEST(JsonScalar, takes_bools_as_true_and_false_alone) {
  EXPECT_EQ(heard("bool", "true"), x("true"));
  EXPECT_EQ(heard("bool = true", "false"), x("false"));
  for (const char* bad : {"0", "1", "\"true\"", "null", "[]", "1.0"})
    EXPECT_THAT(heard("bool", bad), StartsWith("wrong_type x: expected true or false, found ")) << bad;
}

TEST(JsonScalar, takes_an_enum_by_its_name_or_its_number) {
  const std::string colours = "enum Colour : byte { Black = -1, None, Red, Blue = 5 }";
  EXPECT_EQ(heard("Colour", "\"Blue\"", colours), x("\"Blue\""));
  EXPECT_EQ(heard("Colour", "5", colours), x("\"Blue\""));
  EXPECT_EQ(heard("Colour", "-1.0", colours), x("\"Black\""));
  for (const char* bad : {"3", "-2", "255", "133", "1e300", "18446744073709551615"})
    EXPECT_THAT(heard("Colour", bad, colours), HasSubstr(" x: expected the name or the number of a value of Colour"))
        << bad;
  for (const char* bad : {"\"blue\"", "\"\"", "\"5\"", "\"Colour.Blue\"", "\"Red Blue\"", "true", "null", "0.5"})
    EXPECT_THAT(heard("Colour", bad, colours),
                StartsWith("wrong_type x: expected the name or the number of a value of Colour, found "))
        << bad;
  const std::string far = "enum Far : ulong { Near = 1, Beyond = 9223372036854775809 }";
  EXPECT_EQ(heard("Far = Near", "\"9223372036854775809\"", far), x("\"Beyond\""));
  EXPECT_EQ(heard("Far = Near", "\"Beyond\"", far), x("\"Beyond\""));
  EXPECT_EQ(heard("Far = Near", "1", far), x("\"Near\""));
  EXPECT_THAT(heard("Far = Near", "\"2\"", far), StartsWith("out_of_range x: "));
  EXPECT_THAT(heard("Far = Near", "9223372036854775809", far), StartsWith("out_of_range x: "));
}

TEST(JsonScalar, takes_flags_as_a_number_within_the_mask) {
  const std::string sides = "enum Sides : ushort (bit_flags) { Left, Top = 2 }";
  EXPECT_EQ(heard("Sides", "5", sides), x("5"));
  EXPECT_EQ(heard("Sides", "0", sides), x("0"));
  for (const char* bad : {"2", "8", "-1", "65537"})
    EXPECT_THAT(heard("Sides", bad, sides), StartsWith("out_of_range x: expected the sum of flags of Sides, found "))
        << bad;
  EXPECT_EQ(heard("Sides", "\"Left\"", sides), "wrong_type x: expected the sum of flags of Sides, found \"Left\"");
  const std::string wide = "enum Wide : ulong (bit_flags) { Low, High = 63 }";
  EXPECT_EQ(heard("Wide", "\"9223372036854775809\"", wide), x("\"9223372036854775809\""));
  EXPECT_THAT(heard("Wide", "\"2\"", wide), StartsWith("out_of_range x: "));
}

TEST(JsonScalar, shows_text_from_outside_cut_and_printable) {
  EXPECT_EQ(shown("abc"), "abc");
  EXPECT_EQ(shown(std::string("a\0\n\x1B[2J", 7)).find('\n'), std::string::npos);
  EXPECT_EQ(shown(std::string(64, 'a')), std::string(64, 'a'));
  EXPECT_EQ(shown(std::string(1000, 'a')), std::string(64, 'a') + "...");
  EXPECT_EQ(shown(std::string(63, 'a') + "\xC3\xA9"), std::string(63, 'a') + "...");
  EXPECT_LT(shown(std::string(1000, '\x80')).size(), 300U);
}

}  // namespace
}  // namespace netcode
