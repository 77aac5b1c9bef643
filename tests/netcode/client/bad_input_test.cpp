// Whatever a server sends, the client never crashes: it goes on, or closes with a reason that says what was wrong.
// Tests also: receive.cpp.
#include "client_fixture.hpp"
#include "engine/core/rng.hpp"
#include "netcode/limits.hpp"
#include "protocol/packed_envelope.hpp"
#include "protocol/requests.hpp"

namespace netcode {
namespace {

using transport::CloseCode;

/// Whatever bytes, as a packed message.
Bytes packed(const Bytes& bytes) {
  Bytes message(protocol::kPackedEnvelopeBytes);
  protocol::write_packed_envelope(bytes.size(), message);
  message.insert(message.end(), bytes.begin(), bytes.end());
  return message;
}

class BadInput : public ClientTest {
 protected:
  void expect_closed(CloseCode code, const std::string& why) {
    EXPECT_EQ(client.state(), ClientState::kClosed);
    EXPECT_THAT(client.reason(), HasSubstr(why));
    ASSERT_TRUE(server.peer().closed);
    EXPECT_EQ(server.peer().closed->code, code);
    EXPECT_THAT(server.peer().closed->reason, HasSubstr(why.substr(0, 60))) << "the server is told";
    loop.run_for(1min);
    EXPECT_EQ(server.peers.size(), 1U) << "there is no going on with it";
  }
};

TEST_F(BadInput, rubbish_instead_of_a_welcome) {
  server.on_peer = [](Peer& peer) { peer.send(Bytes(40, 0xAB)); };
  client.connect();
  run();
  expect_closed(CloseCode::kBadPayload, "not a valid message of scrim.v1");
}

TEST_F(BadInput, an_empty_message) {
  connect();
  server.peer().send({});
  run();
  expect_closed(CloseCode::kBadPayload, "not a valid message of scrim.v1");
}

TEST_F(BadInput, a_text_message) {
  connect();
  server.peer().send_text("hello");
  run();
  expect_closed(CloseCode::kUnsupportedData, "text message");
}

TEST_F(BadInput, a_first_message_that_is_not_a_welcome) {
  server.on_peer = [](Peer& peer) { peer.send(protocol::encode(protocol::Received{})); };
  client.connect();
  run();
  expect_closed(CloseCode::kProtocolError, "first message is not a Welcome");
}

TEST_F(BadInput, a_second_welcome) {
  connect();
  server.peer().send(protocol::encode(FakeServer::lobby()));
  run();
  expect_closed(CloseCode::kProtocolError, "second Welcome");
}

TEST_F(BadInput, another_protocol_is_named) {
  auto welcome = FakeServer::lobby();
  welcome.protocol = 9;
  server.welcome_with(welcome);
  client.connect();
  run();
  expect_closed(CloseCode::kProtocolError, "the server speaks version 9 of the protocol, we speak 1");
}

TEST_F(BadInput, a_world_that_is_laid_out_otherwise_is_named) {
  auto welcome = FakeServer::in_match();
  const std::uint64_t ours = load_test_schema().layout_hash("clienttest.World");
  welcome.match->unpacks = 0xAB;
  server.welcome_with(welcome);
  client.join("m1");
  run();
  EXPECT_THAT(client.reason(), HasSubstr("00000000000000ab"));
  EXPECT_THAT(client.reason(), HasSubstr(fmt::format("{:016x}", ours)));
  expect_closed(CloseCode::kProtocolError, "match m1: its clienttest.World is laid out otherwise");
}

TEST_F(BadInput, a_welcome_into_a_match_that_says_why_there_is_none) {
  auto welcome = FakeServer::in_match();
  welcome.refusal = "match m1 is over";
  server.welcome_with(welcome);
  client.join("m1");
  run();
  expect_closed(CloseCode::kBadPayload, "a Welcome into a match with a refusal");
}

TEST_F(BadInput, a_packed_snapshot_that_builds_on_none) {
  join();
  server.peer().send(packed({1, 2, 1, 1, 1, 1}));  // its head says a tick, one up
  run();
  expect_closed(CloseCode::kBadPayload, "a packed snapshot that builds on none");
}

TEST_F(BadInput, a_packed_snapshot_that_is_none) {
  join();
  server.peer().send(packed({32}));
  run();
  expect_closed(CloseCode::kBadPayload, "a packed snapshot whose head says what nobody knows");
}

TEST_F(BadInput, a_message_that_only_clients_send) {
  connect();
  const Bytes body = encode(push(1));
  server.peer().send(protocol::encode(protocol::ActionView{.body = body}));
  run();
  expect_closed(CloseCode::kProtocolError, "the server sent an action");
}

TEST_F(BadInput, a_snapshot_before_the_map) {
  auto welcome = FakeServer::in_match();
  welcome.match->map_hash = 1;
  server.welcome_with(welcome);
  client.join("m1");
  run();
  server.peer().send_snapshot({.tick = 101}, world(1));
  run();
  expect_closed(CloseCode::kProtocolError, "a snapshot before the map");
}

TEST_F(BadInput, a_world_of_another_shape) {
  join();
  server.peer().send_snapshot({.tick = 101}, Bytes(20, 0xFF));
  run();
  expect_closed(CloseCode::kBadPayload, "bad snapshot of tick 101");
  EXPECT_EQ(client.world(), nullptr);
}

TEST_F(BadInput, a_world_whose_enum_is_out_of_range) {
  join();
  clienttest::WorldT bad;
  bad.color = static_cast<clienttest::Color>(77);
  server.peer().send_snapshot({.tick = 101}, encode(bad));
  run();
  expect_closed(CloseCode::kBadPayload, "color");
}

TEST_F(BadInput, word_that_a_message_came_which_was_never_sent) {
  connect();
  server.peer().send(protocol::encode(protocol::Received{.snapshot_tick = 0, .received = 5}));
  run();
  expect_closed(CloseCode::kProtocolError, "message 5");
}

TEST_F(BadInput, an_end_of_the_match_that_cannot_be_read) {
  join();
  server.peer().send(
      protocol::encode(protocol::EventMessage{.sequence = 1, .name = "scrim:ended", .ack = 0, .body = Bytes(3, 1)}));
  run();
  expect_closed(CloseCode::kBadPayload, "not a MatchEnded");
}

TEST_F(BadInput, a_namespace_that_was_left_and_cannot_be_read) {
  connect();
  server.peer().send(protocol::encode(
      protocol::EventMessage{.sequence = 1, .name = "scrim:left_namespace", .ack = 0, .body = Bytes(3, 1)}));
  run();
  expect_closed(CloseCode::kBadPayload, "not a NamespaceLeft");
}

TEST_F(BadInput, a_reason_with_control_characters_is_made_fit_to_print) {
  connect();
  server.peer().close(CloseCode::kKicked, "bell\a and \x1b[31mred");
  run();
  EXPECT_EQ(client.reason(), "bell and [31mred");
}

// Truncated and mutated ---------------------------------------------------------------------------

/// Each message of a short session, as good as it gets.
std::vector<Bytes> good_messages() {
  const Bytes body = encode(note(1, "text"));
  const auto frame = protocol::SharedSnapshot(world(1)).frame({.tick = 101});
  Bytes snapshot = frame.head;
  snapshot.insert(snapshot.end(), frame.body->begin() + static_cast<std::ptrdiff_t>(frame.body_offset),
                  frame.body->end());
  const Bytes ended = protocol::encode_match_ended({.match = "m1", .result = "over"});
  const Bytes left = protocol::encode_namespace_left({.space = "/admin", .reason = "enough"});
  return {protocol::encode(FakeServer::in_match()),
          snapshot,
          protocol::encode(protocol::EventMessage{.sequence = 1, .name = "note", .ack = 3, .body = body}),
          protocol::encode(protocol::AckMessage{.sequence = 1, .id = 1, .error = "no", .table = {}, .body = {}}),
          protocol::encode(
              protocol::AckMessage{.sequence = 1, .id = 1, .error = {}, .table = "clienttest.Note", .body = body}),
          protocol::encode(protocol::Received{.snapshot_tick = 0, .received = 0}),
          protocol::encode(protocol::EventMessage{.sequence = 1, .name = "scrim:ended", .ack = 0, .body = ended}),
          protocol::encode(
              protocol::EventMessage{.sequence = 1, .name = protocol::kLeftNamespaceEvent, .ack = 0, .body = left})};
}

/// Gives `bytes` to a client at the place where message `index` belongs, and looks at what becomes of it.
void expect_survival(std::size_t index, const Bytes& bytes) {
  transport::ManualLoop loop;
  FakeServer server(loop);
  TestClient client({.url = "ws://server:1", .name = "ada", .jitter_seed = 1}, server.connector());
  std::size_t heard = 0;
  client.on<clienttest::Note>([&](const clienttest::Note& note) { heard += note.text() ? note.text()->size() : 0; });
  client.on_snapshot([&](const clienttest::World& world, const SnapshotInfo&) {
    heard += world.label() ? world.label()->size() : 0;
    if (world.dots()) {
      for (const auto* dot : *world.dots()) heard += static_cast<std::size_t>(dot->id());
    }
  });
  server.on_peer = [&](Peer& peer) {
    peer.send(index == 0 ? bytes : protocol::encode(FakeServer::in_match()));
    if (index != 0) peer.send(bytes);
  };
  client.join("m1");
  client.emit(ping(1), [&](const engine::Result<Reply>& reply) {
    if (const auto* note = reply ? reply->as<clienttest::Note>() : nullptr) heard += note->number();
  });
  loop.run_for(50ms);
  if (client.state() == ClientState::kClosed) {
    EXPECT_NE(client.reason(), "");
    ASSERT_FALSE(server.peers.empty());
    loop.run_ready();
    EXPECT_TRUE(server.peers[0]->closed);
  }
}

class BrokenMessages : public ::testing::TestWithParam<std::size_t> {
 protected:
  const Bytes good = good_messages()[GetParam()];
};

TEST_P(BrokenMessages, cut_anywhere) {
  for (std::size_t size = 0; size < good.size(); ++size) {
    SCOPED_TRACE("cut to " + std::to_string(size) + " bytes");
    expect_survival(GetParam(), Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)));
  }
}

TEST_P(BrokenMessages, with_bytes_changed) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    engine::Rng rng(seed);
    Bytes bytes = good;
    for (std::uint32_t changes = 1 + rng.below(4); changes > 0; --changes) {
      bytes[rng.below(static_cast<std::uint32_t>(bytes.size()))] = static_cast<std::uint8_t>(rng.below(256));
    }
    expect_survival(GetParam(), bytes);
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, BrokenMessages, ::testing::Range<std::size_t>(0, 8));

}  // namespace
}  // namespace netcode
