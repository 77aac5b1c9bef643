// Events and acks, both ways: on, once, off, on_any, emit, replies and their timeouts.
#include "client_fixture.hpp"
#include "netcode/limits.hpp"
#include "protocol/requests.hpp"

namespace netcode {
namespace {

using clienttest::Note;
using clienttest::Ping;
using clienttest::Pong;
using transport::CloseCode;

class Events : public ClientTest {
 protected:
  /// From the server, reliable unless sequence is 0.
  void tell(std::uint32_t sequence, std::string_view name, const Bytes& body, std::uint32_t ack = 0,
            std::string_view space = "/") {
    server.peer().send(protocol::encode(
        protocol::EventMessage{.sequence = sequence, .name = name, .space = space, .ack = ack, .body = body}));
    run();
  }
  void answer(std::uint32_t sequence, std::uint32_t id, std::optional<std::string_view> error = {},
              std::string_view table = {}, const Bytes& body = {}) {
    server.peer().send(protocol::encode(
        protocol::AckMessage{.sequence = sequence, .id = id, .error = error, .table = table, .body = body}));
    run();
  }
};

// Received ----------------------------------------------------------------------------------------

TEST_F(Events, on_hears_every_event_of_its_type) {
  connect();
  std::vector<std::string> heard;
  client.on<Note>([&](const Note& note) { heard.push_back(note.text()->str()); });
  tell(1, "note", encode(note(1, "one")));
  tell(2, "ping", encode(ping(1)));
  tell(3, "note", encode(note(2, "two")));
  tell(0, "note", encode(note(3, "volatile")));
  EXPECT_THAT(heard, ElementsAre("one", "two", "volatile"));
  EXPECT_EQ(client.stats().events, 4U);
}

TEST_F(Events, a_second_handler_replaces_the_first) {
  connect();
  int first = 0;
  int second = 0;
  client.on<Note>([&](const Note&) { ++first; });
  client.on<Note>([&](const Note&) { ++second; });
  tell(1, "note", encode(note(1)));
  EXPECT_EQ(first, 0);
  EXPECT_EQ(second, 1);
}

TEST_F(Events, once_hears_one) {
  connect();
  int heard = 0;
  client.once<Note>([&](const Note&) { ++heard; });
  tell(1, "note", encode(note(1)));
  tell(2, "note", encode(note(2)));
  EXPECT_EQ(heard, 1);
}

TEST_F(Events, off_hears_no_more) {
  connect();
  int heard = 0;
  client.on<Note>([&](const Note&) {
    ++heard;
    client.off<Note>();  // from inside of itself too
  });
  tell(1, "note", encode(note(1)));
  tell(2, "note", encode(note(2)));
  EXPECT_EQ(heard, 1);
}

TEST_F(Events, a_handler_may_put_another_in_its_place) {
  connect();
  std::vector<std::string> heard;
  const auto witness = std::make_shared<std::string>("first");
  client.on<Note>([&, witness](const Note&) {
    client.on<Note>([&](const Note&) { heard.push_back("second"); });
    heard.push_back(*witness);  // what it captured is still there
  });
  tell(1, "note", encode(note(1)));
  tell(2, "note", encode(note(2)));
  EXPECT_THAT(heard, ElementsAre("first", "second"));
}

TEST_F(Events, on_any_hears_all_before_their_handlers) {
  connect();
  std::vector<std::string> heard;
  client.on<Note>([&](const Note&) { heard.push_back("handler"); });
  client.on_any([&](const EventView& event) {
    heard.push_back(std::string(event.name) + " " + std::string(event.table));
    EXPECT_EQ(event.as<Note>() != nullptr, event.name == "note");
  });
  tell(1, "note", encode(note(1)));
  tell(2, "ping", encode(ping(1)));
  EXPECT_THAT(heard, ElementsAre("note clienttest.Note", "handler", "ping clienttest.Ping"));
}

TEST_F(Events, a_client_closed_by_on_any_hears_no_more) {
  connect();
  int heard = 0;
  client.on<Note>([&](const Note&) { ++heard; });
  client.on_any([&](const EventView&) { client.close(); });
  tell(1, "note", encode(note(1)));
  EXPECT_EQ(heard, 0);
}

TEST_F(Events, a_namespace_has_handlers_of_its_own) {
  connect();
  std::vector<std::string> heard;
  client.on<Note>([&](const Note&) { heard.push_back("/"); });
  client.on<Note>([&](const Note&) { heard.push_back("/admin"); }, "/admin");
  tell(1, "note", encode(note(1)), 0, "/admin");
  tell(2, "note", encode(note(1)));
  tell(3, "note", encode(note(1)), 0, "/other");
  EXPECT_THAT(heard, ElementsAre("/admin", "/"));
}

TEST_F(Events, a_request_is_acknowledged_once_its_handler_returns) {
  connect();
  client.on<Ping>([](const Ping&) {});
  tell(1, "ping", encode(ping(1)), 7);
  ASSERT_EQ(server.peer().acks.size(), 1U);
  EXPECT_EQ(server.peer().acks[0].id, 7U);
  EXPECT_EQ(server.peer().acks[0].sequence, 1U) << "answers are reliable";
  EXPECT_FALSE(server.peer().acks[0].error);
  EXPECT_EQ(server.peer().acks[0].table, "");
}

TEST_F(Events, a_request_is_answered_with_a_table_or_an_error) {
  connect();
  client.on<Ping>([](const Ping& ping, Ack ack) {
    if (ping.number() == 1) return ack(pong(2));
    ack.fail("too many");
  });
  tell(1, "ping", encode(ping(1)), 7);
  tell(2, "ping", encode(ping(2)), 8);
  ASSERT_EQ(server.peer().acks.size(), 2U);
  EXPECT_EQ(server.peer().acks[0].table, "clienttest.Pong");
  EXPECT_EQ(server.peer().acks[1].error, "too many");
}

TEST_F(Events, a_request_may_be_answered_later_and_only_once) {
  connect();
  Ack kept;
  client.on<Ping>([&](const Ping&, Ack ack) { kept = std::move(ack); });
  tell(1, "ping", encode(ping(1)), 7);
  EXPECT_TRUE(server.peer().acks.empty());
  EXPECT_TRUE(kept.is_wanted());
  kept();
  kept();
  run();
  EXPECT_EQ(server.peer().acks.size(), 1U);
}

TEST_F(Events, an_answer_kept_beyond_its_session_or_its_client_goes_nowhere) {
  auto other = std::make_unique<TestClient>(config_of_tests(), server.connector());
  server.welcome_with(FakeServer::lobby());
  other->connect();
  run();
  std::vector<Ack> kept;
  other->on<Ping>([&](const Ping&, Ack ack) { kept.push_back(std::move(ack)); });
  tell(1, "ping", encode(ping(1)), 7);
  other->close();
  run();
  other->connect();
  run();
  tell(1, "ping", encode(ping(1)), 7);
  ASSERT_EQ(kept.size(), 2U);
  kept[0]();
  other.reset();
  kept[1]();
  run();
  for (const auto& peer : server.peers) EXPECT_TRUE(peer->acks.empty());
}

TEST_F(Events, a_request_that_nobody_handles_is_answered_with_an_error) {
  connect();
  tell(1, "ping", encode(ping(1)), 7);
  ASSERT_EQ(server.peer().acks.size(), 1U);
  EXPECT_EQ(server.peer().acks[0].error, "no handler for ping");
}

TEST_F(Events, an_unknown_or_bad_event_is_refused_and_the_client_goes_on) {
  connect();
  int heard = 0;
  client.on<Note>([&](const Note&) { ++heard; });
  tell(1, "nonsense", encode(note(1)), 7);
  Bytes bad = encode(note(1, "text"));
  bad.resize(bad.size() - 4);
  tell(2, "note", bad, 8);
  tell(3, "note", {}, 9);
  tell(4, "scrim:nonsense", {}, 10);
  ASSERT_EQ(server.peer().acks.size(), 4U);
  for (const auto& ack : server.peer().acks) EXPECT_TRUE(ack.error) << ack.id;
  EXPECT_EQ(heard, 0);
  tell(5, "note", encode(note(1)));
  EXPECT_EQ(heard, 1);
  EXPECT_EQ(client.state(), ClientState::kConnected);
}

TEST_F(Events, a_reliable_event_that_comes_twice_is_handled_once) {
  connect();
  int heard = 0;
  client.on<Note>([&](const Note&) { ++heard; });
  tell(1, "note", encode(note(1)));
  tell(1, "note", encode(note(1)));
  tell(2, "note", encode(note(2)));
  tell(1, "note", encode(note(1)));
  EXPECT_EQ(heard, 2);
  EXPECT_EQ(client.stats().duplicates, 2U);
}

TEST_F(Events, a_gap_drops_the_connection_and_resumes) {
  connect();
  int heard = 0;
  client.on<Note>([&](const Note&) { ++heard; });
  tell(1, "note", encode(note(1)));
  tell(3, "note", encode(note(3)));
  EXPECT_EQ(client.state(), ClientState::kReconnecting);
  EXPECT_EQ(client.reason(), "message 3 of the server came where 2 was due");
  loop.run_for(1s);
  EXPECT_EQ(client.state(), ClientState::kConnected);
  EXPECT_EQ(server.peer().query("received"), "1");
  EXPECT_EQ(heard, 1);
}

/// A volatile "note" as a writer makes it that has never heard of force_align: its body lies at any multiple of 4.
Bytes unaligned_note(const Bytes& body, const std::string& space) {
  flatbuffers::FlatBufferBuilder builder;
  const auto bytes = builder.CreateVector(body);
  const auto name = builder.CreateString("note");
  const auto in = builder.CreateString(space);
  const auto table = builder.StartTable();
  builder.AddOffset(6, name);
  builder.AddOffset(8, in);
  builder.AddOffset(12, bytes);
  const flatbuffers::Offset<void> event(builder.EndTable(table));
  const auto root = builder.StartTable();
  builder.AddElement<std::uint8_t>(4, 5, 0);  // the fifth of union Body
  builder.AddOffset(6, event);
  builder.Finish(flatbuffers::Offset<void>(builder.EndTable(root)));
  return Bytes(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
}

TEST_F(Events, a_body_that_its_writer_did_not_align_is_read_all_the_same) {
  connect();
  int heard = 0;
  int unaligned = 0;
  client.on_any([&](const EventView& event) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(event.body.data()) % 8, 0U);
    EXPECT_EQ(event.as<Note>()->text()->str(), "text");
    ++heard;
  });
  for (std::size_t length = 1; length <= 16; ++length) {
    const Bytes message = unaligned_note(encode(note(1, "text")), std::string(length, 'x'));
    protocol::AlignedBuffer buffer;
    const auto decoded = protocol::decode(buffer.copy(message));
    ASSERT_TRUE(decoded);
    const BytesView body = std::get<protocol::EventMessage>(*decoded).body;
    unaligned += reinterpret_cast<std::uintptr_t>(body.data()) % 8 != 0 ? 1 : 0;
    server.peer().send(message);
    run();
  }
  EXPECT_EQ(heard, 16);
  EXPECT_GT(unaligned, 0) << "or this test is of no use";
}

// Sent --------------------------------------------------------------------------------------------

TEST_F(Events, emit_sends_numbered_events) {
  connect();
  client.emit(note(1, "a"));
  client.emit(note(2, "b"), "/admin");
  run();
  const auto& events = server.peer().events;
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].sequence, 1U);
  EXPECT_EQ(events[0].name, "note");
  EXPECT_EQ(events[0].space, "/");
  EXPECT_EQ(events[0].ack, 0U);
  EXPECT_EQ(flatbuffers::GetRoot<Note>(events[0].body.data())->text()->str(), "a");
  EXPECT_EQ(events[1].sequence, 2U);
  EXPECT_EQ(events[1].space, "/admin");
}

