// A client's end of a stream of packed snapshots, of one connection.
//
// Threading: none of its own.
#pragma once

#include <memory>
#include <optional>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"
#include "netcode/ids.hpp"
#include "replication/field_meter.hpp"
#include "replication/lane_layout.hpp"
#include "replication/lane_world.hpp"
#include "replication/packed/packed_state.hpp"

namespace netcode {

class Unpacker {
 public:
  explicit Unpacker(LaneLayoutPtr layout) : layout_(std::move(layout)) {}

  /// The next snapshot begins anew: there is another connection.
  void reset() {
    state_.reset();
    shown_.reset();
    slow_ = {};
  }

  /// Each plain snapshot of the connection, verified. What the server left out because it is as before is put in again:
  /// a buffer of all of it; empty: nothing was left out. An error: what was left out never was there.
  engine::Result<Bytes> complete(BytesView world);

  /// Each snapshot of the connection, in order. The World as the game's own buffer, not checked yet: it comes from
  /// outside. After an error nothing more can be read from this connection.
  engine::Result<Bytes> unpack(Tick tick, PlayerId viewer, BytesView packed) {
    auto world = next(tick, viewer, packed);
    if (!world) reset();
    return world;
  }

  /// Tells it of each packed snapshot from now on, which takes about as long as to unpack it. It outlives this; null:
  /// nobody is told.
  void measure(FieldMeter* meter) { meter_ = meter; }

 private:
  engine::Result<Bytes> next(Tick tick, PlayerId viewer, BytesView packed);
  engine::Result<void> step(Tick tick, bool is_restart, bool has_hash, BytesView shared);

  LaneLayoutPtr layout_;
  std::optional<packed::State> state_;  // of what everybody is sent
  std::optional<LaneWorld> shown_;      // the same with the viewer's own
  SlowState slow_;                      // of the last plain one
  FieldMeter* meter_ = nullptr;
};

}  // namespace netcode
