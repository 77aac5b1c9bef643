#include "server/outbox.hpp"

#include <algorithm>

#include "engine/core/assert.hpp"

namespace netcode {

bool Outbox::push_reliable(Bytes message) {
  while (!reliable_.has_room(message.size()) && reliable_.acknowledged() < sent_) {
    forgotten_ = reliable_.acknowledged() + 1;
    ENGINE_ASSERT(reliable_.acknowledge(forgotten_));
  }
  return reliable_.push(std::move(message));
}

void Outbox::set_snapshot(Tick tick, SnapshotPtr snapshot) {
  snapshot_ = std::move(snapshot);
  snapshot_tick_ = tick;
}

bool Outbox::has_work() const {
  return sent_ < reliable_.last_sequence() || (snapshot_ && in_flight_.size() < limits::kSnapshotsUnacknowledgedMax);
}

Outbox::Batch Outbox::take() {
  Batch batch;
  reliable_.for_each_after(sent_, [&](const SharedBytes& message) {
    batch.events.push_back({.head = {}, .body = message, .body_offset = 0});
  });
  sent_ = reliable_.last_sequence();
  if (snapshot_ && in_flight_.size() < limits::kSnapshotsUnacknowledgedMax) {
    batch.snapshot = std::exchange(snapshot_, nullptr);
    batch.tick = snapshot_tick_;
    in_flight_.push_back(snapshot_tick_);
  }
  return batch;
}

bool Outbox::acknowledge(std::uint32_t received) {
  if (received > sent_) return false;
  return reliable_.acknowledge(received);
}

void Outbox::acknowledge_snapshot(Tick tick) {
  while (!in_flight_.empty() && in_flight_.front() <= tick) in_flight_.pop_front();
}

bool Outbox::resume_from(std::uint32_t received) {
  in_flight_.clear();
  snapshot_ = nullptr;
  if (received < forgotten_ || received > sent_ || !reliable_.acknowledge(received)) return false;
  sent_ = received;
  return true;
}

}  // namespace netcode
