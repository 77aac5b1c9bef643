#include "engine/core/result.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace {

using engine::Result;

Result<int> parse_even(int value) {
  if (value % 2 != 0) return engine::error("{} is odd", value);
  return value;
}

Result<void> check_even(int value) {
  if (const auto even = parse_even(value); !even) return even.error();
  return {};
}

Result<std::string> name_of(int value) {
  if (value == 0) return engine::error("zero has no name");
  if (value == 1) return "one";
  return std::string("many");
}

Result<std::unique_ptr<int>> boxed(int value) {
  if (value == 0) return engine::Error{"empty"};
  return std::make_unique<int>(value);
}

TEST(Result, holds_a_value_or_the_reason_there_is_none) {
  const auto value = parse_even(4);
  ASSERT_TRUE(value);
  EXPECT_EQ(*value, 4);
  const auto none = parse_even(5);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().reason, "5 is odd");
}

TEST(Result, of_nothing_is_success_or_a_reason) {
  EXPECT_TRUE(check_even(2));
  EXPECT_EQ(check_even(3).error().reason, "3 is odd");
}

TEST(Result, of_a_string_tells_value_from_reason) {
  EXPECT_EQ(*name_of(1), "one");
  EXPECT_EQ(*name_of(2), "many");
  EXPECT_FALSE(name_of(0));
}

TEST(Result, holds_values_that_only_move) {
  auto box = boxed(3);
  ASSERT_TRUE(box);
  const std::unique_ptr<int> taken = std::move(*box);
  EXPECT_EQ(*taken, 3);
  EXPECT_EQ(boxed(0).error().reason, "empty");
}

TEST(Result, throws_its_reason_from_value) {
  EXPECT_EQ(parse_even(4).value(), 4);
  try {
    (void)parse_even(5).value();
    FAIL() << "did not throw";
  } catch (const std::runtime_error& e) {
    EXPECT_STREQ(e.what(), "5 is odd");
  }
}

TEST(Error, is_made_of_its_text) {
  EXPECT_EQ(engine::Error{"why"}.reason, "why");
  EXPECT_EQ(engine::Error{std::string("why")}, engine::error("{}", "why"));
}

}  // namespace
