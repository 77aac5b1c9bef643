#include "server/room_set.hpp"

#include <gtest/gtest.h>

#include "netcode/limits.hpp"

using namespace netcode;

namespace {
constexpr SessionId kAda{1}, kBob{2};
}

TEST(RoomSet, is_there_while_somebody_is_in_it) {
  RoomSet rooms;
  EXPECT_TRUE(rooms.join(kAda, "/", "red"));
  EXPECT_TRUE(rooms.join(kBob, "/", "red"));
  EXPECT_EQ(rooms.members("/", "red").size(), 2U);
  rooms.leave(kAda, "/", "red");
  rooms.leave(kAda, "/", "red");
  EXPECT_EQ(rooms.members("/", "red"), (std::set<SessionId>{kBob}));
  rooms.leave_all(kBob);
  EXPECT_EQ(rooms.size(), 0U);
}

TEST(RoomSet, keeps_equal_names_of_two_namespaces_apart) {
  RoomSet rooms;
  rooms.join(kAda, "/", "red");
  rooms.join(kBob, "/admin", "red");
  EXPECT_FALSE(rooms.contains(kBob, "/", "red"));
  EXPECT_EQ(rooms.rooms_of(kBob, "/admin"), (std::vector<std::string>{"red"}));
  EXPECT_TRUE(rooms.rooms_of(kBob, "/").empty());
}

TEST(RoomSet, are_left_in_one_namespace_alone) {
  RoomSet rooms;
  for (const char* space : {"/", "/admin"})
    for (const char* room : {"red", "blue"}) rooms.join(kAda, space, room);
  rooms.join(kBob, "/admin", "red");
  rooms.leave_space(kAda, "/admin");
  EXPECT_TRUE(rooms.rooms_of(kAda, "/admin").empty());
  EXPECT_EQ(rooms.rooms_of(kAda, "/"), (std::vector<std::string>{"blue", "red"}));
  EXPECT_EQ(rooms.members("/admin", "red"), (std::set<SessionId>{kBob}));
}

TEST(RoomSet, is_bounded_a_session_and_a_name) {
  RoomSet rooms;
  for (std::size_t i = 0; i < limits::kRoomsPerSessionMax; ++i) ASSERT_TRUE(rooms.join(kAda, "/", std::to_string(i)));
  EXPECT_FALSE(rooms.join(kAda, "/", "one more"));
  EXPECT_TRUE(rooms.join(kAda, "/", "0")) << "it is there already";
  EXPECT_FALSE(rooms.join(kBob, "/", ""));
  EXPECT_FALSE(rooms.join(kBob, "/", std::string(limits::kRoomNameBytesMax + 1, 'x')));
}
