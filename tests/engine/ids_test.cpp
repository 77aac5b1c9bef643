#include "engine/core/ids.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <type_traits>
#include <unordered_set>

namespace {

using RoomId = engine::Id<struct RoomTag>;
using SeatId = engine::Id<struct SeatTag, std::uint16_t>;

TEST(Id, of_one_kind_is_no_id_of_another) {
  static_assert(!std::is_convertible_v<RoomId, SeatId>);
  static_assert(!std::is_constructible_v<RoomId, SeatId>);
  static_assert(!std::is_convertible_v<std::uint32_t, RoomId>);
  static_assert(!std::is_convertible_v<RoomId, std::uint32_t>);
}

TEST(Id, costs_no_more_than_its_number) {
  static_assert(sizeof(RoomId) == 4 && sizeof(SeatId) == 2);
  static_assert(std::is_trivially_copyable_v<RoomId>);
}

TEST(Id, compares_by_its_number) {
  static_assert(RoomId{} == RoomId{0});
  EXPECT_EQ(RoomId{3}, RoomId{3});
  EXPECT_NE(RoomId{3}, RoomId{4});
  EXPECT_LT(RoomId{3}, RoomId{4});
}

TEST(Id, is_a_key_of_ordered_and_hashed_containers) {
  const std::map<SeatId, int> by_seat = {{SeatId{2}, 20}, {SeatId{1}, 10}};
  EXPECT_EQ(by_seat.begin()->second, 10);
  const std::unordered_set<RoomId> rooms = {RoomId{1}, RoomId{2}, RoomId{1}};
  EXPECT_EQ(rooms.size(), 2U);
  EXPECT_TRUE(rooms.contains(RoomId{2}));
}

}  // namespace
