#include "engine/app/overlay.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

namespace engine::app {
namespace {

const std::string kFont = SCRIM_FONTS_DIR "/B612-Regular.otf";
constexpr Color kGreen = rgb(0x00FF00);

struct Drawn {
  explicit Drawn(const std::vector<float>& samples, int width = 1280, int height = 720) : picture(width, height) {
    auto overlay = Overlay::open({.font = kFont, .ground = rgb(0x101020), .text = rgb(0xFFFFFF)});
    EXPECT_TRUE(overlay) << overlay.error().reason;
    const OverlayPlot plot{.label = "label", .value = "42 ms", .samples = samples, .high = 10, .color = kGreen};
    (*overlay)->draw(picture, {.title = "TITLE", .margin = {16, 20}, .plots = {&plot, 1}});
  }
  template <class Is>
  int count(Is is) const {
    int total = 0;
    for (int y = 0; y < picture.height(); ++y)
      for (int x = 0; x < picture.width(); ++x) total += is(picture.at(x, y)) ? 1 : 0;
    return total;
  }
  int lit() const {
    return count([](Color c) { return c.a != 0; });
  }
  int green() const {
    return count([](Color c) { return c.g > 150 && c.r < 100 && c.b < 100; });
  }
  int white() const {
    return count([](Color c) { return c.g > 200 && c.r > 200 && c.b > 200; });
  }

  Picture picture;
};

TEST(Overlay, draws_its_panel_in_the_bottom_right_corner_and_nothing_elsewhere) {
  const Drawn drawn({1, 5, 2, 8});
  int left = 1280, top = 720, right = 0, bottom = 0;
  for (int y = 0; y < 720; ++y) {
    for (int x = 0; x < 1280; ++x) {
      if (drawn.picture.row(y)[x] == 0) continue;
      left = std::min(left, x);
      right = std::max(right, x);
      top = std::min(top, y);
      bottom = std::max(bottom, y);
    }
  }
  EXPECT_EQ(right, 1280 - 16 - 1);
  EXPECT_EQ(bottom, 720 - 20 - 1);
  EXPECT_GT(left, 900);
  EXPECT_GT(top, 600);
}

TEST(Overlay, shows_words_and_the_line_of_its_samples) {
  const Drawn drawn({1, 5, 2, 8});
  EXPECT_GT(drawn.white(), 20) << "the title";
  EXPECT_GT(drawn.green(), 100) << "the line and the value";
  EXPECT_GT(drawn.green(), Drawn({}).green() + 60) << "the line";
}

TEST(Overlay, cuts_a_label_off_before_its_plot) {
  const auto drawn = [](std::string_view label) {
    auto picture = std::make_unique<Picture>(1280, 720);
    auto overlay = Overlay::open({.font = kFont, .text = rgb(0x808080), .muted = rgb(0xFFFFFF)});
    EXPECT_TRUE(overlay) << overlay.error().reason;
    const OverlayPlot plot{.label = label, .color = kGreen};
    (*overlay)->draw(*picture, {.margin = {16, 20}, .label_width = 60, .plots = {&plot, 1}});
    return picture;
  };
  // The label begins 8 units right of the panel's left side; the panel is 288 units wide.
  constexpr int kLabelLeft = 1280 - 16 - 288 + 8;
  const auto white = [](const Picture& picture, int from, int to) {
    int count = 0;
    for (int y = 0; y < 720; ++y)
      for (int x = from; x < to; ++x) {
        const Color color = picture.at(x, y);
        count += color.r > 120 && color.g > 120 && color.b > 120 ? 1 : 0;
      }
    return count;
  };
  const auto brief = drawn("MMM");
  const auto lengthy = drawn("MMMMMMMMMMMMMMMMMMMMMMMM");
  EXPECT_GT(white(*brief, kLabelLeft, kLabelLeft + 56), 10);
  EXPECT_GT(white(*lengthy, kLabelLeft, kLabelLeft + 56), white(*brief, kLabelLeft, kLabelLeft + 56));
  EXPECT_EQ(white(*lengthy, kLabelLeft + 56, 1280), 0);
}

TEST(Overlay, grows_with_the_picture_and_stays_inside_a_narrow_one) {
  EXPECT_GT(Drawn({1, 5}, 1920, 1080).lit(), 2 * Drawn({1, 5}).lit());
  const Drawn narrow({1, 5}, 640, 720);
  EXPECT_EQ(narrow.picture.row(719 - 15)[0], 0U);
  EXPECT_GT(narrow.lit(), 1'000);
}

TEST(Overlay, takes_samples_out_of_its_range_and_ranges_that_are_none) {
  EXPECT_GT(Drawn({-1e30F, 1e30F, 3}).lit(), 1'000);
  Picture picture(1280, 720);
  auto overlay = Overlay::open({.font = kFont});
  const std::vector<float> samples = {1, 1};
  const OverlayPlot plot{.samples = samples, .low = 1, .high = 1};
  (*overlay)->draw(picture, {.plots = {&plot, 1}});
}

TEST(Overlay, names_a_font_that_is_not_there) {
  const auto overlay = Overlay::open({.font = "/nonexistent.otf"});
  ASSERT_FALSE(overlay);
  EXPECT_NE(overlay.error().reason.find("/nonexistent.otf"), std::string::npos);
}

}  // namespace
}  // namespace engine::app
