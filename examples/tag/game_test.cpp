// A test of the game: a minute of it, over in-memory links and in virtual time.
#include <gtest/gtest.h>

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
