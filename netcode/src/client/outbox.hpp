// What waits to go to the server: reliable messages, kept until the server has them, and a few that may be lost.
//
// Threading: its client's. Pure: no clock, no connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "netcode/bytes.hpp"
#include "netcode/limits.hpp"
#include "protocol/reliable_stream.hpp"
#include "transport/connection.hpp"

namespace netcode::client {

class Outbox {
 public:
  /// An encoded Event or Ack with any sequence but 0; it is numbered here. False: the bounds are reached.
  [[nodiscard]] bool push_reliable(Bytes message) { return reliable_.push(std::move(message)); }
  /// An action, a volatile event, a Received: for the connection that is open now, and gone with it. Past the bound the
  /// oldest goes, since the newest is what counts.
  void push_loose(Bytes message);

  /// All that may be written now, reliable messages first: an event that was emitted before an action is there before
  /// it.
  std::vector<transport::Frame> take();

  /// The server has all reliable messages up to `received`. False: it was never sent so much.
  [[nodiscard]] bool acknowledge(std::uint32_t received) {
    return received <= sent_ && reliable_.acknowledge(received);
  }
  /// A new connection, to a server that has `received`: what came after it goes out again. False: that is more than it
  /// was sent, or less than it has said before.
  [[nodiscard]] bool resume_from(std::uint32_t received);

  std::size_t reliable_size() const { return reliable_.size(); }
  std::size_t reliable_bytes() const { return reliable_.bytes(); }

 private:
  static constexpr std::size_t kLooseMax = limits::kInboxActionsMax;

  protocol::ReliableSender reliable_;
  std::uint32_t sent_ = 0;     // newest handed to any connection
  std::uint32_t written_ = 0;  // newest handed to this one
  std::deque<Bytes> loose_;
};

}  // namespace netcode::client
