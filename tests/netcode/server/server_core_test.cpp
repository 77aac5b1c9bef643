// What a server answers at its door, by the path that is asked for.
#include "server/server_core.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "field.hpp"
#include "simnet/manual_loop.hpp"
#include "simnet/memory_link.hpp"
#include "visitor.hpp"

using namespace std::chrono_literals;

// Tests also: server_core_lookup.cpp.

namespace netcode {
namespace {

class AtTheDoor : public ::testing::Test {
 protected:
  void start(const ServerConfig& config, MatchOptions options = {}) {
    core_ = std::make_unique<ServerCore>(config);
    core_->define("field", rules_type<field::Rules>(), std::move(options));
    core_->start({&loop_});
    network_.listen(core_->accept_handlers());
    connector_ = network_.connector();
  }
  ~AtTheDoor() override {
    core_->stop("test", [] {});
    loop_.run_for(10s);
    core_->tear_down();
  }
  /// Whom a WebSocket at this path is welcomed to: a match, "" for the lobby; or why it is not opened.
  std::string visit(const std::string& path) {
    Visitor visitor;
    std::optional<std::string> refused;
    connector_->connect("ws://bench:1" + path, "scrim.v1", [&](auto result) {
      if (!result) {
        refused = result.error().reason;
        return;
      }
      visitor.connection = *result;
      visitor.connection->start(visitor);
    });
    EXPECT_TRUE(loop_.run_until([&] { return refused || visitor.welcome || visitor.closed; }, 1s)) << path;
    if (refused) return *refused;
    if (!visitor.welcome) return visitor.closed ? visitor.closed->reason : "nothing";
    return visitor.welcome->match ? visitor.welcome->match->id : "";
  }

  transport::ManualLoop loop_;
  transport::MemoryNetwork network_{loop_};
  std::unique_ptr<ServerCore> core_;
  std::unique_ptr<transport::Connector> connector_;
};

class PathPrefix : public AtTheDoor {
 protected:
  void start(const std::string& prefix) {
    ServerConfig config;
    config.path_prefix = prefix;
    AtTheDoor::start(config);
  }
};

class QuickJoins : public AtTheDoor {
 protected:
  /// One whose head has been read, and whose WebSocket is not open yet.
  transport::Upgrade begin(const std::string& name) {
    transport::HttpRequest request;
    request.method = "GET";
    request.path = "/quick/field";
    request.query = {{"name", name}};
    request.remote_address = "192.0.2.1:4242";
    auto verdict = core_->accept_handlers().on_upgrade(request);
    if (!std::holds_alternative<transport::Upgrade>(verdict)) throw std::runtime_error("refused");
    return std::get<transport::Upgrade>(std::move(verdict));
  }
};

}  // namespace

TEST_F(QuickJoins, that_are_aborted_before_they_are_open_leave_their_seats_to_the_next) {
  start({}, {.players_max = 4});
  ASSERT_EQ(visit("/match/m?name=ada"), "m");
  for (int i = 0; i < 40; ++i) {
    const transport::Upgrade aborted = begin("gone");
    ASSERT_TRUE(aborted.on_lost) << "a seat was held for it";
    aborted.on_lost();
  }
  EXPECT_EQ(visit("/quick/field?name=bob"), "m");
}

TEST_F(QuickJoins, that_are_under_way_keep_their_seats) {
  start({}, {.players_max = 4});
  ASSERT_EQ(visit("/match/m?name=ada"), "m");
  for (int i = 0; i < 3; ++i) begin("on the way");
  EXPECT_NE(visit("/quick/field?name=bob"), "m");
}

TEST_F(PathPrefix, has_every_path_below_it) {
  start("/games");
  EXPECT_EQ(visit("/games/match/m?name=ada"), "m");
  EXPECT_EQ(visit("/games/?name=bob"), "");
  EXPECT_EQ(visit("/games?name=cyd"), "");
  EXPECT_EQ(visit("/games/quick/field?name=dan"), "m");
  EXPECT_EQ(network_.http_get("/games/healthz").body, "ok\n");
  EXPECT_EQ(network_.http_get("/games/match/m").status, 426U);
}

TEST_F(PathPrefix, has_nothing_elsewhere_and_says_where_to_look) {
  start("/games");
  for (const char* path : {"/healthz", "/match/m", "/", "/gamesome/healthz", "/games/nothing"}) {
    const auto answer = network_.http_get(path);
    EXPECT_EQ(answer.status, 404U) << path;
    EXPECT_EQ(answer.body, "nothing is here: this server's paths are below /games\n") << path;
  }
  for (const char* path : {"/match/m?name=ada", "/?name=ada", "/quick/field?name=ada"})
    EXPECT_NE(visit(path).find("this server's paths are below /games"), std::string::npos) << visit(path);
}

TEST_F(PathPrefix, is_none_unless_it_is_set) {
  start("");
  EXPECT_EQ(visit("/match/m?name=ada"), "m");
  EXPECT_EQ(network_.http_get("/healthz").body, "ok\n");
  EXPECT_EQ(network_.http_get("/games/healthz").body, "nothing is here\n");
}

}  // namespace netcode
