// CRC-32C (Castagnoli), as iSCSI defines it: RFC 3720, section 12.1 and appendix B.4. One hardware instruction where
// there is SSE 4.2, a table elsewhere. Pure; any thread.
#pragma once

#include <cstdint>

#include "netcode/bytes.hpp"

namespace netcode {

/// Of `bytes`, or of what was summed to `before` followed by `bytes`.
std::uint32_t crc32c(BytesView bytes, std::uint32_t before = 0);

namespace detail {
std::uint32_t crc32c_by_table(BytesView bytes, std::uint32_t before);
}

}  // namespace netcode
