#include "protocol/aligned.hpp"

#include <cstring>

namespace netcode::protocol {

BytesView AlignedBuffer::copy(BytesView bytes) {
  words_.resize((bytes.size() + 7) / 8 + 1);  // one more: never null, even for an empty message
  if (!bytes.empty()) std::memcpy(words_.data(), bytes.data(), bytes.size());
  return {reinterpret_cast<const std::uint8_t*>(words_.data()), bytes.size()};
}

BytesView aligned(BytesView bytes, AlignedBuffer& scratch) {
  return reinterpret_cast<std::uintptr_t>(bytes.data()) % 8 == 0 ? bytes : scratch.copy(bytes);
}

}  // namespace netcode::protocol
