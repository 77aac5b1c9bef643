// An event or an answer as outboxes keep it: encoded once, and its bytes are shared by all who are sent it. A server
// counts what all of them take.
//
// Threading: immutable; any thread. Ownership: shared by the outboxes that it waits in and the frames being written.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "netcode/limits.hpp"
#include "protocol/messages.hpp"

namespace netcode {

/// Memory of all events that wait on one server, in bytes.
class EventMemory {
 public:
  void add(std::size_t bytes) { bytes_.fetch_add(bytes, std::memory_order_relaxed); }
  void remove(std::size_t bytes) { bytes_.fetch_sub(bytes, std::memory_order_relaxed); }
  std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  bool is_full() const { return bytes() > limits::kEventsKeptPerServerBytesMax; }

 private:
  std::atomic<std::size_t> bytes_ = 0;
};
using EventMemoryPtr = std::shared_ptr<EventMemory>;

class SharedEvent {
 public:
  /// An encoded Event or Ack: with sequence 0 a volatile one, with any other a reliable one that each receiver's
  /// outbox numbers.
  SharedEvent(Bytes encoded, EventMemoryPtr memory) : message_(std::move(encoded)), memory_(std::move(memory)) {
    memory_->add(cost());
  }
  ~SharedEvent() { memory_->remove(cost()); }
  SharedEvent(const SharedEvent&) = delete;
  SharedEvent& operator=(const SharedEvent&) = delete;

  transport::OutgoingMessage frame(std::uint32_t sequence) const { return message_.frame(sequence); }
  /// Of the message.
  std::size_t size() const { return message_.size(); }
  /// Of memory, as bounds count it.
  std::size_t cost() const { return message_.size() + limits::kEventOverheadBytes; }

 private:
  protocol::SharedMessage message_;
  EventMemoryPtr memory_;
};
using SharedEventPtr = std::shared_ptr<const SharedEvent>;

}  // namespace netcode
