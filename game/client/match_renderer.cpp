#include "game/client/match_renderer.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "game/client/pickup_color.hpp"
#include "game/client/ship_shape.hpp"
#include "game/sim/tuning.hpp"

namespace game::client {
namespace {

using engine::app::added;
using engine::app::Align;
using engine::app::Canvas;
using engine::app::direction;
using engine::app::faded;

/// Names are for those near the ship: all of them at once would cover the fight.
constexpr float kNameUnits = 300;
constexpr float kNameWidth = 160;

void draw_plus(Canvas& canvas, Point at, Color color) {
  canvas.line(at - Point{8, 0}, at + Point{8, 0}, 4, color);
  canvas.line(at - Point{0, 8}, at + Point{0, 8}, 4, color);
}

void draw_chevrons(Canvas& canvas, Point at, Color color) {
  for (const float x : {-7.0F, 0.0F, 7.0F}) {
    const std::array<Point, 3> chevron = {{{at.x + x - 3, at.y - 7}, {at.x + x + 3, at.y}, {at.x + x - 3, at.y + 7}}};
    canvas.polyline(chevron, 2.5F, color);
  }
}

void draw_hexagon(Canvas& canvas, Point at, Color color) {
  std::array<Point, 6> corners;
  for (std::size_t i = 0; i < corners.size(); ++i) corners[i] = at + direction(static_cast<float>(i) * kPi / 3) * 11;
  canvas.polyline(corners, 3, color, true);
  canvas.disc(at, 3.5F, color);
}

void draw_pickup(Canvas& canvas, const ScenePickup& pickup, double tick) {
  const Color color = pickup_color(pickup.kind);
  const bool is_there = pickup.ready_share >= 1;
  canvas.ring(pickup.at, 20, 1.5F, faded(color, is_there ? 0.35F : 0.15F));
  if (!is_there) {
    canvas.arc(pickup.at, 20, -kPi / 2, -kPi / 2 + 2 * kPi * pickup.ready_share, 2.5F, faded(color, 0.6F));
  } else {
    const float pulse = 0.8F + 0.2F * static_cast<float>(std::sin(tick * 0.1));
    canvas.glow(pickup.at, 40, added(faded(color, 0.22F * pulse)));
  }
  const Color shape = faded(color, is_there ? 1.0F : 0.22F);
  switch (pickup.kind) {
    case sim::PickupKind::kHealth:
      return draw_plus(canvas, pickup.at, shape);
    case sim::PickupKind::kRapid:
      return draw_chevrons(canvas, pickup.at, shape);
    case sim::PickupKind::kMega:
      return draw_hexagon(canvas, pickup.at, shape);
  }
}

void draw_shot(Canvas& canvas, const SceneShot& shot) {
  const float speed = length(shot.velocity);
  if (speed <= 0) return;
  const Point ahead = shot.velocity * (1 / speed);
  const bool rapid = shot.weapon == sim::Weapon::kRapid;
  const Point tail = shot.at - ahead * (rapid ? 12.0F : 17.0F);
  const Color core = shot.is_own ? mix(shot.color, palette::kWhite, 0.35F) : palette::kWhite;
  canvas.glow(shot.at, 15, added(faded(shot.color, 0.35F)));
  canvas.line(tail, shot.at, rapid ? 3.0F : 4.5F, added(faded(shot.color, 0)), added(shot.color));
  canvas.line(shot.at - ahead * 6, shot.at, 3, core);
}

void draw_crown(Canvas& canvas, Point at) {
  const std::array<Point, 7> crown = {{{at.x - 9, at.y + 4},
                                       {at.x - 9, at.y - 5},
                                       {at.x - 4.5F, at.y},
                                       {at.x, at.y - 7},
                                       {at.x + 4.5F, at.y},
                                       {at.x + 9, at.y - 5},
                                       {at.x + 9, at.y + 4}}};
  canvas.polygon(crown, palette::kRapid);
}

void draw_shield(Canvas& canvas, const SceneShip& ship, double tick) {
  // A match may go on for days: turned back to one round before it is a float.
  const auto turn = static_cast<float>(std::fmod(tick * 0.08, 2 * std::numbers::pi));
  for (int i = 0; i < 3; ++i) {
    const float from = turn + static_cast<float>(i) * 2 * kPi / 3;
    canvas.arc(ship.at, 22, from, from + 1.5F, 2, added(faded(palette::kWhite, 0.75F)));
  }
  canvas.glow(ship.at, 34, added(faded(palette::kWhite, 0.18F)));
}

void draw_ship(Canvas& canvas, const SceneShip& ship, const Effects& effects, double tick) {
  const Point ahead = direction(ship.aim);
  const Point at = ship.at - ahead * effects.kick_of(ship.id);
  const float white = effects.flash_of(ship.id);
  const Color line = mix(ship.color, palette::kWhite, white);
  canvas.glow(at, 42, added(faded(ship.color, ship.is_own ? 0.35F : 0.3F)));
  const auto outline = ship_outline(at, ship.aim, 1);
  canvas.polygon(outline, mix(palette::kWallFill, palette::kWhite, white));
  canvas.polyline(outline, 2, line, true);
  canvas.line(outline[0] - ahead * 8, outline[0], 2.5F, palette::kWhite);
  if (ship.has_rapid) canvas.ring(at, 18, 1.5F, added(faded(palette::kRapid, 0.7F)));
  if (effects.muzzle_of(ship.id) > 0) {
    canvas.glow(outline[0] + ahead * 4, 18, added(faded(mix(ship.color, palette::kWhite, 0.5F), 0.9F)));
    canvas.line(outline[0], outline[0] + ahead * 12, 4, added(palette::kWhite));
  }
  if (ship.is_shielded) draw_shield(canvas, ship, tick);
  if (ship.is_leader) draw_crown(canvas, at - Point{0, 32});
}

void draw_health_bar(Canvas& canvas, const SceneShip& ship) {
  constexpr float kWidth = 36;
  const Point left = ship.at + Point{-kWidth / 2, 27};
  canvas.box({left.x, left.y, kWidth, 4}, faded(palette::kWallFill, 0.8F));
  const float share = std::clamp(static_cast<float>(ship.health) / 100, 0.0F, 1.0F);
  canvas.box({left.x, left.y, kWidth * share, 4}, share > 0.3F ? palette::kHealth : palette::kWarning);
}

}  // namespace

void MatchRenderer::draw(Canvas& canvas, const sim::Map& map, const Scene& scene, const Effects& effects,
                         const RenderOptions& options) {
  ground_.draw(canvas, map);
  for (const ScenePickup& pickup : scene.pickups) draw_pickup(canvas, pickup, scene.tick);
  effects.draw_below(canvas);
  const SceneShip* self = scene.ship(scene.self);
  for (const SceneShip& ship : scene.ships)
    if (!effects.is_gone(ship.id)) draw_ship(canvas, ship, effects, scene.tick);
  for (const SceneShot& shot : scene.shots) draw_shot(canvas, shot);
  effects.draw_above(canvas);
  for (const SceneShip& ship : scene.ships) {
    if (effects.is_gone(ship.id)) continue;
    const bool is_near = self != nullptr && length(ship.at - self->at) < kNameUnits;
    if (!ship.is_own && (options.all_names || is_near))
      canvas.text(*face_, canvas.fit(*face_, ship.name, 13, kNameWidth), ship.at + Point{0, 44}, 13,
                  faded(palette::kText, 0.8F), Align::kCentre);
    if (options.all_health_bars) draw_health_bar(canvas, ship);
  }
}

}  // namespace game::client
