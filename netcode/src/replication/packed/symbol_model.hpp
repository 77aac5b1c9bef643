// Which of 16 symbols comes next: adaptive shares in contexts, and their mixture.
//
// A SymbolModel learns how often each symbol comes; a SymbolMixer adds up several of them, each weighed by how likely
// it has held what came of late. In integers, so that both ends compute the same whatever compiled them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "replication/packed/bit_coder.hpp"

namespace netcode::packed {

inline constexpr std::size_t kSymbols = 16;

/// 32768ths of all: upto[i] is the share of the symbols up to i, rising strictly. The last says how many were seen
/// instead, since all together have everything.
struct SymbolModel {
  std::array<std::int16_t, kSymbols> upto = even();

  static constexpr std::array<std::int16_t, kSymbols> even() {
    std::array<std::int16_t, kSymbols> all{};
    for (std::size_t i = 0; i + 1 < kSymbols; ++i) all[i] = static_cast<std::int16_t>((i + 1) * (kShareOne / kSymbols));
    return all;
  }
  std::uint32_t below(std::size_t symbol) const {
    return symbol == 0 ? 0 : static_cast<std::uint32_t>(upto[symbol - 1]);
  }
  std::uint32_t share(std::size_t symbol) const {
    return (symbol == kSymbols - 1 ? kShareOne : static_cast<std::uint32_t>(upto[symbol])) - below(symbol);
  }
  /// One that is new, but begins with what this one knows.
  SymbolModel begun() const {
    SymbolModel model = *this;
    model.upto[kSymbols - 1] = kBegun;
    return model;
  }
  /// All move by the same part of the way to targets that rise strictly, so they go on to do so.
  void learn(std::size_t symbol);

 private:
  static constexpr std::int16_t kBegun = 2;
};

/// Each symbol keeps at least so much.
inline constexpr int kLeastShare = 4;

struct alignas(16) SymbolTargets {
  std::array<std::array<std::int16_t, kSymbols>, kSymbols> of{};
};
inline constexpr SymbolTargets kSymbolTargets = [] {
  SymbolTargets targets;
  for (std::size_t symbol = 0; symbol < kSymbols; ++symbol)
    for (std::size_t i = 0; i + 1 < kSymbols; ++i)
      targets.of[symbol][i] = static_cast<std::int16_t>(
          i < symbol ? (static_cast<int>(i) + 1) * kLeastShare
                     : static_cast<int>(kShareOne) - (static_cast<int>(kSymbols - 1 - i)) * kLeastShare);
  return targets;
}();

/// 65536ths by which one symbol moves the shares, by how many were seen.
inline constexpr std::array<std::int16_t, 61> kSymbolRates = [] {
  std::array<std::int16_t, 61> rates{};
  for (int i = 0; i < 61; ++i) rates[static_cast<std::size_t>(i)] = static_cast<std::int16_t>(65536 * 2 / (2 * i + 5));
  return rates;
}();

/// The models of N contexts. Only those that came take room: of most lanes these are few.
template <std::size_t N>
class SymbolModels {
 public:
  /// Where the context's model is, for good. One that is new begins evenly, or with what `like` knows.
  std::size_t place_of(std::size_t context, const SymbolModel* like = nullptr) {
    std::uint8_t& place = places_[context];
    if (place == 0) [[unlikely]] {
      if (models_.size() == models_.capacity()) models_.reserve(models_.size() + kGrowBy);
      models_.push_back(like ? like->begun() : SymbolModel{});
      place = static_cast<std::uint8_t>(models_.size());
    }
    return place - std::size_t{1};
  }
  /// Until another context comes.
  SymbolModel& at(std::size_t place) { return models_[place]; }
  SymbolModel& of(std::size_t context) { return at(place_of(context)); }
  /// For so many models.
  std::size_t room() const { return models_.capacity(); }

 private:
  static_assert(N <= UINT8_MAX);
  static constexpr std::size_t kGrowBy = 4;
  std::vector<SymbolModel> models_;
  std::array<std::uint8_t, N> places_{};  // one more; 0: it has not come yet
};

/// One model alone.
template <class Bits>
std::size_t code_symbol(Bits& bits, std::size_t symbol, SymbolModel& model) {
  if constexpr (!Bits::kWrites) {
    const auto at = static_cast<std::int16_t>(bits.peek_share());
    symbol = 0;
    for (std::size_t half = kSymbols / 2; half > 0; half /= 2)
      if (model.upto[symbol + half - 1] <= at) symbol += half;
  }
  const std::uint32_t low = model.below(symbol);
  bits.share(low, low + model.share(symbol));
  model.learn(symbol);
  return symbol;
}

template <std::size_t N>
class SymbolMixer {
 public:
  template <class Bits>
  std::size_t code(Bits& bits, std::size_t symbol, const std::array<SymbolModel*, N>& models) {
    if constexpr (!Bits::kWrites) {
      const std::uint32_t at = bits.peek_share();
      symbol = 0;
      for (std::size_t half = kSymbols / 2; half > 0; half /= 2)
        if (upto(models, symbol + half - 1) <= at) symbol += half;
    }
    bits.share(symbol == 0 ? 0 : upto(models, symbol - 1), symbol == kSymbols - 1 ? kShareOne : upto(models, symbol));
    weigh(models, symbol);
    for (std::size_t i = 0; i < N; ++i) models[i]->learn(symbol);
    return symbol;
  }

 private:
  // Rises strictly: of symbols apart, the models' are at least kLeastShare apart.
  std::uint32_t upto(const std::array<SymbolModel*, N>& models, std::size_t symbol) const {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < N; ++i) sum += weights_[i] * static_cast<std::uint32_t>(models[i]->upto[symbol]);
    return sum >> kShareBits;
  }

  // Towards what each model's part in the symbol's share was, and a little to equal weights. Their sum stays kShareOne.
  void weigh(const std::array<SymbolModel*, N>& models, std::size_t symbol) {
    std::array<std::uint32_t, N> parts;
    std::uint32_t all = 0;
    for (std::size_t i = 0; i < N; ++i) all += parts[i] = weights_[i] * models[i]->share(symbol);
    const std::uint64_t of_one = (std::uint64_t{1} << 45) / all;
    std::uint32_t rest = kShareOne;
    for (std::size_t i = 1; i < N; ++i) {
      const auto part = static_cast<std::int32_t>((parts[i] * of_one) >> 30);
      const auto weight = static_cast<std::int32_t>(weights_[i]);
      weights_[i] = static_cast<std::uint32_t>(weight + ((part - weight) >> 4) + ((kEqual - weight) >> 10));
      rest -= weights_[i];
    }
    weights_[0] = rest;
  }

  static constexpr std::int32_t kEqual = static_cast<std::int32_t>(kShareOne / N);
  std::array<std::uint32_t, N> weights_ = [] {
    std::array<std::uint32_t, N> all;
    all.fill(kEqual);
    all[0] = kShareOne - (N - 1) * kEqual;
    return all;
  }();
};

}  // namespace netcode::packed
