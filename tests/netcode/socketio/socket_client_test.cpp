#include "socketio/socket_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine_ends.hpp"
#include "simnet/manual_loop.hpp"
#include "socketio/json_text.hpp"

namespace netcode::socketio {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

/// Lets everybody into "/" and "/a" at once, keeps who asks for "/later" waiting, and writes down what it hears.
class SocketClientTest : public ::testing::Test, public EngineSession::Owner, public SocketClient::Owner {
 protected:
  SocketClientTest() { begin(); }

  void begin() {
    left.clear();
    client.reset();
    session = std::make_unique<EngineSession>(loop, "sid-1", EngineTiming(), static_cast<EngineSession::Owner&>(*this));
    client = std::make_unique<SocketClient>(
        loop, *session,
        transport::HttpRequest{
            .method = "GET", .path = "/", .query = {}, .subprotocols = {}, .origin = {}, .remote_address = {}},
        1000ms, static_cast<SocketClient::Owner&>(*this));
    socket = std::make_shared<TestSocket>();
    session->open(socket);
    socket->sent.clear();
  }

  void on_message(std::string_view data, bool is_binary) override { client->on_message(data, is_binary); }
  void on_ended(EngineEnd end) override { client->on_ended(end); }

  void on_connect(SocketClient& of, const std::string& nsp, const boost::json::value& auth) override {
    asked.push_back(nsp + " " + json_text(auth));
    if (nsp.starts_with("/later")) return;
    if (nsp == "/" || nsp == "/a") return static_cast<void>(of.accept(nsp, {.sid = "s" + nsp, .pid = {}}));
    of.refuse(nsp, "Invalid namespace");
  }
  void on_event(SocketClient&, Packet event) override {
    heard.push_back(event.nsp + " " + json_text(*event.data) + (event.ack ? " " + std::to_string(*event.ack) : "") +
                    (event.attachments.empty() ? "" : " + " + event.attachments[0]));
  }
  void on_ack(SocketClient&, Packet ack) override {
    heard.push_back("ack " + std::to_string(ack.ack.value_or(0)) + " " + json_text(*ack.data));
  }
  void on_left(SocketClient&, const std::string& nsp, std::string_view why) override {
    left.push_back(nsp + " " + std::string(why));
  }
  void on_gone(SocketClient&) override { is_gone = true; }

  Packet event(std::string nsp, std::string_view text) {
    return {.nsp = std::move(nsp), .ack = {}, .data = *parse_json(text), .attachments = {}};
  }

  transport::ManualLoop loop;
  std::shared_ptr<TestSocket> socket;
  std::unique_ptr<EngineSession> session;
  std::unique_ptr<SocketClient> client;
  std::vector<std::string> asked;
  std::vector<std::string> heard;
  std::vector<std::string> left;
  bool is_gone = false;
};

}  // namespace

TEST_F(SocketClientTest, asks_its_owner_who_may_join) {
  socket->say(R"(40{"token":"123"})");
  socket->say("40/a,");
  socket->say("40/b");
  EXPECT_THAT(asked, ElementsAre(R"(/ {"token":"123"})", "/a null", "/b null"));
  EXPECT_THAT(socket->sent,
              ElementsAre(R"(40{"sid":"s/"})", R"(40/a,{"sid":"s/a"})", R"(44/b,{"message":"Invalid namespace"})"));
  EXPECT_THAT(client->joined(), ElementsAre("/", "/a"));
}

TEST_F(SocketClientTest, says_with_a_refusal_what_its_owner_adds) {
  socket->say("40/later,");
  client->refuse("/later", "no", *parse_json(R"({"retry":5})"));
  EXPECT_THAT(socket->sent, ElementsAre(R"(44/later,{"message":"no","data":{"retry":5}})"));
  client->refuse("/later", "no");
  client->accept("/later", {.sid = "x", .pid = {}});
  EXPECT_EQ(socket->sent.size(), 1U) << "it was answered";
  EXPECT_THAT(client->joined(), IsEmpty());
}