TEST_F(Events, what_is_emitted_before_the_connection_is_up_waits_for_it) {
  server.welcome_with(FakeServer::lobby());
  client.connect();
  client.emit(note(1));
  client.emit_volatile(note(2));
  run();
  ASSERT_EQ(server.peer().events.size(), 1U) << "volatile ones do not wait";
  EXPECT_EQ(server.peer().events[0].sequence, 1U);
}

TEST_F(Events, volatile_events_have_no_number_and_are_gone_with_the_connection) {
  connect();
  client.emit_volatile(note(1));
  run();
  ASSERT_EQ(server.peer().events.size(), 1U);
  EXPECT_EQ(server.peer().events[0].sequence, 0U);
  server.peer().cut();
  run();
  client.emit_volatile(note(2));
  loop.run_for(1s);
  EXPECT_TRUE(server.peer().events.empty());
}

TEST_F(Events, volatile_events_that_cannot_leave_make_room_for_newer_ones) {
  connect();
  transport::MemoryNetwork::pause_reading(*server.peer().connection, true);
  for (std::uint32_t i = 0; i < 1000; ++i) {
    client.emit_volatile(note(i, std::string(500, 'x')));
    run();
  }
  transport::MemoryNetwork::pause_reading(*server.peer().connection, false);
  run();
  const auto& events = server.peer().events;
  EXPECT_LT(events.size(), 200U);
  EXPECT_EQ(flatbuffers::GetRoot<Note>(events.back().body.data())->number(), 999U);
}

