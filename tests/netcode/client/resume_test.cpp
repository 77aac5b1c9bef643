// Cut cables: every reliable event arrives once and in order, both ways, wherever the cut falls.
#include "client_fixture.hpp"
#include "engine/core/rng.hpp"

namespace netcode {
namespace {

using clienttest::Note;

struct Resume : ClientTest {
  Resume() : ClientTest(config_of_tests(), 20ms) {}
};

class ResumeOverManyCuts : public Resume, public ::testing::WithParamInterface<std::uint64_t> {};

TEST_P(ResumeOverManyCuts, loses_nothing_and_repeats_nothing) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  engine::Rng rng(GetParam());
  FakeSession session;
  server.on_peer = [&](Peer& peer) { session.attach(peer, FakeServer::in_match()); };
  client.join("m1");
  loop.run_for(1s);
  ASSERT_EQ(client.state(), ClientState::kInMatch);

  std::vector<std::uint32_t> heard;
  client.on<Note>([&](const Note& note) { heard.push_back(note.number()); });
  std::uint32_t said = 0;
  std::uint32_t told = 0;
  for (int step = 0; step < 2000; ++step) {
    if (rng.below(3) == 0) client.emit(note(++said));
    if (rng.below(3) == 0) session.emit("note", encode(note(++told)));
    if (rng.below(20) == 0 && client.state() == ClientState::kInMatch) client.act(push(1));
    if (rng.below(40) == 0) server.peer().send(protocol::encode(protocol::Received{0, session.receiver.received()}));
    switch (rng.below(120)) {
      case 0:
        client.drop_connection();
        break;
      case 1:
        server.peer().cut();
        break;
      case 2:
        server.network.cut_all();
        break;
      default:
        break;
    }
    loop.run_for(std::chrono::milliseconds(rng.below(12)));
    ASSERT_NE(client.state(), ClientState::kClosed) << client.reason();
  }
  loop.run_for(20s);
  ASSERT_EQ(client.state(), ClientState::kInMatch);
  EXPECT_GT(client.stats().resumed, 5U);
  EXPECT_EQ(client.stats().resumed, client.stats().reconnects);
  EXPECT_FALSE(session.has_gap);

