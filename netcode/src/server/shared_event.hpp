// An event or an answer as outboxes keep it: encoded once for each wire, and its bytes are shared by all who are sent
// it over that wire. What is one receiver's own (its number, the ack that is asked for) is not in it. A server counts
// what all of them take.
//
// Threading: immutable; any thread. Ownership: shared by the outboxes that it waits in and the frames being written.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "netcode/limits.hpp"
#include "protocol/messages.hpp"

namespace netcode {

/// What the events of one server come to.
class EventTotals {
 public:
  void add(std::size_t bytes) { bytes_.fetch_add(bytes, std::memory_order_relaxed); }
  void remove(std::size_t bytes) { bytes_.fetch_sub(bytes, std::memory_order_relaxed); }
  /// Memory of those that wait.
  std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  bool is_full() const { return bytes() > limits::kEventsKeptPerServerBytesMax; }

  void note_encoded() { encoded_.fetch_add(1, std::memory_order_relaxed); }
  /// How often bytes were made of an event or answer; to how many they go does not count.
  std::uint64_t encoded() const { return encoded_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::size_t> bytes_ = 0;
  std::atomic<std::uint64_t> encoded_ = 0;
};
using EventTotalsPtr = std::shared_ptr<EventTotals>;

class ServerCore;
struct SocketioForm;

class SharedEvent {
 public:
  SharedEvent(const protocol::EventMessage& event, EventTotalsPtr totals)
      : SharedEvent(protocol::SharedMessage(event), std::move(totals)) {}
  SharedEvent(const protocol::AckMessage& answer, EventTotalsPtr totals)
      : SharedEvent(protocol::SharedMessage(answer), std::move(totals)) {}
  /// For clients of Socket.IO alone.
  SharedEvent(SocketioForm form, EventTotalsPtr totals);
  ~SharedEvent();
  SharedEvent(const SharedEvent&) = delete;
  SharedEvent& operator=(const SharedEvent&) = delete;

  /// Is it for clients of Socket.IO alone?
  bool is_json() const { return !scrim_; }
  /// As scrim.v1 has it. Not of one that is JSON.
  const protocol::SharedMessage& scrim() const { return *scrim_; }
  /// As Socket.IO has it, made when it is first asked for; null: it has no such form, which is in the log.
  const SocketioForm* socketio(const ServerCore& server) const;
  /// Of the message.
  std::size_t size() const { return size_; }
  /// Of memory, as bounds count it.
  std::size_t cost() const { return size() + limits::kEventOverheadBytes; }

 private:
  SharedEvent(protocol::SharedMessage scrim, EventTotalsPtr totals);

  std::optional<protocol::SharedMessage> scrim_;
  std::size_t size_;
  mutable std::once_flag socketio_once_;
  mutable std::unique_ptr<const SocketioForm> socketio_;
  EventTotalsPtr totals_;
};
using SharedEventPtr = std::shared_ptr<const SharedEvent>;

}  // namespace netcode
