// tag-server [--listen HOST:PORT] [--record DIR] ...: --help tells the rest.
#include <netcode/server.hpp>

#include "bot.hpp"

int main(int argc, char** argv) {
  netcode::Server server(netcode::ServerConfig::from_args(argc, argv, "A game of tag."));
  server.define<tag::Game>("tag", {.players_max = 8}).bots<tag::Chaser>({.fill_to = 4});
  server.use([](netcode::Handshake& h) { return h.name() == "it" ? h.refuse("another name, please") : h.accept(); });
  server.on<tag::Chat>([](netcode::Session& s, const tag::Chat& chat, netcode::Ack ack) {
    if (!s.match() || chat.text() == nullptr) return ack.fail("nobody hears you");
    s.match()->except(s).emit(tag::ChatT{.from = s.name(), .text = chat.text()->str()});
    ack();
  });
  return server.run();
}
