// Tests also: websocket_handshake.cpp.
#include "transport/websocket/websocket_connector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "test_world.hpp"
#include "transport/http/listener.hpp"
#include "transport/loop/io_faults.hpp"
#include "transport/loop/io_loop.hpp"

namespace netcode::transport {
namespace {

using boost::asio::ip::tcp;
using testing::HasSubstr;

/// A TCP server that never says a word of WebSocket.
struct MuteServer {
  explicit MuteServer(IoLoop& loop)
      : acceptor(loop.context(), tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)) {}
  std::string url() const { return "ws://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()) + "/"; }
  tcp::acceptor acceptor;
};

class ConnectorTest : public testing::Test {
 protected:
  std::string error_of(const std::string& url) {
    WebSocketConnector connector(loop_, options_);
    std::optional<std::string> reason;
    connector.connect(url, "", [&](auto result) { reason = result ? "connected" : result.error().reason; });
    EXPECT_FALSE(reason.has_value()) << "called from inside connect()";
    const auto end = loop_.now() + 10s;
    while (!reason && loop_.now() < end) loop_.run_for(1ms);
    return reason.value_or("nothing");
  }

  IoLoop loop_;
  ConnectionOptions options_ = client_connection_options();
};

TEST_F(ConnectorTest, a_refused_connection_names_who_refused_it) {
  std::string url;
  {
    const MuteServer gone(loop_);
    url = gone.url();
  }
  const auto authority = url.substr(5, url.size() - 6);
  EXPECT_EQ(error_of(url), "connection refused by " + authority);
}

TEST_F(ConnectorTest, an_unknown_host_is_named) {
  EXPECT_EQ(error_of("ws://no-such-host.invalid:9000/"), "unknown host no-such-host.invalid");
}

TEST_F(ConnectorTest, a_server_that_says_nothing_is_given_up_after_the_handshake_timeout) {
  options_.handshake_timeout = 30ms;
  const MuteServer mute(loop_);
  EXPECT_THAT(error_of(mute.url()), HasSubstr("no answer from 127.0.0.1:"));
}

TEST_F(ConnectorTest, a_server_that_hangs_up_during_the_handshake_is_an_error) {
  MuteServer server(loop_);
  server.acceptor.async_accept([](auto, tcp::socket socket) { socket.close(); });
  const auto reason = error_of(server.url());
  EXPECT_THAT(reason, HasSubstr("closed the connection during the handshake"));
}

TEST_F(ConnectorTest, a_server_that_answers_nonsense_is_an_error) {
  MuteServer server(loop_);
  std::shared_ptr<tcp::socket> kept;
  server.acceptor.async_accept([&](auto, tcp::socket socket) {
    kept = std::make_shared<tcp::socket>(std::move(socket));
    kept->write_some(boost::asio::buffer(std::string_view("220 smtp.example ESMTP\r\n\r\n")));
  });
  EXPECT_THAT(error_of(server.url()), HasSubstr("no WebSocket at 127.0.0.1:"));
}

/// Boost.Beast's way to test: the same scene again and again, failing at its first I/O, its second, and so on to the
/// one at which it gets through. Whatever fails, both ends hear of one end each, and nothing is lost or kept.
TEST(Transport, a_scene_that_fails_at_its_nth_operation_always_ends_cleanly) {
  std::uint64_t fail_at = 0;
  bool got_through = false;
  for (; !got_through && fail_at < 200; ++fail_at) {
    SCOPED_TRACE("failing at operation " + std::to_string(fail_at));
    IoLoop loop;
    std::shared_ptr<Connection> server;
    std::shared_ptr<Connection> client;
    Heard server_heard;
    Heard client_heard;
    AcceptHandlers handlers;
    handlers.on_http = [](const HttpRequest&) { return HttpResponse{}; };
    handlers.on_upgrade = [&](const HttpRequest&) { return Upgrade{&loop, ""}; };
    handlers.on_connection = [&](const HttpRequest&, std::shared_ptr<Connection> connection) {
      server = std::move(connection);
      server_heard.then_on_message = [&](const Heard::Message& message) {
        if (server->writable()) server->write(one_frame(message.bytes));
      };
      server->start(server_heard);
    };
    // Short, since the sockets under a made-up failure are well and their other ends see nothing of it.
    ConnectionOptions options;
    options.close_timeout = 20ms;
    auto listener = Listener::open(loop, "127.0.0.1", 0, options, handlers);
    ASSERT_TRUE(listener);
    WebSocketConnector connector(loop, options);
    bool told = false;
    loop.faults().fail_after(fail_at);
    connector.connect("ws://" + (*listener)->address() + "/", "", [&](auto result) {
      EXPECT_FALSE(told);
      told = true;
      if (!result) return;
      client = *result;
      client_heard.then_on_message = [&](const Heard::Message& message) {
        if (message.bytes.size() == 50'000) client->close(CloseCode::kNormal, "done");
      };
      client->start(client_heard);
      client->ping(bytes_of("?"));
      for (const std::size_t size : {std::size_t{10}, std::size_t{50'000}}) {
        if (client->writable()) client->write(one_frame(pattern(size)));
      }
    });
    const auto ended = [&] { return told && (!client || client_heard.closed) && (!server || server_heard.closed); };
    const auto end = loop.now() + 10s;
    while (!ended() && loop.now() < end) loop.run_for(1ms);
    EXPECT_TRUE(ended());
    // Who has ended is let go of once its last operation has, which may be a little later.
    while ((client.use_count() > 1 || server.use_count() > 1) && loop.now() < end) loop.run_for(1ms);
    EXPECT_LE(client_heard.closed_calls, 1);
    EXPECT_LE(server_heard.closed_calls, 1);
    got_through = loop.faults().pending();
    if (got_through) {
      EXPECT_EQ(client_heard.closed->code, CloseCode::kNormal);
    }
    EXPECT_LE(client.use_count(), 1);
    EXPECT_LE(server.use_count(), 1);
  }
  EXPECT_TRUE(got_through);
  EXPECT_GT(fail_at, 10U) << "the scene should have more operations than that";
}

}  // namespace
}  // namespace netcode::transport
