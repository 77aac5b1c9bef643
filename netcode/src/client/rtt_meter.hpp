// Round trips, the newest and the usual one. Pure; plain value.
//
// Source: RFC 6298, 2: SRTT and RTTVAR with gains of 1/8 and 1/4.
#pragma once

#include <chrono>

#include "engine/core/clock.hpp"

namespace netcode::client {

class RttMeter {
 public:
  void add(engine::Duration rtt) {
    // Slack is told in whole milliseconds: on the fastest links what is left may round to less than nothing.
    newest_ = std::max(rtt, engine::Duration::zero());
    if (!has_any_) {
      smooth_ = newest_;
      variation_ = newest_ / 2;
      has_any_ = true;
      return;
    }
    variation_ += (std::chrono::abs(newest_ - smooth_) - variation_) / 4;
    smooth_ += (newest_ - smooth_) / 8;
  }

  engine::Duration newest() const { return newest_; }
  engine::Duration smooth() const { return smooth_; }
  engine::Duration variation() const { return variation_; }

 private:
  bool has_any_ = false;
  engine::Duration newest_{};
  engine::Duration smooth_{};
  engine::Duration variation_{};
};

}  // namespace netcode::client
