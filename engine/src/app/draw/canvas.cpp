// The view: drawing units in, pixels out to the rasterisers.
#include "engine/app/canvas.hpp"

#include <array>
#include <vector>

#include "raster.hpp"
#include "typeface_impl.hpp"

namespace engine::app {
namespace {

// A shape's points in pixels; few enough need no memory of their own.
class InPixels {
 public:
  InPixels(const Canvas& canvas, std::span<const Point> points) : size_(points.size()) {
    if (size_ > few_.size()) many_.resize(size_);
    Point* to = data();
    for (const Point point : points) *to++ = canvas.to_pixels(point);
  }
  operator std::span<const Point>() { return {data(), size_}; }

 private:
  Point* data() { return many_.empty() ? few_.data() : many_.data(); }

  std::size_t size_;
  std::array<Point, 32> few_;
  std::vector<Point> many_;
};

}  // namespace

Canvas::Canvas(Picture& picture) : picture_(&picture) {
  view_.centre = {static_cast<float>(picture.width()) / 2, static_cast<float>(picture.height()) / 2};
}

Point Canvas::to_pixels(Point unit) const {
  const Point middle{static_cast<float>(picture_->width()) / 2, static_cast<float>(picture_->height()) / 2};
  return (unit - view_.centre) * view_.scale + middle;
}

Point Canvas::to_units(Point pixel) const {
  const Point middle{static_cast<float>(picture_->width()) / 2, static_cast<float>(picture_->height()) / 2};
  return (pixel - middle) * (1 / view_.scale) + view_.centre;
}

Box Canvas::visible() const {
  const Point corner = to_units({0, 0});
  return {corner.x, corner.y, static_cast<float>(picture_->width()) / view_.scale,
          static_cast<float>(picture_->height()) / view_.scale};
}

void Canvas::clear(Color color) { draw::draw_clear(*picture_, color); }

void Canvas::line(Point from, Point to, float width, Ink ink) {
  draw::draw_line(*picture_, to_pixels(from), to_pixels(to), width * view_.scale, ink);
}

void Canvas::line(Point from, Point to, float width, Ink from_ink, Ink to_ink) {
  draw::draw_fading_line(*picture_, to_pixels(from), to_pixels(to), width * view_.scale, from_ink, to_ink);
}

void Canvas::polyline(std::span<const Point> points, float width, Ink ink, bool closed) {
  draw::draw_polyline(*picture_, InPixels(*this, points), width * view_.scale, ink, closed);
}

void Canvas::arc(Point centre, float radius, float from_rad, float to_rad, float width, Ink ink) {
  draw::draw_arc(*picture_, to_pixels(centre), radius * view_.scale, from_rad, to_rad, width * view_.scale, ink);
}

void Canvas::ring(Point centre, float radius, float width, Ink ink) {
  draw::draw_ring(*picture_, to_pixels(centre), radius * view_.scale, width * view_.scale, ink);
}

void Canvas::disc(Point centre, float radius, Ink ink) {
  draw::draw_disc(*picture_, to_pixels(centre), radius * view_.scale, ink);
}

void Canvas::box(const Box& box, Ink ink) {
  draw::draw_box(*picture_, to_pixels({box.x, box.y}), to_pixels({box.x + box.width, box.y + box.height}), ink);
}

void Canvas::polygon(std::span<const Point> points, Ink ink) {
  draw::draw_polygon(*picture_, InPixels(*this, points), ink);
}

void Canvas::glow(Point centre, float radius, Ink ink) {
  draw::draw_glow(*picture_, to_pixels(centre), radius * view_.scale, ink);
}

void Canvas::glow_line(Point from, Point to, float radius, Ink ink) {
  draw::draw_glow_line(*picture_, to_pixels(from), to_pixels(to), radius * view_.scale, ink);
}

void Canvas::glow_polyline(std::span<const Point> points, float radius, Ink ink, bool closed) {
  draw::draw_glow_polyline(*picture_, InPixels(*this, points), radius * view_.scale, ink, closed);
}

void Canvas::picture(const Picture& image, Point at, float alpha, Blend blend) {
  draw::draw_picture(*picture_, image, to_pixels(at), alpha, blend);
}

void Canvas::backdrop(const Picture& image, int left, int top, Color outside) {
  draw::draw_backdrop(*picture_, image, left, top, outside);
}

void Canvas::text(Typeface& face, std::string_view text, Point at, float size, Ink ink, Align align) {
  face.impl_->draw(*picture_, text, to_pixels(at), size * view_.scale, ink, align);
}

float Canvas::text_width(Typeface& face, std::string_view text, float size) const {
  return face.width_px(text, size * view_.scale) / view_.scale;
}

std::string Canvas::fit(Typeface& face, std::string_view text, float size, float width) const {
  return fit_text(face, text, size * view_.scale, width * view_.scale);
}

}  // namespace engine::app
