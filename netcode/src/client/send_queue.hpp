// What waits to go to the server: reliable messages, kept until the server has them, and a few that may be lost. Each
// link of the session carries all of them, each at its own speed; the server takes the first copy.
//
// Threading: its client's. Pure: no clock, no connection.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "netcode/bytes.hpp"
#include "netcode/limits.hpp"
#include "protocol/packed_action.hpp"
#include "protocol/reliable_stream.hpp"
#include "transport/websocket/connection.hpp"

namespace netcode::client {

class SendQueue {
 public:
  /// An encoded Event or Ack with any sequence but 0; it is numbered here. False: the bounds are reached.
  [[nodiscard]] bool push_reliable(Bytes message) { return reliable_.push(std::move(message)); }
  /// A Received: for the links that are open now, and gone with them. Past the bound the oldest goes, since the newest
  /// is what counts.
  void push_loose(Bytes message);
  /// The same for an action, which each link packs when it takes it: by then it is known what it has carried before.
  /// Two links take turns: one carries it at once, the other along with the next, so that each sends half as many
  /// segments, and half as often loses one and stalls.
  void push_action(const protocol::ActionView& action);
  /// A volatile event: the same, over one link alone, since the server would not know a second copy.
  void push_loose_over(std::uint8_t link, Bytes message);

  /// All that may be written to this link now, in the order in which it was pushed.
  std::vector<transport::OutgoingMessage> take(std::uint8_t link);

  /// The server has all reliable messages up to `received`. False: it was never sent so much.
  [[nodiscard]] bool acknowledge(std::uint32_t received) {
    return received <= sent_ && reliable_.acknowledge(received);
  }
  /// A new connection of the whole session, link 0 and the only one, to a server that has `received`: what came after
  /// it goes out again. False: that is more than it was sent, or less than it has said before.
  [[nodiscard]] bool resume_from(std::uint32_t received);
  /// The server has begun a new epoch of the session: all that it has not acknowledged goes out again over the next
  /// connection, numbered from 1.
  void begin_epoch();
  /// A new link beside or in place of another. The server may have said more over the other meanwhile.
  [[nodiscard]] bool open(std::uint8_t link, std::uint32_t received);
  void close(std::uint8_t link) { queues_[link] = {}; }

  /// Of the messages of actions that were taken, over either link, since this was last asked.
  std::uint64_t take_action_bytes() { return std::exchange(action_bytes_, 0); }

  std::size_t reliable_size() const { return reliable_.size(); }
  std::size_t reliable_bytes() const { return reliable_.bytes(); }

 private:
  static constexpr std::size_t kLooseMax = limits::kInboxActionsMax;

  struct Action {
    explicit Action(const protocol::ActionView& from) : body(from.body.begin(), from.body.end()), view(from) {
      view.body = body;
    }
    Action(const Action&) = delete;
    Action& operator=(const Action&) = delete;

    const Bytes body;
    protocol::ActionView view;  // of it
  };
  struct Loose {
    std::uint32_t after = 0;  // the reliable message that was pushed before it
    SharedBytes message{};
    std::shared_ptr<const Action> action{};  // in place of a message
  };
  struct LinkQueue {
    bool is_open = false;
    std::uint32_t written = 0;  // newest reliable one handed to this link
    std::deque<Loose> loose;
    bool may_wait = false;  // all that it has is an action that the other link carries at once
    protocol::ActionPacker packer{};
  };

  void push_within(LinkQueue& queue, Loose loose) const;
  transport::OutgoingMessage frame(LinkQueue& queue, Loose loose);

  protocol::ReliableSender reliable_;
  std::uint32_t sent_ = 0;  // newest handed to any link
  std::array<LinkQueue, 2> queues_;
  std::uint8_t turn_ = 0;
  std::uint64_t action_bytes_ = 0;
};

}  // namespace netcode::client
