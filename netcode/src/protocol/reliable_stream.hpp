// The bookkeeping that makes events arrive in order and exactly once over connections that come and go: one sender and
// one receiver for each direction of a session. Pure: no clock, no connection.
//
// A direction's reliable messages are numbered 1, 2, 3 ... for the session's life, or the server's epoch of it. The
// sender keeps what the other end has not yet said to have received, and writes it again to the next connection; the
// receiver takes each number once. At 1000 messages a second the numbers last 49 days.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>

#include "netcode/bytes.hpp"
#include "netcode/limits.hpp"

namespace netcode::protocol {

class ReliableSender {
 public:
  explicit ReliableSender(std::size_t bytes_max = limits::kOutboxBytesMax,
                          std::size_t messages_max = limits::kOutboxEventsMax)
      : bytes_max_(bytes_max), messages_max_(messages_max) {}

  /// Keeps an encoded Event or Ack (with any sequence but 0) after writing next_sequence() into it. False: no room, and
  /// nothing was kept.
  [[nodiscard]] bool push(Bytes message);

  /// The other end has all up to `received`; what was said before stays true. False: it was never sent so much.
  [[nodiscard]] bool acknowledge(std::uint32_t received);

  /// The other end knows nothing of the numbers any more: what is kept is numbered from 1 again.
  void renumber();

  /// What is kept of the sequences above `sequence`, oldest first: `void(const SharedBytes& message)`, ready to be a
  /// frame's body. After a resume `sequence` is what the other end says to have received; later, last_sequence() of the
  /// last call.
  template <class F>
  void for_each_after(std::uint32_t sequence, F write) const {
    const std::uint32_t skipped = sequence > acknowledged_ ? sequence - acknowledged_ : 0;
    for (std::size_t i = skipped; i < kept_.size(); ++i) write(kept_[i]);
  }

  std::uint32_t last_sequence() const { return acknowledged_ + static_cast<std::uint32_t>(kept_.size()); }
  std::uint32_t next_sequence() const { return last_sequence() + 1; }
  std::uint32_t acknowledged() const { return acknowledged_; }
  std::size_t size() const { return kept_.size(); }
  std::size_t bytes() const { return bytes_; }
  bool has_room(std::size_t message_bytes) const {
    return kept_.size() < messages_max_ && message_bytes <= bytes_max_ - bytes_;
  }

 private:
  std::size_t bytes_max_;
  std::size_t messages_max_;
  std::size_t bytes_ = 0;
  std::uint32_t acknowledged_ = 0;
  std::deque<SharedBytes> kept_;  // acknowledged_ + 1, + 2 ...
};

class ReliableReceiver {
 public:
  enum class Verdict : std::uint8_t {
    kNew,        // handle it
    kDuplicate,  // handled before: leave it
    kGap,        // one before it is missing: the other end broke the protocol
  };

  /// A message with this sequence came. 0 is volatile: always new, and not counted.
  Verdict take(std::uint32_t sequence) {
    if (sequence == 0) return Verdict::kNew;
    if (sequence <= received_) return Verdict::kDuplicate;
    if (sequence != received_ + 1) return Verdict::kGap;
    received_ = sequence;
    return Verdict::kNew;
  }
  /// The sender keeps those up to `sequence` no longer. Returns how many of them were never taken, nor ever will be.
  std::uint32_t skip_to(std::uint32_t sequence) {
    if (sequence <= received_) return 0;
    return sequence - std::exchange(received_, sequence);
  }
  /// The newest that was taken, or missed: what to tell the sender.
  std::uint32_t received() const { return received_; }

 private:
  std::uint32_t received_ = 0;
};

}  // namespace netcode::protocol
