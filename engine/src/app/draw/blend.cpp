#include "blend.hpp"

#include <algorithm>
#include <cstring>

namespace engine::app::draw {
namespace {

// Two pixels, a channel in each lane of 16 bits. GCC's and Clang's vectors: SSE2, NEON or plain code, from one source.
using Bytes = std::uint8_t __attribute__((vector_size(8)));
using Lanes = std::uint16_t __attribute__((vector_size(16)));

Lanes load(const std::uint32_t* pixels) {
  Bytes bytes;
  std::memcpy(&bytes, pixels, sizeof bytes);
  return __builtin_convertvector(bytes, Lanes);
}

void store(std::uint32_t* pixels, Lanes lanes) {
  const Bytes bytes = __builtin_convertvector(lanes, Bytes);
  std::memcpy(pixels, &bytes, sizeof bytes);
}

// A weight for each of the two pixels, in each of its channels.
Lanes spread(std::uint32_t first, std::uint32_t second) {
  constexpr std::uint64_t kEachLane = 0x0001'0001'0001'0001;
  const std::uint64_t both[2] = {first * kEachLane, second * kEachLane};
  Lanes lanes;
  std::memcpy(&lanes, both, sizeof lanes);
  return lanes;
}

Lanes twice(std::uint32_t pixel) {
  const std::uint32_t both[2] = {pixel, pixel};
  return load(both);
}

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
Lanes put(Lanes below, Lanes image, std::uint32_t first_alpha, std::uint32_t second_alpha, Lanes weight) {
  const Lanes light = over_255(image * weight);
  if constexpr (kBlend == Blend::kAdd) return saturated(below + light);
  const Lanes alpha = over_255(spread(first_alpha, second_alpha) * weight);
  return saturated(over_255(below * (255 - alpha)) + light);
}

// Runs `two(to, i)` over all pairs of pixels, and the last one of an odd number in a copy.
template <class Two>
void in_twos(std::uint32_t* to, int from, int count, Two two) {
  int i = from;
  for (; i + 2 <= count; i += 2) two(to + i, i, i + 1);
  if (i == count) return;
  std::uint32_t last[2] = {to[i], 0};
  two(last, i, i);
  to[i] = last[0];
}

template <Blend kBlend>
void blend_weights_as(std::uint32_t* to, const std::uint8_t* weights, int count, std::uint32_t pixel) {
  const Lanes color = twice(pixel);
  int i = 0;
  for (; i + 4 <= count; i += 4) {
    std::uint32_t four = 0;
    std::memcpy(&four, weights + i, sizeof four);
    if (four == 0) continue;
    if (kBlend == Blend::kOver && four == ~0U) {
      std::fill_n(to + i, 4, pixel);
      continue;
    }
    store(to + i, mixed<kBlend>(load(to + i), color, spread(weights[i], weights[i + 1])));
    store(to + i + 2, mixed<kBlend>(load(to + i + 2), color, spread(weights[i + 2], weights[i + 3])));
  }
  in_twos(to, i, count, [&](std::uint32_t* at, int a, int b) {
    store(at, mixed<kBlend>(load(at), color, spread(weights[a], weights[b])));
  });
}

template <Blend kBlend>
void blend_run_as(std::uint32_t* to, int count, std::uint8_t weight, std::uint32_t pixel) {
  const Lanes color = twice(pixel);
  const Lanes weights = spread(weight, weight);
  in_twos(to, 0, count, [&](std::uint32_t* at, int, int) { store(at, mixed<kBlend>(load(at), color, weights)); });
}

template <Blend kBlend>
void blend_colors_as(std::uint32_t* to, const std::uint32_t* colors, const std::uint8_t* weights, int count) {
  in_twos(to, 0, count, [&](std::uint32_t* at, int a, int b) {
    const std::uint32_t both[2] = {colors[a], colors[b]};
    store(at, mixed<kBlend>(load(at), load(both), spread(weights[a], weights[b])));
  });
}

template <Blend kBlend>
void blend_pixels_as(std::uint32_t* to, const std::uint32_t* from, int count, std::uint8_t weight) {
  const Lanes weights = spread(weight, weight);
  in_twos(to, 0, count, [&](std::uint32_t* at, int a, int b) {
    const std::uint32_t both[2] = {from[a], from[b]};
    store(at, put<kBlend>(load(at), load(both), both[0] >> 24U, both[1] >> 24U, weights));
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
