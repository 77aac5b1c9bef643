// The bytes that the connections of one loop read into, one after the other: what a connection would otherwise hold for
// as long as it lives is needed for the length of a call.
//
// Threading: its loop's thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "engine/core/assert.hpp"

namespace netcode::transport {

class ReadBuffer {
 public:
  /// A record of TLS, the most that one read of a socket needs.
  static constexpr std::size_t kBytes = 16 * 1024;

  /// Whoever has it has it alone: what calls into a connection that reads must not read another one.
  class Use {
   public:
    explicit Use(ReadBuffer& buffer) : buffer_(buffer) {
      ENGINE_ASSERT(!buffer_.in_use_, "a connection reads inside another's call");
      buffer_.in_use_ = true;
    }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    ~Use() { buffer_.in_use_ = false; }

    std::span<std::uint8_t> bytes() const { return {buffer_.bytes_.get(), kBytes}; }

   private:
    ReadBuffer& buffer_;
  };

 private:
  const std::unique_ptr<std::uint8_t[]> bytes_{new std::uint8_t[kBytes]};  // NOLINT(*-avoid-c-arrays): left unset
  bool in_use_ = false;
};

}  // namespace netcode::transport
