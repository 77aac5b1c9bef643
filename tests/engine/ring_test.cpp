#include "engine/core/ring.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "engine/core/rng.hpp"

namespace {

using engine::Ring;

TEST(Ring, starts_empty) {
  const Ring<int> ring(3);
  EXPECT_TRUE(ring.empty());
  EXPECT_FALSE(ring.full());
  EXPECT_EQ(ring.size(), 0U);
  EXPECT_EQ(ring.capacity(), 3U);
}

TEST(Ring, refuses_the_push_that_would_exceed_its_capacity) {
  Ring<std::string> ring(2);
  EXPECT_TRUE(ring.push_back("a"));
  EXPECT_TRUE(ring.push_back("b"));
  EXPECT_TRUE(ring.full());
  EXPECT_FALSE(ring.push_back("c"));
  EXPECT_EQ(ring.size(), 2U);
  EXPECT_EQ(ring.front(), "a");
  EXPECT_EQ(ring.back(), "b");
}

TEST(Ring, of_no_capacity_refuses_everything) {
  Ring<int> ring(0);
  EXPECT_TRUE(ring.empty() && ring.full());
  EXPECT_FALSE(ring.push_back(1));
}

TEST(Ring, behaves_as_a_bounded_queue_over_many_turns) {
  const std::uint64_t seed = 3;
  SCOPED_TRACE(seed);
  engine::Rng rng(seed);
  for (std::size_t capacity = 1; capacity <= 8; ++capacity) {
    Ring<std::uint32_t> ring(capacity);
    std::deque<std::uint32_t> expected;
    for (int i = 0; i < 2000; ++i) {
      if (rng.below(2) == 0) {
        const std::uint32_t value = rng.next();
        const bool taken = ring.push_back(value);
        ASSERT_EQ(taken, expected.size() < capacity);
        if (taken) expected.push_back(value);
      } else if (!expected.empty()) {
        ring.pop_front();
        expected.pop_front();
      }
      ASSERT_EQ(ring.size(), expected.size());
      for (std::size_t at = 0; at < expected.size(); ++at) ASSERT_EQ(ring[at], expected[at]);
      if (!expected.empty()) {
        ASSERT_EQ(ring.front(), expected.front());
        ASSERT_EQ(ring.back(), expected.back());
      }
    }
  }
}

TEST(Ring, releases_what_an_element_owns_when_it_is_popped) {
  const auto owned = std::make_shared<int>(1);
  Ring<std::shared_ptr<int>> ring(2);
  ASSERT_TRUE(ring.push_back(owned));
  ASSERT_TRUE(ring.push_back(owned));
  EXPECT_EQ(owned.use_count(), 3);
  ring.pop_front();
  EXPECT_EQ(owned.use_count(), 2);
  ring.clear();
  EXPECT_EQ(owned.use_count(), 1);
  EXPECT_TRUE(ring.empty());
}

TEST(Ring, holds_types_that_only_move_and_have_no_default) {
  struct Frame {
    explicit Frame(int v) : value(std::make_unique<int>(v)) {}
    std::unique_ptr<int> value;
  };
  Ring<Frame> ring(2);
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(ring.push_back(Frame(i)));
    EXPECT_EQ(*ring.front().value, i);
    ring.pop_front();
  }
}

TEST(Ring, uses_its_memory_again_and_takes_no_more) {
  Ring<int> ring(4);
  std::set<const int*> places;
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(ring.push_back(i));
    places.insert(&ring.back());
    ring.pop_front();
  }
  EXPECT_EQ(places.size(), 4U);
}

TEST(Ring, keeps_references_until_their_element_is_popped) {
  Ring<std::string> ring(100);
  ASSERT_TRUE(ring.push_back("first"));
  const std::string& first = ring.front();
  while (!ring.full()) ASSERT_TRUE(ring.push_back("more"));
  EXPECT_EQ(&first, &ring.front());
  EXPECT_EQ(first, "first");
}

TEST(Ring, copies_are_their_own_rings) {
  Ring<int> ring(3);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(ring.push_back(i));
  ring.pop_front();
  ASSERT_TRUE(ring.push_back(3));  // the copy starts from a ring that has wrapped
  Ring<int> copy = ring;
  ring.clear();
  ASSERT_EQ(copy.size(), 3U);
  EXPECT_EQ(copy[0], 1);
  EXPECT_EQ(copy[2], 3);
  EXPECT_FALSE(copy.push_back(4));
  copy.pop_front();
  EXPECT_TRUE(copy.push_back(4));
  EXPECT_EQ(copy.back(), 4);
}

TEST(Ring, moved_from_is_empty_and_usable) {
  Ring<int> ring(2);
  ASSERT_TRUE(ring.push_back(1));
  Ring<int> other = std::move(ring);
  EXPECT_EQ(other.front(), 1);
  EXPECT_TRUE(ring.empty());  // NOLINT(bugprone-use-after-move): the header promises it
  EXPECT_TRUE(ring.push_back(2));
  ring = std::move(other);
  EXPECT_EQ(ring.front(), 1);
}

TEST(RingDeathTest, refuses_to_read_what_is_not_there) {
  Ring<int> ring(2);
  EXPECT_DEATH((void)ring.front(), "index < size_");
  EXPECT_DEATH((void)ring.back(), "index < size_");
  EXPECT_DEATH(ring.pop_front(), "!empty\\(\\)");
  ASSERT_TRUE(ring.push_back(1));
  EXPECT_DEATH((void)ring[1], "index < size_");
}

}  // namespace
