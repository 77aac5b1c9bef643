#include "fight_scene.hpp"

#include <array>
#include <numbers>

#include "engine/core/rng.hpp"

namespace engine::app::test {
namespace {

using namespace palette;
constexpr float kPi = std::numbers::pi_v<float>;

float between(Rng& rng, float low, float high) {
  return low + (high - low) * static_cast<float>(rng.below(10'001)) / 10'000;
}

// A block of the map and its twin through the middle.
void draw_walls(Canvas& canvas, float width, float height) {
  const std::vector<std::vector<Point>> blocks = {
      {{320, 256}, {640, 256}, {704, 320}, {704, 448}, {640, 448}, {640, 352}, {576, 320}, {320, 320}},
      {{1088, 192}, {1184, 192}, {1184, 480}, {1136, 528}, {1088, 480}},
      {{256, 640}, {352, 576}, {448, 640}, {448, 768}, {352, 832}, {256, 768}},
      {{832, 640}, {1024, 640}, {1024, 704}, {896, 704}, {896, 832}, {832, 832}}};
  for (const bool twin : {false, true}) {
    for (std::vector<Point> points : blocks) {
      if (twin) {
        for (Point& point : points) point = Point{width, height} - point;
      }
      canvas.glow_polyline(points, 16, added(faded(kWall, 0.3F)), true);
      canvas.polygon(points, kWallFill);
      canvas.polyline(points, 3, kWall, true);
    }
  }
}

}  // namespace

Typeface font(const std::string& name) { return Typeface::open(SCRIM_SOURCE_DIR "/assets/fonts/" + name).value(); }

void draw_ship(Canvas& canvas, Point at, float heading_rad, Color color) {
  constexpr std::array<Point, 6> kHull{{{16, 0}, {1, 7}, {-10, 12}, {-6, 0}, {-10, -12}, {1, -7}}};
  const Point ahead = direction(heading_rad);
  std::array<Point, 6> hull;
  for (std::size_t i = 0; i < hull.size(); ++i) {
    hull[i] = at + ahead * kHull[i].x + Point{-ahead.y, ahead.x} * kHull[i].y;
  }
  canvas.glow(at, 60, added(faded(color, 0.3F)));
  canvas.polygon(hull, mix(kGround, color, 0.12F));
  canvas.polyline(hull, 2, color, true);
  canvas.line(at + ahead * 8, at + ahead * 15, 2.5F, kWhite);
}

void draw_shot(Canvas& canvas, Point at, float heading_rad, Color color) {
  const Point ahead = direction(heading_rad);
  canvas.glow(at, 15, added(faded(color, 0.35F)));
  canvas.line(at - ahead * 9, at, 3, added(faded(color, 0.15F)), added(color));
  canvas.line(at - ahead * 3, at + ahead * 3, 3, kWhite);
}

void draw_rail(Canvas& canvas, Point from, Point to, Color color, float strength) {
  canvas.glow_line(from, to, 9, added(faded(color, 0.6F * strength)));
  canvas.line(from, to, 3, added(faded(mix(color, kWhite, 0.5F), strength)));
}

void draw_sparks(Canvas& canvas, Point at, int count, float reach, Color color, std::uint64_t seed) {
  Rng rng(seed);
  for (int i = 0; i < count; ++i) {
    const Point away = direction(between(rng, 0, 2 * kPi));
    const float share = std::sqrt(between(rng, 0.05F, 1));
    const float tail = between(rng, 0.1F, 0.3F) * reach;
    const Color hot = mix(kWhite, color, std::min(share * 1.2F, 1.0F));
    canvas.line(at + away * std::max(share * reach - tail, 0.0F), at + away * (share * reach), 2,
                added(faded(color, 0.1F)), added(faded(hot, 1.25F - share)));
  }
}

void draw_vitals(Canvas& canvas, Point at, float health, float energy) {
  canvas.arc(at, 26, kPi * 0.58F, kPi * (0.58F + 0.84F), 2, faded(kMuted, 0.25F));
  canvas.arc(at, 26, kPi * 0.58F, kPi * (0.58F + 0.84F * health), 2.5F, kHealth);
  canvas.arc(at, 26, -kPi * 0.42F, kPi * 0.42F, 2, faded(kMuted, 0.25F));
  canvas.arc(at, 26, kPi * (0.42F - 0.84F * energy), kPi * 0.42F, 2.5F, kOwn);
}

Picture bake_map(int width, int height) {
  Picture map(width, height);
  Canvas canvas(map);
  canvas.clear(kGround);
  const auto across = static_cast<float>(width);
  const auto down = static_cast<float>(height);
  for (const bool bold : {false, true}) {
    const float step = bold ? 256 : 64;
    const Color color = bold ? kGridMajor : kGrid;
    for (float x = 0.5F; x < across; x += step) canvas.line({x, 0}, {x, down}, 1, color);
    for (float y = 0.5F; y < down; y += step) canvas.line({0, y}, {across, y}, 1, color);
  }
  draw_walls(canvas, across, down);
  return map;
}

Fight::Fight() : map_(bake_map(2560, 1600)), hud_(font("B612-Regular.otf")) {
  Rng rng(7);
  const auto mover = [&](float speed, Color color) {
    const float heading = between(rng, -kPi, kPi);
    const Point at{between(rng, 60, 1220), between(rng, 60, 660)};
    return Mover{at, direction(heading) * speed, heading, color};
  };
  for (int i = 0; i < 16; ++i) ships_.push_back(mover(0.4F, i == 0 ? kOwn : kFoe));
  for (int i = 0; i < 60; ++i) shots_.push_back(mover(0.9F, i % 4 == 0 ? kOwn : kFoe));
  for (int i = 0; i < 500; ++i) sparks_.push_back(mover(0.7F, i % 3 == 0 ? kRapid : kFoe));
}

void Fight::draw(Canvas& canvas, int tick) {
  canvas.backdrop(map_, 640 + tick % 120, 400, kGround);
  draw_rail(canvas, {120, 80}, ships_[0].place(tick) + Point{900, 300}, kOwn);
  draw_rail(canvas, {1200, 60.0F + static_cast<float>(tick % 120)}, {260, 400}, kFoe, 0.7F);
  for (const Mover& spark : sparks_) {
    const Point at = spark.place(tick);
    canvas.line(at, at + spark.step * 10, 2, added(spark.color));
  }
  for (const Mover& shot : shots_) draw_shot(canvas, shot.place(tick), shot.heading_rad, shot.color);
  for (const Mover& ship : ships_) draw_ship(canvas, ship.place(tick), ship.heading_rad, ship.color);
  for (std::size_t i = 0; i < ships_.size(); ++i) {
    const Point at = ships_[i].place(tick);
    draw_vitals(canvas, at, 0.7F, 0.4F);
    canvas.text(hud_, "pilot " + std::to_string(i), at + Point{0, -34}, 13, kText, Align::kCentre);
  }
  canvas.text(hud_, "2:41", {640, 40}, 24, kText, Align::kCentre);
  canvas.text(hud_, "70", {40, 690}, 40, kHealth);
  canvas.text(hud_, "1st +3", {1240, 40}, 18, kOwn, Align::kRight);
  canvas.text(hud_, "pilot 3 > pilot 9", {1240, 70}, 14, kMuted, Align::kRight);
}

}  // namespace engine::app::test
