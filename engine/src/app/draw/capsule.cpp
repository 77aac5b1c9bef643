#include "capsule.hpp"

#include "clip.hpp"

namespace engine::app::draw {
namespace {

// Narrows [from, to] to the shares of a line at which `start + share * way` is within [low, high].
bool narrow(double start, double way, double low, double high, double& from, double& to) {
  if (way == 0) return start >= low && start <= high;
  const double at_low = (low - start) / way;
  const double at_high = (high - start) / way;
  from = std::max(from, std::min(at_low, at_high));
  to = std::min(to, std::max(at_low, at_high));
  return from <= to;
}

}  // namespace

std::optional<Capsule> Capsule::cut(const Picture& picture, Point from, Point to, float reach) {
  if (!is_finite(from) || !is_finite(to) || !std::isfinite(reach)) return std::nullopt;
  reach = std::min(reach, kReachMax);

  // Doubles: the way between two floats, squared, is no float. What is cut off lies out of reach, its new end too.
  const double way_x = static_cast<double>(to.x) - from.x;
  const double way_y = static_cast<double>(to.y) - from.y;
  const double margin = reach + 1.0;
  double begin = 0;
  double end = 1;
  if (!narrow(from.x, way_x, -margin, picture.width() + margin, begin, end) ||
      !narrow(from.y, way_y, -margin, picture.height() + margin, begin, end)) {
    return std::nullopt;
  }

  const double whole = std::sqrt(way_x * way_x + way_y * way_y);
  Capsule part;
  part.from = {static_cast<float>(from.x + begin * way_x), static_cast<float>(from.y + begin * way_y)};
  part.along = whole > 0 ? Point{static_cast<float>(way_x / whole), static_cast<float>(way_y / whole)} : Point{1, 0};
  part.length = static_cast<float>(whole * (end - begin));
  part.reach = reach;
  part.from_share = static_cast<float>(begin);
  part.to_share = static_cast<float>(end);
  const float low = std::min(0.0F, part.along.y * part.length) + part.from.y - reach;
  const float high = std::max(0.0F, part.along.y * part.length) + part.from.y + reach;
  part.top = first_pixel(low, picture.height());
  part.bottom = end_pixel(high, picture.height());
  if (part.top >= part.bottom) return std::nullopt;
  return part;
}

Capsule::Span Capsule::row(int y, int width) const {
  float low = std::min(0.0F, along.x * length) + from.x - reach;
  float high = std::max(0.0F, along.x * length) + from.x + reach;
  // Of the endless band that the line lies in, the row crosses this much.
  if (std::fabs(along.y) > 1e-6F) {
    const float middle = from.x + (static_cast<float>(y) + 0.5F - from.y) * along.x / along.y;
    const float half = reach / std::fabs(along.y);
    low = std::max(low, middle - half);
    high = std::min(high, middle + half);
  }
  return {first_pixel(low, width), end_pixel(high, width)};
}

}  // namespace engine::app::draw
