#include "client/reconnect.hpp"

#include <gtest/gtest.h>

#include <set>

namespace netcode::client {
namespace {

using namespace std::chrono_literals;

Backoff::Config config_of(std::uint64_t seed) { return {.min = 100ms, .max = 5s, .give_up_after = 30s, .seed = seed}; }

const engine::TimePoint kLostAt{1h};

TEST(Backoff, doubles_to_its_maximum_with_jitter_of_half) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Backoff backoff(config_of(seed));
    backoff.lost(kLostAt, 1min);
    for (const engine::Duration base : {100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 5000ms, 5000ms}) {
      const auto delay = backoff.next(kLostAt);
      ASSERT_TRUE(delay);
      EXPECT_GE(*delay, base / 2);
      EXPECT_LE(*delay, base * 3 / 2);
    }
  }
}

TEST(Backoff, spreads_the_clients_of_one_server) {
  std::set<engine::Duration> delays;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Backoff backoff(config_of(seed));
    backoff.lost(kLostAt, 1min);
    delays.insert(*backoff.next(kLostAt));
  }
  EXPECT_GT(delays.size(), 80U);
}

TEST(Backoff, is_the_same_for_the_same_seed) {
  Backoff one(config_of(5));
  Backoff other(config_of(5));
  one.lost(kLostAt, 1min);
  other.lost(kLostAt, 1min);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(one.next(kLostAt), other.next(kLostAt));
}

TEST(Backoff, gives_up_before_an_attempt_that_would_come_too_late) {
  Backoff backoff(config_of(1));
  backoff.lost(kLostAt, 1min);
  engine::TimePoint now = kLostAt;
  while (const auto delay = backoff.next(now)) now += *delay;
  EXPECT_LE(now, kLostAt + 30s);
  EXPECT_GT(now, kLostAt + 20s);
}

TEST(Backoff, begins_anew_after_a_connection_that_lasted) {
  Backoff backoff(config_of(1));
  backoff.lost(kLostAt, 1min);
  for (int i = 0; i < 8; ++i) (void)backoff.next(kLostAt);
  backoff.lost(kLostAt + 1min, 20s);
  EXPECT_LE(*backoff.next(kLostAt + 1min), 150ms);
}

TEST(Backoff, goes_on_growing_where_connections_do_not_last) {
  Backoff backoff(config_of(1));
  engine::Duration longest{};
  for (int i = 0; i < 10; ++i) {
    backoff.lost(kLostAt, 1ms);
    longest = *backoff.next(kLostAt);
  }
  EXPECT_GE(longest, 2500ms);
}

}  // namespace
}  // namespace netcode::client
