// What the fields of the snapshots took in the last ten seconds, in the even steps of NetHistory: the dearest of them,
// for plots.
//
// Pure; it is told the time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "netcode/field_cost.hpp"

namespace game::client {

class FieldHistory {
 public:
  struct Line {
    std::string name;
    std::vector<float> bits;  // of a snapshot, the oldest step first
  };

  /// Once a frame, with what a client tells. Nothing, other fields or a time that went back: it begins anew.
  void add(double now_s, const netcode::FieldCosts& costs);
  /// At most so many that have taken anything: the most in all of these steps first, so that lines do not change places
  /// from one moment to the next.
  std::vector<Line> dearest(std::size_t count) const;

 private:
  struct Step {
    std::int64_t number = 0;
    std::vector<float> bits;  // by names_
  };
  bool are_of(const netcode::FieldCosts& costs) const;

  std::vector<std::string> names_;
  std::deque<Step> steps_;
};

}  // namespace game::client
