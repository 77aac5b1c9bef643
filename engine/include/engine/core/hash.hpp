// FNV-1a, 64 bits: the hash of a simulation's state. Numbers go in as little-endian bytes, so that the hash is the same
// on every machine, and hashing 1 as 16 bits differs from hashing it as 32.
//
// Not for bytes an attacker may choose: use a keyed hash there. Source: RFC draft-eastlake-fnv, parameters for 64 bits.
// Plain value; one owner, one thread.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace engine {

class Hasher {
 public:
  // Any integer of 8 to 64 bits; a bool counts as one byte.
  template <std::integral T>
  requires(sizeof(T) <= sizeof(std::uint64_t)) constexpr void add(T value) {
    // Of a sign that is extended only the low bytes count. NOLINTNEXTLINE(bugprone-signed-char-misuse)
    auto rest = static_cast<std::uint64_t>(value);
    for (std::size_t i = 0; i < sizeof(T); ++i, rest >>= 8U) add_byte(static_cast<std::uint8_t>(rest & 0xFFU));
  }

  constexpr void add(std::span<const std::uint8_t> bytes) {
    for (const std::uint8_t byte : bytes) add_byte(byte);
  }

  [[nodiscard]] constexpr std::uint64_t value() const { return hash_; }

 private:
  constexpr void add_byte(std::uint8_t byte) { hash_ = (hash_ ^ byte) * 0x00000100000001B3ULL; }

  std::uint64_t hash_ = 0xCBF29CE484222325ULL;
};

}  // namespace engine
