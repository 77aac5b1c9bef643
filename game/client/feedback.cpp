#include "game/client/feedback.hpp"
#include "game/client/pickup_color.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>
#include <utility>
#include <variant>

#include <spdlog/fmt/fmt.h>

#include "engine/core/utf8.hpp"
#include "game/sim/tuning.hpp"
#include "game/wire/events.hpp"

namespace game::client {
namespace {

constexpr float kKillTrauma = 0.5F;
constexpr float kHurtTrauma = 0.25F;
constexpr float kDeathTrauma = 0.9F;
constexpr int kLowHealth = 30;
constexpr std::uint32_t kHeartbeatTicks = 48;
/// Beyond this an explosion does not shake the picture.
constexpr float kShakeReach = 700;
constexpr std::uint32_t kDashAfterimages = 5;
/// A new shot farther than this from its ship was not fired where it is seen first: it has come into sight.
constexpr float kMuzzleReach = 240;
/// How far away a sound out of sight is heard to be.
constexpr float kHeardNear = 700;
constexpr float kHeardFar = 1150;
constexpr float kHeardHitPitch = 0.8F;

sim::PlayerId id_of(std::uint16_t id) { return id; }

Point place(std::int32_t x, std::int32_t y) { return units(sim::Vec{x, y}); }

std::pair<std::string, std::string> words(const arena::Award& award) {
  switch (award.kind()) {
    case arena::AwardKind::Deadeye:
      return {"DEADEYE", fmt::format("{} % of the shots hit", award.value())};
    case arena::AwardKind::Sharpshooter:
      return {"SHARPSHOOTER", fmt::format("{} kills by rail", award.value())};
    case arena::AwardKind::Rampage:
      return {"RAMPAGE", fmt::format("{} kills in one life", award.value())};
    case arena::AwardKind::Survivor:
      return {"SURVIVOR", award.value() == 0   ? "never shot down"
                          : award.value() == 1 ? "shot down once"
                                               : fmt::format("shot down {} times", award.value())};
    case arena::AwardKind::Mvp:
      return {"MOST VALUABLE", fmt::format("{} frags for the team", award.value())};
    case arena::AwardKind::Collector:
      return {"COLLECTOR", fmt::format("{} pickups", award.value())};
  }
  return {};
}

}  // namespace

void Feedback::take(const netcode::EventView& event) {
  const auto is = [this]<class T>(const T* table) {
    if (table != nullptr) on(*table);
  };
  // All that the rules tell, by its table; and what players say.
  const auto is_one_of = [&]<class... E>(std::type_identity<std::variant<E...>>) {
    (is(event.as<typename decltype(wire::to_wire(std::declval<const E&>()))::TableType>()), ...);
  };
  is_one_of(std::type_identity<sim::Event>());
  is(event.as<arena::Chat>());
}

Color Feedback::color_of(sim::PlayerId id) const { return side_color(stage_.art.colors, stage_.roster, id, self_); }

void Feedback::play(Sound sound, Importance importance, Point at, float pitch) {
  if (stage_.sounds == nullptr) return;
  const Point offset = at - stage_.camera.centre();
  stage_.sounds->play(sound, importance, offset.x, length(offset), pitch);
}

void Feedback::play(Sound sound, Importance importance, float pitch) {
  if (stage_.sounds != nullptr) stage_.sounds->play(sound, importance, 0, 0, pitch);
}

// --- what is told ----------------------------------------------------------------------------------------------------

void Feedback::on(const arena::Hit& hit) {
  const Point at = place(hit.x(), hit.y());
  const Color color = color_of(id_of(hit.shooter()));
  const bool ours = hit.shooter() == self_ && self_ != sim::kNobody;
  stage_.spectator.noticed(hit.shooter(), 0.3F);
  if (hit.shielded()) {
    stage_.effects.shield_hit(hit.victim(), at, palette::kWhite);
    return play(Sound::kShieldHit, ours ? Importance::kOwn : Importance::kWorld, at);
  }
  stage_.effects.hit(hit.victim(), at, color);
  if (ours) {
    stage_.hud.hit_given(false);
    // A heavier blow sounds lower.
    play(Sound::kHitGiven, Importance::kOwn, std::clamp(1.45F - static_cast<float>(hit.damage()) / 100, 0.6F, 1.5F));
  } else if (hit.victim() == self_) {
    stage_.camera.add_trauma(kHurtTrauma);
    play(Sound::kHitTaken, Importance::kOwn);
  }
  if (hit.victim() != self_ || self_ == sim::kNobody) return;
  // From where the shooter is seen: the place of the hit lies where the server saw us, not where we are shown.
  const auto shooter = places_.find(id_of(hit.shooter()));
  const Point from = (shooter == places_.end() ? at : shooter->second) - own_at_;
  stage_.hud.hurt(std::atan2(from.y, from.x));
}

void Feedback::own_kill(const arena::Kill& kill) {
  stage_.hud.hit_given(true);
  stage_.camera.add_trauma(kKillTrauma);
  stage_.feed.scored("+1  " + stage_.roster.name(kill.victim()), stage_.art.colors.own);
  play(Sound::kKill, Importance::kOwn);
  if (kill.revenge()) {
    stage_.feed.announce("REVENGE", palette::kWarning, 24);
    play(Sound::kRevenge, Importance::kOwn);
  }
}

void Feedback::on(const arena::Kill& kill) {
  const Point at = place(kill.x(), kill.y());
  stage_.effects.vanish(kill.victim());
  if (!kill.unseen()) stage_.effects.explosion(at, {}, color_of(id_of(kill.victim())));
  stage_.spectator.noticed(kill.killer(), 1);
  const bool ours = self_ != sim::kNobody && kill.killer() == self_;
  const bool us = self_ != sim::kNobody && kill.victim() == self_;
  const std::string& killer = stage_.roster.name(kill.killer());
  stage_.feed.killed(stage_.roster.label(kill.killer(), self_), color_of(kill.killer()),
                     static_cast<sim::Weapon>(kill.weapon()), stage_.roster.label(kill.victim(), self_),
                     color_of(kill.victim()), ours || us);
  if (ours) {
    own_kill(kill);
  } else if (us) {
    stage_.camera.add_trauma(kDeathTrauma);
    killed_by_ = kill.killer();
    stage_.hud.died(kill.killer(), killer, color_of(kill.killer()), static_cast<sim::Weapon>(kill.weapon()),
                    kill.killer_health());
    play(Sound::kDeath, Importance::kOwn);
  } else if (!kill.unseen()) {
    const float near = 1 - std::min(1.0F, length(at - stage_.camera.centre()) / kShakeReach);
    stage_.camera.add_trauma(0.3F * near);
    play(Sound::kExplosion, Importance::kWorld, at);
  }
  const std::string who = ours ? std::string("") : killer + ": ";
  const Color color = ours ? palette::kRapid : palette::kMuted;
  const float size = ours ? 30.0F : 20.0F;
  const auto streak = [&](std::string_view words, Sound sound) {
    stage_.feed.announce(who + std::string(words), color, size);
    if (ours) play(sound, Importance::kOwn);
  };
  if (kill.streak() == 3) streak("THREE IN A ROW", Sound::kStreak3);
  if (kill.streak() == 5) streak("RAMPAGE", Sound::kStreak5);
  if (kill.streak() == 8) streak("UNSTOPPABLE", Sound::kStreak8);
}

void Feedback::on(const arena::RailFired& rail) {
  const Point from = place(rail.x(), rail.y());
  stage_.effects.rail(from, place(rail.end_x(), rail.end_y()), rail.hit_wall(), color_of(rail.player()));
  const bool ours = rail.player() == self_ && self_ != sim::kNobody;
  if (ours && predicts_) return;  // seen and heard as it was fired
  if (rail.player() != sim::kNobody) stage_.effects.muzzle(rail.player(), 0, color_of(rail.player()));
  play(Sound::kRailFire, ours ? Importance::kOwn : Importance::kThreat, from);
  if (ours) stage_.camera.add_trauma(0.2F);
}

void Feedback::on(const arena::PickupTaken& taken) {
  const Point at = place(taken.x(), taken.y());
  stage_.effects.pickup(at, pickup_color(static_cast<sim::PickupKind>(taken.kind())));
  const Sound sound = taken.kind() == arena::PickupKind::Health  ? Sound::kPickupHealth
                      : taken.kind() == arena::PickupKind::Rapid ? Sound::kPickupRapid
                                                                 : Sound::kPickupMega;
  const bool ours = self_ != sim::kNobody && taken.player() == self_;
  play(sound, ours ? Importance::kOwn : Importance::kWorld, at);
  if (taken.kind() == arena::PickupKind::Mega)
    stage_.feed.said(stage_.roster.name(taken.player()) + " has the mega", palette::kMega);
}

/// Out of sight: from which side, and hardly more.
void Feedback::on(const arena::Heard& heard) {
  const float away = heard.near() ? kHeardNear : kHeardFar;
  const Point at =
      stage_.camera.centre() + engine::app::direction(static_cast<float>(heard.octant() % 8) * kPi / 4) * away;
  switch (heard.kind()) {
    case arena::HeardKind::Rail:
      return play(Sound::kRailFire, Importance::kThreat, at);
    case arena::HeardKind::Hit:
      return play(Sound::kHitGiven, Importance::kWorld, at, kHeardHitPitch);
    case arena::HeardKind::Kill:
      return play(Sound::kExplosion, Importance::kWorld, at);
  }
}

void Feedback::on(const arena::PickupCalled& called) {
  if (called.kind() != arena::PickupKind::Mega) return;
  stage_.feed.announce("MEGA IN 5", palette::kMega, 24);
  play(Sound::kMegaCall, Importance::kOwn);
}

void Feedback::on(const arena::LeadChanged& change) {
  if (self_ == sim::kNobody) return;
  const bool has_teams = stage_.roster.match().has_teams();
  const std::uint8_t team = stage_.roster.team(self_);
  if (has_teams ? change.team() == team : change.leader() == self_) {
    stage_.feed.announce(has_teams ? "YOUR TEAM LEADS" : "YOU LEAD", palette::kRapid, 26);
    play(Sound::kLeadTaken, Importance::kOwn);
  } else if (has_teams ? change.previous_team() == team : change.previous() == self_) {
    stage_.feed.announce("LEAD LOST", palette::kMuted, 26);
    play(Sound::kLeadLost, Importance::kOwn);
  }
}

void Feedback::on(const arena::PhaseChanged& change) {
  if (change.phase() == arena::Phase::SuddenDeath) stage_.feed.announce("SUDDEN DEATH", palette::kWarning, 34, 2.5F);
  if (change.phase() != arena::Phase::Podium) stage_.result.is_known = false;
}

void Feedback::on(const arena::RoundStarted& round) {
  stage_.feed.announce("GO", palette::kHealth, 54, 0.9F);
  stage_.feed.said(fmt::format("round {}: first to {}", round.round(), round.frag_limit()), palette::kText);
  play(Sound::kGo, Importance::kOwn);
}

void Feedback::on(const arena::RoundEnded& round) {
  stage_.result = {.is_known = true, .round = round.round(), .winner = round.winner(), .team = round.team()};
  if (round.winner() != sim::kNobody) stage_.result.winner_name = stage_.roster.name(round.winner());
  if (round.awards() != nullptr) {
    for (const arena::Award* award : *round.awards()) {
      if (award->player() == sim::kNobody) continue;
      const auto [title, why] = words(*award);
      if (!title.empty()) stage_.result.awards.push_back({title, stage_.roster.name(award->player()), why});
    }
  }
  const bool won = self_ != sim::kNobody &&
                   (round.team() != 0 ? round.team() == stage_.roster.team(self_) : round.winner() == self_);
  play(won ? Sound::kRoundWon : Sound::kRoundLost, Importance::kOwn);
}

void Feedback::on(const arena::Spawned& spawned) {
  const Point at = place(spawned.x(), spawned.y());
  stage_.effects.spawn(at, color_of(spawned.player()));
  const bool us = self_ != sim::kNobody && spawned.player() == self_;
  if (us) {
    stage_.hud.spawned();
    killed_by_ = sim::kNobody;
  }
  play(Sound::kSpawn, us ? Importance::kOwn : Importance::kWorld, at);
}

void Feedback::on(const arena::PlayerJoined& joined) {
  const std::string name = joined.name() == nullptr ? "" : engine::printable_utf8(joined.name()->string_view());
  stage_.feed.said(name + " has joined", palette::kMuted);
  play(Sound::kPlayerJoined, Importance::kWorld);
}

void Feedback::on(const arena::PlayerLeft& left) {
  const std::string name = left.name() == nullptr ? "" : engine::printable_utf8(left.name()->string_view());
  stage_.feed.said(name + " has left", palette::kMuted);
  play(Sound::kPlayerLeft, Importance::kWorld);
}

void Feedback::on(const arena::Chat& chat) {
  if (chat.text() == nullptr) return;
  stage_.chat.heard(stage_.roster.label(chat.player(), self_), color_of(chat.player()),
                    engine::printable_utf8(chat.text()->string_view()));
  play(Sound::kChat, Importance::kWorld);
}

// --- what is seen ----------------------------------------------------------------------------------------------------

void Feedback::fired(const sim::Fired& fired, Point at) {
  if (!fired.shot && !fired.rail) return;
  stage_.effects.muzzle(self_, 0, stage_.art.colors.own);
  if (fired.rail) {
    play(Sound::kRailFire, Importance::kOwn, at);
    stage_.camera.add_trauma(0.2F);
  }
  if (fired.shot)
    play(fired.shot_weapon == sim::Weapon::kRapid ? Sound::kRapid : Sound::kBlaster, Importance::kOwn, at);
}

void Feedback::look(const Scene& before, const Scene& now, const sim::Ship* own_ship, std::uint32_t own_tick) {
  new_shots(before, now);
  clock_sounds(before, now);
  const auto frame = static_cast<std::uint64_t>(now.tick);
  places_.clear();
  for (const SceneShip& ship : now.ships) {
    places_[ship.id] = ship.at;
    stage_.effects.exhaust(ship);
    const SceneShip* earlier = before.ship(ship.id);
    if (ship.is_dashing && earlier != nullptr && !earlier->is_dashing)
      play(Sound::kDash, ship.is_own ? Importance::kOwn : Importance::kWorld, ship.at);
    // Five of them over the dash.
    const bool is_new_tick = frame != static_cast<std::uint64_t>(before.tick);
    if (ship.is_dashing && is_new_tick && frame % (sim::kDashTicks / kDashAfterimages + 1) == 0)
      stage_.effects.afterimage(ship);
    if (ship.is_own) own_at_ = ship.at;
    if (earlier == nullptr || !ship.is_own) continue;
    // Without a tick's thrust or a blow a ship's speed changes this much only at a wall.
    if (length(ship.velocity - earlier->velocity) > 3.5F && !ship.is_dashing && !earlier->is_dashing)
      play(Sound::kWallBounce, Importance::kWorld, ship.at);
  }
  if (own_ship != nullptr && own_ship->alive) readiness_sounds(*own_ship, own_tick);
}

void Feedback::new_shots(const Scene& before, const Scene& now) {
  const auto has = [](const Scene& scene, std::uint16_t id) {
    return std::any_of(scene.shots.begin(), scene.shots.end(), [id](const SceneShot& one) { return one.id == id; });
  };
  for (const SceneShot& shot : now.shots) {
    if ((shot.is_own && predicts_) || has(before, shot.id)) continue;
    const SceneShip* shooter = now.ship(shot.owner);
    if (shooter == nullptr || length(shooter->at - shot.at) > kMuzzleReach) continue;
    stage_.effects.muzzle(shooter->id, shooter->aim, shooter->color);
    play(shot.weapon == sim::Weapon::kRapid ? Sound::kRapid : Sound::kBlaster,
         shot.is_own ? Importance::kOwn : Importance::kThreat, shot.at);
  }
  // A shot that is gone before its time has met something: sparks fly back from there.
  for (const SceneShot& shot : before.shots)
    if (!has(now, shot.id)) stage_.effects.sparks(shot.at, shot.velocity * -1, 3, shot.color);
}

void Feedback::clock_sounds(const Scene& before, const Scene& now) {
  const auto seconds_left = [](const Scene& scene) {
    return scene.flow.phase_end_tick == 0 ? -1
                                          : static_cast<int>(std::ceil((scene.flow.phase_end_tick - scene.tick) / 60));
  };
  const int left_s = seconds_left(now);
  if (left_s == seconds_left(before) || now.flow.phase != before.flow.phase) return;
  if (now.flow.phase == sim::Phase::kCountdown && left_s > 0) play(Sound::kCountdown, Importance::kOwn);
  if (now.flow.phase != sim::Phase::kRound) return;
  if (left_s == 60) {
    stage_.feed.announce("ONE MINUTE", palette::kText, 24);
    play(Sound::kMinuteLeft, Importance::kOwn);
  }
  if (left_s == 10) play(Sound::kTenLeft, Importance::kOwn);
}

void Feedback::readiness_sounds(const sim::Ship& ship, std::uint32_t tick) {
  const bool rail_ready = tick >= ship.rail_ready_tick && sim::energy_at(ship, tick) >= sim::kRailEnergy;
  if (rail_ready && !rail_was_ready_) play(Sound::kRailReady, Importance::kOwn);
  rail_was_ready_ = rail_ready;
  const bool dash_ready = tick >= ship.dash_ready_tick;
  if (dash_ready && !dash_was_ready_) play(Sound::kDashReady, Importance::kOwn);
  dash_was_ready_ = dash_ready;
  if (ship.health >= kLowHealth || tick < next_heartbeat_tick_) return;
  next_heartbeat_tick_ = tick + kHeartbeatTicks;
  play(Sound::kHeartbeat, Importance::kOwn);
}

}  // namespace game::client
