// Pages and scripts that a server has: what browsers are answered, and what is refused before it runs.
#include "server/static_files.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "field.hpp"
#include "server/server_core.hpp"
#include "server/socketio_bundle.hpp"
#include "simnet/manual_loop.hpp"
#include "simnet/memory_link.hpp"

namespace netcode {
namespace {

using transport::HttpRequest;
using transport::HttpResponse;

std::string header_of(const HttpResponse& response, std::string_view name) {
  for (const auto& field : response.headers)
    if (field.name == name) return field.value;
  return {};
}

class StaticFilesTest : public ::testing::Test {
 protected:
  StaticFilesTest() { EXPECT_TRUE(files_.add("/page", "text/html", "<p>hello")); }
  HttpResponse answer(std::string if_none_match = "") {
    HttpRequest request{.method = "GET", .path = "/page"};
    if (!if_none_match.empty()) request.headers.push_back({"If-None-Match", std::move(if_none_match)});
    return files_.answer("/page", request).value();
  }
  StaticFiles files_;
};

TEST_F(StaticFilesTest, are_kept_by_browsers_that_ask_each_time) {
  const HttpResponse page = answer();
  EXPECT_EQ(page.status, 200U);
  EXPECT_EQ(page.content_type, "text/html");
  EXPECT_EQ(page.body, "<p>hello");
  EXPECT_EQ(header_of(page, "Cache-Control"), "no-cache");
  EXPECT_EQ(header_of(page, "ETag").size(), 18U);
}

TEST_F(StaticFilesTest, are_not_sent_again_to_who_has_them) {
  const std::string etag = header_of(answer(), "ETag");
  for (const std::string& shown : {etag, "W/" + etag, "\"other\", " + etag, std::string("*")}) {
    const HttpResponse again = answer(shown);
    EXPECT_EQ(again.status, 304U) << shown;
    EXPECT_EQ(again.body, "") << shown;
    EXPECT_EQ(header_of(again, "ETag"), etag);
  }
  for (const char* shown : {"\"other\"", "hello", ",,", "W/"}) EXPECT_EQ(answer(shown).status, 200U) << shown;
}

TEST_F(StaticFilesTest, have_another_tag_when_they_are_another) {
  ASSERT_TRUE(files_.add("/other", "text/html", "<p>hullo"));
  EXPECT_NE(header_of(*files_.answer("/other", {}), "ETag"), header_of(answer(), "ETag"));
  EXPECT_FALSE(files_.answer("/page/", {}));
}

TEST_F(StaticFilesTest, are_at_no_path_of_the_servers_own_nor_twice_at_one) {
  for (const char* path : {"", "page", "/", "/healthz", "/match/m", "/quick/field", "/socket.io/", "/page"})
    EXPECT_FALSE(files_.add(path, "text/html", "")) << path;
  EXPECT_FALSE(files_.add("/a", "html", ""));
  EXPECT_FALSE(files_.add("/a", "text/html\r\nX: y", ""));
  EXPECT_TRUE(files_.add("/a", "text/html", ""));
}

class ServedFiles : public ::testing::Test {
 protected:
  void start(ServerConfig config) {
    core_ = std::make_unique<ServerCore>(std::move(config));
    core_->define("field", rules_type<field::Rules>(), {});
    core_->serve("/page", "text/html", "<p>hello");
    core_->start({&loop_});
    network_.listen(core_->accept_handlers());
  }
  void TearDown() override {
    core_->stop("test", [] {});
    loop_.run_for(std::chrono::seconds(10));
    core_->tear_down();
  }
  transport::ManualLoop loop_;
  transport::MemoryNetwork network_{loop_};
  std::unique_ptr<ServerCore> core_;
};

TEST_F(ServedFiles, are_below_the_path_prefix) {
  ServerConfig config;
  config.path_prefix = "/games";
  start(config);
  EXPECT_EQ(network_.http_get("/games/page").body, "<p>hello");
  EXPECT_EQ(network_.http_get("/page").status, 404U);
}

TEST_F(ServedFiles, are_all_there_before_the_server_runs) {
  start({});
  EXPECT_THROW(core_->serve("/late", "text/html", ""), std::runtime_error);
}

TEST_F(ServedFiles, hold_the_client_of_socket_io_where_that_is_served) {
  start({});
  const HttpResponse bundle = network_.http_get(std::string(kSocketioBundlePath));
  EXPECT_EQ(bundle.status, 200U);
  EXPECT_EQ(bundle.body, socketio_bundle());
  EXPECT_NE(bundle.body.find("Socket.IO v4"), std::string::npos);
}

TEST_F(ServedFiles, hold_no_client_of_socket_io_where_that_is_off) {
  ServerConfig config;
  config.socketio.is_served = false;
  start(config);
  EXPECT_EQ(network_.http_get(std::string(kSocketioBundlePath)).status, 404U);
}

}  // namespace
}  // namespace netcode
