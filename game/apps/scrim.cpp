// scrim: the game.
#include <csignal>
#include <cstdio>
#include <exception>

#include "engine/core/log.hpp"
#include "game/apps/scrim/flags.hpp"
#include "game/apps/scrim/program.hpp"

int main(int argc, char** argv) {
  try {
    auto flags = game::apps::parse_flags(argc, argv);
    if (!flags) return 0;
    engine::log_setup({.format = engine::LogFormat::kText, .level = "warn"});
    std::signal(SIGPIPE,
                SIG_IGN);  // a write to a closed socket is an error of that connection, not the end of the game
    std::signal(SIGXFSZ, SIG_IGN);  // nor is a write beyond `ulimit -f`: a recording is marked, a setting not saved
    return game::apps::Program(std::move(*flags)).run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "scrim: %s\n", error.what());
    return 2;
  }
}
