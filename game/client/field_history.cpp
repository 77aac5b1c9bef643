#include "game/client/field_history.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "game/client/net_history.hpp"

namespace game::client {

bool FieldHistory::are_of(const netcode::FieldCosts& costs) const {
  return std::equal(names_.begin(), names_.end(), costs.begin(), costs.end(),
                    [](const std::string& name, const netcode::FieldCost& cost) { return name == cost.name; });
}

void FieldHistory::add(double now_s, const netcode::FieldCosts& costs) {
  const auto number = static_cast<std::int64_t>(std::floor(now_s / NetHistory::kStepSeconds));
  constexpr auto kStepsMax = static_cast<std::int64_t>(NetHistory::kStepsMax);
  if (!are_of(costs)) {
    steps_.clear();
    names_.clear();
    for (const netcode::FieldCost& cost : costs) names_.push_back(cost.name);
  }
  if (costs.empty()) return;
  if (!steps_.empty() && (number < steps_.back().number || number - steps_.back().number > kStepsMax)) steps_.clear();
  Step step{.number = number, .bits = {}};
  step.bits.reserve(costs.size());
  for (const netcode::FieldCost& cost : costs) step.bits.push_back(static_cast<float>(cost.bits));
  if (!steps_.empty() && steps_.back().number == number) steps_.pop_back();
  // Steps without a frame were as the one before them.
  while (!steps_.empty() && steps_.back().number + 1 < number) {
    Step missed = steps_.back();
    ++missed.number;
    steps_.push_back(std::move(missed));
  }
  steps_.push_back(std::move(step));
  while (steps_.size() > NetHistory::kStepsMax) steps_.pop_front();
}

std::vector<FieldHistory::Line> FieldHistory::dearest(std::size_t count) const {
  std::vector<float> sums(names_.size());
  for (const Step& step : steps_)
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += step.bits[i];
  std::vector<std::size_t> order(names_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return sums[a] > sums[b]; });
  std::vector<Line> lines;
  for (const std::size_t field : order) {
    if (lines.size() == count || sums[field] <= 0) break;
    Line line{.name = names_[field], .bits = {}};
    line.bits.reserve(steps_.size());
    for (const Step& step : steps_) line.bits.push_back(step.bits[field]);
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace game::client
