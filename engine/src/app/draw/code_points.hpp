// Code points of text that is UTF-8. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace engine::app {

struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 1;
};

/// The first of a text that is not empty. Where that is not UTF-8 the value means nothing, and the bytes are there.
inline CodePoint first_code_point(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<std::uint8_t>(text[i])); };
  const char32_t lead = byte(0);
  const std::size_t bytes = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (bytes > text.size()) return {lead, text.size()};
  char32_t value = bytes == 1 ? lead : lead & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) value = (value << 6U) | (byte(i) & 0x3FU);
  return {value, bytes};
}

}  // namespace engine::app
