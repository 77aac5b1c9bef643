// What tests of the canvas share: a small black picture, one of each shape, and how much of a picture is covered.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <vector>

#include "engine/app/canvas.hpp"

namespace engine::app::test {

inline constexpr Color kBlack{0, 0, 0, 255};
inline constexpr Color kWhiteInk{255, 255, 255, 255};

/// A black picture with a canvas.
struct Sheet {
  Picture picture;
  Canvas canvas;

  Sheet(int width, int height) : picture(width, height), canvas(picture) { canvas.clear(kBlack); }
  Sheet(const Sheet&) = delete;  // the canvas refers to the picture
  Sheet& operator=(const Sheet&) = delete;

  int red(int x, int y) const { return picture.at(x, y).r; }
};

/// In pixels, of what white ink covered on black.
inline double covered(const Picture& picture) {
  double sum = 0;
  for (int y = 0; y < picture.height(); ++y) {
    for (int x = 0; x < picture.width(); ++x) sum += picture.at(x, y).r;
  }
  return sum / 255;
}

inline int brightest(const Picture& picture) {
  int most = 0;
  for (int y = 0; y < picture.height(); ++y) {
    for (int x = 0; x < picture.width(); ++x) most = std::max<int>(most, picture.at(x, y).r);
  }
  return most;
}

inline bool is_solid(const Picture& picture) {
  const auto pixels = static_cast<std::size_t>(picture.width()) * static_cast<std::size_t>(picture.height());
  return std::all_of(picture.pixels(), picture.pixels() + pixels, [](std::uint32_t p) { return p >> 24U == 255; });
}

struct Shape {
  std::string name;
  /// About 60 pixels across, with `at` in the middle.
  std::function<void(Canvas&, Point at, Ink)> draw;
};

/// One of everything that is drawn with an ink, text excepted.
inline std::vector<Shape> all_shapes() {
  const auto star = [](Point at) {
    return std::array<Point, 5>{at + Point{0, -30}, at + Point{18, 25}, at + Point{-28, -9}, at + Point{28, -9},
                                at + Point{-18, 25}};
  };
  return {
      {"line",
       [](Canvas& c, Point at, Ink i) {
         c.line(at - Point{30, 11}, at + Point{30, 11}, 5, i);
       }},
      {"thin line",
       [](Canvas& c, Point at, Ink i) {
         c.line(at - Point{11, 30}, at + Point{11, 30}, 0.4F, i);
       }},
      {"level line",
       [](Canvas& c, Point at, Ink i) {
         c.line(at - Point{30, 0}, at + Point{30, 0}, 2, i);
       }},
      {"fading line",
       [](Canvas& c, Point at, Ink i) {
         const Ink end{mix(faded(i.color, 0.2F), Color{9, 200, 80, 255}, 0.5F), i.blend};
         c.line(at - Point{30, 11}, at + Point{30, 11}, 5, i, end);
       }},
      {"polyline", [star](Canvas& c, Point at, Ink i) { c.polyline(star(at), 4, i); }},
      {"closed polyline", [star](Canvas& c, Point at, Ink i) { c.polyline(star(at), 4, i, true); }},
      {"disc", [](Canvas& c, Point at, Ink i) { c.disc(at, 25, i); }},
      {"ring", [](Canvas& c, Point at, Ink i) { c.ring(at, 25, 3, i); }},
      {"arc", [](Canvas& c, Point at, Ink i) { c.arc(at, 25, 0.5F, 2.5F, 3, i); }},
      {"long arc", [](Canvas& c, Point at, Ink i) { c.arc(at, 25, -2, 2.5F, 3, i); }},
      {"box",
       [](Canvas& c, Point at, Ink i) {
         c.box({at.x - 20.3F, at.y - 9.6F, 41, 20}, i);
       }},
      {"polygon", [star](Canvas& c, Point at, Ink i) { c.polygon(star(at), i); }},
      {"glow", [](Canvas& c, Point at, Ink i) { c.glow(at, 30, i); }},
      {"glow line",
       [](Canvas& c, Point at, Ink i) {
         c.glow_line(at - Point{20, 11}, at + Point{20, 11}, 10, i);
       }},
      {"glow polyline", [star](Canvas& c, Point at, Ink i) { c.glow_polyline(star(at), 7, i, true); }},
  };
}

}  // namespace engine::app::test
