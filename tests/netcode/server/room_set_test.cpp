#include "server/room_set.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "netcode/limits.hpp"

namespace netcode {
namespace {
constexpr SessionId kAdasSession{1}, kBobsSession{2};
}

TEST(RoomSet, is_there_while_somebody_is_in_it) {
  RoomSet rooms;
  EXPECT_TRUE(rooms.join(kAdasSession, "/", "red"));
  EXPECT_TRUE(rooms.join(kBobsSession, "/", "red"));
  EXPECT_EQ(rooms.members("/", "red").size(), 2U);
  rooms.leave(kAdasSession, "/", "red");
  rooms.leave(kAdasSession, "/", "red");
  EXPECT_EQ(rooms.members("/", "red"), (RoomSet::Members{kBobsSession}));
  rooms.leave_all(kBobsSession);
  EXPECT_EQ(rooms.size(), 0U);
}

TEST(RoomSet, keeps_equal_names_of_two_namespaces_apart) {
  RoomSet rooms;
  rooms.join(kAdasSession, "/", "red");
  rooms.join(kBobsSession, "/admin", "red");
  EXPECT_FALSE(rooms.contains(kBobsSession, "/", "red"));
  EXPECT_EQ(rooms.rooms_of(kBobsSession, "/admin"), (std::vector<std::string>{"red"}));
  EXPECT_TRUE(rooms.rooms_of(kBobsSession, "/").empty());
}

TEST(RoomSet, are_left_in_one_namespace_alone) {
  RoomSet rooms;
  for (const char* space : {"/", "/admin"})
    for (const char* room : {"red", "blue"}) rooms.join(kAdasSession, space, room);
  rooms.join(kBobsSession, "/admin", "red");
  rooms.leave_space(kAdasSession, "/admin");
  EXPECT_TRUE(rooms.rooms_of(kAdasSession, "/admin").empty());
  EXPECT_EQ(rooms.rooms_of(kAdasSession, "/"), (std::vector<std::string>{"blue", "red"}));
  EXPECT_EQ(rooms.members("/admin", "red"), (RoomSet::Members{kBobsSession}));
}

TEST(RoomSet, is_bounded_a_session_and_a_name) {
  RoomSet rooms;
  for (std::size_t i = 0; i < limits::kRoomsPerSessionMax; ++i)
    ASSERT_TRUE(rooms.join(kAdasSession, "/", std::to_string(i)));
  EXPECT_FALSE(rooms.join(kAdasSession, "/", "one more"));
  EXPECT_TRUE(rooms.join(kAdasSession, "/", "0")) << "it is there already";
  EXPECT_FALSE(rooms.join(kBobsSession, "/", ""));
  EXPECT_FALSE(rooms.join(kBobsSession, "/", std::string(limits::kRoomNameBytesMax + 1, 'x')));
}

TEST(RoomSet, tells_its_watcher_of_every_change_and_of_nothing_else) {
  RoomSet rooms;
  std::vector<std::string> told;
  rooms.set_watcher([&told](SessionId session, const RoomSet::Key& room, bool is_in) {
    told.push_back(std::to_string(session.value) + (is_in ? " into " : " out of ") + room.first + room.second);
  });
  const std::string ada = std::to_string(kAdasSession.value);
  rooms.join(kAdasSession, "/", "red");
  rooms.join(kAdasSession, "/", "red");
  rooms.join(kAdasSession, "/", "");
  rooms.join(kAdasSession, "/", "blue");
  rooms.join(kAdasSession, "/chat", "red");
  EXPECT_EQ(std::exchange(told, {}),
            (std::vector<std::string>{ada + " into /red", ada + " into /blue", ada + " into /chatred"}));
  rooms.leave(kAdasSession, "/", "green");
  rooms.leave(kBobsSession, "/", "red");
  rooms.leave(kAdasSession, "/", "red");
  rooms.leave_space(kAdasSession, "/chat");
  rooms.leave_all(kAdasSession);
  rooms.leave_all(kAdasSession);
  EXPECT_EQ(told, (std::vector<std::string>{ada + " out of /red", ada + " out of /chatred", ada + " out of /blue"}));
}

}  // namespace netcode
