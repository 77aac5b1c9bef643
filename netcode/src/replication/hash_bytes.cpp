#include "engine/core/hash.hpp"
#include "netcode/rules.hpp"

namespace netcode {

std::uint64_t hash_bytes(BytesView bytes) {
  engine::Hasher hasher;
  hasher.add(bytes);
  return hasher.value();
}

}  // namespace netcode