TEST_F(Events, without_a_session_events_go_nowhere) {
  std::vector<std::string> replies;
  const auto reply = [&](const engine::Result<Reply>& result) {
    replies.push_back(result ? "yes" : result.error().reason);
  };
  client.emit(note(1));
  client.emit(note(2), reply);
  run();
  EXPECT_THAT(replies, ElementsAre("not connected"));
  connect();
  EXPECT_TRUE(server.peer().events.empty());
}

TEST_F(Events, a_reply_is_called_once_with_the_answer) {
  connect();
  std::vector<std::uint32_t> numbers;
  client.emit(ping(1), [&](const engine::Result<Reply>& reply) {
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->as<Note>(), nullptr);
    ASSERT_NE(reply->as<Pong>(), nullptr);
    numbers.push_back(reply->as<Pong>()->number());
  });
  run();
  const auto id = server.peer().events.at(0).ack;
  ASSERT_NE(id, 0U);
  answer(1, id, {}, "clienttest.Pong", encode(pong(5)));
  answer(2, id, {}, "clienttest.Pong", encode(pong(6)));
  EXPECT_THAT(numbers, ElementsAre(5U));
  loop.run_for(1min);
  EXPECT_EQ(numbers.size(), 1U);
}

TEST_F(Events, a_reply_may_be_empty_or_an_error) {
  connect();
  std::vector<std::string> replies;
  const auto reply = [&](const engine::Result<Reply>& result) {
    replies.push_back(result ? "yes, table '" + std::string(result->table()) + "'" : result.error().reason);
  };
  client.emit(ping(1), reply);
  client.emit(ping(2), reply);
  run();
  answer(1, server.peer().events[0].ack);
  answer(2, server.peer().events[1].ack, "not on this server");
  EXPECT_THAT(replies, ElementsAre("yes, table ''", "not on this server"));
}

