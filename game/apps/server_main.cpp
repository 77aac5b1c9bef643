// scrim-server: the dedicated server of the arena.
#include <charconv>
#include <cstdio>
#include <stdexcept>
#include <string>

#include "game/server/arena.hpp"
#include "netcode/server.hpp"

namespace {

int run(int argc, char** argv) {
  game::server::ArenaConfig arena;
  std::string bot_level = "0";
  netcode::ServerConfig config = netcode::ServerConfig::from_args(
      argc, argv, "The dedicated server of the arena.",
      {{"map", "NAME,...", "A map, or the path of a compiled one; with more than one players vote (foundry)",
        &arena.map},
       {"mode", "MODE", "ffa, duel, tdm or instarail (ffa)", &arena.mode},
       {"bot-level", "1-5", "How good the bots are; 0: of every level in turn (0)", &bot_level}});
  const auto [end, problem] = std::from_chars(bot_level.data(), bot_level.data() + bot_level.size(), arena.bot_level);
  if (problem != std::errc() || *end != '\0' || arena.bot_level < 0 || arena.bot_level > 5)
    throw std::runtime_error("--bot-level " + bot_level + ": 0 to 5");

  netcode::Server server(std::move(config));
  if (auto defined = game::server::define_arena(server, arena); !defined)
    throw std::runtime_error(defined.error().reason);
  server.open(game::server::kArenaKind, game::server::kArenaKind);  // stands from the start: /match/arena
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
