// Arithmetic coding: decisions written in as few bytes as their probabilities allow, and read back.
//
// A range of 64 bits that each decision cuts down; four bytes at a time leave it, and a carry goes back into those that
// have left. Reading goes on with zeros after the end, so that what is written ends with the first byte that decides.
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

/// Of symbols: what is below, in 32768ths.
inline constexpr int kShareBits = 15;
inline constexpr std::uint32_t kShareOne = 1U << kShareBits;

class BitWriter {
 public:
  static constexpr bool kWrites = true;

  explicit BitWriter(Bytes& to) : to_(to), first_(to.size()) {}

  bool bit(bool value, Probability of_one) {
    const std::uint64_t ones = (range_ >> 16) * of_one;
    if (value) {
      range_ = ones;
    } else {
      add(ones);
      range_ -= ones;
    }
    shift();
    return value;
  }
  /// What has the share from `low` to `high`.
  void share(std::uint32_t low, std::uint32_t high) {
    const std::uint64_t unit = range_ >> kShareBits;
    add(unit * low);
    range_ = unit * (high - low);
    shift();
  }
  /// The lowest `count` bits, at most 16 and as likely 0 as 1.
  std::uint32_t raw(std::uint32_t value, int count) {
    range_ >>= count;
    add(range_ * value);
    shift();
    return value;
  }

  /// Nothing can be written after it.
  void end();
  /// What comes next belongs to this field: of interest to a BitCounter alone.
  void at(std::size_t /*field*/) {}
  bool is_overrun() const { return false; }

 private:
  void add(std::uint64_t amount) {
    low_ += amount;
    if (low_ < amount) carry();
  }
  void shift() {
    if (range_ < (std::uint64_t{1} << 32)) put();
  }
  void carry();
  void put();

  Bytes& to_;
  std::size_t first_;
  std::uint64_t low_ = 0;
  std::uint64_t range_ = UINT64_MAX;  // at least 2^32
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
    count(-std::log2(value ? p : 1 - p));
    return value;
  }
  void share(std::uint32_t low, std::uint32_t high) { count(std::log2(kShareOne / static_cast<double>(high - low))); }
  std::uint32_t raw(std::uint32_t value, int bits) {
    count(bits);
    return value;
  }
  void at(std::size_t field) { field_ = field; }
  bool is_overrun() const { return false; }

 private:
  void count(double bits) {
    fields_[field_].bits += bits;
    ++fields_[field_].decisions;
  }

  std::vector<Field>& fields_;
  std::size_t field_ = 0;
};

class BitReader {
 public:
  static constexpr bool kWrites = false;

  explicit BitReader(BytesView from) : from_(from) {
    for (int i = 0; i < 2; ++i) code_ = (code_ << 32) | next();
  }

  bool bit(bool /*value*/, Probability of_one) {
    const std::uint64_t ones = (range_ >> 16) * of_one;
    const bool value = code_ < ones;
    if (value) {
      range_ = ones;
    } else {
      code_ -= ones;
      range_ -= ones;
    }
    shift();
    return value;
  }
  /// The share that comes next lies here, below kShareOne; `share` takes it.
  std::uint32_t peek_share() const {
    const std::uint64_t at = code_ / (range_ >> kShareBits);
    return at < kShareOne ? static_cast<std::uint32_t>(at) : kShareOne - 1;
  }
  void share(std::uint32_t low, std::uint32_t high) {
    const std::uint64_t unit = range_ >> kShareBits;
    code_ -= unit * low;
    range_ = unit * (high - low);
    shift();
  }
  std::uint32_t raw(std::uint32_t /*value*/, int count) {
    range_ >>= count;
    const std::uint64_t most = (std::uint64_t{1} << count) - 1;
    const std::uint64_t value = code_ / range_ < most ? code_ / range_ : most;
    code_ -= value * range_;
    shift();
    return static_cast<std::uint32_t>(value);
  }

  void at(std::size_t /*field*/) {}
  /// Has more been read than the bytes can have held? A sound stream is never read more than eight bytes past its end.
  bool is_overrun() const { return past_end_ > 8; }

 private:
  void shift() {
    if (range_ >= (std::uint64_t{1} << 32)) return;
    range_ <<= 32;
    code_ = (code_ << 32) | next();
  }
  std::uint32_t next() {
    std::uint32_t word = 0;
    for (int i = 0; i < 4; ++i) {
      word <<= 8;
      if (at_ < from_.size())
        word |= from_[at_++];
      else
        ++past_end_;
    }
    return word;
  }

  BytesView from_;
  std::size_t at_ = 0;
  std::size_t past_end_ = 0;
  std::uint64_t range_ = UINT64_MAX;
  std::uint64_t code_ = 0;  // from the range's beginning
};

}  // namespace netcode::packed
