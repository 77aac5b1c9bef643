// Moves whose attempts fail when the old connection has been replaced already.
#include "client/connection_manager.hpp"

#include "client_fixture.hpp"

namespace netcode {
namespace {

using transport::CloseCode;

/// A client that was in "x", asked for "y" and then, before it was told that it is there, for "z".
class MovedTwice : public ClientTest {
 protected:
  void move_twice() {
    join(FakeServer::in_match("x"));
    server.on_peer = nullptr;
    for (const char* match : {"y", "z"}) {
      client.join(match);
      run();
    }
    server.peers[0]->close(CloseCode::kReplaced, "replaced");  // the server has made the first move
    run();
    ASSERT_EQ(client.state(), ClientState::kInMatch);
    ASSERT_EQ(server.peers.size(), 3U);
  }
  void refuse_the_second() {
    server.peers[2]->close(CloseCode::kRefused, "match z is full");
    loop.run_for(1s);
  }
};

TEST_F(MovedTwice, and_refused_the_second_time_resumes_where_the_first_move_led) {
  move_twice();
  server.welcome_with(FakeServer::in_match("y"));
  refuse_the_second();
  EXPECT_THAT(states, ElementsAre("connecting", "in match", "in match: match z is full",
                                  "reconnecting: match z is full", "in match"));
  ASSERT_TRUE(client.match());
  EXPECT_EQ(client.match()->id, "y");
  EXPECT_EQ(server.peers.size(), 4U);
  EXPECT_EQ(server.peer().query("token"), "secret");
  EXPECT_EQ(server.peer().query("resume"), "1") << "wherever the session is";
  EXPECT_EQ(client.stats().refused, 1U);
  EXPECT_EQ(client.stats().disconnects, 1U);
  EXPECT_EQ(client.stats().resumed, 1U);
}

TEST_F(MovedTwice, and_refused_the_second_time_may_move_once_more) {
  move_twice();
  client.on_state([&](ClientState, std::string_view reason) {
    if (reason == "match z is full") client.join("w");
  });
  server.welcome_with(FakeServer::in_match("w"));
  refuse_the_second();
  EXPECT_THAT(states, ElementsAre("connecting", "in match", "in match: match z is full"));
  ASSERT_TRUE(client.match());
  EXPECT_EQ(client.match()->id, "w");
  EXPECT_EQ(client.stats().disconnects, 0U) << "a move is none";
}

TEST_F(MovedTwice, and_refused_the_second_time_may_be_left) {
  move_twice();
  client.on_state([&](ClientState, std::string_view reason) {
    if (reason == "match z is full") client.close();
  });
  refuse_the_second();
  EXPECT_EQ(client.state(), ClientState::kClosed);
  EXPECT_EQ(server.peers.size(), 3U);
}

class Replaced : public ClientTest {};

TEST_F(Replaced, by_a_move_that_is_then_refused_is_the_end) {
  join();
  server.on_peer = nullptr;
  client.join("m2");
  run();
  server.peers[0]->close(CloseCode::kReplaced, "replaced");
  run();
  server.peers[1]->close(CloseCode::kRefused, "this session has ended");
  loop.run_for(1s);
  EXPECT_THAT(states, ElementsAre("connecting", "in match", "closed: this session has ended"));
  EXPECT_EQ(server.peers.size(), 2U);
}

}  // namespace
}  // namespace netcode
