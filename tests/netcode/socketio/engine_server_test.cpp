#include "socketio/engine_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine_ends.hpp"
#include "simnet/manual_loop.hpp"
#include "socketio/gzip.hpp"

namespace netcode::socketio {
namespace {

using ::testing::ElementsAre;
using transport::HttpRequest;
using Query = std::map<std::string, std::string>;

/// Says everything again.
class Echo final : public EngineClient {
 public:
  Echo(EngineSession& session, std::vector<EngineEnd>& ends) : session_(session), ends_(ends) {}
  void on_message(std::string_view data, bool is_binary) override {
    session_.send(MadePacket(EnginePacket{.data = std::string(data), .is_binary = is_binary}));
  }
  void on_ended(EngineEnd end) override { ends_.push_back(end); }

 private:
  EngineSession& session_;
  std::vector<EngineEnd>& ends_;
};

HttpRequest request_of(Query query, std::string method = "GET", std::string body = {}) {
  return {.method = std::move(method),
          .path = "/engine.io/",
          .query = std::move(query),
          .subprotocols = {},
          .origin = {},
          .remote_address = {},
          .body = Bytes(body.begin(), body.end())};
}
const Query kOpen = {{"EIO", "4"}, {"transport", "polling"}};

std::string header_of(const transport::HttpResponse& response, std::string_view name) {
  for (const transport::HttpField& field : response.headers)
    if (field.name == name) return field.value;
  return "none";
}

class EngineServerTest : public ::testing::Test {
 protected:
  void start() {
    server = std::make_unique<EngineServer>(loop, settings, [this](EngineSession& session, const HttpRequest&) {
      return std::make_unique<Echo>(session, ends);
    });
  }
  std::shared_ptr<Waiting> ask(const HttpRequest& request) {
    if (!server) start();
    auto waiting = std::make_shared<Waiting>();
    server->request(request, transport::Answerer(waiting));
    return waiting;
  }
  /// The query of a session that polls.
  Query opened() {
    const std::string open = ask(request_of(kOpen))->heard();
    const std::size_t at = open.find("\"sid\":\"") + 7;
    Query query = kOpen;
    query["sid"] = open.substr(at, open.find('"', at) - at);
    return query;
  }
  /// What the upgrade is refused with, or an empty text and `socket` is open.
  std::string open_socket(Query query, const std::shared_ptr<TestSocket>& socket) {
    if (!server) start();
    auto answer = server->upgrade(request_of(std::move(query)));
    if (const auto* refused = std::get_if<transport::HttpResponse>(&answer)) return refused->body;
    std::get<transport::Upgrade>(answer).on_open(socket);
    return "";
  }

