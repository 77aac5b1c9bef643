#include "golden.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace engine::app::test {
namespace {

// A rounding of a weight moves a channel by one or two; a shape moved by a sixteenth of a pixel by up to 16.
constexpr double kMeanMax = 0.05;
constexpr int kMaxMax = 12;

int apart(std::uint32_t a, std::uint32_t b, unsigned shift) {
  return std::abs(static_cast<int>(a >> shift & 255U) - static_cast<int>(b >> shift & 255U));
}

Picture brightened_difference(const Picture& a, const Picture& b) {
  Picture result(a.width(), a.height());
  for (int y = 0; y < a.height(); ++y) {
    for (int x = 0; x < a.width(); ++x) {
      std::uint32_t pixel = 0xFF000000U;
      for (const unsigned shift : {0U, 8U, 16U}) {
        const int bright = std::min(255, 16 * apart(a.row(y)[x], b.row(y)[x], shift));
        pixel |= static_cast<std::uint32_t>(bright) << shift;
      }
      result.row(y)[x] = pixel;
    }
  }
  return result;
}

}  // namespace

Difference difference(const Picture& a, const Picture& b) {
  Difference found;
  double sum = 0;
  for (int y = 0; y < a.height(); ++y) {
    for (int x = 0; x < a.width(); ++x) {
      for (const unsigned shift : {0U, 8U, 16U, 24U}) {
        const int one = apart(a.row(y)[x], b.row(y)[x], shift);
        sum += one;
        found.max = std::max(found.max, one);
      }
    }
  }
  found.mean = sum / std::max(1.0, 4.0 * a.width() * a.height());
  return found;
}

std::string compare_with_golden(const Picture& picture, const std::string& name) {
  namespace fs = std::filesystem;
  const std::string path = SCRIM_SOURCE_DIR "/tests/engine/app/golden/" + name + ".png";
  if (std::getenv("SCRIM_WRITE_GOLDEN") != nullptr) {
    const auto saved = picture.save_png(path);
    return saved ? std::string() : saved.error().reason;
  }

  std::error_code ignored;
  const fs::path folder = fs::absolute("golden-failures");
  const std::string actual_path = (folder / (name + "-actual.png")).string();
  const std::string difference_path = (folder / (name + "-difference.png")).string();
  const auto keep = [&](const Picture& one, const std::string& where) {
    fs::create_directories(folder, ignored);
    const auto saved = one.save_png(where);
    return saved ? where : saved.error().reason;
  };

  const auto golden = Picture::load_png(path);
  if (!golden) return golden.error().reason + "; drawn: " + keep(picture, actual_path);
  if (golden->width() != picture.width() || golden->height() != picture.height()) {
    return path + " is of another size; drawn: " + keep(picture, actual_path);
  }
  const Difference found = difference(picture, *golden);
  if (found.mean <= kMeanMax && found.max <= kMaxMax) return {};
  return path + " differs by " + std::to_string(found.mean) + " in the mean (at most " + std::to_string(kMeanMax) +
         ") and " + std::to_string(found.max) + " at worst (at most " + std::to_string(kMaxMax) +
         "); drawn: " + keep(picture, actual_path) +
         ", difference: " + keep(brightened_difference(picture, *golden), difference_path);
}

}  // namespace engine::app::test
