// noughts-server [--listen HOST:PORT] [--record DIR] ...: --help tells the rest.
#include <netcode/server.hpp>

#include "rules.hpp"

int main(int argc, char** argv) {
  netcode::Server server(netcode::ServerConfig::from_args(argc, argv, "Noughts and crosses."));
  server.define<noughts::Game>("noughts", {.players_max = 2, .tick_hz = 10, .snapshot_hz = 10})
      .bots<noughts::Guesser>({.fill_to = 2});
  return server.run();
}
