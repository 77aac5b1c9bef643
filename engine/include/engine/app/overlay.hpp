// A panel of small plots over a finished picture, for those who measure: drawn with Dear ImGui, which stays behind
// this.
//
//   auto overlay = Overlay::open({.font = assets + "/fonts/B612-Regular.otf"});
//   (*overlay)->draw(window.frame(), {.title = "frames", .margin = {16, 16}, .plots = plots});
//
// ImGui's triangles are drawn into the picture by the CPU, as all else in it is, rather than over it by the renderer:
// so they are in every screenshot, look the same with each renderer, and are tested without one.
//
// One thread; ImGui's current context is set by each draw. Whatever is not drawn costs nothing: each draw is a frame of
// its own.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "engine/app/color.hpp"
#include "engine/app/geometry.hpp"
#include "engine/app/picture.hpp"
#include "engine/core/result.hpp"

namespace engine::app {

struct OverlayStyle {
  std::string font{};    // a file
  float text_size = 12;  // of a capital letter's em
  // Sizes and places are in units of a picture of this size, and grow with the picture.
  float picture_width = 1280;
  float picture_height = 720;
  Color ground = rgb(0x000000);
  Color text = rgb(0xFFFFFF);
  Color muted = rgb(0x808080);
};

/// One line of a panel: its name, how it went, and how it is.
struct OverlayPlot {
  std::string_view label{};
  std::string_view value{};
  std::span<const float> samples{};  // the oldest first, at even steps
  float low = 0;                     // of the plot's height: what is outside of it is cut off
  float high = 1;
  Color color{};
};

struct OverlayPanel {
  std::string_view title{};
  std::string_view note{};  // beside it
  Point margin{};           // from its bottom right corner to the picture's
  float label_width = 96;   // what is longer is cut off before its plot
  float plot_width = 120;
  std::span<const OverlayPlot> plots{};
};

class Overlay {
 public:
  /// An error names the font.
  static Result<std::unique_ptr<Overlay>> open(const OverlayStyle& style);
  Overlay(const Overlay&) = delete;
  Overlay& operator=(const Overlay&) = delete;
  ~Overlay();

  void draw(Picture& picture, const OverlayPanel& panel);

 private:
  struct Impl;
  explicit Overlay(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace engine::app
