// A Typeface's inside: glyphs as weights, ready for the blend kernels.
//
// A glyph is rasterised four times as wide as it is shown and narrowed to each of four phases: text moves by quarters
// of a pixel along its line, while its height keeps the font's hinting and its baseline a whole pixel, so that it is
// crisp. Glyphs, phases and kerning are made on first use and kept; where they grow beyond Typeface::kKeptBytesMax all
// are forgotten, and those in use made anew. One thread.
#pragma once

#include <SDL_ttf.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/app/canvas.hpp"
#include "engine/app/typeface.hpp"

namespace engine::app {

struct Typeface::Impl {
  explicit Impl(TTF_Font* font) { fonts_.push_back({.font = font, .is_tried = true}); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl();

  float width_px(std::string_view text, float size_px);
  std::size_t fitting(std::string_view text, float size_px, float width_px);
  void set_fallbacks(std::vector<std::string> paths);
  std::size_t kept_bytes() const { return bytes_; }
  void draw(Picture& to, std::string_view text, Point at, float size_px, const Ink& ink, Align align);

 private:
  static constexpr int kPhases = 4;

  // Whole pixels from the pen's pixel and from the baseline.
  struct Bitmap {
    int left = 0;
    int width = 0;
    std::vector<std::uint8_t> weights;
  };
  struct Glyph {
    bool is_of_face = false;  // of the face's own font, and not drawn in place of one that it lacks
    int advance = 0;          // in quarters of a pixel, as is all that lies along the line
    int right = 0;            // of ink or advance, whichever is farther
    int left = 0;
    int wide = 0;
    int top = 0;
    int height = 0;
    std::vector<std::uint8_t> alpha;  // wide x height
    std::array<Bitmap, kPhases> phases{};
    std::array<bool, kPhases> made{};
  };
  struct Size {
    std::unordered_map<char32_t, Glyph> glyphs;
    std::unordered_map<std::string, int> kerning;
  };

  // The face's own, and then its fallbacks.
  struct Font {
    std::string path{};
    TTF_Font* font = nullptr;  // nullptr: not opened yet, or it could not be
    int size = 0;              // that it is set to
    bool is_tried = false;
  };
  // Of the glyph before: that may be forgotten by now.
  struct Edge {
    bool is_of_face = false;
    int left = 0;
    int advance = 0;
  };

  // Calls visit(glyph, pen) for each glyph and returns where the pen ends.
  template <class Visit>
  int walk(std::string_view text, int size, Visit visit);
  void forget();
  void close_fallbacks();
  // The first that has it; nullptr if none does.
  Font* font_for(char32_t c);
  static void use(Font& font, int size);
  Glyph& glyph(Size& of, int size, char32_t c);
  // How much nearer the second of two letters stands to the first; `pair` is their text.
  int kerning(Size& of, int size, std::string_view pair, const Edge& before, const Glyph& after);
  const Bitmap& bitmap(Glyph& glyph, int phase);
  void render(Glyph& glyph, TTF_Font* font, char32_t c);

  std::vector<Font> fonts_;
  std::unordered_map<int, Size> sizes_;
  std::size_t bytes_ = 0;  // of all that is kept
};

}  // namespace engine::app
