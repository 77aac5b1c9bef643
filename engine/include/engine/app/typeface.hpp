// A font file, its glyphs rasterised once for each size that they are drawn in. One thread.
//
// No font has every script: what one lacks is drawn with the first of its fallback fonts that has it, and where none
// does a sign stands in its place. Letters are set one by one from left to right, neither joined nor reordered.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.hpp"

namespace engine::app {

class Typeface {
 public:
  /// An error names the file.
  static Result<Typeface> open(const std::string& path);
  Typeface(Typeface&&) noexcept;
  Typeface& operator=(Typeface&&) noexcept;
  ~Typeface();

  /// Font files for what this one lacks, in order; each is opened when first needed, and left out if that fails.
  void set_fallbacks(std::vector<std::string> paths);

  /// Of one line of UTF-8, in pixels, at `size_px` pixels an em.
  float width_px(std::string_view text, float size_px);
  /// How many bytes of it, whole letters, are no wider than that.
  std::size_t fitting(std::string_view text, float size_px, float width_px);

  /// What is kept of glyphs never takes more than about this much, whatever is written.
  static constexpr std::size_t kKeptBytesMax = 16U << 20;
  std::size_t kept_bytes() const;

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
