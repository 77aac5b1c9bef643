// Pixels in memory: what a Canvas draws into, a Window shows, and a layer is baked as. Move-only value.
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
  Color at(int x, int y) const;

  Result<void> save_png(const std::string& path) const;
  static Result<Picture> load_png(const std::string& path);

 private:
  int width_ = 0;
  int height_ = 0;
  std::vector<std::uint32_t> pixels_;
};

}  // namespace engine::app
