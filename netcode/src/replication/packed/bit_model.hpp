// What the next bit will be: adaptive probabilities in contexts, and their mixture.
//
// A BitModel learns one bit at two rates, which are averaged. A Mixer weighs several of them by how well each has done,
// in the logistic domain (Matt Mahoney's PAQ): stretch(p) = ln(p / (1 - p)). All in integers from tables made once, so
// that both ends compute the same whatever compiled them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "replication/packed/bit_coder.hpp"

namespace netcode::packed {

/// 256ths of ln(p / (1 - p)).
inline constexpr int kStretchMax = 2303;

struct LogisticTables {
  std::array<std::uint16_t, 2 * kStretchMax + 2> squash;  // by stretch + kStretchMax: 65536ths
  std::array<std::int16_t, 4096> stretch;                 // by 4096ths
};
extern const LogisticTables kLogistic;

inline int stretch(Probability p) { return kLogistic.stretch[p >> 4]; }
inline Probability squash(int x) {
  const int at = std::clamp(x, -kStretchMax, kStretchMax) + kStretchMax;
  return kLogistic.squash[static_cast<std::size_t>(at)];
}

/// The slow rate begins fast, as an average of all that was seen.
class BitModel {
 public:
  BitModel() = default;
  explicit BitModel(Probability start)
      : slow_(static_cast<std::uint16_t>(start)), fast_(static_cast<std::uint16_t>(start & ~15U)) {}

  Probability p() const { return (std::uint32_t{slow_} + (fast_ & ~15U)) >> 1; }
  // Moves to a target within 16 to 65519, so that it never leaves them.
  void learn(bool bit) {
    const int target = bit ? 65519 : 16;
    const unsigned seen = fast_ & 15U;
    const int fast = static_cast<int>(fast_ & ~15U);
    slow_ = static_cast<std::uint16_t>(slow_ + ((target - slow_) * kSlowRate[seen] >> 16));
    fast_ =
        static_cast<std::uint16_t>((static_cast<unsigned>(fast + ((target - fast) * kFastRate[seen] >> 16)) & ~15U) |
                                   (seen + (seen < 15U ? 1U : 0U)));
  }

 private:
  static constexpr std::array<int, 16> kSlowRate = {26214, 18724, 14563, 11915, 10082, 8738, 7710, 6898,
                                                    6241,  5698,  5243,  4855,  3900,  2800, 1800, 820};
  static constexpr std::array<int, 16> kFastRate = {26214, 18724, 14563, 11915, 10082, 8738, 7710, 6898,
                                                    6241,  5698,  5243,  4855,  4520,  4228, 4096, 4096};
  std::uint16_t slow_ = 32768;
  std::uint16_t fast_ = 32768;  // its lowest 4 bits count what was seen
};

/// The weights of N models for one kind of bit.
template <std::size_t N>
class Mixer {
 public:
  template <class Bits>
  bool code(Bits& bits, bool value, const std::array<BitModel*, N>& models) {
    if (const Probability sure = models[0]->p(); sure < kSure || sure > 65536 - kSure)
      return code_alone(bits, value, models);
    std::array<int, N> inputs;
    int sum = 0;
    for (std::size_t i = 0; i < N; ++i) {
      inputs[i] = stretch(models[i]->p());
      sum += inputs[i] * weights_[i];
    }
    const Probability p = squash(sum >> 14);
    const bool bit = bits.bit(value, p);
    const int error = ((bit ? 65535 : 0) - static_cast<int>(p)) >> 4;  // 4096ths
    for (std::size_t i = 0; i < N; ++i) {
      weights_[i] = std::clamp(weights_[i] + ((inputs[i] * error + (1 << 12)) >> 13), -kWeightMax, kWeightMax);
      models[i]->learn(bit);
    }
    return bit;
  }

 private:
  // Where the first model hardly has a doubt, what the others say makes no difference.
  template <class Bits>
  static bool code_alone(Bits& bits, bool value, const std::array<BitModel*, N>& models) {
    const bool bit = bits.bit(value, models[0]->p());
    for (BitModel* model : models) model->learn(bit);
    return bit;
  }

  static constexpr Probability kSure = 160;
  static constexpr int kOne = 1 << 14;
  static constexpr int kWeightMax = 8 * kOne;
  std::array<int, N> weights_ = [] {
    std::array<int, N> all;
    all.fill(kOne / static_cast<int>(N) + kOne / 8);
    return all;
  }();
};

template <class Bits>
bool code_bit(Bits& bits, bool value, BitModel& model) {
  const bool bit = bits.bit(value, model.p());
  model.learn(bit);
  return bit;
}

}  // namespace netcode::packed
