#include "blend.hpp"

#include <algorithm>
#include <cstring>

namespace engine::app::draw {
namespace {

// Four pixels; GCC's and Clang's vectors, which become SSE2, NEON or plain code. All loads and stores are of these.
using Bytes = std::uint8_t __attribute__((vector_size(16)));
using Words = std::uint32_t __attribute__((vector_size(16)));
// Two of them, a channel in each lane.
using Lanes = std::uint16_t __attribute__((vector_size(16)));

struct Four {
  Lanes low;
  Lanes high;
};

Bytes load(const std::uint32_t* pixels) {
  Bytes bytes;
  std::memcpy(&bytes, pixels, sizeof bytes);
  return bytes;
}

void store(std::uint32_t* pixels, Bytes bytes) { std::memcpy(pixels, &bytes, sizeof bytes); }

Four widened(Bytes b) {
  constexpr Bytes kZero{};
  return {Lanes(__builtin_shufflevector(b, kZero, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)),
          Lanes(__builtin_shufflevector(b, kZero, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31))};
}

// Of lanes up to 255.
Bytes narrowed(Four lanes) {
  return __builtin_shufflevector(Bytes(lanes.low), Bytes(lanes.high), 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26,
                                 28, 30);
}

// Four weights, each for all channels of its pixel.
Bytes spread(std::uint32_t four_weights) {
  const auto w = Bytes(Words{four_weights, 0, 0, 0});
  const auto twice = Lanes(__builtin_shufflevector(w, w, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
  return Bytes(__builtin_shufflevector(twice, twice, 0, 8, 1, 9, 2, 10, 3, 11));
}

Bytes same_weights(std::uint8_t weight) { return spread(weight * 0x0101'0101U); }

Bytes same_pixels(std::uint32_t pixel) { return Bytes(Words{pixel, pixel, pixel, pixel}); }

// x / 255, to the nearest, for x up to 255 * 255: a weight of 255 changes nothing.
Lanes over_255(Lanes x) {
  x += 128;
  return (x + (x >> 8)) >> 8;
}

// For lanes up to 510.
Lanes saturated(Lanes x) { return (x | (0 - (x >> 8))) & 255; }

template <Blend kBlend>
Lanes mixed(Lanes below, Lanes color, Lanes weight) {
  if constexpr (kBlend == Blend::kOver) return over_255(color * weight + below * (255 - weight));
  return saturated(below + over_255(color * weight));
}

template <Blend kBlend>
Bytes mixed(Bytes below, Four color, Bytes weight) {
  const Four b = widened(below);
  const Four w = widened(weight);
  return narrowed({mixed<kBlend>(b.low, color.low, w.low), mixed<kBlend>(b.high, color.high, w.high)});
}

// Runs `blend(to, i, n)` for four pixels at a time, and for the last few in a copy.
template <class BlendFour>
void in_fours(std::uint32_t* to, int count, BlendFour blend) {
  int i = 0;
  for (; i + 4 <= count; i += 4) blend(to + i, i, 4);
  if (i == count) return;
  const auto bytes = static_cast<std::size_t>(count - i) * sizeof *to;
  std::uint32_t last[4] = {};
  std::memcpy(last, to + i, bytes);
  blend(last, i, count - i);
  std::memcpy(to + i, last, bytes);
}

// The first n of four, zeros after them. A copy of a size that is known is one instruction.
template <class Vector, class T>
Vector first(const T* from, int n) {
  Vector four{};
  if (n == 4) {
    std::memcpy(&four, from, 4 * sizeof(T));
  } else {
    std::memcpy(&four, from, static_cast<std::size_t>(n) * sizeof(T));
  }
  return four;
}

template <Blend kBlend>
void blend_weights_as(std::uint32_t* to, const std::uint8_t* weights, int count, std::uint32_t pixel) {
  const Bytes solid = same_pixels(pixel);
  const Four color = widened(solid);
  in_fours(to, count, [&](std::uint32_t* at, int i, int n) {
    const auto four = first<std::uint32_t>(weights + i, n);
    if (four == 0) return;
    if (kBlend == Blend::kOver && four == ~0U) return store(at, solid);
    store(at, mixed<kBlend>(load(at), color, spread(four)));
  });
}

template <Blend kBlend>
void blend_run_as(std::uint32_t* to, int count, std::uint8_t weight, std::uint32_t pixel) {
  const Four color = widened(same_pixels(pixel));
  const Bytes weights = same_weights(weight);
  in_fours(to, count, [&](std::uint32_t* at, int, int) { store(at, mixed<kBlend>(load(at), color, weights)); });
}

template <Blend kBlend>
void blend_colors_as(std::uint32_t* to, const std::uint32_t* colors, const std::uint8_t* weights, int count) {
  in_fours(to, count, [&](std::uint32_t* at, int i, int n) {
    const Four color = widened(first<Bytes>(colors + i, n));
    store(at, mixed<kBlend>(load(at), color, spread(first<std::uint32_t>(weights + i, n))));
  });
}

template <Blend kBlend>
void blend_pixels_as(std::uint32_t* to, const std::uint32_t* from, int count, std::uint8_t weight) {
  const Lanes weights = widened(same_weights(weight)).low;
  const auto put = [weights](Lanes below, Lanes image, Lanes alpha) {
    const Lanes light = over_255(image * weights);
    if constexpr (kBlend == Blend::kAdd) return saturated(below + light);
    return saturated(over_255(below * (255 - over_255(alpha * weights))) + light);
  };
  in_fours(to, count, [&](std::uint32_t* at, int i, int n) {
    const auto image = first<Bytes>(from + i, n);
    const Four below = widened(load(at));
    const Four above = widened(image);
    const Words alphas = Words(image) >> 24;
    const Four alpha = widened(Bytes(alphas * 0x0101'0101U));
    store(at, narrowed({put(below.low, above.low, alpha.low), put(below.high, above.high, alpha.high)}));
  });
}

}  // namespace

Brush brush_of(const Ink& ink, float share) {
  const Color& c = ink.color;
  const std::uint32_t rgb = std::uint32_t{c.r} << 16U | std::uint32_t{c.g} << 8U | c.b;
  return {ink.blend == Blend::kOver ? 0xFF000000U | rgb : rgb, ink.blend,
          static_cast<float>(c.a) * std::clamp(share, 0.0F, 1.0F)};
}

void blend_weights(std::uint32_t* to, const std::uint8_t* weights, int count, const Brush& brush) {
  if (brush.blend == Blend::kOver) {
    blend_weights_as<Blend::kOver>(to, weights, count, brush.color);
  } else {
    blend_weights_as<Blend::kAdd>(to, weights, count, brush.color);
  }
}

void blend_run(std::uint32_t* to, int count, std::uint8_t weight, const Brush& brush) {
  if (weight == 0 || count <= 0) return;
  if (brush.blend == Blend::kAdd) {
    blend_run_as<Blend::kAdd>(to, count, weight, brush.color);
  } else if (weight == 255) {
    std::fill_n(to, count, brush.color);
  } else {
    blend_run_as<Blend::kOver>(to, count, weight, brush.color);
  }
}

void blend_colors(std::uint32_t* to, const std::uint32_t* colors, const std::uint8_t* weights, int count, Blend blend) {
  if (blend == Blend::kOver) {
    blend_colors_as<Blend::kOver>(to, colors, weights, count);
  } else {
    blend_colors_as<Blend::kAdd>(to, colors, weights, count);
  }
}

void blend_pixels(std::uint32_t* to, const std::uint32_t* from, int count, std::uint8_t weight, Blend blend) {
  if (blend == Blend::kOver) {
    blend_pixels_as<Blend::kOver>(to, from, count, weight);
  } else {
    blend_pixels_as<Blend::kAdd>(to, from, count, weight);
  }
}

}  // namespace engine::app::draw
