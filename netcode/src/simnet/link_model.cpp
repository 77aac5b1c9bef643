#include "simnet/link_model.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace netcode::transport {

namespace {

using engine::Duration;
using engine::TimePoint;
using std::chrono::milliseconds;

/// What Ethernet leaves for a segment's payload (1500 less IP's, TCP's and the timestamp option's heads).
constexpr std::size_t kSegmentBytes = 1448;
constexpr std::size_t kFastRetransmitSegments = 4;
constexpr Duration kSynTimeout = std::chrono::seconds(1);
/// RFC 6298, 2.5: an upper bound may be placed, of at least a minute.
constexpr Duration kTimeoutMax = std::chrono::seconds(60);

}  // namespace

LinkModel::LinkModel(std::shared_ptr<NetworkConditions> conditions)
    : conditions_(std::move(conditions)), rng_(conditions_->next_seed()) {}

double LinkModel::uniform() { return rng_.next() / 4294967296.0; }

Duration LinkModel::transit() {
  const NetworkProfile& profile = conditions_->profile();
  if (profile.jitter.count() == 0) return half_rtt();
  // Box and Muller's transform.
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));
  const double normal = std::abs(radius * std::cos(2 * std::numbers::pi * uniform()));
  const double jitter_ns = normal * static_cast<double>(Duration(profile.jitter).count()) / 2;
  return half_rtt() + Duration(static_cast<Duration::rep>(jitter_ns));
}

bool LinkModel::is_lost(TimePoint sent) {
  const double loss = conditions_->profile().loss;
  return conditions_->loses_all(sent) || (loss > 0 && uniform() < loss);
}

TimePoint LinkModel::segment_arrival(TimePoint now, std::size_t bytes) {
  const NetworkProfile& profile = conditions_->profile();
  const Duration rtt = profile.rtt;
  TimePoint sent = now;
  if (profile.bytes_per_s != 0) {
    const double seconds = static_cast<double>(bytes) / static_cast<double>(profile.bytes_per_s);
    sent = std::max(now, line_is_free_at_) + Duration(static_cast<Duration::rep>(seconds * 1e9));
    line_is_free_at_ = sent;
  }
  while (!acknowledged_at_.empty() && acknowledged_at_.front() <= sent) acknowledged_at_.pop_front();
  const bool tells_of_loss = acknowledged_at_.size() + 1 >= kFastRetransmitSegments && !conditions_->loses_all(sent);
  Duration wait = tells_of_loss ? rtt + std::max(rtt / 4, Duration(milliseconds(10)))
                                : std::max(2 * rtt, Duration(milliseconds(200)));
  const bool is_in_outage = conditions_->loses_all(sent);
  if (is_in_outage && sent < through_again_at_) sent = through_again_at_;
  while (is_lost(sent)) {
    sent += wait;
    wait = std::min(wait * 2, kTimeoutMax);
  }
  if (is_in_outage) through_again_at_ = std::max(through_again_at_, sent);
  if (const auto until = conditions_->stalled_until(sent)) sent = *until;
  last_arrival_ = std::max(last_arrival_, sent + transit());
  acknowledged_at_.push_back(last_arrival_ + half_rtt());
  return last_arrival_;
}

TimePoint LinkModel::arrival(TimePoint now, std::size_t bytes) {
  for (; bytes > kSegmentBytes; bytes -= kSegmentBytes) segment_arrival(now, kSegmentBytes);
  return segment_arrival(now, bytes);
}

TimePoint LinkModel::syn_arrival(TimePoint now) {
  Duration wait = kSynTimeout;
  while (is_lost(now)) {
    now += wait;
    wait = std::min(wait * 2, kTimeoutMax);
  }
  if (const auto until = conditions_->stalled_until(now)) now = *until;
  return now + transit();
}

}  // namespace netcode::transport
