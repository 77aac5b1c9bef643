// A server with an Admin UI in virtual time, and pages of it that are visitors of Socket.IO.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "socketio_fixture.hpp"

namespace netcode {

/// What pages are told, by its name: the arguments.
class AdminPageVisitor {
 public:
  explicit AdminPageVisitor(std::unique_ptr<SocketioVisitor> visitor) : visitor_(std::move(visitor)) {}

  SocketioVisitor& visitor() { return *visitor_; }
  /// All that came since the last time, sums aside: ["room_joined","/","red"], without the times at their ends.
  std::vector<std::string> told() {
    std::vector<std::string> out;
    for (boost::json::array& event : events()) {
      if (event.front() == "server_stats" || event.front() == "all_sockets") continue;
      if (event.back().is_string() && event.back().get_string().ends_with('Z')) event.pop_back();
      out.push_back(boost::json::serialize(event));
    }
    return out;
  }
  /// The arguments of the newest of this name.
  boost::json::array newest(std::string_view name) {
    boost::json::array out;
    for (boost::json::array& event : events())
      if (event.front() == boost::json::value(name)) out = std::move(event);
    return out;
  }
  std::vector<boost::json::array> events() {
    std::vector<boost::json::array> out;
    for (const std::string& line : visitor_->heard())
      if (line.starts_with("2/admin,")) out.push_back(boost::json::parse(line.substr(8)).as_array());
    return out;
  }

 private:
  std::unique_ptr<SocketioVisitor> visitor_;
};

class AdminUiTest : public SocketioTest {
 protected:
  static constexpr const char* kPassword = R"({"username":"admin","password":"let me in"})";

  explicit AdminUiTest(std::uint32_t shards = 1, bool is_read_only = false)
      : SocketioTest(with_admin(shards, is_read_only)) {}

  static ServerConfig with_admin(std::uint32_t shards, bool is_read_only) {
    ServerConfig out = config_of(shards);
    out.admin_ui.password_hash = "$2b$04$abcdefghijklmnopqrstuuTnc8amReAFiMHxaSoW9U22KarbWnkSm";
    out.admin_ui.is_read_only = is_read_only;
    return out;
  }
  /// What a CONNECT to /admin with this auth brings: a password is compared on another thread.
  std::vector<std::string> shown(SocketioVisitor& visitor, const std::string& auth) {
    visitor.say("0/admin," + auth);
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    std::vector<std::string> lines;
    while (lines.empty() && std::chrono::steady_clock::now() < give_up) {
      loop_.run_ready();
      lines = visitor.heard();
      std::this_thread::yield();
    }
    return lines;
  }
  /// One that is in, and was told what there is.
  AdminPageVisitor page() {
    auto visitor = open();
    EXPECT_THAT(shown(*visitor, kPassword), ::testing::Contains("0/admin,"));
    return AdminPageVisitor(std::move(visitor));
  }
  void order(AdminPageVisitor& page, const std::string& order) {
    page.visitor().say("2/admin," + order);
    run();
  }
  /// What it is answered.
  std::vector<std::string> asked(AdminPageVisitor& page, const std::string& order) {
    page.visitor().say("2/admin,7" + order);
    run();
    std::vector<std::string> out;
    for (const std::string& line : page.visitor().heard())
      if (line.starts_with("3/admin,7")) out.push_back(line.substr(9));
    return out;
  }
  /// The id by which pages know who is called so in a namespace.
  std::string id_of(AdminPageVisitor& page, const std::string& name, const std::string& space = "/") {
    for (const boost::json::value& socket : sockets(page))
      if (socket.at("data").get_object().contains("name") && socket.at("data").at("name") == boost::json::value(name) &&
          socket.at("nsp") == boost::json::value(space))
        return std::string(socket.at("id").as_string());
    return "none";
  }
  /// As a new page is told: what this one was told is of no interest.
  boost::json::array sockets(AdminPageVisitor& page) {
    static_cast<void>(page.told());
    auto other = open();
    if (session_.empty()) {
      for (const std::string& line : shown(*other, kPassword))
        if (line.starts_with(R"(2/admin,["session",)")) session_ = line.substr(20, 16);
      other->socket->leave();
      run();
      other = open();
    }
    boost::json::array out;
    for (const std::string& line : shown(*other, R"({"sessionId":")" + session_ + R"("})"))
      if (line.starts_with(R"(2/admin,["all_sockets")")) out = boost::json::parse(line.substr(8)).at(1).as_array();
    other->socket->leave();
    run();
    static_cast<void>(page.told());
    return out;
  }

 private:
  std::string session_;  // of an earlier log-in
};

}  // namespace netcode
