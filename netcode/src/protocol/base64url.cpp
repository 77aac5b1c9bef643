#include "protocol/base64url.hpp"

#include <cstddef>
#include <cstdint>

namespace netcode::protocol {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint32_t kBitsPerDigit = 6;

}  // namespace

std::string encode_base64url(BytesView bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t bits = 0, held = 0;  // the lowest `held` of `bits` are not written yet
  for (const std::uint8_t byte : bytes) {
    bits = (bits << 8) | byte;
    held += 8;
    while (held >= kBitsPerDigit) {
      held -= kBitsPerDigit;
      text += kDigits[(bits >> held) & 0x3F];
    }
  }
  if (held > 0) text += kDigits[(bits << (kBitsPerDigit - held)) & 0x3F];
  return text;
}

engine::Result<Bytes> decode_base64url(std::string_view text) {
  if (text.size() % 4 == 1) return engine::error("no base64url: {} digits", text.size());
  Bytes bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0, held = 0;
  for (const char digit : text) {
    const std::size_t value = kDigits.find(digit);
    if (value == std::string_view::npos) return engine::error("no base64url: a digit is none of A-Z a-z 0-9 - _");
    bits = (bits << kBitsPerDigit) | static_cast<std::uint32_t>(value);
    held += kBitsPerDigit;
    if (held < 8) continue;
    held -= 8;
    bytes.push_back(static_cast<std::uint8_t>((bits >> held) & 0xFF));
  }
  if ((bits & ((1U << held) - 1)) != 0) return engine::error("no base64url: bits are left over");
  return bytes;
}

}  // namespace netcode::protocol
