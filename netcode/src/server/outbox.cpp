#include "server/outbox.hpp"

#include <algorithm>

#include "engine/core/assert.hpp"

namespace netcode {

bool Outbox::push_reliable(Bytes message, std::uint32_t written_by_all) {
  while (!reliable_.has_room(message.size()) && reliable_.acknowledged() < written_by_all) {
    forgotten_ = reliable_.acknowledged() + 1;
    ENGINE_ASSERT(reliable_.acknowledge(forgotten_));
  }
  return reliable_.push(std::move(message));
}

bool Outbox::acknowledge(std::uint32_t received) {
  if (received > sent_) return false;
  return reliable_.acknowledge(received);
}

void LinkOutbox::set_snapshot(Tick tick, SnapshotPtr snapshot) {
  snapshot_ = std::move(snapshot);
  snapshot_tick_ = tick;
}

bool LinkOutbox::has_work() const {
  const std::uint32_t carried = std::max(written_, events_.reliable_.acknowledged());
  return carried < events_.reliable_.last_sequence() || (snapshot_ && in_flight_.size() < in_flight_max());
}

LinkOutbox::Batch LinkOutbox::take() {
  Batch batch;
  events_.reliable_.for_each_after(written_, [&](const SharedBytes& message) {
    batch.events.push_back({.head = {}, .body = message, .body_offset = 0});
  });
  written_ = events_.reliable_.last_sequence();
  events_.sent_ = std::max(events_.sent_, written_);
  if (snapshot_ && in_flight_.size() < in_flight_max()) {
    batch.snapshot = std::exchange(snapshot_, nullptr);
    batch.tick = snapshot_tick_;
    in_flight_.push_back(snapshot_tick_);
  }
  return batch;
}

void LinkOutbox::acknowledge_snapshot(Tick tick) {
  if (in_flight_.empty() || in_flight_.front() > tick) return;
  while (!in_flight_.empty() && in_flight_.front() <= tick) in_flight_.pop_front();
  flights_[next_flight_] = static_cast<std::uint8_t>(std::min<std::size_t>(in_flight_.size(), UINT8_MAX));
  next_flight_ = (next_flight_ + 1) % kFlightsKept;
}

std::size_t LinkOutbox::in_flight_max() const {
  const std::size_t length = *std::min_element(flights_.begin(), flights_.end());
  return std::min(length + limits::kSnapshotsUnacknowledgedMax, limits::kSnapshotsInFlightMax);
}

}  // namespace netcode
