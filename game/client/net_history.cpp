#include "game/client/net_history.hpp"

#include <algorithm>
#include <cmath>

namespace game::client {
namespace {

/// Steps that a rate is taken over: of fewer, 30 snapshots a second would show as a comb.
constexpr std::size_t kRateSteps = 5;

float ms(engine::Duration time) { return std::chrono::duration<float, std::milli>(time).count(); }

float worse(NetMeasure measure, float a, float b) {
  switch (measure) {
    case NetMeasure::kSlack:
    case NetMeasure::kLinks:
      return std::min(a, b);
    case NetMeasure::kSlew:
      return std::abs(a) > std::abs(b) ? a : b;
    default:
      return std::max(a, b);
  }
}

}  // namespace

NetFacts net_facts(double now_s, const netcode::NetworkInfo& network, const netcode::ClientStats& stats,
                   const std::optional<netcode::SnapshotInfo>& snapshot, bool is_new, const Motion& motion) {
  NetFacts facts{.now_s = now_s};
  const auto set = [&facts](NetMeasure measure, float value) {
    facts.measures[static_cast<std::size_t>(measure)] = value;
  };
  set(NetMeasure::kRoundTrip, ms(network.rtt));
  set(NetMeasure::kJitter, ms(network.jitter));
  set(NetMeasure::kSlack, ms(network.slack));
  set(NetMeasure::kSlew, static_cast<float>(network.slew * 100));
  set(NetMeasure::kDelay, static_cast<float>(motion.timeline().delay_s() * 1'000));
  if (snapshot) {
    const double arrived_s = std::chrono::duration<double>(snapshot->arrived.time_since_epoch()).count();
    set(NetMeasure::kSnapshotAge, static_cast<float>(std::max(0.0, now_s - arrived_s) * 1'000));
    set(NetMeasure::kSnapshotBytes, static_cast<float>(snapshot->message_bytes));
  }
  if (is_new) set(NetMeasure::kCorrection, motion.own().last_correction());
  set(NetMeasure::kLinks, static_cast<float>(stats.links));
  facts.bytes = {stats.snapshot_bytes, stats.event_bytes,      stats.other_bytes,
                 stats.action_bytes,   stats.sent_event_bytes, stats.sent_other_bytes};
  return facts;
}

bool NetHistory::went_back(const NetFacts& facts, std::int64_t number) const {
  if (steps_.empty()) return false;
  if (number < steps_.back().number) return true;
  for (std::size_t i = 0; i < kNetTraffics; ++i)
    if (facts.bytes[i] < steps_.back().bytes[i]) return true;
  return false;
}

void NetHistory::add(const NetFacts& facts) {
  const auto number = static_cast<std::int64_t>(std::floor(facts.now_s / kStepSeconds));
  if (went_back(facts, number)) clear();
  now_ = facts.measures;
  if (!steps_.empty() && steps_.back().number == number) {
    Step& step = steps_.back();
    step.bytes = facts.bytes;
    for (std::size_t i = 0; i < kNetMeasures; ++i)
      step.measures[i] = worse(static_cast<NetMeasure>(i), step.measures[i], facts.measures[i]);
    return;
  }
  // Steps without a frame were as the one before them.
  if (!steps_.empty() && number - steps_.back().number > static_cast<std::int64_t>(kStepsMax)) clear();
  while (!steps_.empty() && steps_.back().number + 1 < number) {
    Step missed = steps_.back();
    ++missed.number;
    steps_.push_back(missed);
  }
  steps_.push_back({.number = number, .measures = facts.measures, .bytes = facts.bytes});
  while (steps_.size() > kStepsMax) steps_.pop_front();
}

std::vector<float> NetHistory::of(NetMeasure measure) const {
  std::vector<float> values;
  values.reserve(steps_.size());
  for (const Step& step : steps_) values.push_back(step.measures[static_cast<std::size_t>(measure)]);
  return values;
}

std::vector<float> NetHistory::of(NetTraffic traffic) const {
  const auto which = static_cast<std::size_t>(traffic);
  std::vector<float> values;
  values.reserve(steps_.size());
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const std::size_t span = std::min(i, kRateSteps);
    const auto bytes = static_cast<double>(steps_[i].bytes[which] - steps_[i - span].bytes[which]);
    values.push_back(span == 0 ? 0 : static_cast<float>(bytes / 1'000 / (static_cast<double>(span) * kStepSeconds)));
  }
  return values;
}

}  // namespace game::client
