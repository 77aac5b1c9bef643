#include "simulation/recordable.hpp"

#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"
#include "simulation/simulation.hpp"

namespace netcode {
namespace {

using Who = Recipients::Who;

// An Emitter takes any Recipients, and a game may have filled them by hand.
Recipients normalised(const Recipients& to) {
  Recipients out = to.who == Who::kPlayers ? Recipients::of(to.players) : Recipients{.who = to.who};
  if (to.who == Who::kViewers) out.entities = to.entities;
  out.is_volatile = to.is_volatile;
  return out;
}

engine::Result<void> check(const Recipients& to) {
  if (to.who > Who::kViewers)
    return engine::error("for recipients of form {}, there is none", static_cast<unsigned>(to.who));
  if (to.players.size() > limits::kPlayersPerMatchMax)
    return engine::error("for {} players, {} is the limit", to.players.size(), limits::kPlayersPerMatchMax);
  if (!to.players.empty() && to.players.back().value > limits::kPlayerIdMax)
    return engine::error("for player {}, ids are 1 to {}", to.players.back().value, limits::kPlayerIdMax);
  if (to.entities.size() > kEmittedEntitiesMax)
    return engine::error("for the viewers of {} entities, {} is the limit", to.entities.size(), kEmittedEntitiesMax);
  for (const Recipients::Entity& entity : to.entities)
    if (entity.vector.size() > kEntityVectorBytesMax || !engine::is_utf8(entity.vector))
      return engine::error("for the viewers of an entity whose vector is named as no field can be");
  return {};
}

}  // namespace

engine::Result<Recipients> recordable(const Recipients& to) {
  Recipients out = normalised(to);
  if (auto fits = check(out); !fits) return fits.error();
  return out;
}

}  // namespace netcode
