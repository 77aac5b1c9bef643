// Is text UTF-8 that comes in pieces, cut anywhere? A byte that cannot continue what came before it is refused at once,
// and not at the end of the text.
//
// Source: the Unicode Standard 15, table 3-7 (well-formed byte sequences). Pure, any thread.
#pragma once

#include <cstdint>
#include <cstring>

#include "netcode/bytes.hpp"

namespace netcode::transport {

class Utf8Stream {
 public:
  /// False: no text that goes on so is UTF-8. After that, only reset().
  bool feed(BytesView bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (left_ == 0) {
        i += ascii_prefix(bytes.subspan(i));
        if (i == bytes.size()) break;
        if (!begin(bytes[i])) return false;
      } else if (bytes[i] < min_ || bytes[i] > max_) {
        return false;
      } else {
        // Only the second byte's range depends on the first.
        min_ = 0x80;
        max_ = 0xBF;
        --left_;
      }
    }
    return true;
  }
  /// The text may end here: no code point is cut.
  bool is_whole() const { return left_ == 0; }
  void reset() { left_ = 0; }

 private:
  static std::size_t ascii_prefix(BytesView bytes) {
    std::size_t size = 0;
    for (; size + 8 <= bytes.size(); size += 8) {
      std::uint64_t eight = 0;
      std::memcpy(&eight, &bytes[size], sizeof eight);
      if ((eight & 0x8080'8080'8080'8080) != 0) break;
    }
    while (size < bytes.size() && bytes[size] < 0x80) ++size;
    return size;
  }

  bool begin(std::uint8_t lead) {
    if (lead < 0xC2 || lead > 0xF4) return false;  // a continuation, an overlong form, or above U+10FFFF
    left_ = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    // Where longer overlong forms, surrogates and code points above U+10FFFF are told apart.
    min_ = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    max_ = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    return true;
  }

  std::uint8_t left_ = 0;  // bytes that the code point under way still has
  std::uint8_t min_ = 0x80;
  std::uint8_t max_ = 0xBF;
};

}  // namespace netcode::transport
