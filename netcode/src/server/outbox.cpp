#include "server/outbox.hpp"

#include <algorithm>

#include "engine/core/assert.hpp"

namespace netcode {
namespace {

/// For so many events a session keeps room while none waits, which is most of the time.
constexpr std::size_t kPlacesMin = 2;

}  // namespace

Outbox::Bounds Outbox::Bounds::over(std::chrono::milliseconds away, std::size_t event_bytes_max) {
  // Until it is taken for dead a client may be gone already.
  const auto seconds = static_cast<std::size_t>((limits::kSilenceMax + away).count() / 1000);
  const std::size_t speech = limits::kFanOutBurstBytesMax + limits::kFanOutBytesPerSecondMax * seconds;
  const std::size_t game = limits::kOutboxBytesMax + limits::kGameEventBytesPerSecond * seconds;
  const std::size_t bytes = std::max(std::min(speech + game, limits::kEventsKeptBytesMax), 2 * event_bytes_max);
  return {.bytes = bytes, .speech_bytes = bytes - std::min(game, bytes / 2)};
}

Outbox::~Outbox() { totals_->remove(kept_.size() * kPlaceBytes); }

Outbox::Push Outbox::push(OutgoingEvent event, Cause cause, const Client& client) {
  const std::size_t cost = event.event->cost();
  // While the server has no memory left for those that are away, each of them keeps its share.
  const bool is_short = client.is_away && totals_->is_full();
  const std::size_t bound = is_short ? limits::kEventsKeptShareBytes : bounds_.bytes;
  if (client.is_away) {
    if (cause == Cause::kOthers && bytes_ + cost > bounds_.speech_bytes) return Push::kMissed;
    while (!kept_.empty() && bytes_ + cost > bound) forget_oldest();
  } else {
    const std::size_t waiting = bytes_ - written_bytes(client.written);
    if (client.is_stalled && waiting > 0 && waiting + cost > limits::kOutboxBytesMax)
      return cause == Cause::kOthers ? Push::kMissed : Push::kFull;
    while (written_bytes(client.written) > 0 &&
           (counted_bytes_ + cost > limits::kOutboxBytesMax || bytes_ + cost > bound))
      forget_oldest();
    if (cause == Cause::kOthers && bytes_ + cost > bounds_.speech_bytes) return Push::kMissed;
    if (bytes_ + cost > bound) return Push::kFull;
  }
  if (kept_.full()) kept_.set_capacity(std::max(kPlacesMin, 2 * kept_.capacity()));
  kept_.push_back(std::move(event));
  bytes_ += cost;
  totals_->add(kPlaceBytes);
  return Push::kKept;
}

void Outbox::drop_oldest() {
  const std::size_t cost = kept_.front().event->cost();
  kept_.pop_front();
  if (kept_.empty() && kept_.capacity() > kPlacesMin) kept_.set_capacity(0);
  totals_->remove(kPlaceBytes);
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
  const auto cost_of = [this](std::uint32_t sequence) { return kept_[sequence - acknowledged_ - 1].event->cost(); };
  while (counted_ < written) counted_bytes_ += cost_of(++counted_);
  while (counted_ > written) counted_bytes_ -= cost_of(counted_--);
  return counted_bytes_;
}

bool Outbox::acknowledge(std::uint32_t received) {
  if (received > sent_) return false;
  while (acknowledged_ < received) drop_oldest();
  if (received >= forgotten_) forgotten_ = 0;  // it has what comes after, and was told what it missed
  return true;
}

void Outbox::hold(const IntervalPtr& interval, std::uint32_t received) {
  if (!interval || interval->is_released()) return;
  if (!holds_.empty() && holds_.back().interval == interval) return;
  holds_.push_back({.interval = interval, .after = last_sequence(), .received = received});
}

std::uint32_t Outbox::releasable() {
  const auto held =
      std::find_if(holds_.begin(), holds_.end(), [](const Hold& h) { return !h.interval->is_released(); });
  holds_.erase(holds_.begin(), held);
  return holds_.empty() ? last_sequence() : holds_.front().after;
}

std::uint32_t Outbox::tellable(std::uint32_t received) { return is_held() ? holds_.front().received : received; }

bool Outbox::is_held() {
  releasable();
  return !holds_.empty();
}

bool LinkOutbox::set_frame(FrameView frame) { return std::exchange(frame_, std::move(frame)).frame != nullptr; }

void LinkOutbox::push_volatile(SharedEventPtr event, IntervalPtr interval) {
  if (volatile_bytes_ + event->size() > limits::kVolatileBytesMax && !volatile_.empty()) return;
  volatile_bytes_ += event->size();
  volatile_.push_back({.after = events_.last_sequence(), .event = std::move(event), .interval = std::move(interval)});
}

bool LinkOutbox::may_take(const Volatile& event, std::uint32_t releasable) const {
  return event.after <= releasable && (!event.interval || event.interval->is_released());
}

bool LinkOutbox::has_work() const {
  const std::uint32_t carried = std::max(written_, events_.acknowledged());
  const std::uint32_t releasable = events_.releasable();
  return carried < releasable || (!volatile_.empty() && may_take(volatile_.front(), releasable)) || may_take_frame();
}

LinkOutbox::Batch LinkOutbox::take() {
  Batch batch;
  const std::uint32_t last = events_.releasable();
  std::size_t taken = 0;
  const auto take_volatile = [&](std::uint32_t before) {
    for (; taken < volatile_.size() && volatile_[taken].after < before && may_take(volatile_[taken], last); ++taken) {
      volatile_bytes_ -= volatile_[taken].event->size();
      batch.events.push_back({.event = std::move(volatile_[taken].event), .head = {}});
    }
  };
  for (std::uint32_t next = std::max(written_, events_.acknowledged()) + 1; next <= last; ++next) {
    take_volatile(next);
    const OutgoingEvent& kept = events_.kept_[next - events_.acknowledged() - 1];
    batch.events.push_back({.event = kept.event, .head = {.sequence = next, .ack = kept.ack}});
  }
  take_volatile(last + 1);
  volatile_.erase(volatile_.begin(), volatile_.begin() + static_cast<std::ptrdiff_t>(taken));
  written_ = std::max(written_, last);
  events_.sent_ = std::max(events_.sent_, written_);
  if (may_take_frame()) {
    batch.frame = std::exchange(frame_, {});
    in_flight_.push_back(batch.frame.frame->tick());
  }
  return batch;
}

std::vector<LinkOutbox::Batch::Event> LinkOutbox::written_after(std::uint32_t sequence) const {
  std::vector<Batch::Event> written;
  for (std::uint32_t next = std::max(sequence, events_.acknowledged()) + 1; next <= written_; ++next) {
    const OutgoingEvent& kept = events_.kept_[next - events_.acknowledged() - 1];
    written.push_back({.event = kept.event, .head = {.sequence = next, .ack = kept.ack}});
  }
  return written;
}

void LinkOutbox::acknowledge_snapshot(Tick tick) {
  if (in_flight_.empty() || in_flight_.front() > tick) return;
  in_flight_.erase(in_flight_.begin(), std::upper_bound(in_flight_.begin(), in_flight_.end(), tick));
  flights_[next_flight_] = static_cast<std::uint8_t>(std::min<std::size_t>(in_flight_.size(), UINT8_MAX));
  next_flight_ = (next_flight_ + 1) % kFlightsKept;
}

std::size_t LinkOutbox::in_flight_max() const {
  const std::size_t length = *std::min_element(flights_.begin(), flights_.end());
  return std::min(length + limits::kSnapshotsUnacknowledgedMax, limits::kSnapshotsInFlightMax);
}

}  // namespace netcode
