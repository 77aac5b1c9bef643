#include <recording_generated.h>
#include <zstd.h>

#include "engine/core/assert.hpp"
#include "recording/format/body_buffer.hpp"
#include "recording/format/record_bodies.hpp"

namespace netcode::recording {

namespace {

constexpr int kCompressionLevel = 3;

}  // namespace

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

  const BodyBuffer<fb::Keyframe> buffer(std::move(encoded));
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

}  // namespace netcode::recording
