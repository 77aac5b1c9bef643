// What one player is told of an event, by what he sees after its tick. Of who is out of sight nothing is told that he
// could be found by: no place, nor who fired or took what lies there. That somebody was killed, by whom and with what,
// is told to all.
//
//   Spawned      to who sees the ship
//   Hit          to the two, and to who sees the victim; without a shooter who is not seen
//   Kill         to all; its place to who sees the victim, the killer's health to who sees both
//   RailFired    to the shooter, and to whoever's screen the beam crosses: so much of it as lies there
//   PickupTaken  to all, since pads are everybody's; without a taker who is not seen
//   Judged       to the shooter; of the ships that it names, those that he sees
//
// Pure; no allocation.
#pragma once

#include <optional>

#include "game/sim/event.hpp"
#include "game/sim/sight.hpp"

namespace game::sim {

// Nothing: he is not told.
std::optional<Spawned> told(const Spawned& event, const Sight& sight);
std::optional<Hit> told(const Hit& event, const Sight& sight);
std::optional<Kill> told(const Kill& event, const Sight& sight);
std::optional<RailFired> told(const RailFired& event, const Sight& sight);
std::optional<PickupTaken> told(const PickupTaken& event, const Sight& sight);
// Only for its shooter.
Judged told_of(const Judged& event, const Sight& sight);

// A sound there as it is heard by who does not see it; nothing: it is too far away.
std::optional<Heard> heard(HeardKind kind, Vec at, const Sight& sight);

}  // namespace game::sim
