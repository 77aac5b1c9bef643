// Tests of the game: a minute of it, over in-memory links and in virtual time; and a match that was recorded.
#include <gtest/gtest.h>

#include <netcode/replay_test.hpp>
#include <netcode/testing.hpp>

#include "bot.hpp"

TEST(Tag, finds_who_stands_still) {
  netcode::testing::TestBench bench;
  bench.server().define<tag::Game>("tag").bots<tag::Chaser>({.fill_to = 4});
  ASSERT_TRUE(bench.server().open("tag", "green"));
  bench.start();
  bench.run_for(std::chrono::seconds(1));  // bots are there, and one of them is it
  const auto ada = bench.client<tag::Game>("ada");
  bool is_found = false;
  ada->on<tag::Tagged>([&](const tag::Tagged& t) { is_found |= t.whom() == ada->player().value; });
  ada->join("green");
  EXPECT_TRUE(bench.run_until([&] { return is_found; }, std::chrono::minutes(1)));
}

TEST(Tag, plays_a_recorded_match_as_it_was) {
  netcode::ServerConfig config;
  config.record_dir = ::testing::TempDir() + "tag_recordings";
  netcode::testing::TestBench bench(config);
  bench.server().define<tag::Game>("tag").bots<tag::Chaser>({.fill_to = 4});
  bench.start();
  const auto ada = bench.client<tag::Game>("ada");
  ada->quick_join("tag");
  bench.run_for(std::chrono::seconds(20));
  bench.stop();  // which finishes the file
  const auto recordings = bench.server().stats().recordings;
  ASSERT_EQ(recordings.size(), 1U);
  EXPECT_TRUE(netcode::testing::replay_test<tag::Game>(recordings.front()));
}
