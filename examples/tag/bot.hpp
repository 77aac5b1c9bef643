// Runs after the nearest when it is it, and away from it otherwise.
#pragma once

#include <netcode/bot.hpp>

#include "rules.hpp"

namespace tag {

struct Chaser : netcode::BotFor<World, Move> {
  bool think(const World& world, netcode::PlayerId self, netcode::Tick, MoveT& move) override {
    const Runner *me = world.runners()->LookupByKey(self.value), *other = nullptr;
    if (me == nullptr) return false;
    for (const Runner* r : *world.runners()) {
      const bool matters = r != me && (world.it() == self.value || world.it() == r->id());
      if (matters && (other == nullptr || distance(*me, *r) < distance(*me, *other))) other = r;
    }
    if (other == nullptr) return false;
    const int towards = world.it() == self.value ? 1 : -1;
    move.dx = static_cast<std::int8_t>(other->x() > me->x() ? towards : -towards);
    move.dy = static_cast<std::int8_t>(other->y() > me->y() ? towards : -towards);
    return true;
  }
};

}  // namespace tag