TEST_F(SocketClientTest, tells_a_secret_where_there_is_one_for_recovery) {
  socket->say("40/later,");
  client->accept("/later", {.sid = "x", .pid = "y"});
  EXPECT_THAT(socket->sent, ElementsAre(R"(40/later,{"sid":"x","pid":"y"})"));
}

TEST_F(SocketClientTest, passes_on_events_and_acks_of_namespaces_that_it_joined) {
  socket->say("40");
  socket->say(R"(42["e",1])");
  socket->say(R"(4217["e"])");
  socket->say("437[2]");
  socket->say(R"(451-["f",{"_placeholder":true,"num":0}])");
  socket->say("xyz", MessageKind::kBinary);
  EXPECT_THAT(heard, ElementsAre(R"(/ ["e",1])", R"(/ ["e"] 17)", "ack 7 [2]",
                                 R"(/ ["f",{"_placeholder":true,"num":0}] + xyz)"));
}

TEST_F(SocketClientTest, sends_text_and_then_its_bytes) {
  socket->say("40/a,");
  socket->sent.clear();
  Packet packet = event("/a", R"(["f",{"_placeholder":true,"num":0}])");
  packet.attachments = {"xyz"};
  EXPECT_TRUE(client->send(packet));
  EXPECT_THAT(socket->sent, ElementsAre(R"(451-/a,["f",{"_placeholder":true,"num":0}])", "bytes xyz"));
  EXPECT_FALSE(client->send(event("/", R"(["e"])"))) << "it is not there";
}

TEST_F(SocketClientTest, closes_who_speaks_where_it_has_not_joined) {
  for (const char* bad : {R"(42["e"])", "41", "43[1]", R"(42/a,["e"])"}) {
    begin();
    socket->say(bad);
    EXPECT_TRUE(socket->is_closed) << bad;
  }
  begin();
  socket->say("40/later,");
  socket->say(R"(42/later,["e"])");
  EXPECT_TRUE(socket->is_closed) << "it has only asked";
}

TEST_F(SocketClientTest, closes_who_joins_twice) {
  socket->say("40");
  socket->say("40");
  EXPECT_TRUE(socket->is_closed);
  EXPECT_THAT(left, ElementsAre("/ forced close"));
  loop.run_ready();
  EXPECT_TRUE(is_gone);
  EXPECT_EQ(left.size(), 1U) << "once";
}

TEST_F(SocketClientTest, closes_who_sends_what_is_no_packet) {
  for (const char* bad : {"4abc", "44{}", "42{}", "42abc[]", "450-[\"e\"]", "4"}) {
    begin();
    socket->say("40");
    socket->say(bad);
    EXPECT_TRUE(socket->is_closed) << bad;
    EXPECT_THAT(left, ElementsAre("/ forced close")) << bad;
  }
}

TEST_F(SocketClientTest, closes_by_itself_who_cannot_be_told_at_once) {
  socket->say("40");
  socket->is_stuck = true;
  socket->say("40");
  EXPECT_THAT(left, ElementsAre("/ forced server close")) << "as the official server has it";
}

TEST_F(SocketClientTest, ignores_an_event_of_nothing_where_it_has_joined) {
  socket->say("40");
  socket->say("42");
  socket->say("437");
  EXPECT_THAT(heard, ElementsAre("ack 7 []"));
  EXPECT_FALSE(socket->is_closed);
  socket->say("42/a");
  EXPECT_TRUE(socket->is_closed);
}

TEST_F(SocketClientTest, closes_who_joins_nothing_in_time) {
  socket->say("40/b");
  loop.run_for(999ms);
  EXPECT_FALSE(socket->is_closed);
  loop.run_for(2ms);
  EXPECT_TRUE(socket->is_closed);
}

