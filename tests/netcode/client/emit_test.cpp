// Events to the server: emit, replies and their timeouts, bounds, and netcode's own requests.
// Tests also: client.cpp, replies.cpp.
#include "events_fixture.hpp"
#include "netcode/limits.hpp"
#include "protocol/requests.hpp"

namespace netcode {
namespace {

using clienttest::Note;
using clienttest::Ping;
using clienttest::Pong;
using transport::CloseCode;

class Emit : public Events {};

TEST_F(Emit, emit_sends_numbered_events) {
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

TEST_F(Emit, what_is_emitted_before_the_connection_is_up_waits_for_it) {
  server.welcome_with(FakeServer::lobby());
  client.connect();
  client.emit(note(1));
  client.emit_volatile(note(2));
  run();
  ASSERT_EQ(server.peer().events.size(), 1U) << "volatile ones do not wait";
  EXPECT_EQ(server.peer().events[0].sequence, 1U);
}

TEST_F(Emit, volatile_events_have_no_number_and_are_gone_with_the_connection) {
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

TEST_F(Emit, volatile_events_that_cannot_leave_make_room_for_newer_ones) {
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

TEST_F(Emit, without_a_session_events_go_nowhere) {
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

TEST_F(Emit, a_reply_is_called_once_with_the_answer) {
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

TEST_F(Emit, a_reply_may_be_empty_or_an_error) {
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

TEST_F(Emit, an_answer_that_does_not_verify_is_an_error) {
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

TEST_F(Emit, a_reply_that_does_not_come_times_out) {
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

TEST_F(Emit, the_end_of_the_session_is_an_answer_too) {
  connect();
  std::vector<std::string> replies;
  client.emit(ping(1),
              [&](const engine::Result<Reply>& result) { replies.push_back(result ? "yes" : result.error().reason); });
  run();
  server.peer().close(CloseCode::kKicked, "kicked for cheating");
  run();
  EXPECT_THAT(replies, ElementsAre("kicked for cheating"));
}

TEST_F(Emit, closing_is_an_answer_too_in_the_loop) {
  connect();
  std::vector<std::string> replies;
  client.emit(ping(1),
              [&](const engine::Result<Reply>& result) { replies.push_back(result ? "yes" : result.error().reason); });
  client.close();
  EXPECT_THAT(replies, IsEmpty());
  run();
  EXPECT_THAT(replies, ElementsAre("closed"));
}

TEST_F(Emit, a_client_that_is_gone_calls_nobody) {
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

TEST_F(Emit, a_reply_survives_a_resume) {
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

TEST_F(Emit, only_so_many_replies_are_waited_for) {
  connect();
  std::size_t refused = 0;
  for (std::size_t i = 0; i < limits::kAcksPendingMax + 3; ++i) {
    client.emit(ping(1), [&](const engine::Result<Reply>& result) { refused += result ? 0U : 1U; });
  }
  run();
  EXPECT_EQ(refused, 3U);
  EXPECT_EQ(server.peer().events.size(), limits::kAcksPendingMax);
}

TEST_F(Emit, more_than_can_be_kept_for_the_server_ends_the_session_with_a_reason) {
  connect();
  for (std::size_t i = 0; i <= limits::kOutboxEventsMax && client.state() != ClientState::kClosed; ++i) {
    client.emit(ping(static_cast<std::uint32_t>(i)));
    run();
  }
  EXPECT_EQ(client.state(), ClientState::kClosed);
  EXPECT_THAT(client.reason(), HasSubstr("wait for the server"));
  EXPECT_EQ(server.peer().closed->code, CloseCode::kNormal);
}

TEST_F(Emit, an_event_with_a_reply_that_finds_no_room_fails_alone) {
  connect();
  std::vector<std::string> replies;
  client.emit(note(1, std::string(limits::kOutboxBytesMax, 'x')),
              [&](const engine::Result<Reply>& result) { replies.push_back(result ? "yes" : result.error().reason); });
  run();
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_THAT(replies[0], HasSubstr("found no room"));
  EXPECT_EQ(client.state(), ClientState::kConnected);
}

TEST_F(Emit, what_the_server_says_to_have_makes_room) {
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

TEST_F(Emit, only_events_of_the_schema_can_be_sent_or_heard) {
  connect();
  EXPECT_DEATH(client.emit(pong(1)), "only an event of the schema can be sent");
  EXPECT_DEATH(client.on<Pong>([](const Pong&) {}), "only an event of the schema can be received");
}

// netcode's own -----------------------------------------------------------------------------------

TEST_F(Emit, list_asks_for_the_matches_of_a_kind) {
  connect();
  std::vector<MatchInfo> matches;
  client.list("dots", [&](const engine::Result<std::vector<MatchInfo>>& result) {
    ASSERT_TRUE(result);
    matches = *result;
  });
  run();
  const GotEvent request = server.peer().events.at(0);
  EXPECT_EQ(request.name, "scrim:list");
  EXPECT_EQ(protocol::decode_list_request(request.body)->kind, "dots");
  MatchInfo info;
  info.id = "m1";
  info.kind = "dots";
  info.players = 3;
  info.metadata = {{"map", "foundry"}};
  answer(1, request.ack, {}, protocol::kMatchListTable, protocol::encode_match_list({.matches = {info}}));
  ASSERT_EQ(matches.size(), 1U);
  EXPECT_EQ(matches[0].id, "m1");
  EXPECT_EQ(matches[0].players, 3U);
  EXPECT_EQ(matches[0].metadata.at("map"), "foundry");
}

TEST_F(Emit, a_list_is_asked_for_page_by_page) {
  connect();
  std::vector<std::string> ids;
  client.list("", [&](const engine::Result<std::vector<MatchInfo>>& result) {
    ASSERT_TRUE(result);
    for (const MatchInfo& match : *result) ids.push_back(match.id);
  });
  run();
  const auto page = [](std::string id, std::string next) {
    return protocol::encode_match_list({.matches = {{.id = std::move(id), .kind = "dots"}}, .next = std::move(next)});
  };
  answer(1, server.peer().events.at(0).ack, {}, protocol::kMatchListTable, page("a", "a"));
  EXPECT_TRUE(ids.empty()) << "there are more";
  const GotEvent second = server.peer().events.at(1);
  EXPECT_EQ(protocol::decode_list_request(second.body)->after, "a");
  answer(2, second.ack, {}, protocol::kMatchListTable, page("b", ""));
  EXPECT_EQ(ids, (std::vector<std::string>{"a", "b"}));
}

TEST_F(Emit, a_list_that_goes_in_a_circle_is_an_error) {
  connect();
  std::string why;
  client.list("",
              [&](const engine::Result<std::vector<MatchInfo>>& result) { why = result ? "" : result.error().reason; });
  run();
  for (std::uint32_t page = 0; page < 2; ++page)
    answer(page + 1, server.peer().events.at(page).ack, {}, protocol::kMatchListTable,
           protocol::encode_match_list({.matches = {}, .next = "m"}));
  EXPECT_EQ(why, "the list of matches goes in a circle");
}

TEST_F(Emit, create_asks_for_a_match_and_tells_its_id) {
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

TEST_F(Emit, requests_of_netcode_fail_as_others_do) {
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
