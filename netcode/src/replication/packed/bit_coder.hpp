// Binary arithmetic coding: bits written in as few bytes as their probabilities allow, and read back.
//
// The carryless range coder of lpaq (Matt Mahoney): a range of 32 bits that each bit cuts in two. Reading goes on with
// zeros after the end, so that what is written ends with the first byte that decides.
//
// Threading: none of its own. Integers only: the same bytes on every machine.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "netcode/bytes.hpp"

namespace netcode::packed {

/// Of a bit being 1, in 65536ths; 1 to 65535.
using Probability = std::uint32_t;

class BitWriter {
 public:
  static constexpr bool kWrites = true;

  explicit BitWriter(Bytes& to) : to_(to), first_(to.size()) {}

  bool bit(bool value, Probability of_one) {
    const std::uint32_t middle = low_ + static_cast<std::uint32_t>((std::uint64_t{high_ - low_} * of_one) >> 16);
    if (value) {
      high_ = middle;
    } else {
      low_ = middle + 1;
    }
    while (((low_ ^ high_) & 0xFF000000U) == 0) {
      to_.push_back(static_cast<std::uint8_t>(high_ >> 24));
      low_ <<= 8;
      high_ = (high_ << 8) | 0xFF;
    }
    return value;
  }

  /// Nothing can be written after it.
  void end();
  /// What comes next belongs to this field: of interest to a BitCounter alone.
  void at(std::size_t /*field*/) {}
  bool is_overrun() const { return false; }

 private:
  Bytes& to_;
  std::size_t first_;
  std::uint32_t low_ = 0;
  std::uint32_t high_ = 0xFFFFFFFF;
};

/// A writer that adds up what the bits of each field take.
class BitCounter {
 public:
  static constexpr bool kWrites = true;
  struct Field {
    double bits = 0;
    std::uint64_t decisions = 0;
  };

  explicit BitCounter(std::vector<Field>& fields) : fields_(fields) {}

  bool bit(bool value, Probability of_one) {
    const double p = of_one / 65536.0;
    fields_[field_].bits -= std::log2(value ? p : 1 - p);
    ++fields_[field_].decisions;
    return value;
  }
  void at(std::size_t field) { field_ = field; }
  bool is_overrun() const { return false; }

 private:
  std::vector<Field>& fields_;
  std::size_t field_ = 0;
};

class BitReader {
 public:
  static constexpr bool kWrites = false;

  explicit BitReader(BytesView from) : from_(from) {
    for (int i = 0; i < 4; ++i) code_ = (code_ << 8) | next();
  }

  bool bit(bool /*value*/, Probability of_one) {
    const std::uint32_t middle = low_ + static_cast<std::uint32_t>((std::uint64_t{high_ - low_} * of_one) >> 16);
    const bool value = code_ <= middle;
    if (value) {
      high_ = middle;
    } else {
      low_ = middle + 1;
    }
    while (((low_ ^ high_) & 0xFF000000U) == 0) {
      low_ <<= 8;
      high_ = (high_ << 8) | 0xFF;
      code_ = (code_ << 8) | next();
    }
    return value;
  }

  void at(std::size_t /*field*/) {}
  /// Has more been read than the bytes can have held? A sound stream is never read four bytes past its end.
  bool is_overrun() const { return past_end_ > 4; }

 private:
  std::uint32_t next() {
    if (at_ < from_.size()) return from_[at_++];
    ++past_end_;
    return 0;
  }

  BytesView from_;
  std::size_t at_ = 0;
  std::size_t past_end_ = 0;
  std::uint32_t low_ = 0;
  std::uint32_t high_ = 0xFFFFFFFF;
  std::uint32_t code_ = 0;
};

}  // namespace netcode::packed
