#include "replication/packed/when_used.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace netcode::packed {

TEST(WhenUsed, has_a_value_from_its_first_use_on_and_copies_have_their_own) {
  WhenUsed<int> value;
  EXPECT_EQ(value.if_used(), nullptr);
  const WhenUsed<int> unused = value;
  EXPECT_EQ(unused.if_used(), nullptr);
  value.use() = 3;
  WhenUsed<int> copy = value;
  value.use() = 4;
  EXPECT_EQ(*copy.if_used(), 3);
  copy = value;
  EXPECT_EQ(*copy.if_used(), 4);
  copy = unused;
  EXPECT_EQ(copy.if_used(), nullptr);
  copy = std::move(value);
  EXPECT_EQ(*copy.if_used(), 4);
}

}  // namespace netcode::packed
