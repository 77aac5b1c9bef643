// The bodies of records other than `ticks`: FlatBuffers of schemas/recording.fbs, a keyframe's compressed with zstd.
// They and session_records are the only users of its generated code. Encoders assert, decoders check everything. Pure;
// any thread.
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

/// Where a record is, and of which tick.
struct Place {
  Tick tick = 0;
  std::uint64_t offset = 0;
  std::uint32_t sequence = 0;

  friend bool operator==(const Place&, const Place&) = default;
};

/// An index is written after so many keyframes: at one in 10 s, a file without its end is searched for the last 160 s.
inline constexpr std::size_t kKeyframesPerIndex = 16;
/// Links to the indexes 1, 2, 4, 8 ... before it: any is found in as many steps as there are.
inline constexpr std::size_t kEarlierIndexesMax = 32;
inline constexpr std::size_t kIndexBytesMax = 1024;
/// In the body's bytes 4 to 8, as FlatBuffers has it: by this an index is found from behind.
inline constexpr char kIndexIdentifier[] = "SCIX";

struct Index {
  Place here{};                    // its own, with the tick of its first keyframe
  std::vector<Place> keyframes{};  // since the index before this one, by rising tick
  std::vector<Place> earlier{};    // indexes, each with the tick of its first keyframe: by falling tick
};

/// With exactly kKeyframesPerIndex keyframes.
Bytes encode_index(const Index& index);
engine::Result<Index> decode_index(BytesView body);

/// The last record: the last index, with as many keyframes as there are since the one before it, and how it ended.
struct End {
  Tick last_tick = 0;
  std::optional<std::string> result{};
  bool incomplete = false;
  Index index{};  // without `here`
};

Bytes encode_end(const End& end);
engine::Result<End> decode_end(BytesView body);

}  // namespace netcode::recording
