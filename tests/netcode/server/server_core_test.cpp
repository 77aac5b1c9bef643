// What a server answers at its door, by the path that is asked for.
#include "server/server_core.hpp"

#include <gtest/gtest.h>

#include "field.hpp"
#include "simnet/manual_loop.hpp"
#include "simnet/memory_link.hpp"
#include "visitor.hpp"

using namespace std::chrono_literals;
using namespace netcode;

namespace {

class PathPrefix : public ::testing::Test {
 protected:
  void start(const std::string& prefix) {
    ServerConfig config;
    config.path_prefix = prefix;
    core_ = std::make_unique<ServerCore>(config);
    core_->define("field", rules_type<field::Rules>(), {});
    core_->start({&loop_});
    network_.listen(core_->accept_handlers());
    connector_ = network_.connector();
  }
  ~PathPrefix() override {
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

}  // namespace

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
