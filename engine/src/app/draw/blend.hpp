// How a row of pixels takes colour: the last step of every shape, and where most of a frame's time goes.
//
// A shape says how much of each pixel it covers as a weight from 0 to 255, the ink's alpha included; these kernels mix
// the colour in by that weight. Pixels are 0xAARRGGBB, premultiplied (see Picture). Pure functions; any thread.
#pragma once

#include <cstdint>

#include "engine/app/color.hpp"

namespace engine::app::draw {

/// An Ink made ready: what a covered pixel is mixed with.
struct Brush {
  std::uint32_t color = 0;  // alpha 255 where it covers; alpha 0 where it is light, which makes nothing more solid
  Blend blend = Blend::kOver;
  float full = 0;  // the weight of a whole pixel, 0 to 255
};

/// `share` scales the ink's alpha, for what is thinner than a pixel.
Brush brush_of(const Ink& ink, float share = 1);

/// The weight of a pixel of which `coverage`, 0 to 1, is covered.
inline std::uint8_t weight_of(float coverage, float full) {
  return static_cast<std::uint8_t>(static_cast<std::int32_t>(coverage * full + 0.5F));
}

/// Each pixel by its own weight.
void blend_weights(std::uint32_t* to, const std::uint8_t* weights, int count, const Brush& brush);
/// All of them by one weight.
void blend_run(std::uint32_t* to, int count, std::uint8_t weight, const Brush& brush);
/// Each by a weight and a colour of its own; the colours are like Brush::color.
void blend_colors(std::uint32_t* to, const std::uint32_t* colors, const std::uint8_t* weights, int count, Blend blend);
/// Puts a row of a picture, premultiplied and scaled by `weight`, over or into another.
void blend_pixels(std::uint32_t* to, const std::uint32_t* from, int count, std::uint8_t weight, Blend blend);

}  // namespace engine::app::draw
