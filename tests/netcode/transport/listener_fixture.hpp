// A listener on a socket of its own, and what reached its handlers, for the suites that talk to it byte by byte.
//
// Threading: all in the test's thread. Ownership: the loop outlives what the suite holds of it.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "raw_client.hpp"
#include "test_world.hpp"
#include "transport/http/listener.hpp"

namespace netcode::transport {

class ListenerTest : public testing::Test {
 protected:
  ListenerTest() {
    handlers_.on_http = [this](const HttpRequest& request) {
      http_requests_.push_back(request);
      return HttpResponse{200, "text/plain", "served " + request.path};
    };
    handlers_.on_upgrade = [this](const HttpRequest&) { return Upgrade{&loop_, ""}; };
    handlers_.on_connection = [this](const HttpRequest&, std::shared_ptr<Connection> connection) {
      connections_.push_back(std::move(connection));
      connections_.back()->start(heard_.emplace_back());
    };
  }
  ~ListenerTest() override {
    for (const auto& connection : connections_) connection->detach();
  }

  void open(std::shared_ptr<const TlsContext> tls = nullptr) {
    auto listener = Listener::open(loop_, "127.0.0.1", 0, options_, handlers_, std::move(tls));
    ASSERT_TRUE(listener) << listener.error().reason;
    listener_ = std::move(*listener);
  }
  std::uint16_t port() const { return listener_->port(); }

  /// What comes back for these bytes, up to one whole answer.
  std::string answer_to(std::string_view bytes) {
    RawClient client(loop_, port());
    client.send(bytes);
    EXPECT_TRUE(client.read_answers(1)) << "no whole answer came:\n" << client.received;
    return client.received;
  }

  IoLoop loop_;
  ConnectionOptions options_;
  AcceptHandlers handlers_;
  std::vector<HttpRequest> http_requests_;
  std::vector<std::shared_ptr<Connection>> connections_;
  std::deque<Heard> heard_;
  std::unique_ptr<Listener> listener_;
};

}  // namespace netcode::transport
