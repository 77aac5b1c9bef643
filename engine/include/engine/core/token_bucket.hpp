// A token bucket: so much a second, and so much at once after a pause.
//
// Pure: the time is given. Threading: its owner's.
#pragma once

#include <algorithm>
#include <chrono>

#include "engine/core/clock.hpp"

namespace engine {

class TokenBucket {
 public:
  /// Full at first.
  TokenBucket(double per_second, double burst, TimePoint now)
      : per_second_(per_second), burst_(burst), tokens_(burst), at_(now) {}

  /// False, and nothing is taken, if there is less than that.
  [[nodiscard]] bool take(double tokens, TimePoint now) {
    refill(now);
    if (tokens_ < tokens) return false;
    tokens_ -= tokens;
    return true;
  }
  /// Takes it in any case, into debt if there is less, but no deeper than `debt_max`.
  void spend(double tokens, double debt_max, TimePoint now) {
    refill(now);
    tokens_ = std::max(tokens_ - tokens, std::min(tokens_, -debt_max));
  }
  /// What was taken and should not have been.
  void give_back(double tokens) { tokens_ = std::min(burst_, tokens_ + tokens); }
  bool is_in_debt() const { return tokens_ < 0; }

 private:
  void refill(TimePoint now) {
    tokens_ = std::min(burst_, tokens_ + std::chrono::duration<double>(now - at_).count() * per_second_);
    at_ = now;
  }

  double per_second_;
  double burst_;
  double tokens_;
  TimePoint at_;
};

}  // namespace engine
