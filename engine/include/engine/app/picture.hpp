// Pixels in memory: what a Canvas draws into, a Window shows, and a layer is baked as. Move-only value.
//
// Pixels are premultiplied: each channel is scaled by its alpha already. So a shape drawn on a transparent picture can
// be laid over another picture later, and light, which has no alpha, too. Solid pixels are what they say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/app/color.hpp"
#include "engine/core/result.hpp"

namespace engine::app {

class Picture {
 public:
  Picture() = default;
  /// Transparent.
  Picture(int width, int height);
  Picture(Picture&&) noexcept = default;
  Picture& operator=(Picture&&) noexcept = default;

  int width() const { return width_; }
  int height() const { return height_; }

  /// 0xAARRGGBB each, rows from the top without gaps.
  std::uint32_t* pixels() { return pixels_.data(); }
  const std::uint32_t* pixels() const { return pixels_.data(); }
  std::uint32_t* row(int y) { return pixels_.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width_); }
  const std::uint32_t* row(int y) const {
    return pixels_.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width_);
  }
  /// As a Color: not premultiplied.
  Color at(int x, int y) const;

  /// Errors name the file. What is light alone, without alpha, a file cannot hold.
  Result<void> save_png(const std::string& path) const;
  static Result<Picture> load_png(const std::string& path);

 private:
  int width_ = 0;
  int height_ = 0;
  std::vector<std::uint32_t> pixels_;
};

}  // namespace engine::app
