// The bodies of records other than `ticks`: FlatBuffers of schemas/recording.fbs, a keyframe's compressed with zstd.
// The only user of its generated code. Encoders assert, decoders check everything. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"
#include "netcode/recording.hpp"
#include "simulation/simulation.hpp"

namespace netcode::recording {

Bytes encode_header(const RecordingInfo& info);
engine::Result<RecordingInfo> decode_header(BytesView body);

struct KeyframeBody {
  Keyframe keyframe{};
  std::uint64_t hash = 0;  // the simulation's
};

/// Not compressed yet: that is the writer thread's work.
Bytes encode_keyframe(const Keyframe& keyframe, std::uint64_t hash);
Bytes compress_keyframe(BytesView encoded);
/// Both steps back. At most kRecordBytesMax, compressed or not.
engine::Result<KeyframeBody> decode_keyframe(BytesView compressed);

struct IndexEntry {
  Tick tick = 0;
  std::uint64_t offset = 0;
  std::uint32_t sequence = 0;

  friend bool operator==(const IndexEntry&, const IndexEntry&) = default;
};

struct Index {
  Tick last_tick = 0;
  std::optional<std::string> result{};
  bool incomplete = false;
  std::vector<IndexEntry> keyframes{};
};

/// At one keyframe in 10 s, 30 days. A longer recording's index leaves out every other one, then every other of
/// those...
inline constexpr std::size_t kIndexEntriesMax = 1U << 18U;

Bytes encode_index(const Index& index);
engine::Result<Index> decode_index(BytesView body);

}  // namespace netcode::recording