TEST_F(Events, an_answer_that_does_not_verify_is_an_error) {
  connect();
  std::vector<std::string> replies;
  const auto reply = [&](const engine::Result<Reply>& result) {
    replies.push_back(result ? "yes" : result.error().reason);
  };
  client.emit(ping(1), reply);
  client.emit(ping(2), reply);
  run();
  answer(1, server.peer().events[0].ack, {}, "clienttest.Pong", Bytes(3, 255));
  answer(2, server.peer().events[1].ack, {}, "elsewhere.Table", encode(pong(1)));
  ASSERT_EQ(replies.size(), 2U);
  EXPECT_THAT(replies[0], HasSubstr("the answer is bad"));
  EXPECT_THAT(replies[1], HasSubstr("the answer is bad"));
}

TEST_F(Events, a_reply_that_does_not_come_times_out) {
  connect();
  std::vector<std::string> replies;
  const auto reply = [&](const engine::Result<Reply>& result) {
    replies.push_back(result ? "yes" : result.error().reason);
  };
  client.emit(ping(1), reply);
  client.emit(ping(2), reply, 300ms);
  loop.run_for(299ms);
  EXPECT_THAT(replies, IsEmpty());
  loop.run_for(1ms);
  EXPECT_THAT(replies, ElementsAre("timed out after 300 ms"));
  loop.run_for(5s);
  EXPECT_THAT(replies, ElementsAre("timed out after 300 ms", "timed out after 5000 ms"));
  answer(1, server.peer().events[1].ack);
  EXPECT_EQ(replies.size(), 2U) << "too late";
}

