// Colours, and how they meet what is there already. Plain values.
#pragma once

#include <algorithm>
#include <cstdint>

namespace engine::app {

/// Not premultiplied; alpha 255 is solid.
struct Color {
  std::uint8_t r = 0;
  std::uint8_t g = 0;
  std::uint8_t b = 0;
  std::uint8_t a = 255;

  friend bool operator==(const Color&, const Color&) = default;
};

/// From 0xRRGGBB.
constexpr Color rgb(std::uint32_t hex) {
  return {static_cast<std::uint8_t>(hex >> 16U), static_cast<std::uint8_t>(hex >> 8U), static_cast<std::uint8_t>(hex)};
}

/// The same, with its alpha scaled by `share`, 0 to 1.
constexpr Color faded(Color color, float share) {
  color.a = static_cast<std::uint8_t>(static_cast<float>(color.a) * std::clamp(share, 0.0F, 1.0F) + 0.5F);
  return color;
}

constexpr Color mix(Color a, Color b, float share_of_b) {
  const auto part = [share_of_b](std::uint8_t x, std::uint8_t y) {
    return static_cast<std::uint8_t>(static_cast<float>(x) +
                                     (static_cast<float>(y) - static_cast<float>(x)) * share_of_b + 0.5F);
  };
  return {part(a.r, b.r), part(a.g, b.g), part(a.b, b.b), part(a.a, b.a)};
}

enum class Blend : std::uint8_t {
  kOver,  // covers what is there by its alpha
  kAdd,   // light: adds to it, up to white
};

/// What a shape is drawn with. A Color alone covers; added(color) is light.
struct Ink {
  Color color{};
  Blend blend = Blend::kOver;

  constexpr Ink(Color c) : color(c) {}  // NOLINT(google-explicit-constructor): a colour is an ink
  constexpr Ink(Color c, Blend b) : color(c), blend(b) {}
};

constexpr Ink added(Color color) { return {color, Blend::kAdd}; }

}  // namespace engine::app
