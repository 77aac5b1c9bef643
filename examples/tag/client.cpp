// tag-client URL NAME: plays until it was in three tags.
#include <cstdio>
#include <netcode/client.hpp>

#include "bot.hpp"

int main(int argc, char** argv) {
  if (argc != 3) return std::fputs("usage: tag-client URL NAME\n", stderr), 2;
  netcode::Client<tag::Game> client({.url = argv[1], .name = argv[2]});
  int tags = 0;
  client.on<tag::Tagged>([&](const tag::Tagged& t) {
    if (t.by() == client.player().value || t.whom() == client.player().value) ++tags;
  });
  client.quick_join("tag");
  tag::Chaser hands;
  while (client.state() != netcode::ClientState::kClosed && tags < 3) {
    client.wait(std::chrono::milliseconds(5));
    while (client.action_due()) {
      tag::MoveT move;
      if (client.world() && hands.think(*client.world(), client.player(), 0, move)) client.act(move);
    }
  }
  return std::printf("%d tags %s\n", tags, client.reason().c_str()), tags < 3;
}
