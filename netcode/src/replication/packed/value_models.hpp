// How far a number is from what was guessed of it, coded as a handful of bits: is it nought, its sign, how many binary
// digits it has, and those.
//
// Threading: none of its own.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "replication/packed/bit_model.hpp"

namespace netcode::packed {

inline std::uint64_t size_of(std::int64_t value) {
  return value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}
inline int width_of(std::int64_t value) { return static_cast<int>(std::bit_width(size_of(value))); }

/// The size of a residual in a few classes.
inline constexpr std::size_t kClasses = 10;
inline std::size_t class_of(std::int64_t residual) {
  return std::min<std::size_t>(static_cast<std::size_t>(width_of(residual)), kClasses - 1);
}
/// Nought, negative, positive.
inline std::size_t sign_class(std::int64_t value) { return value == 0 ? 0 : value < 0 ? 1 : 2; }

/// What is known where a residual is coded: three contexts for whether and how much, three for which way.
struct ResidualContext {
  std::array<std::uint8_t, 3> size{};
  std::array<std::uint8_t, 3> sign{};  // below 9
};

/// kContexts: how many there are of each.
template <std::size_t kContexts>
class ResidualModels {
 public:
  template <class Bits>
  std::int64_t code(Bits& bits, std::int64_t residual, const ResidualContext& context) {
    return code_is_nonzero(bits, residual != 0, context) ? code_nonzero(bits, residual, context) : 0;
  }
  template <class Bits>
  bool code_is_nonzero(Bits& bits, bool is_nonzero, const ResidualContext& context) {
    return node(bits, is_nonzero, kNonZero, context.size);
  }
  template <class Bits>
  std::int64_t code_nonzero(Bits& bits, std::int64_t residual, const ResidualContext& context) {
    const bool is_negative = node(bits, residual < 0, kSign, context.sign);
    const std::uint64_t size = size_of(residual);
    const auto width = static_cast<std::size_t>(std::bit_width(size));
    std::size_t digits = 1;
    while (digits < 64 && node(bits, width > digits, kFirstDigit + std::min(digits - 1, kUnary - 1), context.size))
      ++digits;
    std::uint64_t read = 1;
    std::size_t left = digits - 1;
    auto& digit_models = digits_[std::min(digits, kUnary)];
    for (std::size_t branch = 1; left > 0 && branch < 8; --left) {
      const bool digit = code_bit(bits, ((size >> (left - 1)) & 1U) != 0, digit_models[branch - 1]);
      branch = 2 * branch + (digit ? 1 : 0);
      read = (read << 1) | (digit ? 1U : 0U);
    }
    for (; left > 0; --left) read = (read << 1) | (bits.bit(((size >> (left - 1)) & 1U) != 0, 32768) ? 1U : 0U);
    return static_cast<std::int64_t>(is_negative ? 0 - read : read);
  }

 private:
  static constexpr std::size_t kNonZero = 0;
  static constexpr std::size_t kSign = 1;
  static constexpr std::size_t kFirstDigit = 2;
  static constexpr std::size_t kUnary = 14;
  static constexpr std::size_t kNodes = kFirstDigit + kUnary;

  template <class Bits>
  bool node(Bits& bits, bool value, std::size_t which, const std::array<std::uint8_t, 3>& context) {
    return mixers_[which].code(
        bits, value,
        {&models_[0][context[0]][which], &models_[1][context[1]][which], &models_[2][context[2]][which]});
  }

  std::array<std::array<std::array<BitModel, kNodes>, kContexts>, 3> models_{};
  std::array<Mixer<3>, kNodes> mixers_{};
  std::array<std::array<BitModel, 7>, kUnary + 1> digits_{};
};

}  // namespace netcode::packed
