#include "protocol/packed_snapshot.hpp"

#include <flatbuffers/base.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace netcode::protocol {
namespace {

// By hand, since a builder would put what is shared before what is not: the root's offset, a vtable with `packed` and
// `head`, the table with the head in it, and the vector. Nothing in it is aligned to more than 4.
constexpr std::size_t kVtable = 4;
constexpr std::size_t kTable = 12;
constexpr std::size_t kHead = kTable + 4;
constexpr std::size_t kHeadBytes = 20;
constexpr std::size_t kVectorOffset = kHead + kHeadBytes;
constexpr std::size_t kVector = kVectorOffset + 4;
static_assert(kVector + 4 == kPackedEnvelopeBytesMax);

template <class T>
void put(Bytes& to, std::size_t at, std::size_t value) {
  flatbuffers::WriteScalar(to.data() + at, static_cast<T>(value));
}

}  // namespace

OutgoingMessage packed_snapshot(const SnapshotHead& head, BytesView prefix, SharedBytes shared) {
  OutgoingMessage message;
  Bytes& to = message.head;
  to.resize(kVector + 4 + prefix.size());
  put<std::uint32_t>(to, 0, kTable);
  put<std::uint16_t>(to, kVtable, kTable - kVtable);
  put<std::uint16_t>(to, kVtable + 2, kVector - kTable);
  put<std::uint16_t>(to, kVtable + 4, kVectorOffset - kTable);  // packed, id 0
  put<std::uint16_t>(to, kVtable + 6, kHead - kTable);          // head, id 1
  put<std::int32_t>(to, kTable, kTable - kVtable);
  put<std::uint32_t>(to, kHead, head.tick);
  put<std::uint32_t>(to, kHead + 4, head.action_sequence);
  put<std::uint32_t>(to, kHead + 8, head.action_tick);
  put<std::uint32_t>(to, kHead + 12, head.received);
  flatbuffers::WriteScalar(to.data() + kHead + 16, head.slack_ms);
  put<std::uint32_t>(to, kVectorOffset, kVector - kVectorOffset);
  put<std::uint32_t>(to, kVector, prefix.size() + shared->size());
  std::copy(prefix.begin(), prefix.end(), to.begin() + kVector + 4);
  message.body = std::move(shared);
  return message;
}

}  // namespace netcode::protocol
