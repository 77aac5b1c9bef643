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

/// Symbols: 0 for nought, then two for each width, the positive one first, and the last for all that are wider.
inline constexpr std::size_t kWidest = 7;

inline std::uint8_t symbol_of(std::int64_t residual) {
  if (residual == 0) return 0;
  return static_cast<std::uint8_t>(std::min(2 * width_of(residual) - (residual < 0 ? 0 : 1), 15));
}

/// So many widths have a model of their own for the digits after the highest.
inline constexpr std::size_t kDigitModels = 12;
/// Of what follows a residual's first symbol: the widths above kWidest, then the digits, by width.
inline constexpr std::size_t kNumberModels = 1 + kDigitModels;

template <class Bits, class Models>
std::int64_t code_digits(Bits& bits, std::uint64_t size, std::size_t width, bool is_negative, Models& models,
                         std::size_t first_model) {
  std::uint64_t read = 1;
  std::size_t left = width - 1;
  if (left > 0) {
    const std::size_t first = std::min<std::size_t>(left, 4);
    left -= first;
    const std::size_t mask = (std::size_t{1} << first) - 1;
    SymbolModel& model = models.of(first_model + std::min(width - 2, kDigitModels - 1));
    read = (read << first) | (code_symbol(bits, (size >> left) & mask, model) & mask);
  }
  while (left > 0) {
    const std::size_t next = std::min<std::size_t>(left, 16);
    left -= next;
    const std::uint64_t mask = (std::uint64_t{1} << next) - 1;
    read = (read << next) | bits.raw(static_cast<std::uint32_t>((size >> left) & mask), static_cast<int>(next));
  }
  return static_cast<std::int64_t>(is_negative ? 0 - read : read);
}

/// A residual: `code_first` codes its first symbol and returns it, the rest has kNumberModels of `models` from
/// `first_model` on.
template <class Bits, class Models, class CodeFirst>
std::int64_t code_number(Bits& bits, std::int64_t residual, Models& models, std::size_t first_model,
                         CodeFirst&& code_first) {
  const std::uint64_t size = size_of(residual);
  auto width = static_cast<std::size_t>(std::bit_width(size));
  const std::size_t symbol = code_first(symbol_of(residual));
  if (symbol == 0) return 0;
  bool is_negative = (symbol & 1U) == 0;
  if (symbol < kSymbols - 1) {
    width = (symbol + 1) / 2;
  } else {
    std::size_t more = std::min(2 * (width - kWidest) - (residual < 0 ? 1 : 2), kSymbols - 1);
    more = code_symbol(bits, more, models.of(first_model));
    if (more < kSymbols - 1) {
      is_negative = (more & 1U) != 0;
      width = kWidest + 1 + more / 2;
    } else {
      is_negative = bits.raw(residual < 0 ? 1 : 0, 1) != 0;
      width = bits.raw(static_cast<std::uint32_t>(width - 1) & 63U, 6) + 1;
    }
  }
  return code_digits(bits, size, width, is_negative, models, first_model + 1);
}

/// What is known where a residual is coded.
using ResidualContext = std::array<std::uint8_t, 3>;

/// Each of them has so many values.
inline constexpr std::array<std::size_t, 3> kContexts = {35, 38, 40};
inline constexpr std::size_t kContextsInAll = kContexts[0] + kContexts[1] + kContexts[2];

/// The first symbol, from three contexts, of which the models are the first kContextsInAll of `models`.
class MixedSymbols {
 public:
  template <class Bits, class Models>
  std::size_t code(Bits& bits, std::size_t symbol, const ResidualContext& context, Models& models) {
    const std::array<std::size_t, 3> at = {models.place_of(context[0], &all_),
                                           models.place_of(kContexts[0] + context[1], &all_),
                                           models.place_of(kContexts[0] + kContexts[1] + context[2], &all_)};
    symbol = mixer_.code(bits, symbol, {&models.at(at[0]), &models.at(at[1]), &models.at(at[2])});
    all_.learn(symbol);
    return symbol;
  }

 private:
  SymbolMixer<3> mixer_;
  SymbolModel all_;
};

/// A residual about which nothing more is known.
class ResidualModels {
 public:
  template <class Bits>
  std::int64_t code(Bits& bits, std::int64_t residual) {
    return code_number(bits, residual, models_, 1,
                       [&](std::size_t symbol) { return code_symbol(bits, symbol, models_.of(0)); });
  }

 private:
  SymbolModels<1 + kNumberModels> models_;  // the first symbol's, then those of the rest
};

}  // namespace netcode::packed