  transport::ManualLoop loop;
  EngineSettings settings;
  std::vector<EngineEnd> ends;
  std::unique_ptr<EngineServer> server;
};

}  // namespace

TEST_F(EngineServerTest, compresses_polls_that_are_worth_it_for_clients_that_say_so) {
  const Query query = opened();
  const auto polled = [&](std::size_t bytes, const std::string& accepts) {
    ask(request_of(query, "POST", "4" + std::string(bytes - 1, 'x')));
    HttpRequest request = request_of(query);
    if (!accepts.empty()) request.headers.push_back({"Accept-Encoding", accepts});
    return ask(request)->response();
  };
  const auto small = polled(kGzipBytesMin - 1, "gzip"), large = polled(kGzipBytesMin, "br, gzip");
  const auto plain = polled(kGzipBytesMin, ""), other = polled(kGzipBytesMin, "deflate");
  EXPECT_EQ(header_of(small, "Content-Encoding"), "none");
  EXPECT_EQ(header_of(large, "Content-Encoding"), "gzip");
  EXPECT_LT(large.body.size(), 100U);
  for (const auto& response : {plain, other}) {
    EXPECT_EQ(header_of(response, "Content-Encoding"), "none");
    EXPECT_EQ(response.body, "4" + std::string(kGzipBytesMin - 1, 'x'));
  }
}

TEST_F(EngineServerTest, refuses_in_the_official_order) {
  const auto code = [&](const Query& query, const std::string& method = "GET") {
    const std::string heard = ask(request_of(query, method))->heard();
    return heard.starts_with("400 {\"code\":") ? heard.substr(12, 1) : heard;
  };
  EXPECT_EQ(code({}), "0");
  EXPECT_EQ(code({{"transport", "abc"}, {"sid", "x"}}), "0");
  EXPECT_EQ(code({{"transport", "polling"}, {"EIO", "3"}, {"sid", "x"}}), "1");
  EXPECT_EQ(code({{"transport", "polling"}, {"EIO", "3"}}, "POST"), "2");
  EXPECT_EQ(code({{"transport", "websocket"}, {"EIO", "3"}}), "3");
  EXPECT_EQ(code({{"transport", "polling"}, {"EIO", "3"}}), "5");
  EXPECT_EQ(code({{"transport", "polling"}}), "5");
  Query other = opened();
  other["EIO"] = "3";
  EXPECT_EQ(code(other), "3") << "the same session with another protocol";
  Query socket = opened();
  socket["transport"] = "websocket";
  EXPECT_EQ(code(socket), "3") << "a poll that says it is a WebSocket";
  EXPECT_EQ(code(opened(), "PUT"), "3");
  EXPECT_EQ(open_socket(kOpen, nullptr), "Bad request") << "a handshake is told the message alone";
  EXPECT_EQ(open_socket({{"transport", "websocket"}, {"EIO", "4"}, {"sid", "x"}}, nullptr), "Session ID unknown");
}

TEST_F(EngineServerTest, opens_sessions_that_poll_and_forgets_them) {
  const Query query = opened();
  EXPECT_EQ(query.at("sid").size(), 20U);
  EXPECT_EQ(ask(request_of(query, "POST", "4hello"))->heard(), "200 ok");
  EXPECT_EQ(ask(request_of(query))->heard(), "200 4hello");
  EXPECT_EQ(server->sessions(), 1U);
  EXPECT_EQ(ask(request_of(query, "POST", "1"))->heard(), "200 ok");
  EXPECT_EQ(ask(request_of(query))->heard(), R"(400 {"code":1,"message":"Session ID unknown"})");
  loop.run_ready();
  EXPECT_EQ(server->sessions(), 0U);
  EXPECT_THAT(ends, ElementsAre(EngineEnd::kTransportClose));
}

TEST_F(EngineServerTest, opens_sessions_over_a_websocket) {
  const auto socket = std::make_shared<TestSocket>();
  EXPECT_EQ(open_socket({{"transport", "websocket"}, {"EIO", "4"}}, socket), "");
  ASSERT_EQ(socket->sent.size(), 1U);
  socket->say("4hello");
  EXPECT_EQ(socket->sent.back(), "4hello");
}

TEST_F(EngineServerTest, leads_a_websocket_to_the_session_that_it_names) {
  Query query = opened();
  query["transport"] = "websocket";
  const auto socket = std::make_shared<TestSocket>();
  EXPECT_EQ(open_socket(query, socket), "");
  socket->say("2probe");
  socket->say("5");
  socket->say("4hello");
  EXPECT_THAT(socket->sent, ElementsAre("3probe", "4hello"));
  EXPECT_EQ(server->sessions(), 1U);
}

TEST_F(EngineServerTest, closes_a_websocket_whose_session_ended_meanwhile) {
  Query query = opened();
  auto answer = server->upgrade(request_of({{"transport", "websocket"}, {"EIO", "4"}, {"sid", query.at("sid")}}));
  ask(request_of(query, "POST", "1"));
  const auto socket = std::make_shared<TestSocket>();
  std::get<transport::Upgrade>(answer).on_open(socket);
  EXPECT_TRUE(socket->is_closed);
  server.reset();
  std::get<transport::Upgrade>(answer).on_open(socket);
}

TEST_F(EngineServerTest, gives_every_session_another_name) {
  std::set<std::string> sids;
  for (int i = 0; i < 1000; ++i) sids.insert(opened().at("sid"));
  EXPECT_EQ(sids.size(), 1000U);
}

TEST_F(EngineServerTest, has_no_more_sessions_than_it_may) {
  settings.sessions_max = 2;
  opened();
  opened();
  EXPECT_EQ(ask(request_of(kOpen))->heard(), R"(403 {"code":4,"message":"Forbidden"})");
}

TEST_F(EngineServerTest, says_on_every_answer_which_pages_may_read_it) {
  EXPECT_EQ(header_of(ask(request_of(kOpen))->response(), "Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(header_of(ask(request_of({}))->response(), "Access-Control-Allow-Origin"), "*") << "errors too";
  HttpRequest preflight = request_of({}, "OPTIONS");
  preflight.headers = {{"Access-Control-Request-Headers", "x-a, x-b"}};
  const auto answer = ask(preflight);
  EXPECT_EQ(answer->heard(), "204 ");
  EXPECT_EQ(header_of(answer->response(), "Access-Control-Allow-Methods"), "GET,HEAD,PUT,PATCH,POST,DELETE");
  EXPECT_EQ(header_of(answer->response(), "Access-Control-Allow-Headers"), "x-a, x-b");
  EXPECT_EQ(header_of(answer->response(), "Vary"), "Access-Control-Request-Headers");
  const auto upgrade = server->upgrade(request_of({{"transport", "websocket"}, {"EIO", "4"}}));
  EXPECT_EQ(header_of({.headers = std::get<transport::Upgrade>(upgrade).headers}, "Access-Control-Allow-Origin"), "*");
}

TEST_F(EngineServerTest, opens_nothing_for_a_page_of_another_origin) {
  settings.origins = {"https://good.example"};
  HttpRequest request = request_of(kOpen);
  request.origin = "https://bad.example";
  const auto refused = ask(request);
  EXPECT_EQ(refused->heard(), R"(403 {"code":4,"message":"Forbidden"})");
  EXPECT_EQ(header_of(refused->response(), "Access-Control-Allow-Origin"), "none");
  request.origin = "https://good.example";
  const auto taken = ask(request);
  EXPECT_EQ(taken->heard().substr(0, 5), "200 0");
  EXPECT_EQ(header_of(taken->response(), "Access-Control-Allow-Origin"), "https://good.example");
  EXPECT_EQ(header_of(taken->response(), "Vary"), "Origin");
  request.method = "OPTIONS";
  EXPECT_EQ(header_of(ask(request)->response(), "Vary"), "Origin, Access-Control-Request-Headers");
}

TEST_F(EngineServerTest, ends_a_session_whose_body_was_refused) {
  const Query query = opened();
  const transport::HttpResponse told = server->refused(request_of(query, "POST"), {.status = 413, .body = "so long"});
  loop.run_ready();
  EXPECT_THAT(ends, ElementsAre(EngineEnd::kTransportError));
  EXPECT_EQ(told.status, 413U);
  EXPECT_EQ(told.body, "") << "as the official server has it";
  EXPECT_EQ(header_of(told, "Access-Control-Allow-Origin"), "*") << "its page may read it";
  EXPECT_EQ(header_of(told, "Cache-Control"), "");
  Query nobody = kOpen;
  nobody["sid"] = "nobody";
  EXPECT_EQ(server->refused(request_of(nobody, "POST"), {.status = 413}).body,
            R"({"code":1,"message":"Session ID unknown"})");
  EXPECT_EQ(server->refused(request_of({}, "POST"), {.status = 431, .body = "of HTTP"}).body, "of HTTP");
}

}  // namespace netcode::socketio
