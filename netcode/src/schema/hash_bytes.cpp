#include "engine/core/hash.hpp"
#include "netcode/rules.hpp"

namespace netcode {

std::uint64_t hash_bytes(BytesView bytes) {
  engine::Hasher hasher;
  hasher.add(bytes);
  return hasher.value();
}

std::uint64_t rules_hash(std::string_view version) {
  return hash_bytes({reinterpret_cast<const std::uint8_t*>(version.data()), version.size()});
}

}  // namespace netcode
