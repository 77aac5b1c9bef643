#include "engine/core/token_bucket.hpp"

#include <gtest/gtest.h>

using engine::TokenBucket;
using namespace std::chrono_literals;

TEST(TokenBucket, gives_a_burst_and_then_so_much_a_second) {
  engine::TimePoint now{};
  TokenBucket bucket(10, 5, now);
  int taken = 0;
  while (bucket.take(1, now)) ++taken;
  EXPECT_EQ(taken, 5);
  EXPECT_FALSE(bucket.take(1, now + 99ms));
  EXPECT_TRUE(bucket.take(1, now + 101ms));
  EXPECT_TRUE(bucket.take(5, now + 1h));
  EXPECT_FALSE(bucket.take(1, now + 1h)) << "it never holds more than its burst";
}

TEST(TokenBucket, goes_into_debt_no_deeper_than_it_may) {
  engine::TimePoint now{};
  TokenBucket bucket(10, 5, now);
  bucket.spend(1000, 20, now);
  EXPECT_TRUE(bucket.is_in_debt());
  bucket.spend(1000, 20, now);
  bucket.spend(0, 20, now + 1900ms);
  EXPECT_TRUE(bucket.is_in_debt());
  bucket.spend(0, 20, now + 2100ms);
  EXPECT_FALSE(bucket.is_in_debt());
}
