// One connection of a session, as its session has it: what it carries and how far, and whether it is alive. A session
// speaks messages; a link makes bytes of them, and messages of the bytes that come.
//
// A session has at most two, in slots 0 and 1. One that comes to a slot which is taken is a candidate at first: it is
// welcomed, and takes the slot with the first message that comes over it. So an attempt that its client has given up
// meanwhile never replaces a connection that works.
//
// Reliable events and answers wait in the session's Outbox, from which each link takes them when it flushes.
//
// Threading: its session's shard. Ownership: shared, since what arrives may end it; its session outlives it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "engine/core/clock.hpp"
#include "protocol/messages.hpp"
#include "replication/world_frame.hpp"
#include "server/interval.hpp"
#include "server/shared_event.hpp"
#include "transport/websocket/connection.hpp"

namespace netcode {

class Outbox;
class SessionCore;

class SessionLink : public std::enable_shared_from_this<SessionLink> {
 public:
  struct Config {
    std::uint8_t slot = 0;
    std::uint32_t received = 0;  // the newest of the session's events that its client has, or has missed
    bool is_candidate = false;
  };
  explicit SessionLink(const Config& config) : config_(config) {}
  SessionLink(const SessionLink&) = delete;
  SessionLink& operator=(const SessionLink&) = delete;
  virtual ~SessionLink() = default;

  std::uint8_t slot() const { return config_.slot; }
  bool is_candidate() const { return config_.is_candidate; }
  /// It has its slot from now on.
  void settle() { config_.is_candidate = false; }

  /// Begins to hear of what comes. Once.
  virtual void start() = 0;
  virtual std::string remote_address() const = 0;

  /// What a match has that its client needs, and has not yet. Null: there is nothing to be sent.
  struct Needs {
    const protocol::SchemaView* schema = nullptr;
    const protocol::MapView* map = nullptr;
  };
  /// What goes out before all else: who the client is and where.
  virtual void welcome(const protocol::Welcome& message, const Needs& needs) = 0;
  /// Has its welcome left, and may more be written?
  virtual bool is_writable() const = 0;
  /// Has its client taken nothing for a while, though something waits, and will nobody else end it soon?
  virtual bool is_stalled() const { return false; }
  /// The newest of the session's events that it has carried, or did not need to.
  virtual std::uint32_t written() const = 0;
  /// For a link that is writable, at the end of this turn of the loop; no earlier than `interval` is released.
  virtual void push_volatile(SharedEventPtr event, IntervalPtr interval) = 0;
  /// To be written when there is room; replaces the one that waits. Returns whether one did.
  virtual bool offer_frame(const FrameView& frame) = 0;
  virtual void clear_frame() = 0;
  /// The newest of the client's reliable messages that was handled. Only when it is writable.
  virtual void tell_received(std::uint32_t received) = 0;
  /// Writes what may be written.
  virtual void flush() = 0;

  /// The newest snapshot that the client has had over this link.
  virtual void acknowledge_snapshot(Tick tick) = 0;
  /// Its client is told why; SessionCore::on_link_closed follows.
  virtual void close(transport::CloseCode code, std::string_view reason) = 0;
  /// A few times a second: asks after what is quiet, and aborts what stays silent; its session hears of the end.
  virtual void sweep(engine::TimePoint now) = 0;

 private:
  Config config_;
};

/// Makes a session's link of a connection that was let in.
using LinkMaker = std::function<std::shared_ptr<SessionLink>(SessionCore&, Outbox&, const SessionLink::Config&)>;

}  // namespace netcode
