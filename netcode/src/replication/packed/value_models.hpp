// How far a number is from what was predicted of it, coded as a handful of bits: is it nought, its sign, how many binary
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

/// The size of a residual in a few classes.
inline constexpr std::size_t kClasses = 10;
inline std::uint8_t class_of(std::int64_t residual) {
  const std::uint64_t size = residual < 0 ? 0 - static_cast<std::uint64_t>(residual) : static_cast<std::uint64_t>(residual);
  return static_cast<std::uint8_t>(std::min<std::size_t>(static_cast<std::size_t>(std::bit_width(size)), kClasses - 1));
}
/// Nought, negative, positive.
inline std::size_t sign_class(std::int64_t value) { return value == 0 ? 0 : value < 0 ? 1 : 2; }

/// What is known where a residual is coded. Each is below kClasses.
struct ResidualContext {
  std::array<std::uint8_t, 3> size{};  // for whether and how much
  std::array<std::uint8_t, 3> sign{};  // for which way
};

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
    const std::uint64_t size =
        is_negative ? 0 - static_cast<std::uint64_t>(residual) : static_cast<std::uint64_t>(residual);
    const auto width = static_cast<std::size_t>(std::bit_width(size));
    std::size_t digits = 1;
    while (digits < 64 && unary(bits, width > digits, digits, context)) ++digits;
    std::uint64_t read = 1;
    for (std::size_t left = digits - 1; left > 0; --left) {
      const bool digit = ((size >> (left - 1)) & 1U) != 0;
      const std::size_t done = digits - 1 - left;
      const bool got = done < kDigitsModelled ? code_bit(bits, digit, digits_[std::min(digits, kUnary)][read_node(read, done)])
                                              : bits.bit(digit, 32768);
      read = (read << 1) | (got ? 1U : 0U);
    }
    return static_cast<std::int64_t>(is_negative ? 0 - read : read);
  }

 private:
  static constexpr std::size_t kNonZero = 0;
  static constexpr std::size_t kSign = 1;
  static constexpr std::size_t kUnary = 14;
  static constexpr std::size_t kNodes = 2 + kUnary;
  static constexpr std::size_t kDigitsModelled = 3;

  static std::size_t read_node(std::uint64_t read, std::size_t done) {
    return static_cast<std::size_t>(read & ((1U << done) - 1)) + (std::size_t{1} << done) - 1;
  }

  template <class Bits>
  bool unary(Bits& bits, bool more, std::size_t digits, const ResidualContext& context) {
    return node(bits, more, 2 + std::min(digits - 1, kUnary - 1), context.size);
  }

  template <class Bits>
  bool node(Bits& bits, bool value, std::size_t which, const std::array<std::uint8_t, 3>& context) {
    return mixers_[which].code(bits, value,
                               {&models_[0][context[0]][which], &models_[1][context[1]][which], &models_[2][context[2]][which]});
  }

  std::array<std::array<std::array<BitModel, kNodes>, kClasses>, 3> models_{};
  std::array<Mixer<3>, kNodes> mixers_{};
  std::array<std::array<BitModel, 7>, kUnary + 1> digits_{};
};

}  // namespace netcode::packed
