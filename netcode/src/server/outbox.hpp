// What waits to go to one session's client: reliable events in a bounded queue, and one snapshot.
//
// Latest wins for the snapshot: a slow client wants now, not history. It is also held back while too many are on their
// way unacknowledged, since what has left for the kernel is stale in its buffers and the receiver's. Events are kept
// until the client says that it has them, so that a new connection of the session can go on where the last one broke.
//
// Threading: its session's shard. Pure: no clock, no connection.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "netcode/bytes.hpp"
#include "netcode/ids.hpp"
#include "netcode/limits.hpp"
#include "protocol/messages.hpp"
#include "protocol/reliable_stream.hpp"
#include "transport/connection.hpp"

namespace netcode {

using SnapshotPtr = std::shared_ptr<const protocol::SharedSnapshot>;

class Outbox {
 public:
  /// An encoded reliable Event or Ack. False: the client is too far behind, and the session must end (1013). Events
  /// that were sent but never acknowledged make room for new ones: then only a resume is lost, see can_resume_from.
  [[nodiscard]] bool push_reliable(Bytes message);

  /// Replaces the one that waits.
  void set_snapshot(Tick tick, SnapshotPtr snapshot);
  void clear_snapshot() { snapshot_ = nullptr; }

  /// Is there anything that may be written now?
  bool has_work() const;
  /// All that may be written now, events first: what they tell happened before the snapshot's tick ended. The snapshot,
  /// if one may go, is returned apart, for the session to put its own head before it.
  struct Batch {
    std::vector<transport::Frame> events;
    SnapshotPtr snapshot;
    Tick tick = 0;
  };
  Batch take();

  /// What the client says it has. False: it claims what it was never sent.
  [[nodiscard]] bool acknowledge(std::uint32_t received);
  void acknowledge_snapshot(Tick tick);
  std::size_t snapshots_in_flight() const { return in_flight_.size(); }
  /// Of the snapshots in flight; 0 if there is none.
  Tick newest_in_flight() const { return in_flight_.empty() ? 0 : in_flight_.back(); }

  /// A new connection, whose client has `received`: all after it goes out again, and no snapshot is in flight.
  /// False: what it misses is no longer kept.
  [[nodiscard]] bool resume_from(std::uint32_t received);

  std::size_t bytes() const { return reliable_.bytes(); }

 private:
  protocol::ReliableSender reliable_;
  std::uint32_t sent_ = 0;       // newest event handed to this connection
  std::uint32_t forgotten_ = 0;  // newest event dropped without being acknowledged
  SnapshotPtr snapshot_;
  Tick snapshot_tick_ = 0;
  std::deque<Tick> in_flight_;  // ticks handed over and not acknowledged, rising
};

}  // namespace netcode
