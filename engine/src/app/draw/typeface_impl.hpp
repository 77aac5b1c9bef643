// A Typeface's inside: glyphs as weights, ready for the blend kernels.
//
// A glyph is rasterised four times as wide as it is shown and narrowed to each of four phases: text moves by quarters
// of a pixel along its line, while its height keeps the font's hinting and its baseline a whole pixel, so that it is
// crisp. Glyphs, phases and kerning are made on first use and kept. One thread.
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
  explicit Impl(TTF_Font* font) : font_(font) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl();

  float width_px(std::string_view text, float size_px);
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
    bool is_of_font = false;  // and not drawn in place of one that is not
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

  // Calls visit(glyph, pen) for each glyph and returns where the pen ends.
  template <class Visit>
  int walk(std::string_view text, int size, Visit visit);
  void use(int size);
  Glyph& glyph(Size& of, int size, char32_t c);
  // How much nearer the second of two letters stands to the first; `pair` is their text.
  int kerning(Size& of, int size, std::string_view pair, const Glyph& before, const Glyph& after);
  const Bitmap& bitmap(Glyph& glyph, int phase);
  void render(Glyph& glyph, char32_t c);

  TTF_Font* font_;
  int size_ = 0;  // that the font is set to
  std::unordered_map<int, Size> sizes_;
  std::size_t bytes_ = 0;  // of all weights kept
};

}  // namespace engine::app
