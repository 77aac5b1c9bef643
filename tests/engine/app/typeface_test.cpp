#include "engine/app/typeface.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <deque>
#include <limits>

#include "drawing.hpp"
#include "engine/app/system_fonts.hpp"
#include "engine/core/utf8.hpp"
#include "fight_scene.hpp"
#include "golden.hpp"

namespace engine::app::test {
namespace {

struct Extent {
  int left = 1 << 20;
  int right = -1;
  int top = 1 << 20;
  int bottom = -1;
};

Extent drawn(const Picture& picture) {
  Extent extent;
  for (int y = 0; y < picture.height(); ++y) {
    for (int x = 0; x < picture.width(); ++x) {
      if (picture.at(x, y).r < 32) continue;
      extent.left = std::min(extent.left, x);
      extent.right = std::max(extent.right, x + 1);
      extent.top = std::min(extent.top, y);
      extent.bottom = std::max(extent.bottom, y + 1);
    }
  }
  return extent;
}

TEST(Typeface, names_the_file_that_it_cannot_open) {
  const auto missing = Typeface::open("/nowhere/at-all.otf");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().reason, testing::HasSubstr("/nowhere/at-all.otf"));
  const auto no_font = Typeface::open(SCRIM_SOURCE_DIR "/assets/fonts/B612-LICENSE.txt");
  ASSERT_FALSE(no_font);
  EXPECT_THAT(no_font.error().reason, testing::HasSubstr("B612-LICENSE.txt"));
}

TEST(Typeface, outlives_others) {
  auto first = std::make_unique<Typeface>(font("B612-Regular.otf"));
  Typeface second = font("Jura-Bold.otf");
  first.reset();
  EXPECT_GT(second.width_px("still here", 20), 50);
  Typeface moved = std::move(second);
  EXPECT_GT(moved.width_px("still here", 20), 50);
}

TEST(FitText, cuts_what_is_too_wide_between_letters_and_says_so) {
  Typeface face = font("B612-Regular.otf");
  EXPECT_EQ(fit_text(face, "Ada", 17, 300), "Ada");
  EXPECT_EQ(fit_text(face, "", 17, 0), "");
  for (const char* text :
       {"WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", "Üñïçödé Üñïçödé Üñïçödé Üñïçödé", "iiiiiiiiiiiiiiiiiiiiii"}) {
    const std::string_view all = text;
    const float whole = face.width_px(all, 17);
    for (float width = 0; width < whole; width += 7) {
      const std::string shown = fit_text(face, all, 17, width);
      ASSERT_LE(face.width_px(shown, 17), width);
      if (shown.empty()) continue;
      ASSERT_TRUE(shown.ends_with("…"));
      const std::string begin = shown.substr(0, shown.size() - std::string("…").size());
      ASSERT_TRUE(all.starts_with(begin));
      ASSERT_NE(static_cast<unsigned char>(all[begin.size()]) & 0xC0U, 0x80U) << "no half of a letter";
    }
  }
}

TEST(FitText, takes_a_moment_for_a_text_of_any_length) {
  Typeface face = font("B612-Regular.otf");
  const std::string book(1U << 20U, 'W');
  EXPECT_LT(fit_text(face, book, 17, 300).size(), 40U);
}

TEST(CanvasText, is_as_wide_as_it_says) {
  for (const char* name : {"B612-Regular.otf", "B612Mono-Regular.otf", "Jura-Bold.otf"}) {
    Typeface face = font(name);
    for (const float size : {9.0F, 14.0F, 31.0F, 80.0F}) {
      for (const char* text : {"H", "HaHaH", "12:34 AVATAR", "Ünïcödé"}) {
        SCOPED_TRACE(std::string(name) + " " + std::to_string(size) + " " + text);
        Sheet sheet(900, 120);
        sheet.canvas.text(face, text, {20, 90}, size, kWhiteInk);
        const float width = face.width_px(text, size);
        const Extent extent = drawn(sheet.picture);
        EXPECT_NEAR(static_cast<float>(extent.right - extent.left), width, 0.25F * size + 1) << "but for side bearings";
        EXPECT_GE(extent.left, 19);
        EXPECT_LE(static_cast<float>(extent.right), 21 + width);
      }
    }
  }
}

TEST(Typeface, sets_letters_nearer_where_the_font_says_so) {
  Typeface face = font("Jura-Bold.otf");
  EXPECT_LT(face.width_px("To", 40), face.width_px("T", 40) + face.width_px("o", 40) - 2);
  EXPECT_NEAR(face.width_px("HH", 40), 2 * face.width_px("H", 40), 0.5F);
}

TEST(CanvasText, stands_on_its_baseline) {
  Typeface face = font("B612-Regular.otf");
  for (const float size : {12.0F, 40.0F, 90.0F}) {
    Sheet sheet(200, 160);
    sheet.canvas.text(face, "H", {20, 100}, size, kWhiteInk);
    const Extent extent = drawn(sheet.picture);
    EXPECT_EQ(extent.bottom, 100) << size;
    EXPECT_NEAR(static_cast<float>(extent.bottom - extent.top), 0.7F * size, 0.08F * size + 1) << size;
  }
}

TEST(CanvasText, is_aligned_to_its_place) {
  Typeface face = font("B612-Regular.otf");
  const float width = face.width_px("HHHH", 20);
  const auto place = [&](Align align) {
    Sheet sheet(300, 60);
    sheet.canvas.text(face, "HHHH", {150, 40}, 20, kWhiteInk, align);
    return drawn(sheet.picture);
  };
  EXPECT_NEAR(static_cast<float>(place(Align::kLeft).left), 150, 3);
  EXPECT_NEAR(static_cast<float>(place(Align::kRight).right), 150, 3);
  EXPECT_NEAR(static_cast<float>(place(Align::kCentre).left), 150 - width / 2, 3);
  EXPECT_NEAR(static_cast<float>(place(Align::kCentre).right), 150 + width / 2, 3);
}

TEST(CanvasText, moves_by_quarters_of_a_pixel) {
  Typeface face = font("B612-Regular.otf");
  std::deque<Sheet> sheets;
  for (int i = 0; i < 4; ++i) {
    sheets.emplace_back(120, 40).canvas.text(face, "quarters", {10 + 0.25F * static_cast<float>(i), 30}, 14, kWhiteInk);
  }
  for (std::size_t a = 0; a < 4; ++a) {
    for (std::size_t b = a + 1; b < 4; ++b) EXPECT_GT(difference(sheets[a].picture, sheets[b].picture).max, 20);
    EXPECT_NEAR(covered(sheets[a].picture) / covered(sheets[0].picture), 1, 0.01) << "no lighter, no darker";
  }
}

TEST(CanvasText, scales_with_the_view) {
  Typeface face = font("B612-Regular.otf");
  Sheet sheet(300, 100);
  sheet.canvas.set_view({.centre = {150, 50}, .scale = 1.25F});
  const float units = sheet.canvas.text_width(face, "a width of text", 10);
  EXPECT_NEAR(units * 1.25F, face.width_px("a width of text", 12.5F), 0.01F);
  EXPECT_GT(std::fabs(units - face.width_px("a width of text", 10)), 0.5F) << "letters come in whole pixels' heights";
}

TEST(CanvasText, covers_and_shines_by_its_alpha) {
  Typeface face = font("B612-Bold.otf");
  Sheet sheet(200, 100);
  sheet.canvas.text(face, "III", {10, 90}, 80, faded(kWhiteInk, 0.5F));
  EXPECT_EQ(brightest(sheet.picture), 128);
  sheet.canvas.text(face, "III", {10, 90}, 80, added(faded(kWhiteInk, 0.5F)));
  EXPECT_EQ(brightest(sheet.picture), 255);
  EXPECT_TRUE(is_solid(sheet.picture));
}

TEST(CanvasText, is_cut_at_every_side) {
  Typeface face = font("B612-Regular.otf");
  for (const Point at :
       {Point{-15.3F, 8}, Point{-400, 20}, Point{20, -3}, Point{50, 45}, Point{10, 30}, Point{90, 20}}) {
    Sheet small(60, 40);
    Sheet large(260, 240);
    small.canvas.text(face, "Cut@all sides", at, 30, kWhiteInk);
    large.canvas.text(face, "Cut@all sides", at + Point{100, 100}, 30, kWhiteInk);
    for (int y = 0; y < 40; ++y) {
      for (int x = 0; x < 60; ++x) ASSERT_EQ(small.red(x, y), large.red(x + 100, y + 100)) << at.x << ", " << at.y;
    }
  }
}

TEST(CanvasText, shows_a_sign_for_what_the_font_lacks_and_for_what_is_no_text) {
  Typeface face = font("B612-Regular.otf");
  for (const char* text : {"\xE6\xBC\xA2", "\xF0\x9F\x9A\x80", "\xFF", "\xC3", "\xED\xA0\x80"}) {
    Sheet sheet(60, 40);
    sheet.canvas.text(face, text, {10, 30}, 24, kWhiteInk);
    EXPECT_GT(covered(sheet.picture), 5) << text;
    EXPECT_GT(face.width_px(text, 24), 2) << text;
  }
  EXPECT_EQ(face.width_px("", 24), 0);
  EXPECT_GT(face.width_px("a b", 24), face.width_px("ab", 24)) << "a space is wide though nothing is seen of it";
}

TEST(CanvasText, survives_numbers_that_make_no_sense) {
  Typeface face = font("B612-Regular.otf");
  constexpr float kInf = std::numeric_limits<float>::infinity();
  const float kNan = std::numeric_limits<float>::quiet_NaN();
  Sheet sheet(60, 40);
  for (const float a : {kNan, kInf, -kInf, 1e30F, -1e30F, 1e7F, -1e-30F, 12.0F}) {
    for (const float b : {kNan, kInf, -kInf, 1e30F, -1e30F, 0.0F, -5.0F, 0.4F, 3000.0F}) {
      for (const Align align : {Align::kLeft, Align::kCentre, Align::kRight}) {
        sheet.canvas.text(face, "Ag", {a, 20}, b, kWhiteInk, align);
        sheet.canvas.text(face, "Ag", {20, a}, b, kWhiteInk, align);
      }
    }
  }
  EXPECT_TRUE(is_solid(sheet.picture));
}

// The fonts that ./run installs for other scripts.
const std::vector<std::string>& fallbacks() {
  static const std::vector<std::string> paths = [] {
    constexpr std::array<std::string_view, 2> kNames = {"DejaVuSans.ttf", "DroidSansFallback.ttf"};
    return find_fonts(font_folders(), kNames);
  }();
  EXPECT_EQ(paths.size(), 2U) << "the packages fonts-dejavu-core and fonts-droid-fallback are missing";
  return paths;
}

Picture written(Typeface& face, std::string_view text) {
  Sheet sheet(300, 60);
  sheet.canvas.text(face, text, {10, 45}, 30, kWhiteInk);
  return std::move(sheet.picture);
}

TEST(CanvasText, is_written_in_every_script_that_a_fallback_has) {
  Typeface with = font("B612-Regular.otf");
  Typeface without = font("B612-Regular.otf");
  with.set_fallbacks(fallbacks());
  // Two letters each, that no longer look like one sign twice.
  for (const char* text :
       {"\xD0\x96\xD1\x8F", "\xCE\xAC\xCE\xAE", "\xE6\xBC\xA2\xE5\xAD\x97", "\xE3\x81\xB2\xE3\x82\xAB",
        "\xED\x95\x9C\xEA\xB5\xAD", "\xD7\xA9\xD7\x9C", "\xD9\x85\xD8\xB1"}) {
    const std::string first(engine::utf8_prefix(text, 3).substr(0, std::string_view(text).size() / 2));
    const std::string second(std::string_view(text).substr(first.size()));
    EXPECT_EQ(difference(written(without, first), written(without, second)).max, 0) << text;
    EXPECT_GT(difference(written(with, first), written(with, second)).max, 100) << text;
    EXPECT_GT(difference(written(with, first), written(without, first)).max, 100) << text;
    EXPECT_GT(with.width_px(text, 30), with.width_px(first, 30)) << text;
  }
  EXPECT_EQ(difference(written(with, "Latin 123"), written(without, "Latin 123")).max, 0) << "its own letters stay";
}

TEST(Typeface, does_without_a_fallback_that_cannot_be_opened) {
  Typeface face = font("B612-Regular.otf");
  Typeface without = font("B612-Regular.otf");
  face.set_fallbacks({"/nowhere/at-all.ttf", SCRIM_SOURCE_DIR "/assets/fonts/B612-LICENSE.txt"});
  EXPECT_EQ(difference(written(face, "\xE6\xBC\xA2"), written(without, "\xE6\xBC\xA2")).max, 0);
  face.set_fallbacks({"/nowhere/at-all.ttf", fallbacks().back()});
  EXPECT_GT(difference(written(face, "\xE6\xBC\xA2"), written(without, "\xE6\xBC\xA2")).max, 100);
}

TEST(Typeface, keeps_no_more_than_it_says_though_somebody_writes_every_letter_there_is) {
  Typeface face = font("B612-Regular.otf");
  face.set_fallbacks(fallbacks());
  Sheet sheet(200, 60);
  std::string line;
  for (char32_t c = 0x4E00; c < 0x4E00 + 8000; ++c) {
    line += static_cast<char>(0xE0 | (c >> 12));
    line += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    line += static_cast<char>(0x80 | (c & 0x3F));
    if (line.size() < 66 * 3) continue;
    sheet.canvas.text(face, line, {0, 40}, 40, kWhiteInk);
    EXPECT_LE(face.kept_bytes(), Typeface::kKeptBytesMax + (1U << 20));
    line.clear();
  }
  // And in one line, and as kerning of pairs alone.
  for (int size = 8; size < 256; size += 12) {
    std::string pairs;
    for (char a = '!'; a < '~'; ++a)
      for (char b = '!'; b < '~'; b = static_cast<char>(b + 9)) pairs += {a, b};
    face.width_px(pairs, static_cast<float>(size));
    ASSERT_LE(face.kept_bytes(), Typeface::kKeptBytesMax + (1U << 20)) << size;
  }
}

TEST(Typeface, says_how_much_of_a_text_fits) {
  Typeface face = font("B612-Regular.otf");
  const std::string_view text = "a\xC3\xA9\xE6\xBC\xA2z";
  for (const std::size_t end : {0U, 1U, 3U, 6U, 7U}) {
    const float width = face.width_px(text.substr(0, end), 20);
    EXPECT_EQ(face.fitting(text, 20, width + 0.01F), end);
  }
  EXPECT_EQ(face.fitting(text, 20, 1e9F), text.size());
  EXPECT_EQ(face.fitting(text, 20, -1), 0U);
  EXPECT_EQ(face.fitting("", 20, 10), 0U);
}

TEST(Typeface, draws_on_after_it_has_forgotten_what_it_kept) {
  Typeface face = font("B612-Regular.otf");
  Sheet sheet(600, 300);
  // Each size is new; all of them together would be hundreds of megabytes.
  for (int size = 8; size < 256; ++size) {
    const std::string all = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    sheet.canvas.text(face, all, {0, 200}, static_cast<float>(size), faded(kWhiteInk, 0.01F));
  }
  Sheet before(100, 60);
  before.canvas.text(face, "after", {5, 40}, 20, kWhiteInk);
  Typeface fresh = font("B612-Regular.otf");
  Sheet after(100, 60);
  after.canvas.text(fresh, "after", {5, 40}, 20, kWhiteInk);
  EXPECT_EQ(difference(before.picture, after.picture).max, 0);
}

}  // namespace
}  // namespace engine::app::test
