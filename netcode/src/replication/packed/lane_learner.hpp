// Learns how a lane's change follows from what is known of its entity already, by least squares: a velocity from the
// thrust and itself, a position from the velocities before and after.
//
// Sums of products that fade, weighted so that a collision teaches no more than what is usual (iterated least absolute
// deviations), and a sweep of Gauss-Seidel's method with each snapshot. In integers, and in the same order on both
// ends, so that both predict the same.
//
// Threading: a value.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace netcode::packed {

class LaneLearner {
 public:
  static constexpr std::size_t kInputsMax = 8;
  static constexpr std::int64_t kInputMax = std::int64_t{1} << 15;
  struct Inputs {
    std::array<std::int64_t, kInputsMax> of;
    std::size_t count = 0;
    /// At most kInputsMax times.
    void add(std::int64_t value) {
      if (count < kInputsMax) of[count++] = std::clamp(value, -kInputMax, kInputMax);
    }
  };

  std::int64_t predict(const Inputs& inputs) const {
    std::int64_t sum = kOne >> 1;
    for (std::size_t i = 0; i < inputs.count; ++i) sum += weights_[i] * inputs.of[i];
    return sum >> kOneBits;
  }

  void learn(const Inputs& inputs, std::int64_t predicted, std::int64_t change) {
    if (change > kInputMax || change < -kInputMax) return;
    const std::int64_t missed = std::min(predicted > change ? predicted - change : change - predicted, kInputMax);
    const auto width = [](std::int64_t value) {
      return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(value)));
    };
    const int less = std::max(0, width(missed) - 1);
    if (less > 9) return;
    for (std::size_t i = 0; i < inputs.count; ++i) {
      const std::int64_t at = inputs.of[i];
      for (std::size_t j = 0; j <= i; ++j) product(i, j) += (at * inputs.of[j]) >> less;
      results_[i] += (at * change) >> less;
    }
  }

  /// Once in a few snapshots.
  void prepare() {
    std::uint64_t most = 0;
    for (std::int64_t& each : products_) each -= each >> kFade;
    for (std::size_t i = 0; i < kInputsMax; ++i) {
      results_[i] -= results_[i] >> kFade;
      most |= static_cast<std::uint64_t>(product(i, i)) | static_cast<std::uint64_t>(std::abs(results_[i]));
    }
    if (const int over = static_cast<int>(std::bit_width(most)) - kSumBits; over > 0) shrink(over);
    for (int sweep = 0; sweep < kSweeps; ++sweep)
      for (std::size_t i = 0; i < kInputsMax; ++i) {
        // Sums are below 2^38, so that in 16ths and with weights of up to 2^20 all stays below 2^58.
        std::int64_t rest = (results_[i] >> 4) << kOneBits;
        for (std::size_t j = 0; j < kInputsMax; ++j)
          if (j != i) rest -= ((i > j ? product(i, j) : product(j, i)) >> 4) * weights_[j];
        weights_[i] = std::clamp(rest / ((product(i, i) >> 4) + 1), -kWeightMax, kWeightMax);
      }
  }

 private:
  // j: at most i.
  std::int64_t& product(std::size_t i, std::size_t j) { return products_[i * (i + 1) / 2 + j]; }

  // No product of two inputs is larger than the larger of their squares.
  void shrink(int bits) {
    for (std::int64_t& each : products_) each >>= bits;
    for (std::int64_t& each : results_) each >>= bits;
  }

  static constexpr int kSumBits = 38;
  static constexpr int kOneBits = 16;
  static constexpr std::int64_t kOne = std::int64_t{1} << kOneBits;
  static constexpr int kFade = 6;
  static constexpr int kSweeps = 2;
  static constexpr std::int64_t kWeightMax = std::int64_t{1} << 20;
  std::array<std::int64_t, kInputsMax> weights_{};
  std::array<std::int64_t, kInputsMax*(kInputsMax + 1) / 2> products_{};  // of two inputs
  std::array<std::int64_t, kInputsMax> results_{};                        // of an input and the change
};

}  // namespace netcode::packed