TEST_F(Events, the_end_of_the_session_is_an_answer_too) {
  connect();
  std::vector<std::string> replies;
  client.emit(ping(1),
              [&](const engine::Result<Reply>& result) { replies.push_back(result ? "yes" : result.error().reason); });
  run();
  server.peer().close(CloseCode::kKicked, "kicked for cheating");
  run();
  EXPECT_THAT(replies, ElementsAre("kicked for cheating"));
}

TEST_F(Events, closing_is_an_answer_too_in_the_loop) {
  connect();
  std::vector<std::string> replies;
  client.emit(ping(1),
              [&](const engine::Result<Reply>& result) { replies.push_back(result ? "yes" : result.error().reason); });
  client.close();
  EXPECT_THAT(replies, IsEmpty());
  run();
  EXPECT_THAT(replies, ElementsAre("closed"));
}

TEST_F(Events, a_client_that_is_gone_calls_nobody) {
  auto other = std::make_unique<TestClient>(config_of_tests(), server.connector());
  server.welcome_with(FakeServer::lobby());
  other->connect();
  run();
  int called = 0;
  other->on_state([&](ClientState, std::string_view) { ++called; });
  for (int i = 0; i < 3; ++i) other->emit(ping(1), [&](const engine::Result<Reply>&) { ++called; });
  other->close();
  other.reset();
  loop.run_for(1min);
  EXPECT_EQ(called, 0);
}

TEST_F(Events, a_reply_survives_a_resume) {
  FakeSession session;
  server.on_peer = [&](Peer& peer) { session.attach(peer, FakeServer::lobby()); };
  client.connect();
  run();
  std::vector<std::string> replies;
  server.peer().cut();
  client.emit(ping(1),
              [&](const engine::Result<Reply>& result) { replies.push_back(result ? "yes" : result.error().reason); });
  session.answer = [](const GotEvent&) { return ""; };
  loop.run_for(1s);
  EXPECT_THAT(replies, ElementsAre("yes"));
  EXPECT_EQ(client.stats().resumed, 1U);
}

TEST_F(Events, only_so_many_replies_are_waited_for) {
  connect();
  std::size_t refused = 0;
  for (std::size_t i = 0; i < limits::kAcksPendingMax + 3; ++i) {
    client.emit(ping(1), [&](const engine::Result<Reply>& result) { refused += result ? 0U : 1U; });
  }
  run();
  EXPECT_EQ(refused, 3U);
  EXPECT_EQ(server.peer().events.size(), limits::kAcksPendingMax);
}

TEST_F(Events, more_than_can_be_kept_for_the_server_ends_the_session_with_a_reason) {
  connect();
  for (std::size_t i = 0; i <= limits::kOutboxEventsMax && client.state() != ClientState::kClosed; ++i) {
    client.emit(ping(static_cast<std::uint32_t>(i)));
    run();
  }
  EXPECT_EQ(client.state(), ClientState::kClosed);
  EXPECT_THAT(client.reason(), HasSubstr("wait for the server"));
  EXPECT_EQ(server.peer().closed->code, CloseCode::kNormal);
}

TEST_F(Events, an_event_with_a_reply_that_finds_no_room_fails_alone) {
  connect();
  std::vector<std::string> replies;
  client.emit(note(1, std::string(limits::kOutboxBytesMax, 'x')),
              [&](const engine::Result<Reply>& result) { replies.push_back(result ? "yes" : result.error().reason); });
  run();
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_THAT(replies[0], HasSubstr("found no room"));
  EXPECT_EQ(client.state(), ClientState::kConnected);
}

