// How long frames took, and how evenly the own ship flew in them: for --report, so that "it runs at 60" is a figure.
// Plain value.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <spdlog/fmt/fmt.h>

namespace game::apps {

class FrameTimes {
 public:
  /// From one picture to the next, and what of it was work, in seconds.
  void add(double interval_s, double work_s) {
    if (intervals_s_.size() == kFramesMax) return;
    intervals_s_.push_back(interval_s);
    works_s_.push_back(work_s);
  }
  /// How far the own ship was drawn from where it was drawn before, of how far it flies in that time at its speed: 1 is
  /// even. Told of constant speed alone.
  void add_step(double of_expected) {
    if (steps_.size() < kFramesMax) steps_.push_back(std::abs(of_expected - 1));
  }
  std::string json(const std::string& renderer) const {
    double total_s = 0;
    for (const double one : intervals_s_) total_s += one;
    const auto frames = intervals_s_.size();
    return fmt::format(
        R"({{"renderer":"{}","frames":{},"frames_per_s":{:.2f},"interval_ms":{{"p50":{:.2f},"p95":{:.2f},"p99":{:.2f}}},"work_ms":{{"p50":{:.2f},"p95":{:.2f},"p99":{:.2f}}},"own_step":{{"frames":{},"off_percent_p50":{:.2f},"off_percent_max":{:.2f}}}}})",
        renderer, frames, total_s > 0 ? static_cast<double>(frames) / total_s : 0, ms(intervals_s_, 0.5),
        ms(intervals_s_, 0.95), ms(intervals_s_, 0.99), ms(works_s_, 0.5), ms(works_s_, 0.95), ms(works_s_, 0.99),
        steps_.size(), ms(steps_, 0.5) / 10, ms(steps_, 1) / 10);
  }

 private:
  static constexpr std::size_t kFramesMax = 1'000'000;
  static double ms(std::vector<double> times_s, double quantile) {
    if (times_s.empty()) return 0;
    const auto at = static_cast<std::size_t>(quantile * static_cast<double>(times_s.size() - 1));
    std::nth_element(times_s.begin(), times_s.begin() + static_cast<std::ptrdiff_t>(at), times_s.end());
    return times_s[at] * 1'000;
  }
  std::vector<double> intervals_s_;
  std::vector<double> works_s_;
  std::vector<double> steps_;
};

}  // namespace game::apps
