// What waits to go to one session's client: reliable events, kept once for the session, and for each of its links how
// far it has been written and one snapshot.
//
// Events are kept until the client says that it has them, so that any connection of the session can go on where another
// broke; each link carries all of them, and the first copy counts. Latest wins for the snapshot: a slow client wants
// now, not history. It is also held back while too many are on their way over that link unacknowledged, since what has
// left for the kernel is stale in its buffers and the receiver's.
//
// Threading: its session's shard. Pure: no clock, no connection. Ownership: a LinkOutbox lives no longer than the
// Outbox that it writes from.
#pragma once

#include <array>
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

/// The session's reliable events.
class Outbox {
 public:
  /// An encoded reliable Event or Ack. False: the client is too far behind, and the session must end (1013). Events
  /// up to `written_by_all`, which every link has carried but which were never acknowledged, make room for new ones:
  /// then only a resume is lost, see can_go_on_from.
  [[nodiscard]] bool push_reliable(Bytes message, std::uint32_t written_by_all);

  /// What the client says it has, over any link. False: it claims what it was never sent.
  [[nodiscard]] bool acknowledge(std::uint32_t received);
  /// Can a new link's client, which has `received`, be sent all that comes after it? False: some is no longer kept, or
  /// it was never sent so much.
  bool can_go_on_from(std::uint32_t received) const { return received >= forgotten_ && received <= sent_; }

  /// The newest that was handed to any link.
  std::uint32_t sent() const { return sent_; }
  std::size_t bytes() const { return reliable_.bytes(); }

 private:
  friend class LinkOutbox;
  protocol::ReliableSender reliable_;
  std::uint32_t sent_ = 0;
  std::uint32_t forgotten_ = 0;  // newest event dropped without being acknowledged
};

/// One link's share.
class LinkOutbox {
 public:
  /// Its client has `received`: all after it goes out. Events have to be able to go on from there.
  LinkOutbox(Outbox& events, std::uint32_t received) : events_(events), written_(received) {}

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

  /// The newest event handed to this link.
  std::uint32_t written() const { return written_; }

  void acknowledge_snapshot(Tick tick);
  std::size_t snapshots_in_flight() const { return in_flight_.size(); }
  /// How many may be: as many as are under way all the time over a link of this length, and those that a stalled
  /// reader may find.
  std::size_t in_flight_max() const;
  /// Of the snapshots in flight; 0 if there is none.
  Tick newest_in_flight() const { return in_flight_.empty() ? 0 : in_flight_.back(); }

 private:
  Outbox& events_;
  std::uint32_t written_;
  SnapshotPtr snapshot_;
  Tick snapshot_tick_ = 0;
  std::deque<Tick> in_flight_;  // ticks handed over and not acknowledged, rising
  /// With each of the last acknowledgements, how many were still under way: the least of them is the link's length,
  /// whatever jitter and stalls add to the others.
  static constexpr std::size_t kFlightsKept = 16;
  std::array<std::uint8_t, kFlightsKept> flights_{};
  std::size_t next_flight_ = 0;
};

}  // namespace netcode
