#include "server/counters.hpp"

#include <gtest/gtest.h>

namespace netcode {
namespace {

TEST(Counters, list_the_newest_recordings_and_count_them_all) {
  RecordingList list;
  for (std::size_t i = 0; i < limits::kRecordingsListedMax + 10; ++i) list.add(std::to_string(i));
  ServerStats stats;
  list.add_to(stats);
  EXPECT_EQ(stats.recordings_made, limits::kRecordingsListedMax + 10);
  ASSERT_EQ(stats.recordings.size(), limits::kRecordingsListedMax);
  EXPECT_EQ(stats.recordings.front(), "10");
  EXPECT_EQ(stats.recordings.back(), std::to_string(limits::kRecordingsListedMax + 9));
}

TEST(Counters, sum_up_over_shards) {
  ShardStats one, other;
  ++one.ticks;
  one.ticks += 2;
  other.ticks = 4;
  other.clients_peak = 5;
  ServerStats sum;
  one.add_to(sum);
  other.add_to(sum);
  EXPECT_EQ(sum.ticks, 7U);
  EXPECT_EQ(sum.clients_peak, 5U);
}

}  // namespace
}  // namespace netcode
