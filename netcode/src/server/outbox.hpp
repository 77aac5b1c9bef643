// What waits to go to one session's client: reliable events, kept once for the session, and for each of its links how
// far it has been written, volatile events and one snapshot.
//
// Reliable events are kept until the client has them, so that any connection of the session can go on where another
// broke; each link carries all of them, and the first copy counts. Latest wins for the snapshot: a slow client wants
// now, not history. It is also held back while too many are on their way over that link unacknowledged, since what has
// left for the kernel is stale in its buffers and the receiver's.
// A match may hold back what its members could learn of an interval (see Interval): then nothing that was pushed since
// leaves, whatever it is, until the interval is released.
//
// Threading: its session's shard. Pure: no clock, no connection. Ownership: a LinkOutbox lives no longer than the
// Outbox that it writes from.
#pragma once

#include <algorithm>
#include <array>
#include <boost/circular_buffer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "netcode/bytes.hpp"
#include "netcode/ids.hpp"
#include "netcode/limits.hpp"
#include "replication/world_frame.hpp"
#include "server/interval.hpp"
#include "server/shared_event.hpp"

namespace netcode {

/// A reliable event or answer on its way to one client.
struct OutgoingEvent {
  SharedEventPtr event;
  std::uint32_t ack = 0;  // not 0: the client is to answer with an Ack of this id
};

/// The session's reliable events.
class Outbox {
 public:
  /// What may wait, by SharedEvent::cost: in all, and until which of it more is taken that other clients caused.
  struct Bounds {
    std::size_t bytes;
    std::size_t speech_bytes;
    /// For a client that may be away for so long. `event_bytes_max`: two events of this size fit in any case.
    static Bounds over(std::chrono::milliseconds away, std::size_t event_bytes_max = 0);
  };
  Outbox(const Bounds& bounds, EventTotalsPtr totals) : bounds_(bounds), totals_(std::move(totals)) {}
  ~Outbox();
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  enum class Cause : std::uint8_t {
    kServer,  // the rules, the game's server, or what its own client asked for
    kOthers,  // another client's event: nobody's speech ends another one's session
  };
  enum class Push : std::uint8_t {
    kKept,
    kMissed,  // an event of others, and too much waits: nobody will have heard of it
    kFull,    // the client is too far behind, and the session must end (1013)
  };
  struct Client {
    std::uint32_t written = 0;  // every link has carried the events up to this one
    bool is_away = false;
    bool is_stalled = false;  // connected, and takes nothing: kOutboxBytesMax may wait, or one event alone
  };
  /// Events that were written and never acknowledged make room for new ones, and those that wait for a client which is
  /// away do too: see forgotten.
  [[nodiscard]] Push push(OutgoingEvent event, Cause cause, const Client& client);

  /// What is pushed from now on leaves no earlier than `interval` is released; nothing overtakes it. Null: nothing more
  /// is held. `received`: the newest of the client's own messages that was handled before.
  void hold(const IntervalPtr& interval, std::uint32_t received);
  /// The newest that may leave now.
  std::uint32_t releasable();
  /// The newest of the client's own messages that it may be told of: `received`, or what that was before the oldest
  /// interval that is held.
  std::uint32_t tellable(std::uint32_t received);
  /// Is there an interval that is not released yet?
  bool is_held();

  /// What the client has, over any link. False: it claims what it was never sent.
  [[nodiscard]] bool acknowledge(std::uint32_t received);
  /// Can a new link's client, which has `received`, be sent all that comes after it? False: some is no longer kept, or
  /// it was never sent so much.
  bool can_go_on_from(std::uint32_t received) const { return received >= forgotten_ && received <= sent_; }
  /// The newest event that is not kept any more although it was never acknowledged; 0: there is none. A client that has
  /// fewer has missed those up to it.
  std::uint32_t forgotten() const { return forgotten_; }

  /// The newest that was handed to any link, or forgotten.
  std::uint32_t sent() const { return sent_; }
  std::uint32_t acknowledged() const { return acknowledged_; }
  std::uint32_t last_sequence() const { return acknowledged_ + static_cast<std::uint32_t>(kept_.size()); }
  /// What is kept, by SharedEvent::cost.
  std::size_t bytes() const { return bytes_; }
  /// The part of it that was handed to every link.
  std::size_t written_bytes(std::uint32_t written);

