// Numbers in as few bytes as they are near to a guess. What packed actions and the heads of packed snapshots are
// written with; docs/protocol.md has the bytes.
//
// Threading: none of its own. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "netcode/bytes.hpp"

namespace netcode::protocol {

inline constexpr unsigned kNumberBits = 32;
/// Of two numbers in one byte: the number itself follows.
inline constexpr std::uint64_t kEscape = 15;

/// How far `value` is from what was guessed, round the end of its bits or not: 0 for the same, then 1 for one less, 2
/// for one more and so on, so that near is small.
constexpr std::uint64_t steps_to(std::uint64_t value, std::uint64_t guess, unsigned bits) {
  const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  const std::uint64_t far = (value - guess) & mask;
  return ((far << 1U) ^ (std::uint64_t{0} - (far >> (bits - 1)))) & mask;
}
constexpr std::uint64_t steps_to(std::uint32_t value, std::uint32_t guess) {
  return steps_to(value, guess, kNumberBits);
}

/// The other way.
constexpr std::uint64_t value_at(std::uint64_t steps, std::uint64_t guess, unsigned bits) {
  const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  return (guess + ((steps >> 1U) ^ (std::uint64_t{0} - (steps & 1U)))) & mask;
}
constexpr std::uint32_t value_at(std::uint64_t steps, std::uint32_t guess) {
  return static_cast<std::uint32_t>(value_at(steps, guess, kNumberBits));
}

/// Seven bits a byte, the lowest first; the highest bit says that more follow.
void put_number(Bytes& out, std::uint64_t value);
/// Two in one byte, where they are small.
void put_pair(Bytes& out, std::uint64_t low, std::uint64_t high);

/// Reads; what is wrong is kept until it is asked for, and everything after it is 0.
class NumberReader {
 public:
  /// `what` is read, for the reason: "a packed action". It must live on.
  NumberReader(BytesView bytes, std::string_view what) : rest_(bytes), what_(what) {}

  std::uint8_t byte();
  /// A number of at most so many bits.
  std::uint64_t number(unsigned bits = kNumberBits);
  std::array<std::uint64_t, 2> pair();
  BytesView bytes(std::uint64_t size);
  BytesView rest() const { return rest_; }

  bool is_good() const { return wrong_ == Wrong::kNothing; }
  /// "a packed action that is cut off"; empty: all is well.
  std::string problem() const;

 private:
  enum class Wrong : std::uint8_t { kNothing, kCutOff, kTooLarge };

  BytesView rest_;
  std::string_view what_;
  Wrong wrong_ = Wrong::kNothing;
};

}  // namespace netcode::protocol
