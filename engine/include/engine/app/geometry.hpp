// Points and boxes of pictures: floats, x to the right, y down. Plain values.
#pragma once

#include <cmath>

namespace engine::app {

struct Point {
  float x = 0;
  float y = 0;

  friend Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
  friend Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
  friend Point operator*(Point a, float k) { return {a.x * k, a.y * k}; }
  friend Point operator*(float k, Point a) { return a * k; }
  Point& operator+=(Point b) { return *this = *this + b; }
  Point& operator-=(Point b) { return *this = *this - b; }
  friend bool operator==(Point, Point) = default;
};

inline float dot(Point a, Point b) { return a.x * b.x + a.y * b.y; }
inline float length(Point a) { return std::sqrt(dot(a, a)); }
/// In radians, from +x towards +y.
inline Point direction(float radians) { return {std::cos(radians), std::sin(radians)}; }
inline Point mix(Point a, Point b, float share_of_b) { return a + (b - a) * share_of_b; }

struct Box {
  float x = 0;
  float y = 0;
  float width = 0;
  float height = 0;

  Point centre() const { return {x + width / 2, y + height / 2}; }
  bool contains(Point p) const { return p.x >= x && p.y >= y && p.x < x + width && p.y < y + height; }
  Box grown(float by) const { return {x - by, y - by, width + 2 * by, height + 2 * by}; }
  friend bool operator==(const Box&, const Box&) = default;
};

}  // namespace engine::app
