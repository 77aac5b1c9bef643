#include "replication/entity_budget.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace netcode {
namespace {

/// A snapshot counts so much in the average, which it at most doubles or halves: a burst of slow state is no rule.
constexpr double kNewShare = 0.25;
constexpr double kBytesPerWeightMin = 0.01;

// An entity's bits are those of the lanes that changed, and something for itself.
double weight_of(std::size_t lanes) { return 1 + static_cast<double>(lanes); }

std::size_t changed_lanes(const LaneGroup& group, const std::int64_t* before, const std::int64_t* now) {
  std::size_t changed = 0;
  for (std::size_t lane = 0; lane < group.public_lanes; ++lane) changed += before[lane] != now[lane] ? 1U : 0U;
  return changed;
}

}  // namespace

LaneWorldPtr EntityBudget::choose(const LaneLayout& layout, const LaneWorld& handed, const LaneWorldPtr& now,
                                  PlayerId viewer, double bytes) {
  std::vector<Waiting> waiting = waiting_of(layout, handed, *now, viewer);
  std::stable_sort(waiting.begin(), waiting.end(),
                   [](const Waiting& a, const Waiting& b) { return a.gathered > b.gathered; });
  std::size_t taken = 0;
  for (; taken < waiting.size(); ++taken) {
    const double weight = weight_ + waiting[taken].weight;
    if (taken > 0 && weight * bytes_per_weight_ > bytes) break;
    weight_ = weight;
  }
  waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(taken));
  LaneWorldPtr chosen = now;
  if (!waiting.empty()) {
    auto held_back = std::make_shared<LaneWorld>(*now);
    for (const Waiting& held : waiting) {
      const std::size_t lanes = layout.groups()[held.group].lanes.size();
      std::copy_n(handed.groups[held.group].values.data() + held.before * lanes, lanes,
                  held_back->groups[held.group].values.data() + held.now * lanes);
    }
    chosen = std::move(held_back);
  }
  remember(std::move(waiting), *now);
  return chosen;
}

// In the order of groups and keys. What goes in any case is weighed, and not among them.
std::vector<EntityBudget::Waiting> EntityBudget::waiting_of(const LaneLayout& layout, const LaneWorld& handed,
                                                            const LaneWorld& now, PlayerId viewer) {
  std::vector<Waiting> waiting;
  weight_ = 0;
  gathered_.resize(layout.groups().size());
  for (std::size_t i = 0; i < layout.groups().size(); ++i) {
    const LaneGroup& group = layout.groups()[i];
    const GroupLanes& old = handed.groups[i];
    const GroupLanes& current = now.groups[i];
    std::size_t before = 0;
    auto known = gathered_[i].cbegin();
    for (std::size_t place = 0; place < current.keys.size(); ++place) {
      const std::uint32_t key = current.keys[place];
      while (before < old.keys.size() && old.keys[before] < key) ++before;
      if (before == old.keys.size() || old.keys[before] != key) {
        weight_ += weight_of(group.public_lanes);
        continue;
      }
      const std::int64_t* was = old.values.data() + before * group.lanes.size();
      const std::int64_t* is = current.values.data() + place * group.lanes.size();
      const std::size_t changed = changed_lanes(group, was, is);
      if (changed == 0) continue;
      if (is_owned(group, key, is, viewer) || is_owned(group, key, was, viewer)) {
        weight_ += weight_of(changed);
        continue;
      }
      while (known != gathered_[i].cend() && known->key < key) ++known;
      const std::uint64_t gathered = known != gathered_[i].cend() && known->key == key ? known->priority : 0;
      waiting.push_back({.group = i,
                         .before = before,
                         .now = place,
                         .gathered = gathered + group.priority,
                         .weight = weight_of(changed)});
    }
  }
  return waiting;
}

void EntityBudget::remember(std::vector<Waiting> held, const LaneWorld& now) {
  held_ = held.size();
  for (auto& group : gathered_) group.clear();
  std::sort(held.begin(), held.end(),
            [](const Waiting& a, const Waiting& b) { return std::tie(a.group, a.now) < std::tie(b.group, b.now); });
  for (const Waiting& one : held)
    gathered_[one.group].push_back({.key = now.groups[one.group].keys[one.now], .priority = one.gathered});
}

void EntityBudget::note(double bytes) {
  if (weight_ <= 0) return;
  const double measured = std::max(bytes, 0.0) / weight_;
  const double average = (1 - kNewShare) * bytes_per_weight_ + kNewShare * measured;
  bytes_per_weight_ = std::max(std::clamp(average, bytes_per_weight_ / 2, bytes_per_weight_ * 2), kBytesPerWeightMin);
  weight_ = 0;
}

void EntityBudget::forget_waiting() {
  gathered_.clear();
  held_ = 0;
  weight_ = 0;
}

}  // namespace netcode
