#include "game/client/effects.hpp"

#include <algorithm>
#include <cmath>

#include "game/client/ship_shape.hpp"
#include "game/sim/tuning.hpp"

namespace game::client {
namespace {

using engine::app::added;
using engine::app::Canvas;
using engine::app::direction;
using engine::app::faded;

constexpr std::size_t kSparksMax = 1'000;
constexpr std::size_t kOthersMax = 128;
constexpr float kBeamSeconds = 0.4F;
constexpr float kScarSeconds = 4;
constexpr float kGhostSeconds = 0.25F;
/// Three frames and two, and half a frame: they are made before the update of the first frame that shows them.
constexpr float kFlashSeconds = 3.5F / 60;
constexpr float kMuzzleSeconds = 2.5F / 60;
/// Longer than snapshots wait to be shown, shorter than it takes to come back.
constexpr float kGoneSeconds = 0.4F;
constexpr float kKickUnits = 2;
constexpr float kRingRadius = 120;
constexpr float kDrag = 2.5F;  // a second

template <class T>
void push(std::vector<T>& list, std::size_t max, T one) {
  if (list.size() >= max) list.erase(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(max / 8));
  list.push_back(one);
}

template <class T>
void age(std::vector<T>& list, float dt_s, float life_s) {
  for (T& one : list) one.age_s += dt_s;
  std::erase_if(list, [life_s](const T& one) { return one.age_s >= life_s; });
}

template <class T>
void age(std::vector<T>& list, float dt_s) {
  for (T& one : list) one.age_s += dt_s;
  std::erase_if(list, [](const T& one) { return one.age_s >= one.life_s; });
}

}  // namespace

Effects::Effects() : rng_(1), touches_(sim::kPlayersMax + 1) {}

void Effects::clear() {
  const bool flashes = flashes_;
  *this = Effects();
  flashes_ = flashes;
}

float Effects::random() { return static_cast<float>(rng_.next() >> 8U) * (1.0F / 16777216); }

void Effects::spark(Point at, Point velocity, float life_s, float size, Color color) {
  push(sparks_, kSparksMax, Spark{at, velocity, 0, life_s, size, color});
}

void Effects::update(float dt_s) {
  const float keep = std::exp(-kDrag * dt_s);
  for (Spark& one : sparks_) {
    one.at += one.velocity * dt_s;
    one.velocity = one.velocity * keep;
  }
  for (Shard& one : shards_) {
    one.at += one.velocity * dt_s;
    one.velocity = one.velocity * keep;
    one.angle += one.spin * dt_s;
  }
  age(sparks_, dt_s);
  age(shards_, dt_s);
  age(rings_, dt_s);
  age(beams_, dt_s, kBeamSeconds);
  age(scars_, dt_s, kScarSeconds);
  age(ghosts_, dt_s, kGhostSeconds);
  for (Touch& one : touches_) {
    one.flash_s = std::max(0.0F, one.flash_s - dt_s);
    one.muzzle_s = std::max(0.0F, one.muzzle_s - dt_s);
    one.gone_s = std::max(0.0F, one.gone_s - dt_s);
  }
}

void Effects::muzzle(sim::PlayerId ship, float aim, Color color) {
  (void)aim;
  (void)color;
  if (ship < touches_.size()) touches_[ship].muzzle_s = kMuzzleSeconds;
}

void Effects::sparks(Point at, Point along, int count, Color color) {
  const float towards = std::atan2(along.y, along.x);
  for (int i = 0; i < count; ++i) {
    const float angle = towards + random(-0.9F, 0.9F);
    spark(at, direction(angle) * random(80, 320), random(0.12F, 0.3F), 2, color);
  }
}

void Effects::hit(sim::PlayerId victim, Point at, Color color) {
  if (victim < touches_.size() && flashes_) touches_[victim].flash_s = kFlashSeconds;
  for (int i = 0; i < 6; ++i)
    spark(at, direction(random(0, 2 * kPi)) * random(90, 260), random(0.15F, 0.35F), 2, color);
}

void Effects::shield_hit(sim::PlayerId, Point at, Color color) {
  push(rings_, kOthersMax, Ring{at, 24, 0, 0.2F, 2, color});
  for (int i = 0; i < 3; ++i)
    spark(at, direction(random(0, 2 * kPi)) * random(60, 160), random(0.1F, 0.2F), 1.5F, color);
}

void Effects::vanish(sim::PlayerId ship) {
  if (ship < touches_.size()) touches_[ship].gone_s = kGoneSeconds;
}

void Effects::explosion(Point at, Point velocity, Color color) {
  const Point drift = velocity * 30;  // half of its speed, a second
  for (int i = 0; i < 40; ++i) {
    const Color shade = i % 4 == 0 ? palette::kWhite : color;
    spark(at, drift + direction(random(0, 2 * kPi)) * random(60, 520), random(0.35F, 0.9F), random(1.5F, 3), shade);
  }
  for (int i = 0; i < 3; ++i) {
    const Point away = direction(random(0, 2 * kPi)) * random(60, 180);
    push(shards_, kOthersMax,
         Shard{at, drift + away, random(0, 2 * kPi), random(-9, 9), 0, random(0.8F, 1.2F), 11, color});
  }
  push(rings_, kOthersMax, Ring{at, kRingRadius, 0, 0.3F, 3, color});
  if (flashes_) push(rings_, kOthersMax, Ring{at, 44, 0, 0.15F, 14, palette::kWhite});
}

void Effects::rail(Point from, Point to, bool hit_wall, Color color) {
  push(beams_, kOthersMax, Beam{from, to, 0, hit_wall, color});
  if (!hit_wall) return;
  push(scars_, kOthersMax, Beam{from, to, 0, true, color});
  sparks(to, from - to, 10, color);
}

void Effects::spawn(Point at, Color color) {
  push(rings_, kOthersMax, Ring{at, 60, 0, 0.35F, 2, color});
  for (int i = 0; i < 12; ++i)
    spark(at, direction(random(0, 2 * kPi)) * random(40, 160), random(0.2F, 0.5F), 1.5F, color);
}

void Effects::pickup(Point at, Color color) {
  push(rings_, kOthersMax, Ring{at, 46, 0, 0.3F, 3, color});
  for (int i = 0; i < 14; ++i)
    spark(at, direction(random(0, 2 * kPi)) * random(60, 200), random(0.25F, 0.5F), 2, color);
}

void Effects::afterimage(const SceneShip& ship) { push(ghosts_, kOthersMax, Ghost{ship.at, ship.aim, 0, ship.color}); }

void Effects::exhaust(const SceneShip& ship) {
  const float push_back = length(ship.thrust);
  if (push_back < 0.2F || random() > 0.7F) return;
  const float towards = std::atan2(-ship.thrust.y, -ship.thrust.x);
  const Point from = ship.at + direction(towards) * 12;
  spark(from, direction(towards + random(-0.35F, 0.35F)) * random(90, 200), random(0.12F, 0.28F), 1.6F,
        faded(ship.color, 0.7F));
}

float Effects::flash_of(sim::PlayerId ship) const {
  return ship < touches_.size() && touches_[ship].flash_s > 0 ? 1.0F : 0.0F;
}

bool Effects::is_gone(sim::PlayerId ship) const { return ship < touches_.size() && touches_[ship].gone_s > 0; }

float Effects::kick_of(sim::PlayerId ship) const { return muzzle_of(ship) > 0 ? kKickUnits : 0.0F; }

float Effects::muzzle_of(sim::PlayerId ship) const {
  return ship < touches_.size() && touches_[ship].muzzle_s > 0 ? 1.0F : 0.0F;
}

void Effects::draw_below(Canvas& canvas) const {
  for (const Beam& scar : scars_) {
    const float left = 1 - scar.age_s / kScarSeconds;
    canvas.disc(scar.to, 4, added(faded(scar.color, 0.6F * left)));
    canvas.glow(scar.to, 16, added(faded(scar.color, 0.35F * left)));
  }
  for (const Ghost& ghost : ghosts_) {
    const float left = 1 - ghost.age_s / kGhostSeconds;
    const auto outline = ship_outline(ghost.at, ghost.aim, 1);
    canvas.polyline(outline, 1.5F, added(faded(ghost.color, 0.4F * left)), true);
  }
}

void Effects::draw_above(Canvas& canvas) const {
  for (const Spark& one : sparks_) {
    const float left = 1 - one.age_s / one.life_s;
    const Point tail = one.at - one.velocity * 0.025F;
    canvas.line(tail, one.at, one.size, added(faded(one.color, 0.1F * left)), added(faded(one.color, left)));
  }
  for (const Shard& one : shards_) {
    const float left = 1 - one.age_s / one.life_s;
    const Point half = direction(one.angle) * (one.size / 2);
    canvas.line(one.at - half, one.at + half, 2, added(faded(one.color, left)));
  }
  for (const Ring& one : rings_) {
    const float share = one.age_s / one.life_s;
    const float eased = 1 - (1 - share) * (1 - share);
    canvas.ring(one.at, one.radius * eased, one.width * (1 - share), added(faded(one.color, 0.9F * (1 - share))));
  }
  for (const Beam& one : beams_) {
    const float left = 1 - one.age_s / kBeamSeconds;
    canvas.glow_line(one.from, one.to, 9, added(faded(one.color, 0.55F * left)));
    canvas.line(one.from, one.to, 3 * left, added(faded(mix(one.color, palette::kWhite, 0.6F), left)));
  }
}

}  // namespace game::client
