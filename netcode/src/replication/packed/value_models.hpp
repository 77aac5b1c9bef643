// How far a number is from what was guessed of it, coded as one symbol that says its sign and how many binary digits it
// has, and those.
//
// Threading: none of its own.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "replication/packed/bit_model.hpp"
#include "replication/packed/symbol_model.hpp"

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

/// What is known where a residual is coded.
using ResidualContext = std::array<std::uint8_t, 3>;

/// Symbols: 0 for nought, then two for each width, the positive one first, and the last for all that are wider.
inline constexpr std::size_t kWidest = 7;

inline std::uint8_t symbol_of(std::int64_t residual) {
  if (residual == 0) return 0;
  return static_cast<std::uint8_t>(std::min(2 * width_of(residual) - (residual < 0 ? 0 : 1), 15));
}

/// kContexts: how many there are of each.
template <std::size_t kA, std::size_t kB, std::size_t kC>
class ResidualModels {
 public:
  template <class Bits>
  std::int64_t code(Bits& bits, std::int64_t residual, const ResidualContext& context) {
    const std::uint64_t size = size_of(residual);
    auto width = static_cast<std::size_t>(std::bit_width(size));
    std::size_t symbol = width == 0 ? 0 : std::min(2 * width - (residual < 0 ? 0 : 1), kSymbols - 1);
    symbol = mixer_.code(bits, symbol, {&all_, &a_[context[0]], &b_[context[1]], &c_[context[2]]});
    if (symbol == 0) return 0;
    bool is_negative = (symbol & 1U) == 0;
    if (symbol < kSymbols - 1) {
      width = (symbol + 1) / 2;
    } else {
      std::size_t more = std::min(2 * (width - kWidest) - (residual < 0 ? 1 : 2), kSymbols - 1);
      more = code_symbol(bits, more, wide_);
      if (more < kSymbols - 1) {
        is_negative = (more & 1U) != 0;
        width = kWidest + 1 + more / 2;
      } else {
        is_negative = bits.raw(residual < 0 ? 1 : 0, 1) != 0;
        width = bits.raw(static_cast<std::uint32_t>(width - 1), 6) + 1;
      }
    }
    return read_digits(bits, size, width, is_negative);
  }

 private:
  template <class Bits>
  std::int64_t read_digits(Bits& bits, std::uint64_t size, std::size_t width, bool is_negative) {
    std::uint64_t read = 1;
    std::size_t left = width - 1;
    if (left > 0 && width <= digits_.size()) {
      const std::size_t first = std::min<std::size_t>(left, 4);
      left -= first;
      const std::size_t symbol = code_symbol(bits, (size >> left) & ((1U << first) - 1), digits_[width - 1]);
      read = (read << first) | (symbol & ((1U << first) - 1));
    }
    while (left > 0) {
      const std::size_t next = std::min<std::size_t>(left, 16);
      left -= next;
      read = (read << next) | bits.raw(static_cast<std::uint32_t>((size >> left) & ((std::uint64_t{1} << next) - 1)),
                                       static_cast<int>(next));
    }
    return static_cast<std::int64_t>(is_negative ? 0 - read : read);
  }

  SymbolMixer<4> mixer_;
  SymbolModel all_, wide_;
  std::array<SymbolModel, kA> a_{};
  std::array<SymbolModel, kB> b_{};
  std::array<SymbolModel, kC> c_{};
  std::array<SymbolModel, 16> digits_{};  // the first four after the highest, by width
};

}  // namespace netcode::packed
