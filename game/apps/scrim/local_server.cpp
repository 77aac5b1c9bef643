#include "game/apps/scrim/local_server.hpp"

#include <chrono>
#include <filesystem>
#include <future>
#include <system_error>
#include <utility>

#include "game/apps/scrim/match_options.hpp"
#include "game/server/arena.hpp"

namespace game::apps {

namespace {
/// A port in use is known at once; this is for a machine that hangs.
constexpr std::chrono::seconds kStartTimeout{5};
}  // namespace

engine::Result<std::unique_ptr<LocalServer>> LocalServer::start(const Config& config) {
  netcode::ServerConfig server;
  server.listen = {config.for_friends ? "0.0.0.0:" + std::to_string(kHostPort) : std::string("127.0.0.1:0")};
  // A disk that takes no recording is no reason not to play.
  std::error_code error;
  if (!config.record_dir.empty()) std::filesystem::create_directories(config.record_dir, error);
  if (!error) server.record_dir = config.record_dir;
  server.quiet = true;
  auto local = std::unique_ptr<LocalServer>(new LocalServer(std::make_unique<netcode::Server>(server)));
  server::ArenaConfig arena;
  arena.map = config.match.map;
  arena.mode = config.match.mode;
  arena.bot_level = config.match.bot_level;
  arena.players_max = static_cast<std::uint32_t>(config.match.players_max);
  if (auto defined = server::define_arena(*local->server_, arena); !defined) return defined.error();
  local->server_->open(server::kArenaKind, kMatchId,
                       netcode::MatchOptions{.players_max = arena.players_max,
                                             .is_private = config.match.is_private,
                                             .password = config.password,
                                             .options = match_options(config.match)});

  // Either it listens, or run() returns with what is wrong already said on stderr.
  auto heard = std::make_shared<std::promise<std::uint16_t>>();
  auto port = heard->get_future();
  local->server_->on_listening([heard](const std::vector<std::uint16_t>& ports) { heard->set_value(ports.at(0)); });
  local->thread_ = std::thread([raw = local->server_.get(), over = local->is_over_] {
    raw->run();
    *over = true;
  });
  const auto deadline = std::chrono::steady_clock::now() + kStartTimeout;
  while (port.wait_for(std::chrono::milliseconds(5)) != std::future_status::ready) {
    if (local->is_over()) return engine::error("no server at {}: is one running already?", server.listen.front());
    if (std::chrono::steady_clock::now() > deadline) return engine::error("the server does not start");
  }
  local->url_ = "ws://127.0.0.1:" + std::to_string(port.get());
  return local;
}

LocalServer::~LocalServer() {
  stop();
  if (thread_.joinable()) thread_.join();
}

}  // namespace game::apps
