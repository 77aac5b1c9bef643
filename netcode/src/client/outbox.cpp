#include "client/outbox.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace netcode::client {

namespace {

void push_within(std::deque<SharedBytes>& queue, std::size_t bound, SharedBytes message) {
  if (queue.size() == bound) queue.pop_front();
  queue.push_back(std::move(message));
}

}  // namespace

void Outbox::push_action(Bytes message) {
  const bool takes_turns = lanes_[0].is_open && lanes_[1].is_open;
  turn_ ^= 1U;
  push_loose(std::move(message));
  Lane& other = lanes_[turn_ ^ 1U];
  other.may_wait = takes_turns && other.loose.size() == 1;
}

void Outbox::push_loose(Bytes message) {
  const auto shared = std::make_shared<const Bytes>(std::move(message));
  for (Lane& lane : lanes_)
    if (lane.is_open) {
      push_within(lane.loose, kLooseMax, shared);
      lane.may_wait = false;
    }
}

void Outbox::push_loose_over(std::uint8_t link, Bytes message) {
  Lane& lane = lanes_[link];
  if (!lane.is_open) return;
  push_within(lane.loose, kLooseMax, std::make_shared<const Bytes>(std::move(message)));
  lane.may_wait = false;
}

std::vector<transport::Frame> Outbox::take(std::uint8_t link) {
  Lane& lane = lanes_[link];
  std::vector<transport::Frame> frames;
  if (lane.may_wait && lane.written == reliable_.last_sequence()) return frames;
  reliable_.for_each_after(lane.written, [&frames](const SharedBytes& message) {
    frames.push_back({.head = {}, .body = message, .body_offset = 0});
  });
  lane.written = reliable_.last_sequence();
  sent_ = std::max(sent_, lane.written);
  for (SharedBytes& message : lane.loose) frames.push_back({.head = {}, .body = std::move(message), .body_offset = 0});
  lane.loose.clear();
  lane.may_wait = false;
  return frames;
}

bool Outbox::resume_from(std::uint32_t received) {
  if (received < reliable_.acknowledged()) return false;
  close(1);
  return open(0, received);
}

bool Outbox::open(std::uint8_t link, std::uint32_t received) {
  if (received > sent_ || !reliable_.acknowledge(received)) return false;
  lanes_[link] = {.is_open = true, .written = reliable_.acknowledged(), .loose = {}};
  return true;
}

}  // namespace netcode::client
