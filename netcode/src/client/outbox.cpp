#include "client/outbox.hpp"

#include <algorithm>
#include <utility>

namespace netcode::client {

void Outbox::push_loose(Bytes message) {
  if (loose_.size() == kLooseMax) loose_.pop_front();
  loose_.push_back(std::move(message));
}

std::vector<transport::Frame> Outbox::take() {
  std::vector<transport::Frame> frames;
  reliable_.for_each_after(written_, [&frames](const SharedBytes& message) {
    frames.push_back({.head = {}, .body = message, .body_offset = 0});
  });
  written_ = reliable_.last_sequence();
  sent_ = std::max(sent_, written_);
  for (Bytes& message : loose_) frames.push_back({.head = std::move(message), .body = nullptr, .body_offset = 0});
  loose_.clear();
  return frames;
}

bool Outbox::resume_from(std::uint32_t received) {
  if (received < reliable_.acknowledged() || !acknowledge(received)) return false;
  written_ = received;
  loose_.clear();
  return true;
}

}  // namespace netcode::client
