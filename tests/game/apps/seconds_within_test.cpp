#include "game/apps/seconds_within.hpp"

#include <gtest/gtest.h>

#include <string>

namespace game::apps {
namespace {

const SecondsWithin kAnHour(0, 3600);

TEST(SecondsWithin, takes_its_bounds_and_what_is_between) {
  for (const char* text : {"0", "3600", "0.25", "1e3"}) EXPECT_EQ(kAnHour(text), "") << text;
}

TEST(SecondsWithin, refuses_what_no_clock_holds_and_says_what_was_expected) {
  for (const std::string text : {"9999999999", "-1", "3600.5", "1e300", "inf", "-inf", "nan", "", "soon"})
    EXPECT_EQ(kAnHour(text), text + ": expected seconds, 0 to 3600");
}

}  // namespace
}  // namespace game::apps
