// Filled polygons and boxes: exact areas.
//
// A row is swept from the left. Each edge that crosses it adds, to the pixels that it touches, how much more of them
// and of all that follow it covers; the running sum is the winding, smoothed over the edges. Between edges it does not
// change, and the pixels are filled in one run. After Raph Levien's font-rs and FreeType's "smooth" rasteriser.
#include <algorithm>
#include <cmath>
#include <vector>

#include "blend.hpp"
#include "clip.hpp"
#include "raster.hpp"

namespace engine::app::draw {
namespace {

// In doubles, so that a far corner bends no near edge.
struct Edge {
  double top_x, top, bottom_x, bottom;
  double winding;  // +1 down, -1 up

  double x_at(double y) const {
    const double x = top_x + (y - top) * ((bottom_x - top_x) / (bottom - top));
    return std::clamp(x, std::min(top_x, bottom_x), std::max(top_x, bottom_x));
  }
};

struct Touched {
  int left;
  int right;  // inclusive
};

class Sweep {
 public:
  Sweep(Picture& to, const Brush& brush)
      : to_(to), brush_(brush), gains_(static_cast<std::size_t>(to.width()) + 2), weights_(gains_.size()) {}

  // The edge's part within row y.
  void cross(const Edge& edge, int y) {
    const double top = std::max(edge.top, static_cast<double>(y));
    const double bottom = std::min(edge.bottom, y + 1.0);
    if (!(bottom > top)) return;
    const double a = edge.x_at(top);
    const double b = edge.x_at(bottom);
    const double low = std::min(a, b);
    const double high = std::max(a, b);
    const double gain = (bottom - top) * edge.winding;
    const double width = to_.width();
    if (low >= width) return;  // it covers nothing that is left in the row
    if (high <= 0) return add(0, gain, 0);
    if (high - low < 1e-9) return add(to_pixel(high, to_.width() - 1), gain, high - std::floor(high));

    const double per_x = gain / (high - low);
    if (low < 0) add(0, -low * per_x, 0);
    const double end = std::min(high, width);
    for (double from = std::max(low, 0.0); from < end;) {
      const double column = std::floor(from);
      const double until = std::min(column + 1, end);
      add(static_cast<int>(column), (until - from) * per_x, (from + until) / 2 - column);
      from = until;
    }
  }

  void finish(int y) {
    std::sort(touched_.begin(), touched_.end(), [](const Touched& a, const Touched& b) { return a.left < b.left; });
    std::uint32_t* row = to_.row(y);
    float sum = 0;
    int done = 0;
    for (std::size_t i = 0; i < touched_.size();) {
      const int left = touched_[i].left;
      int right = touched_[i].right;
      for (++i; i < touched_.size() && touched_[i].left <= right + 1; ++i) right = std::max(right, touched_[i].right);
      right = std::min(right, to_.width());
      blend_run(row + done, left - done, weight(sum), brush_);
      for (int x = left; x <= right; ++x) {
        sum += gains_[index(x)];
        gains_[index(x)] = 0;
        weights_[index(x)] = weight(sum);
      }
      const int end = std::min(right + 1, to_.width());
      blend_weights(row + left, weights_.data() + left, end - left, brush_);
      done = end;
    }
    blend_run(row + done, to_.width() - done, weight(sum), brush_);
    touched_.clear();
  }

 private:
  static std::size_t index(int x) { return static_cast<std::size_t>(x); }
  std::uint8_t weight(float sum) const { return weight_of(std::min(std::fabs(sum), 1.0F), brush_.full); }

  // An edge crosses column x at `at`, 0 to 1 of its width, and covers what is to the right of it.
  void add(int x, double gain, double at) {
    gains_[index(x)] += static_cast<float>(gain * (1 - at));
    gains_[index(x) + 1] += static_cast<float>(gain * at);
    if (!touched_.empty() && touched_.back().right == x) {
      touched_.back().right = x + 1;
    } else {
      touched_.push_back({x, x + 1});
    }
  }

  Picture& to_;
  const Brush& brush_;
  std::vector<float> gains_;  // of a row, all zero between rows
  std::vector<std::uint8_t> weights_;
  std::vector<Touched> touched_;
};

std::vector<Edge> edges_of(std::span<const Point> points, int height) {
  std::vector<Edge> edges;
  edges.reserve(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Point a = points[i];
    const Point b = points[(i + 1) % points.size()];
    if (a.y == b.y || std::max(a.y, b.y) <= 0 || std::min(a.y, b.y) >= static_cast<float>(height)) continue;
    if (a.y < b.y) {
      edges.push_back({a.x, a.y, b.x, b.y, 1});
    } else {
      edges.push_back({b.x, b.y, a.x, a.y, -1});
    }
  }
  std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) { return a.top < b.top; });
  return edges;
}

}  // namespace

void draw_polygon(Picture& to, std::span<const Point> points, const Ink& ink) {
  if (!std::all_of(points.begin(), points.end(), is_finite)) return;
  const std::vector<Edge> edges = edges_of(points, to.height());
  if (edges.empty() || to.width() == 0) return;

  const Brush brush = brush_of(ink);
  Sweep sweep(to, brush);
  std::vector<const Edge*> active;
  std::size_t next = 0;
  for (int y = to_pixel(edges.front().top, to.height()); y < to.height(); ++y) {
    for (; next < edges.size() && edges[next].top < y + 1; ++next) active.push_back(&edges[next]);
    std::erase_if(active, [y](const Edge* edge) { return edge->bottom <= y; });
    if (active.empty() && next == edges.size()) break;
    for (const Edge* edge : active) sweep.cross(*edge, y);
    sweep.finish(y);
  }
}

void draw_box(Picture& to, Point low, Point high, const Ink& ink) {
  if (!is_finite(low) || !is_finite(high) || !(low.x < high.x) || !(low.y < high.y)) return;
  const Brush brush = brush_of(ink);
  // How much of pixel `i` lies within [from, until].
  const auto share = [](int i, float from, float until) {
    const auto at = static_cast<float>(i);
    return std::clamp(std::min(until, at + 1) - std::max(from, at), 0.0F, 1.0F);
  };
  const int left = to_pixel(low.x, to.width());
  const int right = to_pixel(std::ceil(high.x), to.width());
  const int bottom = to_pixel(std::ceil(high.y), to.height());
  if (left >= right) return;
  for (int y = to_pixel(low.y, to.height()); y < bottom; ++y) {
    const float rows_share = share(y, low.y, high.y);
    std::uint32_t* row = to.row(y);
    const auto one = [&](int x) {
      blend_run(row + x, 1, weight_of(rows_share * share(x, low.x, high.x), brush.full), brush);
    };
    one(left);
    if (right - left < 2) continue;
    blend_run(row + left + 1, right - left - 2, weight_of(rows_share, brush.full), brush);
    one(right - 1);
  }
}

}  // namespace engine::app::draw
