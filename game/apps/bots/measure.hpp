// What a swarm of clients measures of a server, from outside.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace game::apps {

/// Values kept whole, for exact percentiles. Bounded: past kValuesMax every value still counts towards the size, not
/// the rest.
class Samples {
 public:
  static constexpr std::size_t kValuesMax = 8'000'000;

  void add(double value) {
    if (values_.size() < kValuesMax) values_.push_back(static_cast<float>(value));
  }
  std::size_t size() const { return values_.size(); }
  /// `share` from 0 to 1; 0 if nothing was measured.
  double percentile(double share) {
    if (values_.empty()) return 0;
    const auto nth = static_cast<std::size_t>(share * static_cast<double>(values_.size() - 1));
    std::nth_element(values_.begin(), values_.begin() + static_cast<std::ptrdiff_t>(nth), values_.end());
    return static_cast<double>(values_[nth]);
  }

 private:
  std::vector<float> values_;
};

/// All clients together.
struct Measured {
  Samples gap_ms;                 // between snapshots, as they arrived
  Samples action_to_snapshot_ms;  // from an action sent to the first snapshot that has it in it
  double client_seconds = 0;      // spent in a match
};

}  // namespace game::apps
