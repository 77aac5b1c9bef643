// The end of a connection, in every order of the two close frames, an error, a reset and silence, over real sockets:
// whatever the peer does or leaves undone, the connection and its descriptor are gone within the close timeout.
#include <gtest/gtest.h>

#include <deque>
#include <filesystem>
#include <memory>
#include <ostream>
#include <vector>

#include "raw_client.hpp"
#include "test_world.hpp"
#include "transport/http/listener.hpp"

namespace netcode::transport {
namespace {

const std::string kMessage = RawClient::frame(0x82, "a message");
const std::string kUnmasked = RawClient::frame(0x82, "a message", false);
const std::string kClose = RawClient::frame(0x88, std::string_view("\x03\xe8", 2));
const std::string kPing = RawClient::frame(0x89, "ping");

std::size_t descriptors() {
  const std::filesystem::directory_iterator open("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(open), end(open)));
}

/// What our end does when the message arrives.
struct Ours {
  const char* name;
  std::string message;
  void (*act)(Connection&);
};

/// What the peer sends in one segment with the message, and what it does next.
struct Theirs {
  const char* name;
  std::string behind;
  void (*act)(RawClient&);
};

void nothing(Connection&) {}
void refuse(Connection& connection) { connection.close(CloseCode::kRefused, "no"); }
void write_and_refuse(Connection& connection) {
  connection.write(one_frame(pattern(8'000'000)));  // more than a peer that reads nothing takes
  connection.close(CloseCode::kTryAgainLater, "too slow");
}
void ping_and_refuse(Connection& connection) {
  connection.ping(bytes_of("there?"));
  connection.close(CloseCode::kRefused, "no");
}
void refuse_and_abort(Connection& connection) {
  connection.close(CloseCode::kRefused, "no");
  connection.abort();
}
void refuse_and_detach(Connection& connection) {
  connection.close(CloseCode::kRefused, "no");
  connection.detach();
}
void abort(Connection& connection) { connection.abort(); }

void stay_silent(RawClient&) {}
void reset(RawClient& client) { client.reset(); }
void shut(RawClient& client) { client.shut(); }
void read_then_close(RawClient& client) {
  client.read_until([&] { return client.close_code() != 0 || client.ended; });
  client.send(kClose);
}
void read_then_reset(RawClient& client) {
  client.read_until([&] { return client.close_code() != 0 || client.ended; });
  client.reset();
}
void read_only(RawClient& client) { client.read_to_end(); }

const std::vector<Ours> kOurs = {
    {"we_say_nothing", kMessage, nothing},
    {"we_refuse_it", kMessage, refuse},
    {"we_write_much_and_refuse_it", kMessage, write_and_refuse},
    {"we_ping_and_refuse_it", kMessage, ping_and_refuse},
    {"we_refuse_it_and_abort", kMessage, refuse_and_abort},
    {"we_refuse_it_and_detach", kMessage, refuse_and_detach},
    {"we_abort", kMessage, abort},
    {"its_frame_is_broken", kUnmasked, nothing},
};

const std::vector<Theirs> kTheirs = {
    {"they_close_at_once", kClose, stay_silent},
    {"they_close_at_once_and_reset", kClose, reset},
    {"they_close_at_once_and_shut", kClose, shut},
    {"they_close_twice", kClose + kClose, stay_silent},
    {"they_ping_and_close", kPing + kClose, stay_silent},
    {"they_send_more_and_close", kMessage + kPing + kMessage + kClose, read_only},
    {"they_send_half_a_close", kClose.substr(0, 3), stay_silent},
    {"they_send_half_a_close_and_shut", kClose.substr(0, 3), shut},
    {"they_close_and_break_the_protocol", kClose + kUnmasked, stay_silent},
    {"they_break_the_protocol", kUnmasked, stay_silent},
    {"they_close_after_us", "", read_then_close},
    {"they_read_our_close_and_reset", "", read_then_reset},
    {"they_reset", "", reset},
    {"they_shut", "", shut},
    {"they_stay_silent", "", stay_silent},
    {"they_read_and_stay_silent", "", read_only},
};

/// Only one of the two need say that it is over; if neither does, there is nothing to end.
bool nobody_ends_it(const Ours& ours, const Theirs& theirs) {
  return ours.act == nothing && ours.message == kMessage && theirs.behind.empty() &&
         (theirs.act == stay_silent || theirs.act == read_then_close || theirs.act == read_only ||
          theirs.act == read_then_reset);
}

class TeardownTest : public testing::Test {
 protected:
  TeardownTest() {
    options_.close_timeout = 40ms;
    options_.message_assembly_timeout = 40ms;
    handlers_.on_http = [](const HttpRequest&) { return HttpResponse{}; };
    handlers_.on_upgrade = [this](const HttpRequest&) { return Upgrade{&loop_, ""}; };
    handlers_.on_connection = [this](const HttpRequest&, std::shared_ptr<Connection> connection) {
      opened_.push_back(connection);
      Heard& heard = heard_.emplace_back();
      heard.then_on_message = [this, raw = connection.get()](const Heard::Message&) { act_(*raw); };
      connection->start(heard);
    };
    auto listener = Listener::open(loop_, "127.0.0.1", 0, options_, handlers_);
    if (!listener) throw std::runtime_error(listener.error().reason);
    listener_ = std::move(*listener);
  }
  std::size_t live() const {
    return static_cast<std::size_t>(
        std::count_if(opened_.begin(), opened_.end(), [](const auto& one) { return !one.expired(); }));
  }
  bool run_until(const std::function<bool()>& condition) {
    const auto end = loop_.now() + 10s;
    while (!condition() && loop_.now() < end) loop_.run_for(1ms);
    return condition();
  }

  IoLoop loop_;
  ConnectionOptions options_;
  AcceptHandlers handlers_;
  std::unique_ptr<Listener> listener_;
  std::function<void(Connection&)> act_;
  std::vector<std::weak_ptr<Connection>> opened_;
  std::deque<Heard> heard_;
};

TEST_F(TeardownTest, every_order_of_two_closes_an_error_a_reset_and_silence_leaves_nothing_behind) {
  const auto before = descriptors();
  for (const Ours& ours : kOurs) {
    for (const Theirs& theirs : kTheirs) {
      if (nobody_ends_it(ours, theirs)) continue;
      SCOPED_TRACE(std::string(ours.name) + ", " + theirs.name);
      act_ = ours.act;
      const auto so_far = opened_.size();
      {
        RawClient client(loop_, listener_->port(), true);
        client.send(RawClient::upgrade_request());
        ASSERT_TRUE(client.read_until([&] { return opened_.size() > so_far; }));
        client.send(ours.message + theirs.behind);
        loop_.run_for(1ms);
        theirs.act(client);
        EXPECT_TRUE(run_until([&] { return live() == 0; })) << "the connection is still there";
      }
      const bool told = ours.act != refuse_and_detach;
      EXPECT_EQ(heard_.back().closed_calls, told || heard_.back().messages.empty() ? 1 : 0);
    }
  }
  EXPECT_EQ(descriptors(), before);
}

TEST_F(TeardownTest, all_that_comes_before_the_loop_looks_again_leaves_nothing_behind) {
  // The request, the message and the end in one go: the socket has both before the connection is there.
  const auto before = descriptors();
  for (const Ours& ours : kOurs) {
    for (const Theirs& theirs : kTheirs) {
      if (nobody_ends_it(ours, theirs) || theirs.act == read_then_close || theirs.act == read_then_reset) continue;
      SCOPED_TRACE(std::string(ours.name) + ", " + theirs.name);
      act_ = ours.act;
      RawClient client(loop_, listener_->port());
      client.send(RawClient::upgrade_request() + ours.message + theirs.behind);
      if (theirs.act != read_only) theirs.act(client);
      loop_.run_for(2ms);
      EXPECT_TRUE(run_until([&] { return live() == 0; })) << "the connection is still there";
    }
  }
  EXPECT_TRUE(run_until([&] { return descriptors() == before; })) << descriptors() << " descriptors, not " << before;
}

TEST_F(TeardownTest, a_close_before_start_crosses_the_peers_and_leaves_nothing_behind) {
  std::shared_ptr<Connection> refused;
  const auto before = descriptors();
  for (const Theirs& theirs : kTheirs) {
    SCOPED_TRACE(theirs.name);
    AcceptHandlers handlers = handlers_;
    handlers.on_connection = [&](const HttpRequest&, std::shared_ptr<Connection> connection) {
      opened_.push_back(connection);
      connection->close(CloseCode::kRefused, "the server is full");
    };
    auto listener = Listener::open(loop_, "127.0.0.1", 0, options_, std::move(handlers));
    ASSERT_TRUE(listener);
    RawClient client(loop_, (*listener)->port());
    client.send(RawClient::upgrade_request() + kMessage + theirs.behind);
    theirs.act(client);
    EXPECT_TRUE(run_until([&] { return live() == 0; })) << "the connection is still there";
  }
  EXPECT_TRUE(run_until([&] { return descriptors() == before; }));
}

TEST_F(TeardownTest, a_client_that_refuses_a_message_with_the_servers_close_behind_it_is_gone) {
  TestWorld::Options options;
  options.client.close_timeout = options.server.close_timeout = 40ms;
  const auto world = make_socket_world(options);
  const auto pair = connect_pair(*world);
  pair->client_heard.then_on_message = [&](const Heard::Message&) {
    pair->client->close(CloseCode::kBadPayload, "no");
  };
  pair->server->write(one_frame(bytes_of("news")));
  pair->server->close(CloseCode::kNormal, "that was all");
  EXPECT_TRUE(world->run_until([&] { return pair->client_heard.closed && pair->server_heard.closed; }));
  const std::weak_ptr<Connection> client = std::exchange(pair->client, nullptr);
  const std::weak_ptr<Connection> server = std::exchange(pair->server, nullptr);
  EXPECT_TRUE(world->run_until([&] { return client.expired() && server.expired(); }));
}

TEST(Loops, a_task_of_one_may_own_a_connection_of_another_when_both_end) {
  auto serving = std::make_unique<IoLoop>();
  auto other = std::make_unique<IoLoop>();
  std::weak_ptr<Connection> seen;
  Heard heard;
  AcceptHandlers handlers;
  handlers.on_http = [](const HttpRequest&) { return HttpResponse{}; };
  handlers.on_upgrade = [&](const HttpRequest&) { return Upgrade{serving.get(), ""}; };
  handlers.on_connection = [&](const HttpRequest&, std::shared_ptr<Connection> connection) {
    seen = connection;
    connection->start(heard);
    other->post([connection] {});  // never runs: the servers' loops have been stopped
    other->call_at(other->now() + 1h, [connection] {});
  };
  auto listener = Listener::open(*serving, "127.0.0.1", 0, ConnectionOptions(), handlers);
  ASSERT_TRUE(listener);
  {
    RawClient client(*serving, (*listener)->port());
    client.send(RawClient::upgrade_request());
    ASSERT_TRUE(client.read_until([&] { return !seen.expired(); }));
  }
  *listener = nullptr;
  serving->abandon();
  other->abandon();
  EXPECT_TRUE(seen.expired());
  serving->post([] { FAIL() << "nothing runs any more"; });
  serving.reset();
  other.reset();
}

TEST_F(TeardownTest, five_hundred_refused_messages_with_the_peers_close_behind_leave_nothing_behind) {
  const auto before = descriptors();
  act_ = refuse;
  for (int i = 0; i < 500; ++i) {
    RawClient client(loop_, listener_->port());
    client.send(RawClient::upgrade_request() + kMessage + kClose);
    if (i % 2 == 0) client.reset();
    loop_.run_for(1ms);
  }
  EXPECT_TRUE(run_until([&] { return live() == 0 && descriptors() == before; }))
      << live() << " connections, " << descriptors() - before << " descriptors";
}

}  // namespace
}  // namespace netcode::transport
