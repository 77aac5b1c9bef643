#include "game/client/menu/title.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace game::client {
namespace {

using engine::app::Canvas;
using engine::app::faded;
using engine::app::Picture;
using engine::app::Point;

constexpr std::string_view kName = "SCRIM";

/// Light as it spreads: three box blurs are nearly a Gaussian one.
void blur(std::vector<float>& light, int width, int height, int radius) {
  std::vector<float> line;
  const auto pass = [&](std::size_t begin, std::size_t step, int count) {
    line.resize(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < line.size(); ++i) line[i] = light[begin + i * step];
    float sum = 0;
    const auto at = [&](int i) { return i < 0 || i >= count ? 0.0F : line[static_cast<std::size_t>(i)]; };
    for (int i = -radius; i < radius; ++i) sum += at(i);
    for (int i = 0; i < count; ++i) {
      sum += at(i + radius) - at(i - radius - 1);
      light[begin + static_cast<std::size_t>(i) * step] = sum / static_cast<float>(2 * radius + 1);
    }
  };
  const auto w = static_cast<std::size_t>(width);
  for (int times = 0; times < 3; ++times) {
    for (int y = 0; y < height; ++y) pass(static_cast<std::size_t>(y) * w, 1, width);
    for (int x = 0; x < width; ++x) pass(static_cast<std::size_t>(x), w, height);
  }
}

}  // namespace

void Title::bake(engine::app::Typeface& face, float size_px, Color accent) {
  baked_px_ = size_px;
  baked_accent_ = accent;
  margin_ = static_cast<int>(size_px * 0.5F);
  baseline_ = margin_ + static_cast<int>(size_px);
  const int width = static_cast<int>(face.width_px(kName, size_px)) + 2 * margin_;
  const int height = baseline_ + margin_;
  glow_ = Picture(width, height);
  Canvas canvas(glow_);
  canvas.clear({0, 0, 0, 255});
  canvas.text(face, kName, {static_cast<float>(margin_), static_cast<float>(baseline_)}, size_px,
              engine::app::rgb(0xFFFFFF));

  const std::size_t count = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  std::vector<float> sharp(count);
  for (std::size_t i = 0; i < count; ++i) sharp[i] = static_cast<float>(glow_.pixels()[i] & 0xFFU) / 255;
  std::vector<float> near = sharp;
  blur(near, width, height, std::max(1, static_cast<int>(size_px * 0.02F)));
  std::vector<float> far = near;
  blur(far, width, height, std::max(1, static_cast<int>(size_px * 0.09F)));
  for (std::size_t i = 0; i < count; ++i) {
    const float light = std::min(1.0F, 0.75F * near[i] + 0.8F * far[i]);
    const auto part = [&](std::uint8_t c) { return static_cast<std::uint32_t>(static_cast<float>(c) * light); };
    glow_.pixels()[i] = 0xFF000000U | part(accent.r) << 16U | part(accent.g) << 8U | part(accent.b);
  }
}

void Title::draw(Canvas& canvas, MenuArt& art, Point at, float size, Color accent, float alpha, double time_s) {
  const float size_px = size * canvas.view().scale;
  if (std::abs(size_px - baked_px_) > 0.5F || accent != baked_accent_) bake(art.title, size_px, accent);
  // It breathes, and now and then flickers as a tube does.
  const float breath = 0.82F + 0.10F * static_cast<float>(std::sin(time_s * 1.7));
  const bool flickers = std::fmod(time_s, 7.3) < 0.09;
  const float glow = alpha * (flickers ? 0.45F : breath);
  const Point corner = {static_cast<float>(margin_), static_cast<float>(baseline_)};
  canvas.picture(glow_, canvas.to_units(canvas.to_pixels(at) - corner), glow, engine::app::Blend::kAdd);
  canvas.text(art.title, kName, at, size, faded(engine::app::mix(accent, palette::kBright, 0.75F), alpha));
}

}  // namespace game::client
