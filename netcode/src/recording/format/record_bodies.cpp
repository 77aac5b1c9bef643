#include "recording/format/record_bodies.hpp"

#include <recording_generated.h>
#include <zstd.h>

#include <algorithm>

#include "engine/core/assert.hpp"
#include "engine/core/utf8.hpp"
#include "recording/format/format.hpp"

namespace netcode::recording {

namespace {

constexpr int kCompressionLevel = 3;
constexpr std::size_t kShortTextBytesMax = 256;
// Of a header's options or a keyframe's seats; each is bounded by a limit of its own below.
constexpr std::size_t kTablesMax = 8192;

Bytes finished(flatbuffers::FlatBufferBuilder& builder) {
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

// A record's body as a FlatBuffer, copied to where one may stand. Read through accessors and never unpacked as a whole:
// a few bytes of offsets to one long string would unpack to gigabytes.
template <class T>
class Buffer {
 public:
  explicit Buffer(BytesView bytes) : aligned_(bytes.begin(), bytes.end()) {}
  explicit Buffer(Bytes&& bytes) : aligned_(std::move(bytes)) {}

  const T* verified() const {
    flatbuffers::Verifier verifier(aligned_.data(), aligned_.size(), limits::kVerifyDepthMax, kTablesMax);
    const bool good = !aligned_.empty() && verifier.VerifyBuffer<T>(nullptr);
    return good ? flatbuffers::GetRoot<T>(aligned_.data()) : nullptr;
  }

 private:
  Bytes aligned_;
};

bool is_text(const flatbuffers::String& text, std::size_t bytes_max) {
  return text.size() <= bytes_max && engine::is_utf8(text.string_view());
}

engine::Result<std::optional<std::string>> read_result(const flatbuffers::String* result) {
  if (result == nullptr) return std::optional<std::string>{};
  if (!is_text(*result, kResultBytesMax)) return engine::error("a result that is too long or not UTF-8");
  return std::optional<std::string>{result->str()};
}

engine::Result<std::map<std::string, std::string>> read_options(const fb::Header& header) {
  std::map<std::string, std::string> options;
  if (header.options() == nullptr) return options;
  std::size_t left = limits::kMatchOptionsBytesMax;
  for (const fb::Option* option : *header.options()) {
    const std::size_t bytes = option->key()->size() + option->value()->size();
    if (bytes > left || !is_text(*option->key(), left) || !is_text(*option->value(), left)) {
      return engine::error("the header has options that are too long or not UTF-8");
    }
    left -= bytes;
    options.emplace(option->key()->str(), option->value()->str());
  }
  return options;
}

}  // namespace

Bytes encode_header(const RecordingInfo& info) {
  fb::HeaderT header;
  header.format = kFormat;
  header.match_id = info.setup.match_id;
  header.kind = info.kind;
  header.build = info.build;
  header.rules_version = info.rules_version;
  header.schema_hash = info.schema_hash;
  header.started_unix_ms = info.started_unix_ms;
  header.seed = info.setup.seed;
  header.tick_hz = static_cast<std::uint16_t>(info.setup.tick_hz);
  header.snapshot_hz = static_cast<std::uint16_t>(info.setup.snapshot_hz);
  header.rewind_ms_max = static_cast<std::uint16_t>(info.setup.rewind_ms_max);
  header.keyframe_interval_ticks = info.keyframe_interval_ticks;
  header.hash_interval_ticks = info.hash_interval_ticks;
  for (const auto& [key, value] : info.setup.options) {
    auto option = std::make_unique<fb::OptionT>();
    option->key = key;
    option->value = value;
    header.options.push_back(std::move(option));
  }
  header.schema = info.schema;
  if (info.setup.map) header.map = *info.setup.map;
  flatbuffers::FlatBufferBuilder builder(4096 + info.schema.size());
  builder.Finish(fb::Header::Pack(builder, &header));
  return finished(builder);
}

engine::Result<RecordingInfo> decode_header(BytesView body) {
  const Buffer<fb::Header> buffer(body);
  const fb::Header* header = buffer.verified();
  if (header == nullptr) return engine::error("the header is not one");
  if (header->format() < kOldestFormat || header->format() > kFormat) {
    return engine::error("the recording's format is {}, this program reads {} to {}", header->format(), kOldestFormat,
                         kFormat);
  }
  for (const flatbuffers::String* text :
       {header->match_id(), header->kind(), header->build(), header->rules_version()}) {
    if (!is_text(*text, kShortTextBytesMax))
      return engine::error("the header has a text that is too long or not UTF-8");
  }
  if (header->tick_hz() == 0 || header->snapshot_hz() == 0 || header->hash_interval_ticks() == 0 ||
      header->keyframe_interval_ticks() == 0) {
    return engine::error("the header has a rate or an interval of 0");
  }
  auto options = read_options(*header);
  if (!options) return options.error();
  RecordingInfo info{.kind = header->kind()->str(),
                     .build = header->build()->str(),
                     .rules_version = header->rules_version()->str(),
                     .schema_hash = header->schema_hash(),
                     .schema = {header->schema()->begin(), header->schema()->end()},
                     .started_unix_ms = header->started_unix_ms(),
                     .keyframe_interval_ticks = header->keyframe_interval_ticks(),
                     .hash_interval_ticks = header->hash_interval_ticks(),
                     .setup = {.match_id = header->match_id()->str(),
                               .seed = header->seed(),
                               .tick_hz = header->tick_hz(),
                               .snapshot_hz = header->snapshot_hz(),
                               .rewind_ms_max = header->rewind_ms_max(),
                               .options = std::move(*options),
                               .map = {}}};
  if (header->map() != nullptr) {
    if (header->map()->size() > limits::kMapBytesMax) return engine::error("a map of {} bytes", header->map()->size());
    info.setup.map = std::make_shared<const Bytes>(header->map()->begin(), header->map()->end());
  }
  return info;
}

Bytes encode_keyframe(const Keyframe& keyframe, std::uint64_t hash) {
  flatbuffers::FlatBufferBuilder builder(keyframe.rules.size() + 1024);
  std::vector<flatbuffers::Offset<fb::Seat>> seats;
  seats.reserve(keyframe.players.size());
  for (const Player& player : keyframe.players) {
    seats.push_back(fb::CreateSeatDirect(builder, player.id.value, player.name.c_str(), player.is_bot));
  }
  builder.ForceVectorAlignment(keyframe.rules.size(), sizeof(std::uint8_t), 8);
  const auto rules = builder.CreateVector(keyframe.rules);
  const auto result =
      keyframe.result ? builder.CreateString(*keyframe.result) : flatbuffers::Offset<flatbuffers::String>{};
  const fb::RngState rng(keyframe.rng.state, keyframe.rng.increment);
  const auto seats_offset = builder.CreateVector(seats);
  builder.Finish(
      fb::CreateKeyframe(builder, keyframe.tick, &rng, seats_offset, keyframe.next_player, result, hash, rules));
  return finished(builder);
}

Bytes compress_keyframe(BytesView encoded) {
  Bytes out(ZSTD_compressBound(encoded.size()));
  const std::size_t size = ZSTD_compress(out.data(), out.size(), encoded.data(), encoded.size(), kCompressionLevel);
  ENGINE_ASSERT(ZSTD_isError(size) == 0, "zstd compresses into a buffer of the bound it gave");
  out.resize(size);
  return out;
}

engine::Result<KeyframeBody> decode_keyframe(BytesView compressed) {
  const unsigned long long size = ZSTD_getFrameContentSize(compressed.data(), compressed.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > limits::kRecordBytesMax) {
    return engine::error("a keyframe that does not say its size, or is larger than {} bytes", limits::kRecordBytesMax);
  }
  Bytes encoded(static_cast<std::size_t>(size));
  const std::size_t got = ZSTD_decompress(encoded.data(), encoded.size(), compressed.data(), compressed.size());
  if (ZSTD_isError(got) != 0 || got != encoded.size()) return engine::error("a keyframe that does not decompress");

  const Buffer<fb::Keyframe> buffer(std::move(encoded));
  if (buffer.verified() == nullptr) return engine::error("the keyframe is not one");
  const fb::Keyframe& from = *buffer.verified();
  auto result = read_result(from.result());
  if (!result) return result.error();
  KeyframeBody body{.keyframe = {.tick = from.tick(),
                                 .rng = {from.rng()->state(), from.rng()->increment()},
                                 .players = {},
                                 .next_player = from.next_player(),
                                 .result = std::move(*result),
                                 .rules = {from.rules()->begin(), from.rules()->end()}},
                    .hash = from.hash()};
  // Names are checked by whoever restores from the keyframe; here it matters that there are not too many bytes of them.
  if (from.seats() != nullptr) {
    if (from.seats()->size() > limits::kPlayersPerMatchMax)
      return engine::error("a keyframe of {} seats", from.seats()->size());
    for (const fb::Seat* seat : *from.seats()) {
      if (seat->name()->size() > limits::kNameBytesMax)
        return engine::error("a name of {} bytes", seat->name()->size());
      body.keyframe.players.push_back({.id = {seat->id()}, .name = seat->name()->str(), .is_bot = seat->is_bot()});
    }
  }
  return body;
}

Bytes encode_index(const Index& index) {
  flatbuffers::FlatBufferBuilder builder(index.keyframes.size() * sizeof(fb::IndexEntry) + 256);
  std::vector<fb::IndexEntry> entries;
  entries.reserve(index.keyframes.size());
  for (const IndexEntry& entry : index.keyframes) entries.emplace_back(entry.tick, entry.sequence, entry.offset);
  const auto result = index.result ? builder.CreateString(*index.result) : flatbuffers::Offset<flatbuffers::String>{};
  const auto keyframes = builder.CreateVectorOfStructs(entries);
  builder.Finish(fb::CreateIndex(builder, index.last_tick, result, index.incomplete, keyframes));
  return finished(builder);
}

engine::Result<Index> decode_index(BytesView body) {
  const Buffer<fb::Index> buffer(body);
  if (buffer.verified() == nullptr) return engine::error("the index is not one");
  const fb::Index& from = *buffer.verified();
  auto result = read_result(from.result());
  if (!result) return result.error();
  Index index{
      .last_tick = from.last_tick(), .result = std::move(*result), .incomplete = from.incomplete(), .keyframes = {}};
  if (from.keyframes() == nullptr) return index;
  if (from.keyframes()->size() > kIndexEntriesMax)
    return engine::error("an index of {} keyframes", from.keyframes()->size());
  for (const fb::IndexEntry* entry : *from.keyframes()) {
    if (!index.keyframes.empty() && index.keyframes.back().tick >= entry->tick()) {
      return engine::error("the index is out of order at tick {}", entry->tick());
    }
    index.keyframes.push_back({.tick = entry->tick(), .offset = entry->offset(), .sequence = entry->sequence()});
  }
  return index;
}

}  // namespace netcode::recording