  std::vector<std::uint32_t> numbers(told);
  for (std::uint32_t i = 0; i < told; ++i) numbers[i] = i + 1;
  EXPECT_EQ(heard, numbers);
  ASSERT_EQ(session.handled.size(), said);
  for (std::uint32_t i = 0; i < said; ++i) {
    ASSERT_EQ(flatbuffers::GetRoot<Note>(session.handled[i].body.data())->number(), i + 1);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ResumeOverManyCuts, ::testing::Range<std::uint64_t>(1, 21));

TEST_F(Resume, names_the_session_and_what_was_received) {
  FakeSession session;
  server.on_peer = [&](Peer& peer) { session.attach(peer, FakeServer::in_match()); };
  client.join("m1");
  loop.run_for(1s);
  for (std::uint32_t i = 1; i <= 3; ++i) session.emit("note", encode(note(i)));
  loop.run_for(1s);
  server.peer().cut();
  loop.run_for(1s);
  EXPECT_EQ(server.peer().request.path, "/match/m1");
  EXPECT_EQ(server.peer().query("token"), "secret");
  EXPECT_EQ(server.peer().query("received"), "3");
  EXPECT_EQ(server.peer().query("resume"), "1") << "a match that ended meanwhile is not to be made anew";
}

TEST_F(Resume, of_a_move_that_was_cut_off_is_no_mere_way_back) {
  FakeSession session;
  server.on_peer = [&](Peer& peer) { session.attach(peer, FakeServer::in_match("m1")); };
  client.join("m1");
  loop.run_for(1s);
  server.on_peer = nullptr;
  client.join("m2");
  loop.run_for(50ms);
  server.network.cut_all();
  server.on_peer = [&](Peer& peer) { session.attach(peer, FakeServer::in_match("m2")); };
  loop.run_for(1s);
  EXPECT_EQ(client.match()->id, "m2");
  EXPECT_EQ(server.peer().query("resume"), "(absent)");
}

TEST_F(Resume, sends_again_only_what_the_server_does_not_have) {
  FakeSession session;
  server.on_peer = [&](Peer& peer) { session.attach(peer, FakeServer::in_match()); };
  client.join("m1");
  loop.run_for(1s);
  client.emit(note(1));
  client.emit(note(2));
  loop.run_for(1s);
  server.peer().cut();
  loop.run_for(25ms);
  client.emit(note(3));
  loop.run_for(1s);
  ASSERT_EQ(server.peer().events.size(), 1U);
  EXPECT_EQ(server.peer().events[0].sequence, 3U);
  EXPECT_EQ(session.duplicates, 0U);
}

TEST_F(Resume, a_move_to_another_match_carries_the_streams_over) {
  FakeSession session;
  server.on_peer = [&](Peer& peer) {
    session.attach(peer,
                   peer.request.path == "/" ? FakeServer::lobby() : FakeServer::in_match(peer.request.path.substr(7)));
  };
  client.connect();
  loop.run_for(1s);
  std::vector<std::uint32_t> heard;
  client.on<Note>([&](const Note& note) { heard.push_back(note.number()); });
  std::uint32_t number = 0;
  for (const char* match : {"a", "b", "c", "d"}) {
    client.join(match);
    for (int i = 0; i < 10; ++i) {
      ++number;
      client.emit(note(number));
      session.emit("note", encode(note(number)));
      loop.run_for(7ms);
    }
  }
  loop.run_for(1s);
  EXPECT_EQ(client.match()->id, "d");
  EXPECT_EQ(heard.size(), number);
  EXPECT_EQ(session.handled.size(), number);
  EXPECT_FALSE(session.has_gap);
  EXPECT_EQ(client.stats().disconnects, 0U);
}

TEST_F(Resume, a_server_that_lost_what_it_had_acknowledged_is_not_believed) {
  FakeSession session;
  server.on_peer = [&](Peer& peer) { session.attach(peer, FakeServer::in_match()); };
  client.join("m1");
  loop.run_for(1s);
  client.emit(note(1));
  loop.run_for(1s);
  server.peer().send(protocol::encode(protocol::Received{0, 1}));
  loop.run_for(1s);
  server.welcome_with(FakeServer::in_match());  // received: 0
  server.peer().cut();
  loop.run_for(1s);
  EXPECT_EQ(client.state(), ClientState::kClosed);
  EXPECT_THAT(client.reason(), HasSubstr("received 0 of our messages"));
}

TEST_F(Resume, works_as_well_the_twentieth_time) {
  FakeSession session;
  server.on_peer = [&](Peer& peer) { session.attach(peer, FakeServer::in_match()); };
  client.join("m1");
  loop.run_for(1s);
  EXPECT_EQ(client.stats().reconnects, 0U);
  for (int i = 0; i < 20; ++i) {
    loop.run_for(1s);
    server.network.cut_all();
  }
  loop.run_for(2s);
  EXPECT_EQ(client.stats().disconnects, 20U) << "once a second for 20 s";
  EXPECT_EQ(client.stats().resumed, 20U);
}

TEST_F(Resume, a_new_epoch_numbers_both_directions_anew) {
  auto welcome = FakeServer::in_match();
  welcome.epoch = 1;
  FakeSession before;
  server.on_peer = [&](Peer& peer) { before.attach(peer, welcome); };
  client.join("m1");
  loop.run_for(1s);
  std::vector<std::uint32_t> heard;
  client.on<Note>([&](const Note& note) { heard.push_back(note.number()); });
  client.emit(note(1));
  before.emit("note", encode(note(10)));
  before.emit("note", encode(note(11)));
  loop.run_for(1s);
  server.peer().send(protocol::encode(protocol::Received{0, before.receiver.received()}));
  loop.run_for(1s);
  ASSERT_EQ(before.handled.size(), 1U);
  ASSERT_THAT(heard, ::testing::ElementsAre(10, 11));

  // Cut before the server has seen the second note; it comes back knowing the session, and none of its numbers.
  server.peer().cut();
  client.emit(note(2));
  FakeSession after;
  welcome.epoch = 2;
  server.on_peer = [&](Peer& peer) { after.attach(peer, welcome); };
  loop.run_for(5s);
  EXPECT_EQ(server.peer().query("epoch"), "1");
  EXPECT_EQ(server.peer().query("received"), "2");
  ASSERT_EQ(client.state(), ClientState::kInMatch) << client.reason();
  ASSERT_EQ(after.handled.size(), 1U) << "what the old numbering had acknowledged is not sent again";
  EXPECT_EQ(after.handled[0].sequence, 1U);
  EXPECT_FALSE(after.has_gap);

  after.emit("note", encode(note(12)));
  client.emit(note(3));
  loop.run_for(1s);
  EXPECT_THAT(heard, ::testing::ElementsAre(10, 11, 12));
  EXPECT_EQ(after.handled.size(), 2U);

  server.peer().cut();
  loop.run_for(5s);
  EXPECT_EQ(server.peer().query("epoch"), "2");
  EXPECT_EQ(server.peer().query("received"), "1");
  EXPECT_EQ(client.state(), ClientState::kInMatch) << client.reason();
  EXPECT_EQ(client.stats().resumed, 2U);
}

}  // namespace
}  // namespace netcode
