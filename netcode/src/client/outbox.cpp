#include "client/outbox.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace netcode::client {

void Outbox::push_within(Lane& lane, SharedBytes message) const {
  if (lane.loose.size() == kLooseMax) lane.loose.pop_front();
  lane.loose.push_back({.after = reliable_.last_sequence(), .message = std::move(message)});
  lane.may_wait = false;
}

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
    if (lane.is_open) push_within(lane, shared);
}

void Outbox::push_loose_over(std::uint8_t link, Bytes message) {
  Lane& lane = lanes_[link];
  if (!lane.is_open) return;
  push_within(lane, std::make_shared<const Bytes>(std::move(message)));
}

std::vector<transport::Frame> Outbox::take(std::uint8_t link) {
  Lane& lane = lanes_[link];
  std::vector<transport::Frame> frames;
  if (lane.may_wait && lane.written == reliable_.last_sequence()) return frames;
  const auto push = [&frames](SharedBytes message) {
    frames.push_back({.head = {}, .body = std::move(message), .body_offset = 0});
  };
  const auto push_loose_before = [&](std::uint32_t sequence) {
    for (; !lane.loose.empty() && lane.loose.front().after < sequence; lane.loose.pop_front())
      push(std::move(lane.loose.front().message));
  };
  std::uint32_t next = std::max(lane.written, reliable_.acknowledged()) + 1;
  reliable_.for_each_after(lane.written, [&](const SharedBytes& message) {
    push_loose_before(next++);
    push(message);
  });
  lane.written = reliable_.last_sequence();
  sent_ = std::max(sent_, lane.written);
  push_loose_before(lane.written + 1);
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
