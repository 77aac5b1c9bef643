#include "game/wire/events.hpp"

#include <cstddef>
#include <span>

#include "game/sim/mode_names.hpp"

namespace game::wire {
namespace {

arena::Weapon to_wire(sim::Weapon weapon) { return static_cast<arena::Weapon>(weapon); }
arena::PickupKind to_wire(sim::PickupKind kind) { return static_cast<arena::PickupKind>(kind); }
arena::Phase to_wire(sim::Phase phase) { return static_cast<arena::Phase>(phase); }
arena::HeardKind to_wire(sim::HeardKind kind) { return static_cast<arena::HeardKind>(kind); }
arena::AwardKind to_wire(sim::AwardKind kind) { return static_cast<arena::AwardKind>(kind); }

// The two sets of enums are one, written down twice: here it is seen that they go on agreeing.
static_assert(static_cast<int>(sim::Phase::kPodium) == static_cast<int>(arena::Phase::MAX));
static_assert(static_cast<int>(sim::Phase::kRound) == static_cast<int>(arena::Phase::Round));
static_assert(static_cast<int>(sim::Mode::kInstarail) == static_cast<int>(arena::Mode::MAX));
static_assert(static_cast<int>(sim::Mode::kTeams) == static_cast<int>(arena::Mode::Teams));
static_assert(sim::kModeNames.size() == static_cast<std::size_t>(arena::Mode::MAX) + 1);
static_assert([] {
  for (std::size_t i = 0; i < sim::kModeNames.size(); ++i)
    if (sim::kModeNames[i].mode != static_cast<sim::Mode>(i)) return false;
  return true;
}());
static_assert(static_cast<int>(sim::Weapon::kRail) == static_cast<int>(arena::Weapon::MAX));
static_assert(static_cast<int>(sim::Weapon::kRapid) == static_cast<int>(arena::Weapon::Rapid));
static_assert(static_cast<int>(sim::PickupKind::kMega) == static_cast<int>(arena::PickupKind::MAX));
static_assert(static_cast<int>(sim::PickupKind::kRapid) == static_cast<int>(arena::PickupKind::Rapid));
static_assert(static_cast<int>(sim::Visibility::kScreen) == static_cast<int>(arena::Visibility::MAX));
static_assert(static_cast<int>(sim::HeardKind::kKill) == static_cast<int>(arena::HeardKind::MAX));
static_assert(static_cast<int>(sim::HeardKind::kHit) == static_cast<int>(arena::HeardKind::Hit));
static_assert(static_cast<int>(sim::AwardKind::kMvp) == static_cast<int>(arena::AwardKind::MAX));
static_assert(static_cast<int>(sim::AwardKind::kRampage) == static_cast<int>(arena::AwardKind::Rampage));

}  // namespace

arena::PlayerJoinedT to_wire(const sim::PlayerJoined& event) {
  arena::PlayerJoinedT out;
  out.player = event.player;
  out.name = event.name;
  return out;
}

arena::PlayerLeftT to_wire(const sim::PlayerLeft& event) {
  arena::PlayerLeftT out;
  out.player = event.player;
  out.name = event.name;
  return out;
}

arena::SpawnedT to_wire(const sim::Spawned& event) {
  arena::SpawnedT out;
  out.player = event.player;
  out.x = event.at.x;
  out.y = event.at.y;
  return out;
}

arena::HitT to_wire(const sim::Hit& event) {
  arena::HitT out;
  out.shooter = event.shooter;
  out.victim = event.victim;
  out.weapon = to_wire(event.weapon);
  out.damage = static_cast<std::uint8_t>(event.damage);
  out.shielded = event.shielded;
  out.x = event.at.x;
  out.y = event.at.y;
  return out;
}

arena::KillT to_wire(const sim::Kill& event) {
  arena::KillT out;
  out.killer = event.killer;
  out.victim = event.victim;
  out.weapon = to_wire(event.weapon);
  out.killer_health = static_cast<std::uint8_t>(event.killer_health);
  out.streak = event.streak;
  out.revenge = event.revenge;
  out.x = event.at.x;
  out.y = event.at.y;
  out.unseen = event.is_unseen;
  return out;
}

arena::RailFiredT to_wire(const sim::RailFired& event) {
  arena::RailFiredT out;
  out.player = event.player;
  out.x = event.from.x;
  out.y = event.from.y;
  out.end_x = event.to.x;
  out.end_y = event.to.y;
  out.hit_wall = event.hit_wall;
  return out;
}

arena::JudgedT to_wire(const sim::Judged& event) {
  arena::JudgedT out;
  out.tick = event.tick;
  out.view_tick = event.view.tick;
  out.view_fraction = event.view.fraction;
  out.victim = event.victim;
  out.struck = event.struck;
  for (const sim::JudgedTarget& target : std::span(event.targets).first(event.target_count))
    out.targets.emplace_back(target.player, target.at.x, target.at.y);
  return out;
}

arena::HeardT to_wire(const sim::Heard& event) {
  arena::HeardT out;
  out.kind = to_wire(event.kind);
  out.octant = event.octant;
  out.near = event.is_near;
  return out;
}

arena::PickupTakenT to_wire(const sim::PickupTaken& event) {
  arena::PickupTakenT out;
  out.player = event.player;
  out.pickup = event.pickup;
  out.kind = to_wire(event.kind);
  out.x = event.at.x;
  out.y = event.at.y;
  return out;
}

arena::PickupCalledT to_wire(const sim::PickupCalled& event) {
  arena::PickupCalledT out;
  out.pickup = event.pickup;
  out.kind = to_wire(event.kind);
  out.ready_tick = event.ready_tick;
  return out;
}

arena::LeadChangedT to_wire(const sim::LeadChanged& event) {
  arena::LeadChangedT out;
  out.leader = event.leader;
  out.previous = event.previous;
  out.score = event.score;
  out.team = event.team;
  out.previous_team = event.previous_team;
  return out;
}

arena::PhaseChangedT to_wire(const sim::PhaseChanged& event) {
  arena::PhaseChangedT out;
  out.phase = to_wire(event.phase);
  out.phase_end_tick = event.phase_end_tick;
  return out;
}

arena::RoundStartedT to_wire(const sim::RoundStarted& event) {
  arena::RoundStartedT out;
  out.round = event.round;
  out.frag_limit = event.frag_limit;
  out.end_tick = event.end_tick;
  return out;
}

arena::RoundEndedT to_wire(const sim::RoundEnded& event) {
  arena::RoundEndedT out;
  out.round = event.round;
  out.winner = event.winner;
  out.score = event.score;
  out.team = event.team;
  for (const sim::Award& award : event.awards) {
    if (award.player != sim::kNobody) out.awards.emplace_back(award.player, to_wire(award.kind), award.value);
  }
  return out;
}

arena::MapChosenT to_wire(const sim::MapChosen& event) {
  arena::MapChosenT out;
  out.map = event.map;
  return out;
}

}  // namespace game::wire
