// Triangles with colours and a texture of coverage at their corners, drawn into a Picture: what ImGui's draw lists are
// made of.
//
// Pure functions; any thread. Texels are taken as they are, not mixed: text stands on whole pixels.
#pragma once

#include <array>
#include <cstdint>

#include "engine/app/color.hpp"
#include "engine/app/geometry.hpp"
#include "engine/app/picture.hpp"

namespace engine::app::overlay {

struct Corner {
  Point at{};       // in pixels
  Point texture{};  // 0 to 1
  Color color{};
};

/// Coverage, 0 to 255 a texel, rows from the top without gaps.
struct Texture {
  const std::uint8_t* texels = nullptr;
  int width = 0;
  int height = 0;
};

/// Whole pixels: from the first to the one after the last.
struct Scissors {
  int left = 0, top = 0, right = 0, bottom = 0;
};

/// A pixel whose middle lies on an edge that two triangles share is one of theirs alone.
void draw_triangle(Picture& picture, const std::array<Corner, 3>& corners, const Texture& texture,
                   const Scissors& scissors);

}  // namespace engine::app::overlay
