#include "engine/app/picture.hpp"

#include <SDL.h>
#include <SDL_image.h>

#include <memory>

#include "engine/core/assert.hpp"

namespace engine::app {
namespace {

constexpr int kSideMax = 16384;  // of a file: 1 GiB of pixels, more than any picture of ours

using Surface = std::unique_ptr<SDL_Surface, decltype(&SDL_FreeSurface)>;

std::uint32_t channel(std::uint32_t pixel, unsigned shift) { return (pixel >> shift) & 255U; }

// A pixel of a file to one of ours, and back: files are not premultiplied.
std::uint32_t premultiplied(std::uint32_t pixel) {
  const std::uint32_t a = pixel >> 24U;
  const auto part = [&](unsigned shift) { return (channel(pixel, shift) * a + 127) / 255 << shift; };
  return a == 255 ? pixel : a << 24U | part(16) | part(8) | part(0);
}

std::uint32_t divided(std::uint32_t pixel) {
  const std::uint32_t a = pixel >> 24U;
  if (a == 255) return pixel;
  if (a == 0) return 0;
  const auto part = [&](unsigned shift) { return std::min(255U, (channel(pixel, shift) * 255 + a / 2) / a) << shift; };
  return a << 24U | part(16) | part(8) | part(0);
}

}  // namespace

Picture::Picture(int width, int height) : width_(width), height_(height) {
  ENGINE_ASSERT(width >= 0 && height >= 0);
  pixels_.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
}

Color Picture::at(int x, int y) const {
  ENGINE_ASSERT(x >= 0 && x < width_ && y >= 0 && y < height_);
  const std::uint32_t pixel = divided(row(y)[x]);
  Color color = rgb(pixel);
  color.a = static_cast<std::uint8_t>(pixel >> 24U);
  return color;
}

Result<void> Picture::save_png(const std::string& path) const {
  const Surface surface(SDL_CreateRGBSurfaceWithFormat(0, width_, height_, 32, SDL_PIXELFORMAT_ARGB8888),
                        SDL_FreeSurface);
  if (!surface) return engine::error("{}: {}", path, SDL_GetError());
  for (int y = 0; y < height_; ++y) {
    auto* to = reinterpret_cast<std::uint32_t*>(static_cast<std::uint8_t*>(surface->pixels) +
                                                static_cast<std::ptrdiff_t>(y) * surface->pitch);
    std::transform(row(y), row(y) + width_, to, divided);
  }
  if (IMG_SavePNG(surface.get(), path.c_str()) != 0) return engine::error("{}: {}", path, IMG_GetError());
  return {};
}

Result<Picture> Picture::load_png(const std::string& path) {
  // Not IMG_Load, which would believe the file's name.
  SDL_RWops* file = SDL_RWFromFile(path.c_str(), "rb");
  if (file == nullptr) return engine::error("cannot open {}", path);
  const Surface loaded(IMG_LoadPNG_RW(file), SDL_FreeSurface);
  SDL_RWclose(file);
  if (!loaded) return engine::error("{}: {}", path, IMG_GetError());
  if (loaded->w > kSideMax || loaded->h > kSideMax) {
    return engine::error("{}: {} x {} pixels, more than {} a side", path, loaded->w, loaded->h, kSideMax);
  }
  const Surface surface(SDL_ConvertSurfaceFormat(loaded.get(), SDL_PIXELFORMAT_ARGB8888, 0), SDL_FreeSurface);
  if (!surface) return engine::error("{}: {}", path, SDL_GetError());

  Picture picture(surface->w, surface->h);
  for (int y = 0; y < picture.height(); ++y) {
    const auto* from = reinterpret_cast<const std::uint32_t*>(static_cast<const std::uint8_t*>(surface->pixels) +
                                                              static_cast<std::ptrdiff_t>(y) * surface->pitch);
    std::transform(from, from + picture.width(), picture.row(y), premultiplied);
  }
  return picture;
}

}  // namespace engine::app
