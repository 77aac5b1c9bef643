#include "game/client/menu/backdrop.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "game/client/menu/theme.hpp"
#include "game/client/ship_shape.hpp"

namespace game::client {
namespace {

using engine::app::added;
using engine::app::Box;
using engine::app::Canvas;
using engine::app::faded;

constexpr int kShips = 8;
constexpr std::size_t kTrailMax = 26;
constexpr std::size_t kShotsMax = 60;
constexpr std::size_t kSparksMax = 260;
constexpr std::size_t kRingsMax = 8;
constexpr float kTrailEvery_s = 0.03F;
constexpr float kShotSpeed = 640;
constexpr float kShotEvery_s = 0.15F;
constexpr float kHitRadius = 18;
constexpr float kShipRadius = 14;
constexpr float kRing_s = 0.45F;
constexpr float kSight = 560;
/// Left of it the main screen has its words: the fight keeps to the right.
constexpr float kStage = 540;

/// Where ships fly: somewhat beyond the picture, so that they come and go.
constexpr Box kField = {-140, -140, kMenuWidth + 280, kMenuHeight + 280};

/// Beside what the main screen says, so that its words stay clear.
constexpr std::array<Box, 6> kWalls = {{{644, -90, 44, 210},
                                        {1050, 120, 330, 36},
                                        {600, 372, 36, 180},
                                        {300, 690, 240, 130},
                                        {-90, 214, 120, 36},
                                        {1238, 350, 36, 220}}};

bool is_in_wall(Point at, float margin) {
  return std::any_of(kWalls.begin(), kWalls.end(), [&](const Box& wall) { return wall.grown(margin).contains(at); });
}

/// Pushed out at the nearest side; its heading is mirrored there.
void leave_wall(Point& at, float& aim, const Box& solid) {
  const float sides[] = {at.x - solid.x, solid.x + solid.width - at.x, at.y - solid.y, solid.y + solid.height - at.y};
  const auto nearest = std::min_element(std::begin(sides), std::end(sides)) - std::begin(sides);
  if (nearest == 0) at.x = solid.x;
  if (nearest == 1) at.x = solid.x + solid.width;
  if (nearest == 2) at.y = solid.y;
  if (nearest == 3) at.y = solid.y + solid.height;
  aim = nearest < 2 ? kPi - aim : -aim;
}

bool wrap(float& at, float low, float size) {
  if (at >= low && at < low + size) return false;
  at = at < low ? at + size : at - size;
  return true;
}

/// Along the points, from nothing to 5 wide: one shape, since pieces would shine twice where they meet.
std::vector<Point> ribbon(const std::vector<Point>& along) {
  std::vector<Point> left;
  std::vector<Point> right;
  for (std::size_t i = 1; i < along.size(); ++i) {
    const Point step = along[i] - along[i - 1];
    const float half = 2.5F * static_cast<float>(i) / static_cast<float>(along.size()) / std::max(0.01F, length(step));
    const Point aside = Point{-step.y, step.x} * half;
    left.push_back(along[i] + aside);
    right.push_back(along[i] - aside);
  }
  left.insert(left.end(), right.rbegin(), right.rend());
  return left;
}

template <class T>
void drop_ended(std::vector<T>& all) {
  std::erase_if(all, [](const T& one) { return one.left_s <= 0; });
}

}  // namespace

Backdrop::Backdrop(std::uint64_t seed) : rng_(seed) {
  for (int i = 0; i < kShips; ++i) {
    Drifter& ship = ships_.emplace_back();
    ship.is_foe = i % 2 == 1;
    arrive(ship);
    ship.at = {random(0, kMenuWidth), random(0, kMenuHeight)};
  }
}

float Backdrop::random(float low, float high) {
  return low + (high - low) * static_cast<float>(rng_.below(1U << 16U)) / 65536.0F;
}

/// At the upper or lower end, flying in.
void Backdrop::arrive(Drifter& ship) {
  const bool from_above = rng_.below(2) == 0;
  ship.at = {random(kStage, kMenuWidth), from_above ? kField.y : kField.y + kField.height - 1};
  ship.aim = (from_above ? kPi : -kPi) / 2 + random(-0.5F, 0.5F);
  ship.speed = random(80, 140);
  ship.health = 3;
  ship.trail.clear();
}

// --- The fight -------------------------------------------------------------------------------------------------------

void Backdrop::update(double dt_s) {
  const auto dt = static_cast<float>(std::clamp(dt_s, 0.0, 0.1));
  time_s_ += static_cast<double>(dt);
  trail_s_ += dt;
  const bool leaves_trail = trail_s_ >= kTrailEvery_s;
  if (leaves_trail) trail_s_ = 0;
  for (Drifter& ship : ships_) {
    fly(ship, dt);
    shoot(ship, dt);
    if (!leaves_trail) continue;
    ship.trail.push_back(ship.at);
    if (ship.trail.size() > kTrailMax) ship.trail.erase(ship.trail.begin());
  }
  move_shots(dt);
  for (Spark& spark : sparks_) {
    spark.at += spark.velocity * dt;
    spark.velocity = spark.velocity * (1 - 2.5F * dt);
    spark.left_s -= dt;
  }
  for (Ring& ring : rings_) ring.left_s -= dt;
  drop_ended(shots_);
  drop_ended(sparks_);
  drop_ended(rings_);
}

void Backdrop::fly(Drifter& ship, float dt_s) {
  ship.next_s -= dt_s;
  if (ship.next_s <= 0) decide(ship);
  ship.dash_s = std::max(0.0F, ship.dash_s - dt_s);
  ship.aim = std::remainder(ship.aim + ship.turn * dt_s, 2 * kPi);
  ship.at += engine::app::direction(ship.aim) * (ship.speed * (ship.dash_s > 0 ? 5.0F : 1.0F) * dt_s);
  for (const Box& wall : kWalls) {
    const Box solid = wall.grown(kShipRadius);
    if (solid.contains(ship.at)) leave_wall(ship.at, ship.aim, solid);
  }
  const bool wrapped_x = wrap(ship.at.x, kField.x, kField.width);
  const bool wrapped_y = wrap(ship.at.y, kField.y, kField.height);
  if (wrapped_x || wrapped_y) ship.trail.clear();
}

/// Turns to the nearest opponent in sight and fires, or flies on as it likes.
void Backdrop::decide(Drifter& ship) {
  ship.next_s = random(0.5F, 1.6F);
  ship.turn = random(-0.9F, 0.9F);
  if (rng_.below(4) == 0) ship.dash_s = 0.22F;
  const Drifter* target = nullptr;
  for (const Drifter& other : ships_) {
    const float distance = length(other.at - ship.at);
    if (other.is_foe != ship.is_foe && distance < (target ? length(target->at - ship.at) : kSight)) target = &other;
  }
  if (ship.at.x < kStage) {  // back to where it can be seen
    const Point to = Point{random(kStage, kMenuWidth), random(80, kMenuHeight - 80)} - ship.at;
    ship.aim = std::atan2(to.y, to.x);
    return;
  }
  if (!target || rng_.below(4) == 0) return;
  const Point to = target->at - ship.at;
  ship.aim = std::atan2(to.y, to.x) + random(-0.12F, 0.12F);
  ship.turn *= 0.2F;
  ship.burst_s = random(0.3F, 0.7F);
}

void Backdrop::shoot(Drifter& ship, float dt_s) {
  ship.burst_s = std::max(0.0F, ship.burst_s - dt_s);
  ship.shot_s = std::max(0.0F, ship.shot_s - dt_s);
  if (ship.burst_s <= 0 || ship.shot_s > 0 || shots_.size() == kShotsMax) return;
  ship.shot_s = kShotEvery_s;
  const Point ahead = engine::app::direction(ship.aim + random(-0.04F, 0.04F));
  shots_.push_back({ship.at + ahead * 20, ahead * kShotSpeed, 1.0F, ship.is_foe});
}

void Backdrop::move_shots(float dt_s) {
  for (Shot& shot : shots_) {
    shot.at += shot.velocity * dt_s;
    shot.left_s -= dt_s;
    if (is_in_wall(shot.at, 0)) {
      shot.left_s = 0;
      sparks(shot.at - shot.velocity * dt_s, 4, 120, shot.is_foe);
    }
    for (Drifter& ship : ships_) {
      if (shot.left_s <= 0 || ship.is_foe == shot.is_foe || length(ship.at - shot.at) > kHitRadius) continue;
      shot.left_s = 0;
      hit(ship, shot.at);
    }
  }
}

void Backdrop::hit(Drifter& ship, Point at) {
  sparks(at, 8, 200, ship.is_foe);
  ship.turn = random(-2, 2);
  if (--ship.health > 0) return;
  sparks(ship.at, 40, 320, ship.is_foe);
  if (rings_.size() < kRingsMax) rings_.push_back({ship.at, kRing_s, ship.is_foe});
  arrive(ship);
}

void Backdrop::sparks(Point at, int count, float speed, bool is_foe) {
  for (int i = 0; i < count && sparks_.size() < kSparksMax; ++i) {
    const Point velocity = engine::app::direction(random(-kPi, kPi)) * random(0.2F * speed, speed);
    sparks_.push_back({at, velocity, random(0.25F, 0.8F), is_foe});
  }
}

// --- The picture -----------------------------------------------------------------------------------------------------

void Backdrop::draw(Canvas& canvas, const SideColors& sides) const {
  // The camera sways; all of it moves together.
  const engine::app::View at_rest = canvas.view();
  engine::app::View view = at_rest;
  view.centre +=
      {static_cast<float>(18 * std::sin(time_s_ * 0.11)), static_cast<float>(12 * std::cos(time_s_ * 0.083))};
  canvas.set_view(view);

  canvas.clear(palette::kGround);
  draw_ground(canvas);
  draw_walls(canvas);
  const auto color_of = [&](bool is_foe) { return is_foe ? sides.foe : sides.own; };
  for (const Drifter& ship : ships_) draw_ship(canvas, ship, color_of(ship.is_foe));
  for (const Shot& shot : shots_) {
    const Point tail = shot.at - shot.velocity * 0.03F;
    canvas.glow_line(tail, shot.at, 9, added(faded(color_of(shot.is_foe), 0.3F)));
    canvas.line(tail, shot.at, 3, color_of(shot.is_foe));
  }
  for (const Spark& spark : sparks_) {
    const Color color = faded(color_of(spark.is_foe), std::min(1.0F, spark.left_s * 2));
    canvas.line(spark.at - spark.velocity * 0.03F, spark.at, 1.5F, added(color));
  }
  for (const Ring& ring : rings_) {
    const float left = ring.left_s / kRing_s;
    canvas.ring(ring.at, 110 * (1 - left * left), 2.5F, added(faded(color_of(ring.is_foe), 0.8F * left)));
  }
  canvas.set_view(at_rest);
}

void Backdrop::draw_ground(Canvas& canvas) const {
  constexpr float kCell = 64;
  const Box seen = canvas.visible();
  const auto phase = static_cast<float>(std::fmod(time_s_ * 0.1, 1.0));
  // A band of light that crosses the picture from its top left corner to the bottom right.
  const float band = (seen.width + seen.height + 900) * phase - 450;
  const auto first = [](float low) { return std::floor(low / kCell) * kCell; };
  const auto is_major = [](float at) { return std::abs(std::remainder(at, kCell * 4)) < 1; };
  const auto stroke = [&](Point from, Point to, bool major) {
    const Point middle = mix(from, to, 0.5F);
    const float away = std::abs((middle.x - seen.x) + (middle.y - seen.y) - band) / 320;
    const float light = std::max(0.0F, 1 - away * away);
    const Color base = major ? palette::kGridMajor : palette::kGrid;
    canvas.line(from, to, major ? 1.5F : 1.0F, engine::app::mix(base, palette::kWall, light * (major ? 0.5F : 0.28F)));
  };
  for (float x = first(seen.x); x < seen.x + seen.width; x += kCell) {
    for (float y = first(seen.y); y < seen.y + seen.height; y += kCell) {
      stroke({x, y}, {x + kCell, y}, is_major(y));
      stroke({x, y}, {x, y + kCell}, is_major(x));
    }
  }
}

void Backdrop::draw_walls(Canvas& canvas) const {
  for (const Box& wall : kWalls) {
    const float right = wall.x + wall.width;
    const float bottom = wall.y + wall.height;
    const std::array<Point, 4> corners = {{{wall.x, wall.y}, {right, wall.y}, {right, bottom}, {wall.x, bottom}}};
    canvas.box(wall, palette::kWallFill);
    for (std::size_t i = 0; i < corners.size(); ++i) {
      canvas.glow_line(corners[i], corners[(i + 1) % 4], 12, added(faded(palette::kWall, 0.12F)));
    }
    canvas.polyline(corners, 3, faded(palette::kWall, 0.6F), true);
  }
}

void Backdrop::draw_ship(Canvas& canvas, const Drifter& ship, Color color) const {
  canvas.polygon(ribbon(ship.trail), added(faded(color, 0.22F)));
  canvas.glow(ship.at, 44, added(faded(color, ship.dash_s > 0 ? 0.4F : 0.2F)));
  const auto outline = ship_outline(ship.at, ship.aim, 1);
  canvas.polygon(outline, palette::kPanel);
  canvas.polyline(outline, 2, color, true);
}

}  // namespace game::client
