#include "engine/app/typeface.hpp"

#include <SDL.h>
#include <SDL_ttf.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "blend.hpp"
#include "clip.hpp"
#include "code_points.hpp"
#include "engine/core/utf8.hpp"
#include "typeface_impl.hpp"

namespace engine::app {
namespace {

constexpr int kSizeMax = 256;             // pixels an em; larger text is drawn so large
constexpr std::size_t kNodeBytes = 64;    // of an entry of a map, beside its value, about
constexpr std::size_t kFallbacksMax = 8;  // fonts beside the face's own

int whole_size(float size_px) {
  if (!(size_px >= 0.5F)) return 0;
  return static_cast<int>(std::lround(std::min(size_px, static_cast<float>(kSizeMax))));
}

// Of a vector of const or changing bytes.
template <class Bytes>
auto row_of(Bytes& bytes, int y, int width) {
  return bytes.data() + static_cast<std::ptrdiff_t>(y) * width;
}

// SDL2_ttf counts its users: each open font is one.
Result<TTF_Font*> open_font(const std::string& path) {
  SDL_RWops* file = SDL_RWFromFile(path.c_str(), "rb");
  if (file == nullptr) return engine::error("cannot open {}", path);
  if (TTF_Init() != 0) {
    SDL_RWclose(file);
    return engine::error("{}: {}", path, TTF_GetError());
  }
  constexpr int kCloseFile = 1;  // with the font, or at once if it is none
  TTF_Font* font = TTF_OpenFontRW(file, kCloseFile, 16);
  if (font == nullptr) {
    Error failed = engine::error("{}: {}", path, TTF_GetError());
    TTF_Quit();
    return failed;
  }
  TTF_SetFontHinting(font, TTF_HINTING_LIGHT);
  return font;
}

void close_font(TTF_Font* font) {
  if (font == nullptr) return;
  TTF_CloseFont(font);
  TTF_Quit();
}

}  // namespace

Result<Typeface> Typeface::open(const std::string& path) {
  auto font = open_font(path);
  if (!font) return font.error();
  return Typeface(std::make_unique<Impl>(*font));
}

Typeface::Typeface(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Typeface::Typeface(Typeface&&) noexcept = default;
Typeface& Typeface::operator=(Typeface&&) noexcept = default;
Typeface::~Typeface() = default;

void Typeface::set_fallbacks(std::vector<std::string> paths) { impl_->set_fallbacks(std::move(paths)); }
float Typeface::width_px(std::string_view text, float size_px) { return impl_->width_px(text, size_px); }
std::size_t Typeface::fitting(std::string_view text, float size_px, float width_px) {
  return impl_->fitting(text, size_px, width_px);
}
std::size_t Typeface::kept_bytes() const { return impl_->kept_bytes(); }

std::string fit_text(Typeface& face, std::string_view text, float size_px, float width_px) {
  if (face.width_px(text, size_px) <= width_px) return std::string(text);
  std::vector<std::size_t> ends;  // of its letters: one that is cut is none
  for (std::size_t at = 0; at < text.size(); ++at)
    if ((static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U) ends.push_back(at);
  const auto cut_at = [text](std::size_t end) { return std::string(text.substr(0, end)) + "…"; };
  // More letters are wider: the last that fits is found by halving, for a text of any length.
  const auto too_wide = std::partition_point(
      ends.begin(), ends.end(), [&](std::size_t end) { return face.width_px(cut_at(end), size_px) <= width_px; });
  return too_wide == ends.begin() ? std::string() : cut_at(*(too_wide - 1));
}

Typeface::Impl::~Impl() {
  close_fallbacks();
  close_font(fonts_.front().font);
}

void Typeface::Impl::close_fallbacks() {
  for (std::size_t i = 1; i < fonts_.size(); ++i) close_font(fonts_[i].font);
  fonts_.resize(1);
}

void Typeface::Impl::set_fallbacks(std::vector<std::string> paths) {
  close_fallbacks();
  forget();
  if (paths.size() > kFallbacksMax) paths.resize(kFallbacksMax);
  for (std::string& path : paths) fonts_.push_back({.path = std::move(path)});
}

void Typeface::Impl::forget() {
  sizes_.clear();
  bytes_ = 0;
}

std::size_t Typeface::Impl::fitting(std::string_view text, float size_px, float width_px) {
  // Bytes that are drawn as signs in their place cannot be counted one for one.
  if (!is_utf8(text)) return this->width_px(text, size_px) <= width_px ? text.size() : 0;
  std::size_t bytes = 0;
  bool fits = true;
  std::string_view rest = text;
  walk(text, whole_size(size_px), [&](const Glyph& glyph, int pen) {
    const std::size_t letter = first_code_point(rest).bytes;
    rest.remove_prefix(letter);
    fits = fits && static_cast<float>(pen + glyph.advance) / kPhases <= width_px;
    if (fits) bytes += letter;
  });
  return bytes;
}

float Typeface::Impl::width_px(std::string_view text, float size_px) {
  return static_cast<float>(walk(text, whole_size(size_px), [](const Glyph&, int) {})) / kPhases;
}

void Typeface::Impl::draw(Picture& to, std::string_view text, Point at, float size_px, const Ink& ink, Align align) {
  const int size = whole_size(size_px);
  if (align != Align::kLeft) {
    const float width = width_px(text, size_px);
    at.x -= align == Align::kRight ? width : width / 2;
  }
  // Far outside it is nowhere, and its number need not fit an int.
  if (!(std::fabs(at.x) < 1e6F) || !(std::fabs(at.y) < 1e6F)) return;
  const draw::Brush brush = draw::brush_of(ink);
  const std::uint32_t alpha = ink.color.a;
  const int start = static_cast<int>(std::lround(at.x * kPhases));
  const int baseline = static_cast<int>(std::lround(at.y));
  std::array<std::uint8_t, 4 * kSizeMax> faded;

  walk(text, size, [&](Glyph& glyph, int pen) {
    const int place = start + pen;
    const Bitmap& image = bitmap(glyph, place & (kPhases - 1));
    const int left = (place >> 2) + image.left;
    const int first = std::max(0, -left);
    const int count = std::min({image.width, to.width() - left, first + static_cast<int>(faded.size())}) - first;
    if (count <= 0) return;
    const int top = baseline + glyph.top;
    for (int y = std::max(0, -top); y < std::min(glyph.height, to.height() - top); ++y) {
      const std::uint8_t* weights = row_of(image.weights, y, image.width) + first;
      if (alpha != 255) {
        std::transform(weights, weights + count, faded.begin(), [alpha](std::uint8_t weight) {
          return static_cast<std::uint8_t>((weight * alpha + 127) / 255);
        });
        weights = faded.data();
      }
      draw::blend_weights(to.row(top + y) + left + first, weights, count, brush);
    }
  });
}

template <class Visit>
int Typeface::Impl::walk(std::string_view text, int size, Visit visit) {
  if (size == 0 || text.empty()) return 0;
  std::string readable;
  if (!is_utf8(text)) text = readable = printable_utf8(text);

  constexpr int kPenMax = 1 << 24;  // nobody sees text that long
  int pen = 0;
  std::optional<Edge> before;
  const char* before_text = nullptr;
  while (!text.empty() && pen < kPenMax) {
    // Between two letters nothing of what is kept is referred to.
    if (bytes_ > kKeptBytesMax) forget();
    const auto [found, is_new] = sizes_.try_emplace(size);
    if (is_new) bytes_ += sizeof(Size) + kNodeBytes;
    Size& of = found->second;
    const char* here = text.data();
    const CodePoint letter = first_code_point(text);
    text.remove_prefix(letter.bytes);
    Glyph& next = glyph(of, size, letter.value);
    if (before) {
      const std::string_view pair(before_text, static_cast<std::size_t>(text.data() - before_text));
      pen += kerning(of, size, pair, *before, next);
    }
    visit(next, pen);
    pen += next.advance;
    before = Edge{next.is_of_face, next.left, next.advance};
    before_text = here;
  }
  return pen;
}

void Typeface::Impl::use(Font& font, int size) {
  if (font.size == size) return;
  constexpr unsigned kPointsAnInch = 72;  // so that a point is a pixel
  TTF_SetFontSizeDPI(font.font, size, kPointsAnInch * kPhases, kPointsAnInch);
  font.size = size;
}

Typeface::Impl::Font* Typeface::Impl::font_for(char32_t c) {
  for (Font& one : fonts_) {
    if (!std::exchange(one.is_tried, true)) {
      if (const auto opened = open_font(one.path)) one.font = *opened;
    }
    if (one.font != nullptr && TTF_GlyphIsProvided32(one.font, c) != 0) return &one;
  }
  return nullptr;
}

Typeface::Impl::Glyph& Typeface::Impl::glyph(Size& of, int size, char32_t c) {
  const auto [found, is_new] = of.glyphs.try_emplace(c);
  if (!is_new) return found->second;
  bytes_ += sizeof(Glyph) + kNodeBytes;
  Font* font = font_for(c);
  if (font == nullptr) {
    // No font has it: the face's own sign for that.
    font = &fonts_.front();
    c = TTF_GlyphIsProvided32(font->font, U'\uFFFD') != 0 ? U'\uFFFD' : U'?';
  } else {
    found->second.is_of_face = font == &fonts_.front();
  }
  use(*font, size);
  render(found->second, font->font, c);
  return found->second;
}

int Typeface::Impl::kerning(Size& of, int size, std::string_view pair, const Edge& before, const Glyph& after) {
  if (!before.is_of_face || !after.is_of_face) return 0;
  const auto [found, is_new] = of.kerning.try_emplace(std::string(pair));
  if (is_new) {
    bytes_ += sizeof(*found) + kNodeBytes;
    Font& font = fonts_.front();
    use(font, size);
    // TTF_GetFontKerning... knows only tables that today's fonts do without; the width of the two, shaped, tells.
    int wide = 0;
    if (TTF_SizeUTF8(font.font, found->first.c_str(), &wide, nullptr) == 0) {
      found->second = std::clamp(wide + before.left - before.advance - after.right, -size, size);
    }
  }
  return found->second;
}

void Typeface::Impl::render(Glyph& glyph, TTF_Font* font, char32_t c) {
  int min_x = 0;
  int max_x = 0;
  int max_y = 0;
  if (TTF_GlyphMetrics32(font, c, &min_x, &max_x, nullptr, &max_y, &glyph.advance) != 0) return;
  glyph.left = std::min(min_x, 0);
  glyph.right = std::max(max_x, glyph.advance);
  SDL_Surface* surface = TTF_RenderGlyph32_Blended(font, c, {255, 255, 255, 255});
  if (surface == nullptr) return;  // nothing to see, as a space
  // SDL2_ttf draws a glyph as a line of text: its pen starts at the left edge, or as far from it as the glyph hangs
  // out, and its baseline is the ascent below the top, or the glyph's own height if that is more.
  glyph.top = -std::max(TTF_FontAscent(font), max_y);
  glyph.wide = surface->w;
  glyph.height = surface->h;
  glyph.alpha.reserve(static_cast<std::size_t>(surface->w) * static_cast<std::size_t>(surface->h));
  for (int y = 0; y < surface->h; ++y) {
    const auto* row = reinterpret_cast<const std::uint32_t*>(static_cast<const std::uint8_t*>(surface->pixels) +
                                                             static_cast<std::ptrdiff_t>(y) * surface->pitch);
    for (int x = 0; x < surface->w; ++x) glyph.alpha.push_back(static_cast<std::uint8_t>(row[x] >> 24U));
  }
  SDL_FreeSurface(surface);
  bytes_ += glyph.alpha.size();
}

// The glyph, narrowed, as it looks when the pen stands `phase` quarters right of a pixel's edge.
const Typeface::Impl::Bitmap& Typeface::Impl::bitmap(Glyph& glyph, int phase) {
  const auto which = static_cast<std::size_t>(phase);
  Bitmap& narrow = glyph.phases[which];
  if (std::exchange(glyph.made[which], true)) return narrow;

  const int begin = glyph.left + phase;  // in quarters, from the edge
  narrow.left = begin >> 2;              // rounded down, below zero too
  narrow.width = ((begin + glyph.wide + kPhases - 1) >> 2) - narrow.left;
  narrow.weights.resize(static_cast<std::size_t>(narrow.width) * static_cast<std::size_t>(glyph.height));
  const int skip = begin - narrow.left * kPhases;
  for (int y = 0; y < glyph.height; ++y) {
    const std::uint8_t* from = row_of(glyph.alpha, y, glyph.wide);
    std::uint8_t* to = row_of(narrow.weights, y, narrow.width);
    for (int x = 0; x < narrow.width; ++x) {
      const int first = std::max(0, x * kPhases - skip);
      const int last = std::min(glyph.wide, (x + 1) * kPhases - skip);
      int sum = 0;
      for (int i = first; i < last; ++i) sum += from[i];
      to[x] = static_cast<std::uint8_t>((sum + kPhases / 2) / kPhases);
    }
  }
  bytes_ += narrow.weights.size();
  return narrow;
}

}  // namespace engine::app
