// What a tick has to tell, in the form it is sent in:
//
//   std::visit([&](const auto& event) { ctx.emit(to_wire(event)); }, event);
//
// Pure functions.
#pragma once

#include "arena_generated.h"
#include "game/sim/event.hpp"

namespace game::wire {

arena::PlayerJoinedT to_wire(const sim::PlayerJoined& event);
arena::PlayerLeftT to_wire(const sim::PlayerLeft& event);
arena::SpawnedT to_wire(const sim::Spawned& event);
arena::JudgedT to_wire(const sim::Judged& event);
arena::HitT to_wire(const sim::Hit& event);
arena::KillT to_wire(const sim::Kill& event);
arena::RailFiredT to_wire(const sim::RailFired& event);
arena::HeardT to_wire(const sim::Heard& event);
arena::PickupTakenT to_wire(const sim::PickupTaken& event);
arena::PickupCalledT to_wire(const sim::PickupCalled& event);
arena::LeadChangedT to_wire(const sim::LeadChanged& event);
arena::PhaseChangedT to_wire(const sim::PhaseChanged& event);
arena::RoundStartedT to_wire(const sim::RoundStarted& event);
arena::RoundEndedT to_wire(const sim::RoundEnded& event);
arena::MapChosenT to_wire(const sim::MapChosen& event);

}  // namespace game::wire
