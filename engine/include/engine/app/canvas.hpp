// Draws antialiased shapes into a Picture, on the CPU, at sub-pixel positions.
//
//   Canvas canvas(window.frame());
//   canvas.set_view({.centre = camera, .scale = pixels_per_unit});
//   canvas.line(from, to, 2, kOwn);             // covers
//   canvas.glow(at, 12, added(faded(kOwn, 0.3F)));   // light
//
// One thread; refers to the picture, which must stay. Lengths and places are in drawing units, which the view maps to
// pixels: widths and radii scale with it, and no line is drawn thinner than one pixel (it fades instead). What lies
// outside the picture costs next to nothing. Every call draws at once, over what is there.
#pragma once

#include <span>
#include <string_view>

#include "engine/app/color.hpp"
#include "engine/app/geometry.hpp"
#include "engine/app/picture.hpp"

namespace engine::app {

class Typeface;

/// Which part of the drawing the picture shows.
struct View {
  Point centre{};   // the drawing's point in the middle of the picture
  float scale = 1;  // pixels a drawing unit
};

enum class Align : std::uint8_t { kLeft, kCentre, kRight };

class Canvas {
 public:
  /// Its view maps units to pixels one to one, (0, 0) being the top left corner.
  explicit Canvas(Picture& picture);

  Picture& picture() { return *picture_; }
  void set_view(const View& view) { view_ = view; }
  const View& view() const { return view_; }
  Point to_pixels(Point unit) const;
  Point to_units(Point pixel) const;
  /// The drawing units that the picture shows.
  Box visible() const;

  /// Every pixel.
  void clear(Color color);

  /// With round ends. `width` is the whole width.
  void line(Point from, Point to, float width, Ink ink);
  /// Runs from one alpha to the other, for trails; both inks blend as `from_ink` does.
  void line(Point from, Point to, float width, Ink from_ink, Ink to_ink);
  /// Corners are rounded, and covered once. `closed` joins the last point to the first.
  void polyline(std::span<const Point> points, float width, Ink ink, bool closed = false);
  /// From `from_rad` clockwise (towards +y) to `to_rad`, in radians; nothing if that is no way.
  void arc(Point centre, float radius, float from_rad, float to_rad, float width, Ink ink);
  void ring(Point centre, float radius, float width, Ink ink);

  void disc(Point centre, float radius, Ink ink);
  void box(const Box& box, Ink ink);
  /// Filled, by the non-zero rule; it need not be convex.
  void polygon(std::span<const Point> points, Ink ink);

  /// A soft spot: full in the middle, nothing at `radius`.
  void glow(Point centre, float radius, Ink ink);
  /// A soft line: full along the middle, nothing at `radius` from it.
  void glow_line(Point from, Point to, float radius, Ink ink);
  /// The same along a polyline, its corners no brighter than its sides: the light of a wall.
  void glow_polyline(std::span<const Point> points, float radius, Ink ink, bool closed = false);

  /// The same pixels, one to one, the top left corner at the pixel nearest to `at`. kOver copies where the alpha is
  /// 255.
  void picture(const Picture& image, Point at, float alpha = 1, Blend blend = Blend::kOver);
  /// Copies a part of an opaque picture over all of this one, as a baked backdrop: pixel (0, 0) shows its pixel
  /// (left, top); what lies outside of it becomes `outside`.
  void backdrop(const Picture& image, int left, int top, Color outside);

  /// One line of UTF-8; `at` is on the baseline. `size` is the height of a capital letter's em in drawing units. Moves
  /// by quarters of a pixel along the line and by whole ones across it, so that it is crisp.
  void text(Typeface& face, std::string_view text, Point at, float size, Ink ink, Align align = Align::kLeft);
  float text_width(Typeface& face, std::string_view text, float size) const;
  /// The line as text() may draw it within `width` units: cut, with an ellipsis, if it is wider.
  std::string fit(Typeface& face, std::string_view text, float size, float width) const;

 private:
  Picture* picture_;
  View view_;
};

}  // namespace engine::app