TEST_F(SocketClientTest, stays_open_once_it_has_left_what_it_joined) {
  socket->say("40");
  socket->say("41");
  EXPECT_THAT(left, ElementsAre("/ client namespace disconnect"));
  loop.run_for(2s);  // longer than the time in which it has to join
  EXPECT_FALSE(socket->is_closed);
  socket->say("40");
  EXPECT_THAT(client->joined(), ElementsAre("/"));
}

TEST_F(SocketClientTest, tells_its_client_that_it_has_to_leave) {
  socket->say("40");
  socket->say("40/a");
  socket->sent.clear();
  client->leave("/a");
  EXPECT_THAT(socket->sent, ElementsAre("41/a,"));
  EXPECT_THAT(left, IsEmpty());
  client->disconnect();
  EXPECT_THAT(socket->sent, ElementsAre("41/a,", "41"));
  EXPECT_THAT(left, ElementsAre("/ server namespace disconnect"));
  EXPECT_TRUE(socket->is_closed);
}

TEST_F(SocketClientTest, tells_why_a_transport_ended) {
  socket->say("40");
  socket->leave();
  loop.run_ready();
  EXPECT_THAT(left, ElementsAre("/ transport close"));
  EXPECT_TRUE(is_gone);
}

TEST_F(SocketClientTest, keeps_a_client_from_joining_without_end) {
  int joined = 0;
  while (!socket->is_closed && joined < 1000) {
    const std::string nsp = "/later" + std::to_string(++joined);
    socket->say("40" + nsp + ",");
    client->accept(nsp, {.sid = "x", .pid = {}});
  }
  EXPECT_EQ(joined, 65) << "the last one was one too many";
}

TEST_F(SocketClientTest, tells_its_watcher_of_all_that_becomes_of_it) {
  struct Watcher final : SocketWatcher {
    void on_joined(const SocketClient&, const std::string& nsp, const std::string& sid) override {
      told.push_back("joined " + nsp + " as " + sid);
    }
    void on_left(const SocketClient&, const std::string& nsp, std::string_view why) override {
      told.push_back("left " + nsp + ": " + std::string(why));
    }
    void on_message(const SocketClient&, std::size_t bytes) override { told.push_back(std::to_string(bytes) + " in"); }
    void on_event(const SocketClient&, const Packet& event) override { told.push_back(json_text(*event.data)); }
    void on_sent(const SocketClient&, std::span<const MadePacket> messages) override {
      for (const MadePacket& one : messages) told.push_back(std::to_string(one.data().size()) + " out");
    }
    void on_ended(const SocketClient&, EngineEnd end) override { told.emplace_back(to_string(end)); }
    std::vector<std::string> said() { return std::exchange(told, {}); }
    std::vector<std::string> told;
  } watcher;
  client->set_watcher(&watcher);
  socket->say("40");
  EXPECT_THAT(watcher.said(), ElementsAre("1 in", "joined / as s/", "13 out"));
  socket->say("40/later,");
  socket->say("40/nowhere,");
  EXPECT_THAT(watcher.said(), ElementsAre("8 in", "10 in", "41 out"));
  socket->say(R"(451-["e",{"_placeholder":true,"num":0}])");
  socket->say("12345", MessageKind::kBinary);
  EXPECT_THAT(watcher.said(), ElementsAre("38 in", "5 in", R"(["e",{"_placeholder":true,"num":0}])"));
  EXPECT_TRUE(client->send(event("/", R"(["e"])")));
  client->leave("/");
  EXPECT_THAT(watcher.said(), ElementsAre("6 out", "left /: server namespace disconnect", "1 out"));
  socket->say("40");
  socket->say("41");
  socket->say("40");
  socket->leave();
  loop.run_ready();
  EXPECT_THAT(watcher.said(),
              ElementsAre("1 in", "joined / as s/", "13 out", "1 in", "left /: client namespace disconnect", "1 in",
                          "joined / as s/", "13 out", "left /: transport close", "transport close"));
}

}  // namespace netcode::socketio
