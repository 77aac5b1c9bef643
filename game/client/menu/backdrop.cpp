#include "game/client/menu/backdrop.hpp"

#include <algorithm>
#include <cmath>

#include "game/client/menu/theme.hpp"
#include "game/client/ship_shape.hpp"

namespace game::client {
namespace {

using engine::app::added;
using engine::app::Box;
using engine::app::Canvas;
using engine::app::faded;
using engine::app::Point;

constexpr int kShips = 5;
constexpr std::size_t kTrailMax = 26;
constexpr std::size_t kShotsMax = 40;
constexpr std::size_t kSparksMax = 240;
constexpr float kTrailEvery_s = 0.03F;
constexpr float kShotSpeed = 620;
constexpr float kHitRadius = 20;
constexpr float kGrid = 64;

/// Where ships fly: somewhat beyond the picture, so that they come and go.
constexpr Box kField = {-120, -120, kMenuWidth + 240, kMenuHeight + 240};

void wrap(float& at, float low, float size, bool& wrapped) {
  if (at >= low && at < low + size) return;
  at = at < low ? at + size : at - size;
  wrapped = true;
}

template <class T>
void drop_ended(std::vector<T>& all) {
  std::erase_if(all, [](const T& one) { return one.left_s <= 0; });
}

}  // namespace

Backdrop::Backdrop(std::uint64_t seed) : rng_(seed) {
  for (int i = 0; i < kShips; ++i) {
    Drifter& ship = ships_.emplace_back();
    ship.at = {random(kField.x, kField.x + kField.width), random(kField.y, kField.y + kField.height)};
    ship.aim = random(-kPi, kPi);
    ship.speed = random(70, 130);
    ship.is_foe = i % 2 == 1;
  }
}

float Backdrop::random(float low, float high) {
  return low + (high - low) * static_cast<float>(rng_.below(1U << 16U)) / 65536.0F;
}

void Backdrop::update(double dt_s) {
  const auto dt = static_cast<float>(std::clamp(dt_s, 0.0, 0.1));
  time_s_ += static_cast<double>(dt);
  trail_s_ += dt;
  const bool leaves_trail = trail_s_ >= kTrailEvery_s;
  if (leaves_trail) trail_s_ = 0;
  for (Drifter& ship : ships_) {
    fly(ship, dt);
    if (!leaves_trail) continue;
    ship.trail.push_back(ship.at);
    if (ship.trail.size() > kTrailMax) ship.trail.erase(ship.trail.begin());
  }
  for (Shot& shot : shots_) {
    shot.at += shot.velocity * dt;
    shot.left_s -= dt;
    for (Drifter& ship : ships_) {
      if (shot.left_s <= 0 || ship.is_foe == shot.is_foe || length(ship.at - shot.at) > kHitRadius) continue;
      shot.left_s = 0;
      ship.turn = random(-2, 2);
      burst(shot.at, ship.is_foe);
    }
  }
  for (Spark& spark : sparks_) {
    spark.at += spark.velocity * dt;
    spark.velocity = spark.velocity * (1 - 2.5F * dt);
    spark.left_s -= dt;
  }
  drop_ended(shots_);
  drop_ended(sparks_);
}

void Backdrop::fly(Drifter& ship, float dt_s) {
  ship.next_s -= dt_s;
  if (ship.next_s <= 0) {
    ship.next_s = random(0.5F, 2.2F);
    ship.turn = random(-0.9F, 0.9F);
    if (rng_.below(4) == 0) ship.dash_s = 0.22F;
    if (rng_.below(3) == 0) shoot(ship);
  }
  ship.dash_s = std::max(0.0F, ship.dash_s - dt_s);
  ship.aim += ship.turn * dt_s;
  ship.at += engine::app::direction(ship.aim) * (ship.speed * (ship.dash_s > 0 ? 5.0F : 1.0F) * dt_s);
  bool wrapped = false;
  wrap(ship.at.x, kField.x, kField.width, wrapped);
  wrap(ship.at.y, kField.y, kField.height, wrapped);
  if (wrapped) ship.trail.clear();
}

void Backdrop::shoot(const Drifter& ship) {
  for (const float aside : {-0.05F, 0.0F, 0.05F}) {
    if (shots_.size() == kShotsMax) return;
    const Point ahead = engine::app::direction(ship.aim + aside);
    shots_.push_back({ship.at + ahead * 20, ahead * kShotSpeed, 1.1F, ship.is_foe});
  }
}

void Backdrop::burst(Point at, bool is_foe) {
  for (int i = 0; i < 18 && sparks_.size() < kSparksMax; ++i) {
    sparks_.push_back({at, engine::app::direction(random(-kPi, kPi)) * random(40, 240), random(0.25F, 0.8F), is_foe});
  }
}

void Backdrop::draw(Canvas& canvas, const SideColors& sides) const {
  canvas.clear(palette::kGround);
  draw_grid(canvas);
  for (const Drifter& ship : ships_) draw_ship(canvas, ship, ship.is_foe ? sides.foe : sides.own);
  for (const Shot& shot : shots_) {
    const Color color = shot.is_foe ? sides.foe : sides.own;
    const Point tail = shot.at - shot.velocity * 0.03F;
    canvas.glow_line(tail, shot.at, 9, added(faded(color, 0.25F)));
    canvas.line(tail, shot.at, 3, faded(color, 0.8F));
  }
  for (const Spark& spark : sparks_) {
    const Color color = spark.is_foe ? sides.foe : sides.own;
    canvas.line(spark.at - spark.velocity * 0.03F, spark.at, 1.5F,
                added(faded(color, std::min(1.0F, spark.left_s * 2))));
  }
}

void Backdrop::draw_grid(Canvas& canvas) const {
  const Box seen = canvas.visible();
  const auto drift = static_cast<float>(std::fmod(time_s_ * 6, static_cast<double>(kGrid * 4)));
  const auto phase = static_cast<float>(std::fmod(time_s_ * 0.12, 1.0));
  // A band of light that crosses the picture from its top left corner to the bottom right.
  const float band = (seen.width + seen.height + 900) * phase - 450;
  const auto first = [&](float low) { return std::floor((low - drift) / kGrid) * kGrid + drift; };
  const auto is_major = [&](float at) { return std::abs(std::remainder(at - drift, kGrid * 4)) < 1; };
  const auto stroke = [&](Point from, Point to, bool major) {
    const Point middle = mix(from, to, 0.5F);
    const float away = std::abs((middle.x - seen.x) + (middle.y - seen.y) - band) / 320;
    const float light = std::max(0.0F, 1 - away * away);
    const Color base = major ? palette::kGridMajor : palette::kGrid;
    canvas.line(from, to, major ? 1.5F : 1.0F, engine::app::mix(base, palette::kWall, light * (major ? 0.55F : 0.3F)));
  };
  for (float x = first(seen.x); x < seen.x + seen.width; x += kGrid) {
    for (float y = first(seen.y); y < seen.y + seen.height; y += kGrid) {
      stroke({x, y}, {x + kGrid, y}, is_major(y));
      stroke({x, y}, {x, y + kGrid}, is_major(x));
    }
  }
}

void Backdrop::draw_ship(Canvas& canvas, const Drifter& ship, Color color) const {
  for (std::size_t i = 1; i < ship.trail.size(); ++i) {
    const float share = static_cast<float>(i) / static_cast<float>(kTrailMax);
    canvas.line(ship.trail[i - 1], ship.trail[i], 1 + 3 * share, added(faded(color, 0.22F * share * share)));
  }
  canvas.glow(ship.at, 44, added(faded(color, ship.dash_s > 0 ? 0.35F : 0.18F)));
  const auto outline = ship_outline(ship.at, ship.aim, 1);
  canvas.polygon(outline, palette::kPanel);
  canvas.polyline(outline, 2, faded(color, 0.75F), true);
}

}  // namespace game::client
