#include "server/admin_ui_sockets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

namespace netcode {
namespace {

AdminSocket admin_socket(const std::string& id, const std::string& nsp, std::optional<SessionId> session) {
  return {.id = id, .nsp = nsp, .client_id = "client", .session = session};
}

constexpr SessionId kSessionOfAda{1}, kSessionOfBob{2};

}  // namespace

TEST(AdminSockets, are_found_by_their_ids_and_by_their_sessions) {
  AdminSockets sockets;
  sockets.add(admin_socket("a", "/", kSessionOfAda));
  sockets.add(admin_socket("b", "/chat", kSessionOfAda));
  EXPECT_EQ(sockets.find({"/", "b"}), nullptr);
  EXPECT_EQ(sockets.find({"/chat", "b"})->session, kSessionOfAda);
  EXPECT_EQ(sockets.of_session(kSessionOfAda, "/")->id, "a");
  EXPECT_EQ(sockets.of_session(kSessionOfBob, "/"), nullptr);
  EXPECT_THAT(sockets.counts(), ElementsAre(Pair("/", 1U), Pair("/chat", 1U)));
  EXPECT_TRUE(sockets.remove({"/chat", "b"}));
  EXPECT_FALSE(sockets.remove({"/chat", "b"}));
  EXPECT_TRUE(sockets.remove({"/", "a"}));
  EXPECT_THAT(sockets.counts(), ElementsAre(Pair("/", 0U))) << "which is always there";
  EXPECT_EQ(sockets.size(), 0U);
}

TEST(AdminSockets, have_the_rooms_of_their_sessions_whichever_is_heard_of_first) {
  AdminSockets sockets;
  EXPECT_EQ(sockets.set_room(kSessionOfAda, "/", "red", true), nullptr);
  EXPECT_EQ(sockets.set_room(kSessionOfAda, "/chat", "blue", true), nullptr);
  const AdminSocket& added = sockets.add(admin_socket("a", "/", kSessionOfAda));
  EXPECT_THAT(sockets.rooms_of(added), ElementsAre("a", "red"));
  EXPECT_EQ(sockets.set_room(kSessionOfAda, "/", "green", true), &added);
  EXPECT_EQ(sockets.set_room(kSessionOfAda, "/", "red", false), &added);
  EXPECT_THAT(sockets.rooms_of(added), ElementsAre("a", "green"));
  const AdminSocket gone = *sockets.remove({"/", "a"});
  EXPECT_THAT(sockets.rooms_of(gone), ElementsAre("a", "green"));
  EXPECT_EQ(sockets.set_room(kSessionOfAda, "/", "green", false), nullptr);
  EXPECT_THAT(sockets.rooms_of(gone), ElementsAre("a"));
}

TEST(AdminSockets, know_a_session_that_has_come_back_before_its_first_socket_goes) {
  AdminSockets sockets;
  sockets.add(admin_socket("a", "/", kSessionOfAda));
  sockets.add(admin_socket("b", "/", kSessionOfAda));
  sockets.remove({"/", "a"});
  EXPECT_EQ(sockets.of_session(kSessionOfAda, "/")->id, "b");
  EXPECT_THAT(sockets.rooms_of(admin_socket("page", "/admin", std::nullopt)), ElementsAre("page"));
}

}  // namespace netcode