 private:
  friend class LinkOutbox;
  static constexpr std::size_t kPlaceBytes = sizeof(OutgoingEvent);
  struct Hold {
    IntervalPtr interval;
    std::uint32_t after;     // the newest event that was pushed before
    std::uint32_t received;  // the newest of the client's messages that was handled before
  };

  void drop_oldest();
  void forget_oldest();

  Bounds bounds_;
  EventTotalsPtr totals_;
  boost::circular_buffer<OutgoingEvent> kept_;  // acknowledged_ + 1, + 2 ...; grows and shrinks with what waits
  std::vector<Hold> holds_;  // in the order of their intervals; those at its beginning that are released are gone
  std::size_t bytes_ = 0;
  std::uint32_t acknowledged_ = 0;
  std::uint32_t sent_ = 0;
  std::uint32_t forgotten_ = 0;
  /// The events up to `counted_` add up to `counted_bytes_`.
  std::uint32_t counted_ = 0;
  std::size_t counted_bytes_ = 0;
};

/// One link's share.
class LinkOutbox {
 public:
  /// Its client has `received`: all after it goes out. Events have to be able to go on from there.
  LinkOutbox(Outbox& events, std::uint32_t received) : events_(events), written_(received) {
    events_.sent_ = std::max(events_.sent_, received);
  }

  /// Replaces the one that waits. Returns whether one did: it is dropped, never to be written.
  bool set_frame(FrameView frame);
  void clear_frame() { frame_ = {}; }
  /// While it is held back the frame is no work, and none is taken.
  void hold_frame(bool is_held) { is_frame_held_ = is_held; }
  /// In its place among the reliable ones, for the next batch, but no earlier than `interval` is released. Dropped if
  /// more of this kind waits than a turn may hold.
  void push_volatile(SharedEventPtr event, IntervalPtr interval = nullptr);

  /// Is there anything that may be written now?
  bool has_work() const;
  /// All that may be written now, events first: what they tell happened before the frame's tick ended.
  struct Batch {
    struct Event {
      SharedEventPtr event;
      protocol::ReliableHead head;
    };
    std::vector<Event> events;
    FrameView frame;  // of which a snapshot is to be made; none if its frame is null
  };
  Batch take();
  /// Of the events that this link has carried, or did not need to, those after `sequence` that are still kept.
  std::vector<Batch::Event> written_after(std::uint32_t sequence) const;

  /// The newest event handed to this link.
  std::uint32_t written() const { return written_; }
  /// Has it carried events of which nobody has said yet that they arrived?
  bool has_events_in_flight() const { return written_ > events_.acknowledged(); }

  void acknowledge_snapshot(Tick tick);
  std::size_t snapshots_in_flight() const { return in_flight_.size(); }
  /// How many may be: as many as are under way all the time over a link of this length, and those that a stalled
  /// reader may find.
  std::size_t in_flight_max() const;
  /// Of the snapshots in flight; 0 if there is none.
  Tick newest_in_flight() const { return in_flight_.empty() ? 0 : in_flight_.back(); }

 private:
  struct Volatile {
    std::uint32_t after;  // the reliable event that was emitted before it
    SharedEventPtr event;
    IntervalPtr interval;
  };

  bool may_take(const Volatile& event, std::uint32_t releasable) const;
  bool may_take_frame() const { return frame_.frame && !is_frame_held_ && in_flight_.size() < in_flight_max(); }

  Outbox& events_;
  std::uint32_t written_;
  std::vector<Volatile> volatile_;
  std::size_t volatile_bytes_ = 0;
  FrameView frame_;
  bool is_frame_held_ = false;
  std::vector<Tick> in_flight_;  // ticks handed over and not acknowledged, rising
  /// With each of the last acknowledgements, how many were still under way: the least of them is the link's length,
  /// whatever jitter and stalls add to the others.
  static constexpr std::size_t kFlightsKept = 16;
  std::array<std::uint8_t, kFlightsKept> flights_{};
  std::size_t next_flight_ = 0;
};

}  // namespace netcode
