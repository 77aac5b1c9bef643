// The shapes, in pixels, antialiased into a picture. The only callers are Canvas's methods.
//
// A pixel's weight is the share of it that is covered: for lines and round shapes the distance of its centre to the
// edge, between half a pixel inside (all) and half a pixel outside (none); for polygons the exact area. A shape with a
// number that is not finite is not drawn. What is thinner than a pixel is drawn a pixel thick and fainter, so that it
// neither breaks up nor grows. Cost is bounded by the pixels of the picture that the shape touches.
#pragma once

#include <span>

#include "engine/app/color.hpp"
#include "engine/app/geometry.hpp"
#include "engine/app/picture.hpp"

namespace engine::app::draw {

void draw_line(Picture& to, Point a, Point b, float width, const Ink& ink);
void draw_fading_line(Picture& to, Point a, Point b, float width, const Ink& at_a, const Ink& at_b);
void draw_polyline(Picture& to, std::span<const Point> points, float width, const Ink& ink, bool closed);

void draw_disc(Picture& to, Point centre, float radius, const Ink& ink);
void draw_ring(Picture& to, Point centre, float radius, float width, const Ink& ink);
void draw_arc(Picture& to, Point centre, float radius, float from_rad, float to_rad, float width, const Ink& ink);

void draw_box(Picture& to, Point low, Point high, const Ink& ink);
void draw_polygon(Picture& to, std::span<const Point> points, const Ink& ink);

void draw_glow(Picture& to, Point centre, float radius, const Ink& ink);
void draw_glow_line(Picture& to, Point a, Point b, float radius, const Ink& ink);
void draw_glow_polyline(Picture& to, std::span<const Point> points, float radius, const Ink& ink, bool closed);

void draw_clear(Picture& to, Color color);
void draw_picture(Picture& to, const Picture& image, Point at, float alpha, Blend blend);
void draw_backdrop(Picture& to, const Picture& image, int left, int top, Color outside);

}  // namespace engine::app::draw
