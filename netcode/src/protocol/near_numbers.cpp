#include "protocol/near_numbers.hpp"

#include <algorithm>

namespace netcode::protocol {

void put_number(Bytes& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7U) out.push_back(static_cast<std::uint8_t>(value | 0x80));
  out.push_back(static_cast<std::uint8_t>(value));
}

void put_pair(Bytes& out, std::uint64_t low, std::uint64_t high) {
  out.push_back(static_cast<std::uint8_t>(std::min(low, kEscape) | std::min(high, kEscape) << 4U));
  if (low >= kEscape) put_number(out, low);
  if (high >= kEscape) put_number(out, high);
}

std::uint8_t NumberReader::byte() {
  if (rest_.empty() && is_good()) wrong_ = Wrong::kCutOff;
  if (!is_good()) return 0;
  const std::uint8_t value = rest_.front();
  rest_ = rest_.subspan(1);
  return value;
}

std::uint64_t NumberReader::number(unsigned bits) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < bits; shift += 7) {
    const std::uint8_t next = byte();
    value |= std::uint64_t{next & 0x7fU} << shift;
    if (next >= 0x80) continue;
    if (value >> bits != 0) break;
    return is_good() ? value : 0;
  }
  if (is_good()) wrong_ = Wrong::kTooLarge;
  return 0;
}

std::array<std::uint64_t, 2> NumberReader::pair() {
  const std::uint8_t both = byte();
  std::array<std::uint64_t, 2> out{both & kEscape, std::uint64_t{both} >> 4U};
  for (std::uint64_t& one : out)
    if (one == kEscape) one = number();
  return out;
}

BytesView NumberReader::bytes(std::uint64_t size) {
  if (size > rest_.size() && is_good()) wrong_ = Wrong::kCutOff;
  if (!is_good()) return {};
  const BytesView out = rest_.first(static_cast<std::size_t>(size));
  rest_ = rest_.subspan(out.size());
  return out;
}

std::string NumberReader::problem() const {
  if (is_good()) return {};
  const std::string_view wrong = wrong_ == Wrong::kCutOff ? " that is cut off" : " with a number that is too large";
  return std::string(what_).append(wrong);
}

}  // namespace netcode::protocol
