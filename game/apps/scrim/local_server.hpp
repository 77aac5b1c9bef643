// A server inside the game: for playing offline, and for friends. It runs on threads of its own and ends with this.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "engine/core/result.hpp"
#include "game/client/settings.hpp"
#include "netcode/server.hpp"

namespace game::apps {

class LocalServer {
 public:
  static constexpr std::uint16_t kHostPort = 8787;

  struct Config {
    client::MatchSetup match{};
    std::string password{};
    bool for_friends = false;  // reachable from other machines, on kHostPort
    std::string record_dir{};  // empty: not recorded
  };
  /// Once it listens. An error says why it does not.
  static engine::Result<std::unique_ptr<LocalServer>> start(const Config& config);
  /// Waits for its threads, if they still run.
  ~LocalServer();
  LocalServer(const LocalServer&) = delete;
  LocalServer& operator=(const LocalServer&) = delete;

  /// For this machine.
  const std::string& url() const { return url_; }
  static constexpr std::string_view kMatchId = "arena";

  /// Begins to end it: its clients are told, its recordings written. That takes a second, in which nobody needs to
  /// wait.
  void stop() { server_->stop(); }
  /// It has ended: destroying it takes no time.
  bool is_over() const { return *is_over_; }

 private:
  explicit LocalServer(std::unique_ptr<netcode::Server> server) : server_(std::move(server)) {}

  std::unique_ptr<netcode::Server> server_;
  std::thread thread_;
  std::shared_ptr<std::atomic<bool>> is_over_ = std::make_shared<std::atomic<bool>>(false);
  std::string url_;
};

}  // namespace game::apps
