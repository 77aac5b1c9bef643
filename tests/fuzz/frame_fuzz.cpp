// libFuzzer over the reader of WebSocket frames. The first byte chooses whose frames they are and where they are cut;
// the rest is what came over the wire, so that a corpus may be taken from it.
//
//   frame_fuzz -max_len=4096 CORPUS
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "engine/core/utf8.hpp"
#include "frames.hpp"

namespace {

using namespace netcode;
using namespace netcode::transport;

constexpr FrameLimits kLimits = {2048, 16};

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const SeenEvent& event) {
  using Kind = FrameEvent::Kind;
  switch (event.kind) {
    case Kind::kText:
      require(engine::is_utf8(event.payload));
      [[fallthrough]];
    case Kind::kBinary:
      return require(event.payload.size() <= kLimits.message_bytes_max);
    case Kind::kPing:
    case Kind::kPong:
      return require(event.payload.size() <= kControlPayloadBytesMax);
    case Kind::kClose:
      return require(engine::is_utf8(event.payload) && event.payload.size() <= kControlPayloadBytesMax - 2);
    case Kind::kViolation:
      return require(event.code >= 1002 && event.code <= 1009);
    case Kind::kNeedsMore:
      std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto from = data[0] % 2 == 0 ? FrameReader::From::kClient : FrameReader::From::kServer;
  const std::size_t step = 1 + data[0] / 2;
  const Bytes bytes(data + 1, data + size);
  std::vector<std::size_t> cuts;
  for (std::size_t at = step; at < bytes.size(); at += step) cuts.push_back(at);

  FrameReader whole(from, kLimits);
  FrameReader pieces(from, kLimits);
  const auto events = events_of(whole, bytes);
  require(events == events_of(pieces, bytes, cuts));
  for (const SeenEvent& event : events) check(event);
  require(whole.mid_message() == pieces.mid_message() && whole.messages() == pieces.messages());
  require(whole.bytes_kept() <= 2 * (kLimits.message_bytes_max + kControlPayloadBytesMax));
  return 0;
}
