#include "server/outbox.hpp"

#include <algorithm>

#include "engine/core/assert.hpp"

namespace netcode {

Outbox::Bounds Outbox::Bounds::over(std::chrono::milliseconds away) {
  // Until it is taken for dead a client may be gone already.
  const auto seconds = static_cast<std::size_t>((limits::kSilenceMax + away).count() / 1000);
  const std::size_t speech = limits::kFanOutBurstBytesMax + limits::kFanOutBytesPerSecondMax * seconds;
  const std::size_t game = limits::kOutboxBytesMax + limits::kGameEventBytesPerSecond * seconds;
  const std::size_t bytes = std::min(speech + game, limits::kEventsKeptBytesMax);
  return {.bytes = bytes, .speech_bytes = bytes - std::min(game, bytes / 2)};
}

Outbox::~Outbox() { memory_->remove(kept_.size() * kPlaceBytes); }

Outbox::Push Outbox::push(SharedEventPtr event, Cause cause, const Client& client) {
  const std::size_t cost = event->cost();
  // While the server has no memory left for those that are away, each of them keeps its share.
  const bool is_short = client.is_away && memory_->is_full();
  const std::size_t bound = is_short ? limits::kEventsKeptShareBytes : bounds_.bytes;
  if (client.is_away) {
    if (cause == Cause::kOthers && bytes_ + cost > bounds_.speech_bytes) return Push::kMissed;
    while (!kept_.empty() && bytes_ + cost > bound) forget_oldest();
  } else {
    while (written_bytes(client.written) > 0 &&
           (counted_bytes_ + cost > limits::kOutboxBytesMax || bytes_ + cost > bound))
      forget_oldest();
    if (cause == Cause::kOthers && bytes_ + cost > bounds_.speech_bytes) return Push::kMissed;
    if (bytes_ + cost > bound) return Push::kFull;
  }
  kept_.push_back(std::move(event));
  bytes_ += cost;
  memory_->add(kPlaceBytes);
  return Push::kKept;
}

void Outbox::drop_oldest() {
  const std::size_t cost = kept_.front()->cost();
  kept_.pop_front();
  memory_->remove(kPlaceBytes);
  bytes_ -= cost;
  ++acknowledged_;
  if (counted_ >= acknowledged_) {
    counted_bytes_ -= cost;
  } else {
    counted_ = acknowledged_;
  }
}

void Outbox::forget_oldest() {
  drop_oldest();
  forgotten_ = acknowledged_;
  sent_ = std::max(sent_, forgotten_);
}

std::size_t Outbox::written_bytes(std::uint32_t written) {
  written = std::clamp(written, acknowledged_, last_sequence());
  const auto cost_of = [this](std::uint32_t sequence) { return kept_[sequence - acknowledged_ - 1]->cost(); };
  while (counted_ < written) counted_bytes_ += cost_of(++counted_);
  while (counted_ > written) counted_bytes_ -= cost_of(counted_--);
  return counted_bytes_;
}

bool Outbox::acknowledge(std::uint32_t received) {
  if (received > sent_) return false;
  while (acknowledged_ < received) drop_oldest();
  return true;
}

void LinkOutbox::set_snapshot(Tick tick, SnapshotPtr snapshot) {
  snapshot_ = std::move(snapshot);
  snapshot_tick_ = tick;
}

void LinkOutbox::push_volatile(SharedEventPtr event) {
  if (volatile_bytes_ + event->size() > limits::kVolatileBytesMax && !volatile_.empty()) return;
  volatile_bytes_ += event->size();
  volatile_.push_back({.after = events_.last_sequence(), .event = std::move(event)});
}

bool LinkOutbox::has_work() const {
  const std::uint32_t carried = std::max(written_, events_.acknowledged());
  return carried < events_.last_sequence() || !volatile_.empty() || (snapshot_ && in_flight_.size() < in_flight_max());
}

LinkOutbox::Batch LinkOutbox::take() {
  Batch batch;
  const auto take_volatile = [&](std::uint32_t before) {
    for (; !volatile_.empty() && volatile_.front().after < before; volatile_.pop_front())
      batch.events.push_back(volatile_.front().event->frame(0));
  };
  const std::uint32_t last = events_.last_sequence();
  for (std::uint32_t next = std::max(written_, events_.acknowledged()) + 1; next <= last; ++next) {
    take_volatile(next);
    batch.events.push_back(events_.kept_[next - events_.acknowledged() - 1]->frame(next));
  }
  take_volatile(last + 1);
  volatile_bytes_ = 0;
  written_ = last;
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
