#include <recording_generated.h>

#include "engine/core/assert.hpp"
#include "recording/format/body_buffer.hpp"
#include "recording/format/record_bodies.hpp"

namespace netcode::recording {

namespace {

using PlaceVector = flatbuffers::Vector<const fb::Place*>;

fb::Place packed(const Place& place) { return {place.tick, place.sequence, place.offset}; }
Place unpacked(const fb::Place& place) {
  return {.tick = place.tick(), .offset = place.offset(), .sequence = place.sequence()};
}

flatbuffers::Offset<PlaceVector> packed(flatbuffers::FlatBufferBuilder& builder, const std::vector<Place>& places) {
  std::vector<fb::Place> all;
  all.reserve(places.size());
  for (const Place& place : places) all.push_back(packed(place));
  return builder.CreateVectorOfStructs(all);
}

// At most so many, their ticks rising or falling.
engine::Result<std::vector<Place>> read_places(const char* what, const PlaceVector* from, std::size_t places_max,
                                               bool is_rising) {
  std::vector<Place> places;
  if (from == nullptr) return places;
  if (from->size() > places_max) return engine::error("an index of {} {}", from->size(), what);
  for (const fb::Place* place : *from) {
    const bool fits =
        places.empty() || (is_rising ? places.back().tick < place->tick() : places.back().tick > place->tick());
    if (!fits) return engine::error("an index whose {} are out of order at tick {}", what, place->tick());
    places.push_back(unpacked(*place));
  }
  return places;
}

template <class T>
engine::Result<Index> read_index(const T& from) {
  auto keyframes = read_places("keyframes", from.keyframes(), kKeyframesPerIndex, true);
  if (!keyframes) return keyframes.error();
  auto earlier = read_places("earlier ones", from.earlier(), kEarlierIndexesMax, false);
  if (!earlier) return earlier.error();
  if (!keyframes->empty() && !earlier->empty() && earlier->front().tick >= keyframes->front().tick)
    return engine::error("an index that stands before an earlier one");
  return Index{.here = {}, .keyframes = std::move(*keyframes), .earlier = std::move(*earlier)};
}

}  // namespace

Bytes encode_index(const Index& index) {
  ENGINE_ASSERT(index.keyframes.size() == kKeyframesPerIndex && index.earlier.size() <= kEarlierIndexesMax);
  flatbuffers::FlatBufferBuilder builder(kIndexBytesMax);
  const fb::Place here = packed(index.here);
  const auto keyframes = packed(builder, index.keyframes);
  const auto earlier = packed(builder, index.earlier);
  builder.Finish(fb::CreateIndex(builder, &here, keyframes, earlier), kIndexIdentifier);
  ENGINE_ASSERT(builder.GetSize() <= kIndexBytesMax);
  return finished(builder);
}

engine::Result<Index> decode_index(BytesView body) {
  if (body.size() > kIndexBytesMax) return engine::error("an index of {} bytes", body.size());
  const BodyBuffer<fb::Index> buffer(body);
  const fb::Index* from = buffer.verified(kIndexIdentifier);
  if (from == nullptr) return engine::error("the index is not one");
  auto index = read_index(*from);
  if (!index) return index;
  index->here = unpacked(*from->here());
  if (index->keyframes.size() != kKeyframesPerIndex || index->keyframes.front().tick != index->here.tick)
    return engine::error("an index of {} keyframes at tick {}", index->keyframes.size(), index->here.tick);
  return index;
}

Bytes encode_end(const End& end) {
  flatbuffers::FlatBufferBuilder builder(kIndexBytesMax);
  const auto result = end.result ? builder.CreateString(*end.result) : flatbuffers::Offset<flatbuffers::String>{};
  const auto keyframes = packed(builder, end.index.keyframes);
  const auto earlier = packed(builder, end.index.earlier);
  builder.Finish(fb::CreateEnd(builder, end.last_tick, result, end.incomplete, keyframes, earlier));
  return finished(builder);
}

engine::Result<End> decode_end(BytesView body) {
  const BodyBuffer<fb::End> buffer(body);
  const fb::End* from = buffer.verified();
  if (from == nullptr) return engine::error("the end is not one");
  auto result = read_result(from->result());
  if (!result) return result.error();
  auto index = read_index(*from);
  if (!index) return index.error();
  return End{.last_tick = from->last_tick(),
             .result = std::move(*result),
             .incomplete = from->incomplete(),
             .index = std::move(*index)};
}

}  // namespace netcode::recording
