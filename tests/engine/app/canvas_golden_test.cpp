// What the canvas draws, seen: each picture is compared with the one that was looked at and kept (golden.hpp).
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <numbers>
#include <vector>

#include "fight_scene.hpp"
#include "golden.hpp"

namespace engine::app::test {
namespace {

using namespace palette;
constexpr float kPi = std::numbers::pi_v<float>;

std::vector<Point> regular(Point centre, float radius, int corners, float turn_rad, int stride = 1) {
  std::vector<Point> points;
  for (int i = 0; i < corners; ++i) {
    const auto step = static_cast<float>(i * stride) / static_cast<float>(corners);
    points.push_back(centre + direction(turn_rad + 2 * kPi * step) * radius);
  }
  return points;
}

TEST(CanvasGolden, lines) {
  Picture picture(480, 320);
  Canvas canvas(picture);
  canvas.clear(kGround);
  for (int i = 0; i < 36; ++i) {
    const Point ahead = direction(static_cast<float>(i) * kPi / 18 + 0.013F);
    const Color color = mix(kOwn, kFoe, static_cast<float>(i) / 36);
    canvas.line(Point{120, 110} + ahead * 20, Point{120, 110} + ahead * 95, 0.25F + static_cast<float>(i) * 0.1F,
                color);
  }
  for (int i = 0; i < 12; ++i) {
    const float y = 24 + static_cast<float>(i) * 15;
    canvas.line({250, y}, {455, y + 9}, static_cast<float>(i) * 0.75F + 0.75F, kText);
  }
  canvas.line({30, 230}, {220, 300}, 14, added(faded(kFoe, 0)), added(kFoe));
  canvas.line({30, 300}, {220, 230}, 14, added(faded(kOwn, 0)), added(kOwn));
  const std::vector<Point> zigzag = {{255, 300}, {290, 225}, {325, 300}, {340, 225}, {355, 300}, {360, 225}};
  canvas.polyline(zigzag, 9, faded(kRapid, 0.5F));
  canvas.polyline(regular({420, 262}, 36, 5, -kPi / 2, 2), 5, added(faded(kHealth, 0.6F)), true);
  EXPECT_EQ(compare_with_golden(picture, "lines"), "");
}

TEST(CanvasGolden, shapes) {
  Picture picture(480, 320);
  Canvas canvas(picture);
  canvas.clear(kGround);
  for (int i = 0; i < 8; ++i) {
    const float radius = 0.4F + static_cast<float>(i * i) * 0.5F;
    canvas.disc({30 + static_cast<float>(i) * 30 + radius * 0.6F, 50}, radius,
                mix(kOwn, kMega, static_cast<float>(i) / 8));
  }
  for (int i = 1; i < 7; ++i) canvas.ring({390, 65}, static_cast<float>(i) * 9, 0.5F * static_cast<float>(i), kFoe);
  for (int i = 1; i < 8; ++i) {
    const float radius = 6 * static_cast<float>(i);
    canvas.arc({70, 160}, radius, -kPi / 2, -kPi / 2 + 2 * kPi * static_cast<float>(i) / 8.001F, 3.5F,
               mix(kHealth, kRapid, static_cast<float>(i) / 8));
  }
  canvas.polygon(regular({185, 160}, 48, 5, -kPi / 2, 2), kRapid);
  canvas.polygon(regular({290, 160}, 45, 6, 0.2F), kWallFill);
  canvas.polyline(regular({290, 160}, 45, 6, 0.2F), 3, kWall, true);
  canvas.box({345.5F, 130.25F, 110, 60.5F}, faded(kOwn, 0.4F));
  canvas.box({365, 150, 110.75F, 60}, added(faded(kFoe, 0.5F)));
  canvas.glow({70, 265}, 50, added(kOwn));
  canvas.glow({105, 265}, 50, added(kFoe));
  canvas.glow({185, 265}, 45, kMega);
  canvas.glow_line({255, 290}, {440, 245}, 26, added(kWall));
  canvas.line({255, 290}, {440, 245}, 3, kMega);
  EXPECT_EQ(compare_with_golden(picture, "shapes"), "");
}

TEST(CanvasGolden, text) {
  Picture picture(480, 240);
  Canvas canvas(picture);
  canvas.clear(kGround);
  Typeface title = font("Jura-Bold.otf");
  Typeface hud = font("B612-Regular.otf");
  Typeface mono = font("B612Mono-Regular.otf");
  canvas.text(title, "SCRIM", {240, 58}, 56, kOwn, Align::kCentre);
  for (int i = 0; i < 5; ++i) {
    const auto step = static_cast<float>(i);
    canvas.text(hud, "AVATAR To. Ünïcödé 0123456789", {20 + step * 0.25F, 90 + step * 20}, 10 + step * 2, kText);
  }
  canvas.text(mono, "12:34  ping 120 ms", {460, 200}, 14, kMuted, Align::kRight);
  canvas.text(title, "+1 RIVAL", {240, 226}, 22, faded(kFoe, 0.6F), Align::kCentre);
  canvas.text(hud, "light", {20, 226}, 30, added(faded(kHealth, 0.5F)));
  canvas.text(hud, "light", {21.5F, 226}, 30, added(faded(kHealth, 0.5F)));
  EXPECT_EQ(compare_with_golden(picture, "text"), "");
}

void draw_pickup(Canvas& canvas, Point at, float left) {
  canvas.glow(at, 34, added(faded(kHealth, 0.3F)));
  canvas.box({at.x - 8, at.y - 2.5F, 16, 5}, kHealth);
  canvas.box({at.x - 2.5F, at.y - 8, 5, 16}, kHealth);
  canvas.ring(at, 18, 1.5F, faded(kMuted, 0.35F));
  canvas.arc(at, 18, -kPi / 2, -kPi / 2 + 2 * kPi * left, 2, kHealth);
}

TEST(CanvasGolden, fight) {
  const Picture map = bake_map(2560, 1600);
  Typeface hud = font("B612-Regular.otf");
  Typeface bold = font("B612-Bold.otf");
  Typeface title = font("Jura-Bold.otf");
  Picture picture(960, 540);
  Canvas canvas(picture);
  canvas.backdrop(map, 760, 380, kGround);

  draw_pickup(canvas, {330, 462}, 0.7F);
  const Point own{372, 336};
  const Point victim{676, 214};
  const Point hunter{206, 128};
  const Point rival{712, 428};
  for (int i = 1; i <= 5; ++i) {  // a dash's afterimages
    const auto step = static_cast<float>(i);
    const Point at = own + Point{-15, 9} * step;
    canvas.glow(at, 26, added(faded(kOwn, 0.4F - 0.07F * step)));
    canvas.ring(at, 9 - step, 2, added(faded(kOwn, 0.5F - 0.09F * step)));
  }
  draw_rail(canvas, own + Point{22, -9}, victim + (victim - own) * 0.62F, kOwn);
  draw_rail(canvas, rival + Point{-20, 4}, {452, 506}, kFoe, 0.4F);
  for (int i = 0; i < 4; ++i) {
    const auto step = static_cast<float>(i);
    draw_shot(canvas, hunter + direction(0.9F) * (44 + step * 38), 0.9F, kFoe);
    if (i < 3) draw_shot(canvas, Point{520, 366} + direction(0.2F) * (step * 60), 0.2F, kOwn);
  }
  draw_ship(canvas, own, -0.38F, kOwn);
  draw_vitals(canvas, own, 0.65F, 0.45F);
  draw_ship(canvas, hunter, 0.9F, kFoe);
  draw_ship(canvas, rival, 2.9F, kFoe);
  canvas.text(hud, "VESPER", hunter + Point{0, -26}, 12, kText, Align::kCentre);
  canvas.text(hud, "ORBIT", rival + Point{0, -26}, 12, kText, Align::kCentre);

  canvas.glow(victim, 130, added(faded(kFoe, 0.55F)));
  canvas.glow(victim, 46, added(faded(kWhite, 0.9F)));
  canvas.ring(victim, 74, 2.5F, added(faded(kFoe, 0.8F)));
  canvas.ring(victim, 68, 9, added(faded(kFoe, 0.12F)));
  draw_sparks(canvas, victim, 40, 96, kFoe, 3);
  draw_sparks(canvas, own + Point{62, -30}, 6, 22, kOwn, 5);
  const std::array<Point, 3> shard{{{-11, -4}, {10, -6}, {2, 9}}};
  for (int i = 0; i < 3; ++i) {
    const Point away = victim + direction(static_cast<float>(i) * 2.2F + 0.9F) * 46;
    const Point turn = direction(static_cast<float>(i) * 1.7F);
    std::array<Point, 3> turned;
    for (std::size_t k = 0; k < shard.size(); ++k) {
      turned[k] = away + Point{shard[k].x * turn.x - shard[k].y * turn.y, shard[k].x * turn.y + shard[k].y * turn.x};
    }
    canvas.polyline(turned, 2, kFoe, true);
  }

  canvas.text(title, "+1 QUASAR", {372, 286}, 24, kOwn, Align::kCentre);
  canvas.text(bold, "2:41", {480, 34}, 22, kText, Align::kCentre);
  canvas.text(bold, "65", {24, 518}, 38, kHealth);
  canvas.text(hud, "1st  +3", {24, 36}, 18, kOwn);
  canvas.text(hud, "you > QUASAR", {936, 34}, 13, kText, Align::kRight);
  canvas.text(hud, "VESPER > ORBIT", {936, 54}, 13, faded(kMuted, 0.7F), Align::kRight);
  EXPECT_EQ(compare_with_golden(picture, "fight"), "");
}

TEST(Golden, comparison_says_where_to_look_at_what_differs) {
  if (std::getenv("SCRIM_WRITE_GOLDEN") != nullptr) GTEST_SKIP() << "would spoil a golden picture";
  auto picture = Picture::load_png(SCRIM_SOURCE_DIR "/tests/engine/app/golden/shapes.png");
  ASSERT_TRUE(picture) << picture.error().reason;
  EXPECT_EQ(compare_with_golden(*picture, "shapes"), "");
  Canvas(*picture).box({40, 40, 1, 1}, kWhite);

  // Its pictures must not lie among those of tests that fail in earnest.
  namespace fs = std::filesystem;
  const fs::path before = fs::current_path();
  const fs::path apart = fs::path(testing::TempDir()) / ("scrim-golden-" + std::to_string(getpid()));
  fs::create_directories(apart);
  fs::current_path(apart);
  const std::string reason = compare_with_golden(*picture, "shapes");
  for (const char* name : {"shapes-actual.png", "shapes-difference.png"}) {
    const fs::path path = apart / "golden-failures" / name;
    EXPECT_THAT(reason, testing::HasSubstr(path.string()));
    EXPECT_TRUE(Picture::load_png(path.string()));
  }
  EXPECT_THAT(compare_with_golden(*picture, "no-such"), testing::HasSubstr("golden/no-such.png"));
  EXPECT_THAT(compare_with_golden(Picture(3, 3), "shapes"), testing::HasSubstr("another size"));
  fs::current_path(before);
  fs::remove_all(apart);
}

}  // namespace
}  // namespace engine::app::test
