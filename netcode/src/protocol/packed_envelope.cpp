#include "protocol/packed_envelope.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace netcode::protocol {

// Laid out by hand: flatc's builder takes 24 bytes, and up to 3 behind. It is a FlatBuffer as any other, but that the
// place of `packed` in the table, which is the vtable's last entry, and the table's way to its vtable, which comes
// next, are both 4 and share their bytes.
void write_packed_envelope(std::size_t packed_bytes, Bytes& message) {
  static constexpr std::array<std::uint8_t, kPackedEnvelopeBytes - 4> kEnvelope = {
      8, 0, 0, 0,  // Message is at 8
      6, 0, 8, 0,  // its vtable has 6 bytes, itself 8
      4, 0, 0, 0,  // `packed` is at 4 of it; and as Message's first bytes: the vtable is 4 before
      4, 0, 0, 0,  // the vector is 4 further on
  };
  std::copy(kEnvelope.begin(), kEnvelope.end(), message.begin());
  for (std::size_t i = 0; i < 4; ++i)  // its size
    message[kEnvelope.size() + i] = static_cast<std::uint8_t>(packed_bytes >> (8 * i) & 0xffU);
}

}  // namespace netcode::protocol
