#include "engine/core/assert.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace {

constexpr int half(int value) {
  ENGINE_ASSERT(value % 2 == 0, "only even numbers have a half");
  return value / 2;
}

TEST(Assert, does_nothing_when_the_condition_holds) {
  ENGINE_ASSERT(true);
  ENGINE_ASSERT(1 + 1 == 2, "arithmetic");
}

TEST(Assert, evaluates_its_condition_once) {
  int evaluations = 0;
  ENGINE_ASSERT(++evaluations > 0);
  EXPECT_EQ(evaluations, 1);
}

TEST(Assert, takes_whatever_converts_to_bool_explicitly) {
  struct Valid {
    explicit operator bool() const { return true; }
  };
  ENGINE_ASSERT(Valid{});
}

TEST(Assert, works_at_compile_time) {
  static_assert(half(4) == 2);
  EXPECT_EQ(half(6), 3);
}

TEST(AssertDeathTest, names_the_place_and_the_expression) {
  const int ticks = 3;
  EXPECT_DEATH(ENGINE_ASSERT(ticks == 4), "assert_test\\.cpp:[0-9]+: assertion failed: ticks == 4\n");
}

TEST(AssertDeathTest, adds_the_message) {
  EXPECT_DEATH((void)half(3),
               "assert_test\\.cpp:10: assertion failed: value % 2 == 0: only even numbers have a half\n");
}

}  // namespace
