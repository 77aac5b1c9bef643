// Copies of other pictures, pixel by pixel.
#include <algorithm>
#include <cmath>

#include "blend.hpp"
#include "clip.hpp"
#include "raster.hpp"

namespace engine::app::draw {
namespace {

std::uint32_t premultiplied(Color color) {
  std::uint32_t pixel = 0;
  const Brush brush = brush_of(color);
  blend_run(&pixel, 1, color.a, brush);
  return pixel;
}

}  // namespace

void draw_clear(Picture& to, Color color) {
  for (int y = 0; y < to.height(); ++y) std::fill_n(to.row(y), to.width(), premultiplied(color));
}

void draw_picture(Picture& to, const Picture& image, Point at, float alpha, Blend blend) {
  if (!is_finite(at) || !(alpha > 0)) return;
  const auto weight = weight_of(std::min(alpha, 1.0F), 255);
  // Far outside it is nowhere, and its number need not fit an int.
  if (std::fabs(at.x) > 1e8F || std::fabs(at.y) > 1e8F) return;
  const int left = static_cast<int>(std::lround(at.x));
  const int top = static_cast<int>(std::lround(at.y));
  const int first = std::max(0, -left);
  const int count = std::min(image.width(), to.width() - left) - first;
  if (count <= 0) return;
  for (int y = std::max(0, -top); y < std::min(image.height(), to.height() - top); ++y) {
    blend_pixels(to.row(top + y) + left + first, image.row(y) + first, count, weight, blend);
  }
}

void draw_backdrop(Picture& to, const Picture& image, int left, int top, Color outside) {
  const std::uint32_t fill = premultiplied(outside);
  // In 64 bits: any left and top may be asked for.
  const auto begin = static_cast<int>(std::clamp<std::int64_t>(-std::int64_t{left}, 0, to.width()));
  const auto end = static_cast<int>(std::clamp<std::int64_t>(std::int64_t{image.width()} - left, begin, to.width()));
  for (int y = 0; y < to.height(); ++y) {
    std::uint32_t* row = to.row(y);
    const std::int64_t from = std::int64_t{top} + y;
    if (from < 0 || from >= image.height() || begin == end) {
      std::fill_n(row, to.width(), fill);
      continue;
    }
    std::fill(row, row + begin, fill);
    const std::uint32_t* source = image.row(static_cast<int>(from)) + (std::int64_t{left} + begin);
    std::copy_n(source, end - begin, row + begin);
    std::fill(row + end, row + to.width(), fill);
  }
}

}  // namespace engine::app::draw
