// Clients of Socket.IO in virtual time, at the door of a ServerCore: over a WebSocket of the test's own, or by polling.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "../socketio/engine_ends.hpp"
#include "core_fixture.hpp"
#include "field.hpp"
#include "netcode/server.hpp"
#include "server/server_core.hpp"

namespace netcode {

using Query = std::map<std::string, std::string>;

inline transport::HttpRequest socketio_request(std::string method, Query query, const std::string& body = {}) {
  query["EIO"] = "4";
  return {.method = std::move(method),
          .path = "/socket.io/",
          .query = std::move(query),
          .subprotocols = {},
          .origin = {},
          .remote_address = "192.0.2.1:4242",
          .body = Bytes(body.begin(), body.end())};
}

/// What messages of Socket.IO a client was sent, snapshots apart.
class SocketioHeard {
 public:
  struct Snapshot {
    std::string head;  // ["snapshot",{"_placeholder":true,"num":0},{"tick":1,...}]
    std::string world;
  };

  /// Engine.IO's own are left out. A reply to CONNECT is "0" or "0/custom,": nobody knows its sid.
  void add(const std::vector<std::string>& messages) {
    for (const std::string& one : messages) {
      if (is_world_next_) {
        is_world_next_ = false;
        snapshots.back().world = one.substr(std::string_view("bytes ").size());
      } else if (one.starts_with("bytes ")) {
        lines_.push_back(one);
      } else if (one.starts_with(R"(451-["snapshot")")) {
        is_world_next_ = true;
        snapshots.push_back({.head = one.substr(4), .world = {}});
      } else if (one.starts_with("40")) {
        lines_.push_back(one.substr(1, one.find('{') - 1));
      } else if (one.starts_with("4")) {
        lines_.push_back(one.substr(1));
      }
    }
  }
  /// What came since the last time.
  std::vector<std::string> lines() { return std::exchange(lines_, {}); }

  std::vector<Snapshot> snapshots;

 private:
  std::vector<std::string> lines_;
  bool is_world_next_ = false;
};

/// Over a WebSocket.
class SocketioVisitor {
 public:
  explicit SocketioVisitor(ServerCore& core, Query query = {}) {
    query["transport"] = "websocket";
    auto answer = core.accept_handlers().on_upgrade(socketio_request("GET", std::move(query)));
    std::get<transport::Upgrade>(answer).on_open(socket);
  }
  /// A packet of Socket.IO.
  void say(const std::string& packet, const std::vector<std::string>& attachments = {}) {
    socket->say("4" + packet);
    for (const std::string& bytes : attachments) socket->say(bytes, MessageKind::kBinary);
  }
  std::vector<std::string> heard() {
    heard_.add(std::exchange(socket->sent, {}));
    return heard_.lines();
  }
  std::vector<SocketioHeard::Snapshot> snapshots() {
    heard_.add(std::exchange(socket->sent, {}));
    return std::exchange(heard_.snapshots, {});
  }

  const std::shared_ptr<socketio::TestSocket> socket = std::make_shared<socketio::TestSocket>();

 private:
  SocketioHeard heard_;
};

/// By polling: a GET waits whenever there is time.
class PollingVisitor {
 public:
  explicit PollingVisitor(ServerCore& core) : core_(core) {
    const std::string open = ask("GET")->heard();
    const std::size_t at = open.find("\"sid\":\"") + 7;
    query_["sid"] = open.substr(at, open.find('"', at) - at);
  }
  std::string say(const std::string& packet) { return ask("POST", "4" + packet)->heard(); }
  /// Fetches what is there, and leaves a GET behind. Returns whether something came.
  bool poll() {
    if (!waiting_) waiting_ = ask("GET");
    if (waiting_->heard().empty()) return false;
    const std::string body = std::exchange(waiting_, nullptr)->response().body;
    std::vector<std::string> messages;
    for (std::size_t at = 0; at <= body.size(); at = body.find('\x1e', at) + 1) {
      messages.push_back(body.substr(at, body.find('\x1e', at) - at));
      if (body.find('\x1e', at) == std::string::npos) break;
    }
    heard_.add(messages);
    return true;
  }
  std::vector<std::string> heard() { return heard_.lines(); }
  const std::string& sid() { return query_["sid"]; }

 private:
  std::shared_ptr<socketio::Waiting> ask(std::string method, const std::string& body = {}) {
    auto waiting = std::make_shared<socketio::Waiting>();
    core_.accept_handlers().on_http(socketio_request(std::move(method), query_, body), transport::Answerer(waiting));
    return waiting;
  }

  ServerCore& core_;
  Query query_{{"transport", "polling"}};
  std::shared_ptr<socketio::Waiting> waiting_;
  SocketioHeard heard_;
};

inline std::string text_of(const Bytes& bytes) { return std::string(bytes.begin(), bytes.end()); }

class SocketioTest : public CoreTest {
 protected:
  explicit SocketioTest(std::uint32_t shards = 1) : SocketioTest(config_of(shards)) {}
  explicit SocketioTest(ServerConfig config) : CoreTest(std::move(config)) { spdlog::set_level(spdlog::level::warn); }
  static ServerConfig config_of(std::uint32_t shards, std::chrono::milliseconds recovery_window = {}) {
    ServerConfig out;
    out.threads = shards;
    out.seed = 3;
    out.socketio.recovery_window = recovery_window;
    return out;
  }
  /// Once the handlers are there.
  void serve(MatchOptions options = {}) {
    core_.define("field", rules_type<field::Rules>(), std::move(options));
    start();
    loop_.run_ready();
  }
  Namespace& of(std::string_view space) { return core_.space(space).api(); }
  void run() { loop_.run_for(std::chrono::milliseconds(10)); }
  std::unique_ptr<SocketioVisitor> open(Query query = {}) {
    return std::make_unique<SocketioVisitor>(core_, std::move(query));
  }
  std::unique_ptr<SocketioVisitor> joined(const std::string& name, const std::string& space = "/") {
    auto visitor = open({{"name", name}});
    const std::string packet = space == "/" ? "0" : "0" + space + ",";
    visitor->say(packet);
    run();
    EXPECT_THAT(visitor->heard(), ::testing::Contains(packet));
    return visitor;
  }
  /// What `packet` brings.
  std::vector<std::string> said(SocketioVisitor& visitor, const std::string& packet,
                                const std::vector<std::string>& attachments = {}) {
    visitor.say(packet, attachments);
    run();
    return visitor.heard();
  }
  std::size_t sessions() { return core_.directory().sessions(); }
};

}  // namespace netcode
