// scrim-server: the dedicated server of the arena.
#include <cstdio>
#include <stdexcept>
#include <string>

#include "game/server/arena.hpp"
#include "game/server/watch_page.hpp"
#include "netcode/server.hpp"

namespace {

int run(int argc, char** argv) {
  game::server::ArenaConfig arena;
  const auto config = netcode::ServerConfig::from_args(argc, argv, "The dedicated server of the arena.",
                                                       game::server::arena_flags(arena));
  netcode::Server server(config);
  if (auto defined = game::server::define_arena(server, arena); !defined)
    throw std::runtime_error(defined.error().reason);
  server.open(game::server::kArenaKind, game::server::kArenaKind);  // stands from the start: /match/arena
  if (config.socketio.is_served) game::server::serve_watch_page(server);
  return server.run();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
