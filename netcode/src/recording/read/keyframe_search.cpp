#include "recording/read/keyframe_search.hpp"

#include <algorithm>
#include <string_view>

namespace netcode::recording {

namespace {

// Looking for an index from behind: 16 keyframes and the ticks between them are some 500 KiB, of a lively match a few
// MiB. A file in which it takes more than this, or more that look like one, is read from its start instead.
constexpr std::uint64_t kSearchBytesMax = 256 * 1024 * 1024;
constexpr std::uint32_t kCandidatesMax = 4096;
constexpr std::size_t kChunkBytes = 64 * 1024;
/// A record's head, and of its body as much as it takes to tell that it is an index.
constexpr std::size_t kLookBytes = kRecordHeadBytes + 8;

/// Indexes from the last to any other: the powers of two in their distance, and then some.
constexpr int kStepsMax = 64;

bool looks_like_index(BytesView bytes) {
  if (bytes[4] != static_cast<std::uint8_t>(RecordType::kIndex) || bytes[2] != 0 || bytes[3] != 0) return false;
  const BytesView name = bytes.subspan(kRecordHeadBytes + 4, 4);
  return std::equal(name.begin(), name.end(), std::string_view(kIndexIdentifier).begin());
}

// At this offset, if it says so itself and its checksum agrees.
std::optional<Index> index_at(RecordReader& records, std::uint64_t offset, BytesView look) {
  const std::size_t length = look[0] + (std::size_t{look[1]} << 8U);
  if (length > kIndexBytesMax || offset + kRecordHeadBytes + length > records.file_bytes()) return std::nullopt;
  Bytes body(length);
  if (!records.read_bytes(offset + kRecordHeadBytes, body)) return std::nullopt;
  auto index = decode_index(body);
  if (!index || index->here.offset != offset) return std::nullopt;
  if (!records.get(offset, index->here.sequence, RecordType::kIndex, kIndexBytesMax)) return std::nullopt;
  return std::move(*index);
}

const Place* last_before(const std::vector<Place>& rising, Tick tick) {
  const auto after = std::upper_bound(rising.begin(), rising.end(), tick,
                                      [](Tick wanted, const Place& place) { return wanted < place.tick; });
  return after == rising.begin() ? nullptr : &*(after - 1);
}

// The oldest that is still after `tick`; the newest, where none is. `falling` is not empty.
const Place& nearest_to(const std::vector<Place>& falling, Tick tick) {
  const auto not_after =
      std::find_if(falling.begin(), falling.end(), [tick](const Place& place) { return place.tick <= tick; });
  return not_after == falling.begin() ? *not_after : *(not_after - 1);
}

}  // namespace

std::optional<Index> last_index(RecordReader& records) {
  const std::uint64_t file_bytes = records.file_bytes();
  std::uint32_t candidates = 0;
  Bytes chunk;
  for (std::uint64_t end = file_bytes; end > kHeadBytes && file_bytes - end < kSearchBytesMax;) {
    const std::uint64_t start = end > kHeadBytes + kChunkBytes ? end - kChunkBytes : kHeadBytes;
    // And as much of what was looked at before as a record that begins in this chunk may need.
    chunk.resize(static_cast<std::size_t>(std::min(end + kLookBytes - 1, file_bytes) - start));
    if (!records.read_bytes(start, chunk)) return std::nullopt;
    for (std::size_t at = chunk.size() < kLookBytes ? 0 : chunk.size() - kLookBytes + 1; at-- > 0;) {
      const BytesView look = BytesView(chunk).subspan(at, kLookBytes);
      if (!looks_like_index(look)) continue;
      if (auto index = index_at(records, start + at, look)) return index;
      if (++candidates == kCandidatesMax) return std::nullopt;
    }
    end = start;
  }
  return std::nullopt;
}

void KeyframeSearch::learn(Index index) {
  const Place& last = index.keyframes.back();
  if (is_whole_ || (last_ && last.tick <= last_->keyframes.back().tick)) return;
  std::erase_if(beyond_, [&last](const Place& place) { return place.tick <= last.tick; });
  if (!newest_ || newest_->tick < last.tick) newest_ = last;
  last_ = std::move(index);
}

void KeyframeSearch::learn_end(Index index) {
  is_whole_ = true;
  last_ = std::move(index);
}

void KeyframeSearch::add(const Place& keyframe) {
  if (is_whole_ || (newest_ && keyframe.tick <= newest_->tick) || beyond_.size() == kKeyframesPerIndex) return;
  newest_ = keyframe;
  beyond_.push_back(keyframe);
}

const Place* KeyframeSearch::newest() const { return newest_ ? &*newest_ : nullptr; }

std::optional<Place> KeyframeSearch::find(RecordReader& records, Tick tick) const {
  if (const Place* place = last_before(beyond_, tick)) return *place;
  if (!last_) return std::nullopt;
  Index index = *last_;
  for (int step = 0; step < kStepsMax; ++step) {
    if (const Place* place = last_before(index.keyframes, tick)) return *place;
    if (index.earlier.empty()) return std::nullopt;
    const Place next = nearest_to(index.earlier, tick);
    if (!records.get(next.offset, next.sequence, RecordType::kIndex, kIndexBytesMax)) return std::nullopt;
    auto read = decode_index(records.record().body);
    if (!read || read->here != next) return std::nullopt;
    index = std::move(*read);
  }
  return std::nullopt;
}

}  // namespace netcode::recording
