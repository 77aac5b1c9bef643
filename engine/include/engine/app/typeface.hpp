// A font file, its glyphs rasterised once for each size that they are drawn in. One thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/core/result.hpp"

namespace engine::app {

class Typeface {
 public:
  /// An error names the file.
  static Result<Typeface> open(const std::string& path);
  Typeface(Typeface&&) noexcept;
  Typeface& operator=(Typeface&&) noexcept;
  ~Typeface();

  /// Of one line of UTF-8, in pixels, at `size_px` pixels an em.
  float width_px(std::string_view text, float size_px);

 private:
  friend class Canvas;
  struct Impl;
  explicit Typeface(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// The line, or as much of it as is no wider than `width_px`, with an ellipsis where it was cut; nothing where not even
/// that fits.
std::string fit_text(Typeface& face, std::string_view text, float size_px, float width_px);

}  // namespace engine::app
