// What a Connection does, over sockets, over the in-memory link and as if over a network alike.
// Tests also: connector.cpp, memory_connection.cpp, simulated_connection.cpp.
#include "transport/websocket/connection.hpp"

#include <gtest/gtest.h>

#include "connection_fixture.hpp"
#include "netcode/limits.hpp"

namespace netcode::transport {
namespace {

INSTANTIATE_TEST_SUITE_P(Over, ConnectionTest, all_kinds(), name_of_kind);

TEST_P(ConnectionTest, the_server_sees_the_decoded_request) {
  const Pair& pair = connect();
  EXPECT_EQ(pair.request.method, "GET");
  EXPECT_EQ(pair.request.path, "/match/one");
  EXPECT_EQ(pair.request.query.at("name"), "Ada L");
  EXPECT_EQ(pair.request.subprotocols, std::vector<std::string>{"scrim.v1"});
  EXPECT_FALSE(pair.request.remote_address.empty());
  EXPECT_EQ(pair.request.remote_address, pair.server->remote_address());
}

TEST_P(ConnectionTest, messages_of_every_framing_size_arrive_whole_and_in_order_both_ways) {
  Pair& pair = connect();
  const std::vector<std::size_t> sizes = {0, 1, 125, 126, 127, 65535, 65536, 3};
  options_.client.message_bytes_max = 70'000;
  for (const std::size_t size : sizes) {
    if (size <= options_.server.message_bytes_max) {
      ASSERT_TRUE(run_until([&] { return pair.client->writable(); }));
      pair.client->write(one_frame(pattern(size)));
    }
    ASSERT_TRUE(run_until([&] { return pair.server->writable(); }));
    pair.server->write(one_frame(pattern(size)));
  }
  ASSERT_TRUE(run_until([&] {
    return pair.client_heard.messages.size() == sizes.size() && pair.server_heard.messages.size() == sizes.size();
  }));
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const Heard::Message expected{MessageKind::kBinary, pattern(sizes[i])};
    EXPECT_EQ(pair.client_heard.messages[i], expected) << sizes[i];
    EXPECT_EQ(pair.server_heard.messages[i], expected) << sizes[i];
  }
}

TEST_P(ConnectionTest, many_frames_of_one_write_are_as_many_messages) {
  Pair& pair = connect();
  std::vector<OutgoingMessage> frames(300);
  for (std::size_t i = 0; i < frames.size(); ++i) frames[i].head = pattern(i);
  pair.server->write(frames);
  ASSERT_TRUE(run_until([&] { return pair.client_heard.messages.size() == frames.size(); }));
  for (std::size_t i = 0; i < frames.size(); ++i) EXPECT_EQ(pair.client_heard.messages[i].bytes, pattern(i));
}

TEST_P(ConnectionTest, head_and_shared_body_are_one_message_from_the_body_offset_on) {
  Pair& pair = connect();
  const auto body = std::make_shared<const Bytes>(pattern(1000));
  for (Connection* from : {pair.server.get(), pair.client.get()}) {
    from->write({OutgoingMessage{.head = bytes_of("head"), .body = body, .body_offset = 10},
                 OutgoingMessage{.body = body},
                 OutgoingMessage{.head = bytes_of("h"), .body = body, .body_offset = 1000}});
  }
  for (Heard* to : {&pair.client_heard, &pair.server_heard}) {
    ASSERT_TRUE(run_until([&] { return to->messages.size() == 3; }));
    Bytes expected = bytes_of("head");
    expected.insert(expected.end(), body->begin() + 10, body->end());
    EXPECT_EQ(to->messages[0].bytes, expected);
    EXPECT_EQ(to->messages[1].bytes, *body);
    EXPECT_EQ(to->messages[2].bytes, bytes_of("h"));
  }
  ASSERT_TRUE(run_until([&] { return pair.server->writable() && pair.client->writable(); }));
  EXPECT_TRUE(run_until([&] { return body.use_count() == 1; })) << "somebody keeps or copied the shared body";
}

TEST_P(ConnectionTest, text_arrives_as_text) {
  Pair& pair = connect();
  pair.client->write(one_text("grüß"));
  ASSERT_TRUE(run_until([&] { return pair.server_heard.messages.size() == 1; }));
  EXPECT_EQ(pair.server_heard.messages[0], (Heard::Message{MessageKind::kText, bytes_of("grüß")}));
}

TEST_P(ConnectionTest, text_that_is_not_utf8_closes_with_1007) {
  Pair& pair = connect();
  pair.client->write(one_text("\xff\xfe"));
  ASSERT_TRUE(run_until([&] { return pair.server_heard.closed && pair.client_heard.closed; }));
  EXPECT_EQ(pair.server_heard.closed->code, CloseCode::kBadPayload);
  EXPECT_FALSE(pair.server_heard.closed->by_peer);
  EXPECT_EQ(pair.client_heard.closed->code, CloseCode::kBadPayload);
  EXPECT_TRUE(pair.client_heard.closed->by_peer);
  EXPECT_EQ(pair.client_heard.closed->reason, "text that is not UTF-8");
  EXPECT_TRUE(pair.server_heard.messages.empty());
}

TEST_P(ConnectionTest, a_message_above_the_limit_closes_with_1009) {
  options_.server.message_bytes_max = 1000;
  Pair& pair = connect();
  pair.client->write(one_frame(pattern(1000)));
  ASSERT_TRUE(run_until([&] { return pair.client->writable(); }));
  pair.client->write(one_frame(pattern(1001)));
  ASSERT_TRUE(run_until([&] { return pair.server_heard.closed && pair.client_heard.closed; }));
  EXPECT_EQ(pair.server_heard.messages.size(), 1U);
  EXPECT_EQ(pair.server_heard.closed->code, CloseCode::kTooBig);
  EXPECT_EQ(pair.client_heard.closed->code, CloseCode::kTooBig);
  EXPECT_TRUE(pair.client_heard.closed->by_peer);
  EXPECT_EQ(pair.client_heard.closed->reason, "a message above the limit of 1000 bytes");
  EXPECT_EQ(pair.server_heard.closed->reason, "a message above the limit of 1000 bytes");
}

TEST_P(ConnectionTest, writable_only_between_start_and_close) {
  Pair& pair = connect(false);
  EXPECT_FALSE(pair.server->writable());
  pair.server->start(pair.server_heard);
  pair.client->start(pair.client_heard);
  EXPECT_TRUE(pair.server->writable());
  pair.server->close(CloseCode::kNormal, "");
  EXPECT_FALSE(pair.server->writable());
}

TEST_P(ConnectionTest, a_write_that_is_taken_at_once_is_done_and_no_on_writable_comes) {
  Pair& pair = connect();
  for (int i = 1; i <= 3; ++i) {
    EXPECT_EQ(pair.server->write(one_frame(pattern(10))), WriteState::kDone);
    EXPECT_TRUE(pair.server->writable());
  }
  EXPECT_EQ(pair.client->write({}), WriteState::kDone);
  ASSERT_TRUE(run_until([&] { return pair.client_heard.messages.size() == 3; }));
  world_->run_for(10ms);
  EXPECT_EQ(pair.server_heard.writable_calls + pair.client_heard.writable_calls, 0);
}

TEST_P(ConnectionTest, a_write_that_is_not_taken_at_once_is_followed_by_one_on_writable) {
  Pair& pair = connect();
  // Of a simulated network it is the client's end that holds its writer back.
  const bool is_simulated = GetParam().make == &make_simulated_world;
  Connection& from = is_simulated ? *pair.client : *pair.server;
  Heard& heard = is_simulated ? pair.client_heard : pair.server_heard;
  const std::size_t size = is_simulated ? 60'000 : 1'500'000;
  std::vector<OutgoingMessage> many;
  for (int i = 0; i < 10; ++i) many.push_back({.head = pattern(size)});
  EXPECT_EQ(from.write(std::move(many)), WriteState::kLater);
  EXPECT_FALSE(from.writable());
  EXPECT_EQ(heard.writable_calls, 0) << "on_writable from inside write()";
  ASSERT_TRUE(run_until([&] { return heard.writable_calls > 0; }));
  EXPECT_TRUE(from.writable());
  world_->run_for(10ms);
  EXPECT_EQ(heard.writable_calls, 1);
}

TEST_P(ConnectionTest, text_and_binary_messages_of_one_write_keep_their_kinds) {
  Pair& pair = connect();
  for (Connection* from : {pair.server.get(), pair.client.get()}) {
    from->write({OutgoingMessage{.head = bytes_of("t"), .kind = MessageKind::kText},
                 OutgoingMessage{.head = bytes_of("b"), .kind = MessageKind::kBinary}});
  }
  for (Heard* to : {&pair.client_heard, &pair.server_heard}) {
    ASSERT_TRUE(run_until([&] { return to->messages.size() == 2; }));
    EXPECT_EQ(to->messages[0].kind, MessageKind::kText);
    EXPECT_EQ(to->messages[1].kind, MessageKind::kBinary);
  }
}

TEST_P(ConnectionTest, the_handler_may_write_from_on_writable_and_on_message) {
  Pair& pair = connect();
  int left = 50;
  const auto write_on = [&] {
    while (left > 0 && pair.server->writable()) {
      --left;
      pair.server->write(one_frame(pattern(60'000)));
    }
  };
  pair.server_heard.then_on_writable = write_on;
  pair.client_heard.then_on_message = [&](const Heard::Message&) {
    if (pair.client->writable()) pair.client->write(one_frame(pattern(2)));
  };
  write_on();
  EXPECT_TRUE(run_until([&] { return pair.client_heard.messages.size() == 50; }));
  EXPECT_TRUE(run_until([&] { return !pair.server_heard.messages.empty(); }));
}

TEST_P(ConnectionTest, what_was_sent_before_start_waits_for_it) {
  Pair& pair = connect(false);
  pair.client->start(pair.client_heard);
  pair.client->write(one_frame(bytes_of("early")));
  world_->run_for(10ms);
  pair.server->start(pair.server_heard);
  ASSERT_TRUE(run_until([&] { return pair.server_heard.messages.size() == 1; }));
  EXPECT_EQ(pair.server_heard.messages[0].bytes, bytes_of("early"));
}

TEST_P(ConnectionTest, a_ping_comes_back_as_a_pong_and_only_one_is_under_way) {
  Pair& pair = connect();
  pair.server->ping(bytes_of("tick 7"));
  pair.server->ping(bytes_of("tick 8"));
  ASSERT_TRUE(run_until([&] { return !pair.server_heard.pongs.empty(); }));
  pair.server->ping(bytes_of("tick 9"));
  ASSERT_TRUE(run_until([&] { return pair.server_heard.pongs.size() == 2; }));
  EXPECT_EQ(pair.server_heard.pongs, (std::vector{bytes_of("tick 7"), bytes_of("tick 9")}));
  EXPECT_TRUE(pair.client_heard.pongs.empty());
}

TEST_P(ConnectionTest, bytes_are_counted_with_their_framing) {
  Pair& pair = connect();
  const auto server_sent = pair.server->bytes_sent();
  const auto client_sent = pair.client->bytes_sent();
  pair.server->write(one_frame(pattern(200)));
  pair.client->write(one_frame(pattern(20)));
  ASSERT_TRUE(run_until([&] { return pair.client_heard.messages.size() + pair.server_heard.messages.size() == 2; }));
  EXPECT_EQ(pair.server->bytes_sent() - server_sent, 204U);
  EXPECT_EQ(pair.client->bytes_sent() - client_sent, 26U);
  EXPECT_GE(pair.client->bytes_received(), 204U);
}

TEST_P(ConnectionTest, a_peer_that_does_not_read_leaves_the_writer_unwritable_until_it_does) {
  if (GetParam().make == &make_simulated_world)
    GTEST_SKIP() << "cannot hold its sender back, and ends past kSimulatedBytesMax: simulated_connector_test";
  Pair& pair = connect(false);
  pair.server->start(pair.server_heard);
  const auto body = std::make_shared<const Bytes>(pattern(1'000'000));
  int writes = 0;
  const auto write_more = [&] {
    while (writes < 39 && pair.server->writable()) {
      ++writes;
      pair.server->write({OutgoingMessage{.body = body}});
    }
  };
  pair.server_heard.then_on_writable = write_more;
  write_more();
  world_->run_for(100ms);
  const int stuck_after = writes;
  EXPECT_LT(stuck_after, 20) << "megabytes went to a peer that reads nothing";
  EXPECT_FALSE(pair.server->writable());
  pair.client->start(pair.client_heard);
  EXPECT_TRUE(run_until([&] { return pair.client_heard.messages.size() == 39; }));
}

TEST_P(ConnectionTest, a_world_that_goes_takes_its_open_connections_with_it) {
  auto handler = std::make_unique<Heard>();
  world_ = GetParam().make(options_);
  const auto pair = connect_pair(*world_, false);
  pair->server->start(*handler);
  pair->server->write(one_frame(pattern(1'500'000)));
  pair->client->start(*handler);
  world_->run_for(1ms);
  const std::weak_ptr<Connection> server = std::exchange(pair->server, nullptr);
  const std::weak_ptr<Connection> client = std::exchange(pair->client, nullptr);
  // One that is simulated ends with its last owner.
  EXPECT_FALSE(server.expired() || (client.expired() && GetParam().make != &make_simulated_world))
      << "nobody said that they should end";
  world_.reset();
  EXPECT_TRUE(server.expired() && client.expired());
  EXPECT_EQ(handler->closed_calls, 0);
}

TEST_P(ConnectionTest, a_refused_upgrade_tells_status_and_reason) {
  world_ = GetParam().make(options_);
  AcceptHandlers handlers;
  handlers.on_http = [](const HttpRequest&) { return HttpResponse{}; };
  handlers.on_upgrade = [](const HttpRequest&) {
    return HttpResponse{503, HttpResponse{}.content_type, "the server is full"};
  };
  handlers.on_connection = [](const HttpRequest&, std::shared_ptr<Connection>) { FAIL(); };
  world_->listen(std::move(handlers));
  std::string reason;
  world_->connector().connect(world_->url("/"), "scrim.v1", [&](auto result) {
    ASSERT_FALSE(result);
    reason = result.error().reason;
  });
  EXPECT_TRUE(reason.empty()) << "called from inside connect()";
  ASSERT_TRUE(run_until([&] { return !reason.empty(); }));
  EXPECT_EQ(reason, "503: the server is full");
}

TEST_P(ConnectionTest, a_server_that_does_not_take_the_subprotocol_is_named) {
  world_ = GetParam().make(options_);
  AcceptHandlers handlers;
  handlers.on_http = [](const HttpRequest&) { return HttpResponse{}; };
  handlers.on_upgrade = [this](const HttpRequest&) { return Upgrade{&world_->loop(), ""}; };
  handlers.on_connection = [](const HttpRequest&, std::shared_ptr<Connection>) {};
  world_->listen(std::move(handlers));
  std::string reason;
  world_->connector().connect(world_->url("/"), "scrim.v1", [&](auto result) {
    ASSERT_FALSE(result);
    reason = result.error().reason;
  });
  ASSERT_TRUE(run_until([&] { return !reason.empty(); }));
  EXPECT_NE(reason.find("does not speak scrim.v1"), std::string::npos) << reason;
}

TEST_P(ConnectionTest, of_several_subprotocols_the_server_takes_the_first_and_the_others_are_not_told) {
  world_ = GetParam().make(options_);
  std::vector<std::string> offered;
  std::string taken = "first";
  AcceptHandlers handlers;
  handlers.on_http = [](const HttpRequest&) { return HttpResponse{}; };
  handlers.on_upgrade = [&](const HttpRequest& request) {
    offered = request.subprotocols;
    return Upgrade{&world_->loop(), taken};
  };
  handlers.on_connection = [](const HttpRequest&, const std::shared_ptr<Connection>& connection) {
    connection->abort();
  };
  world_->listen(std::move(handlers));
  int opened = 0;
  std::string reason;
  const auto done = [&](const engine::Result<std::shared_ptr<Connection>>& result) {
    if (result) {
      ++opened;
      (*result)->abort();
    } else {
      reason = result.error().reason;
    }
  };
  world_->connector().connect(world_->url("/"), "first, secret.x.y", done);
  ASSERT_TRUE(run_until([&] { return opened == 1 || !reason.empty(); })) << reason;
  EXPECT_EQ(reason, "");
  EXPECT_EQ(offered, (std::vector<std::string>{"first", "secret.x.y"}));
  taken = "secret.x.y";
  world_->connector().connect(world_->url("/"), "first, secret.x.y", done);
  ASSERT_TRUE(run_until([&] { return !reason.empty(); }));
  EXPECT_NE(reason.find("does not speak first"), std::string::npos) << reason;
  EXPECT_EQ(reason.find("secret"), std::string::npos) << reason;
}

TEST_P(ConnectionTest, a_bad_url_is_an_error_that_says_so) {
  world_ = GetParam().make(options_);
  std::string reason;
  world_->connector().connect("http://127.0.0.1/", "", [&](auto result) { reason = result.error().reason; });
  EXPECT_TRUE(reason.empty()) << "called from inside connect()";
  ASSERT_TRUE(run_until([&] { return !reason.empty(); }));
  EXPECT_NE(reason.find("bad URL"), std::string::npos) << reason;
}

}  // namespace
}  // namespace netcode::transport