TEST_F(Events, what_the_server_says_to_have_makes_room) {
  FakeSession session;
  server.on_peer = [&](Peer& peer) { session.attach(peer, FakeServer::lobby()); };
  client.connect();
  run();
  for (std::uint32_t i = 1; i <= 3 * limits::kOutboxEventsMax; ++i) {
    client.emit(ping(i));
    run();
    if (i % 100 == 0) server.peer().send(protocol::encode(protocol::Received{.snapshot_tick = 0, .received = i}));
  }
  run();
  EXPECT_EQ(client.state(), ClientState::kConnected);
  EXPECT_EQ(session.handled.size(), 3 * limits::kOutboxEventsMax);
}

TEST_F(Events, only_events_of_the_schema_can_be_sent_or_heard) {
  connect();
  EXPECT_DEATH(client.emit(pong(1)), "only an event of the schema can be sent");
  EXPECT_DEATH(client.on<Pong>([](const Pong&) {}), "only an event of the schema can be received");
}

// netcode's own -----------------------------------------------------------------------------------

TEST_F(Events, list_asks_for_the_matches_of_a_kind) {
  connect();
  std::vector<MatchInfo> matches;
  client.list("dots", [&](const engine::Result<std::vector<MatchInfo>>& result) {
    ASSERT_TRUE(result);
    matches = *result;
  });
  run();
  const GotEvent request = server.peer().events.at(0);
  EXPECT_EQ(request.name, "scrim:list");
  EXPECT_EQ(*protocol::decode_list_request(request.body), "dots");
  MatchInfo info;
  info.id = "m1";
  info.kind = "dots";
  info.players = 3;
  info.metadata = {{"map", "foundry"}};
  answer(1, request.ack, {}, protocol::kMatchListTable, protocol::encode_match_list({info}));
  ASSERT_EQ(matches.size(), 1U);
  EXPECT_EQ(matches[0].id, "m1");
  EXPECT_EQ(matches[0].players, 3U);
  EXPECT_EQ(matches[0].metadata.at("map"), "foundry");
}

TEST_F(Events, create_asks_for_a_match_and_tells_its_id) {
  connect();
  std::vector<std::string> ids;
  client.create(
      {.kind = "dots", .id = "", .password = "pw", .is_private = true, .options = {{"size", "3"}}, .metadata = {}},
      [&](const engine::Result<MatchInfo>& result) { ids.push_back(result ? result->id : result.error().reason); });
  run();
  const GotEvent request = server.peer().events.at(0);
  EXPECT_EQ(request.name, "scrim:create");
  const auto asked = protocol::decode_match_request(request.body);
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->password, "pw");
  EXPECT_TRUE(asked->is_private);
  EXPECT_EQ(asked->options.at("size"), "3");
  MatchInfo info;
  info.id = "new";
  info.kind = "dots";
  answer(1, request.ack, {}, protocol::kMatchInfoTable, protocol::encode_match_info(info));
  EXPECT_THAT(ids, ElementsAre("new"));
}

TEST_F(Events, requests_of_netcode_fail_as_others_do) {
  connect();
  std::vector<std::string> answers;
  client.list("dots", [&](const auto& result) { answers.push_back(result ? "yes" : result.error().reason); });
  client.enter("/admin", [&](const auto& result) { answers.push_back(result ? "yes" : result.error().reason); });
  client.enter("/open", [&](const auto& result) { answers.push_back(result ? "yes" : result.error().reason); });
  MatchRequest request;
  request.kind = "dots";
  client.create(request, [&](const auto& result) { answers.push_back(result ? "yes" : result.error().reason); });
  run();
  const auto& events = server.peer().events;
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(events[1].name, "scrim:namespace");
  answer(1, events[0].ack, {}, protocol::kMatchListTable, Bytes(5, 7));
  answer(2, events[1].ack, "admins only");
  answer(3, events[2].ack);
  loop.run_for(limits::kAckTimeout);
  EXPECT_THAT(answers, ElementsAre("scrim:list: the answer is not a MatchList", "admins only", "yes",
                                   "timed out after 5000 ms"));
}

}  // namespace
}  // namespace netcode
