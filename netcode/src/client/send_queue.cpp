#include "client/send_queue.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace netcode::client {

void SendQueue::push_within(LinkQueue& queue, Loose loose) const {
  if (queue.loose.size() == kLooseMax) queue.loose.pop_front();
  loose.after = reliable_.last_sequence();
  queue.loose.push_back(std::move(loose));
  queue.may_wait = false;
}

void SendQueue::push_action(const protocol::ActionView& action) {
  const bool takes_turns = queues_[0].is_open && queues_[1].is_open;
  turn_ ^= 1U;
  const auto kept = std::make_shared<const Action>(action);
  for (LinkQueue& queue : queues_)
    if (queue.is_open) push_within(queue, {.action = kept});
  LinkQueue& other = queues_[turn_ ^ 1U];
  other.may_wait = takes_turns && other.loose.size() == 1;
}

void SendQueue::push_loose(Bytes message) {
  const auto shared = std::make_shared<const Bytes>(std::move(message));
  for (LinkQueue& queue : queues_)
    if (queue.is_open) push_within(queue, {.message = shared});
}

void SendQueue::push_loose_over(std::uint8_t link, Bytes message) {
  LinkQueue& queue = queues_[link];
  if (!queue.is_open) return;
  push_within(queue, {.message = std::make_shared<const Bytes>(std::move(message))});
}

transport::OutgoingMessage SendQueue::frame(LinkQueue& queue, Loose loose) {
  if (!loose.action) return {.body = std::move(loose.message)};
  Bytes packed = queue.packer.pack(loose.action->view);
  action_bytes_ += packed.size();
  return {.head = std::move(packed)};
}

std::vector<transport::OutgoingMessage> SendQueue::take(std::uint8_t link) {
  LinkQueue& queue = queues_[link];
  std::vector<transport::OutgoingMessage> frames;
  if (queue.may_wait && queue.written == reliable_.last_sequence()) return frames;
  const auto push_loose_before = [&](std::uint32_t sequence) {
    for (; !queue.loose.empty() && queue.loose.front().after < sequence; queue.loose.pop_front())
      frames.push_back(frame(queue, std::move(queue.loose.front())));
  };
  std::uint32_t next = std::max(queue.written, reliable_.acknowledged()) + 1;
  reliable_.for_each_after(queue.written, [&](const SharedBytes& message) {
    push_loose_before(next++);
    frames.push_back({.body = message});
  });
  queue.written = reliable_.last_sequence();
  sent_ = std::max(sent_, queue.written);
  push_loose_before(queue.written + 1);
  queue.may_wait = false;
  return frames;
}

bool SendQueue::resume_from(std::uint32_t received) {
  if (received < reliable_.acknowledged()) return false;
  close(1);
  return open(0, received);
}

void SendQueue::begin_epoch() {
  reliable_.renumber();
  sent_ = 0;
  queues_ = {};
}

bool SendQueue::open(std::uint8_t link, std::uint32_t received) {
  if (received > sent_ || !reliable_.acknowledge(received)) return false;
  queues_[link] = {.is_open = true, .written = reliable_.acknowledged(), .loose = {}};
  return true;
}

}  // namespace netcode::client
