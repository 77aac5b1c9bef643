#include "game/apps/scrim/frame_report.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <spdlog/fmt/fmt.h>

namespace game::apps {
namespace {

constexpr std::size_t kFramesMax = 1'000'000;

double ms(std::vector<double> times_s, double quantile) {
  if (times_s.empty()) return 0;
  const auto at = static_cast<std::size_t>(quantile * static_cast<double>(times_s.size() - 1));
  std::nth_element(times_s.begin(), times_s.begin() + static_cast<std::ptrdiff_t>(at), times_s.end());
  return times_s[at] * 1'000;
}

}  // namespace

void FrameReport::add_frame(double interval_s, double work_s) {
  if (intervals_s_.size() == kFramesMax) return;
  intervals_s_.push_back(interval_s);
  works_s_.push_back(work_s);
}

void FrameReport::add_picture(const client::Scene& scene, double now_s) {
  const auto before = std::exchange(flight_, std::nullopt);
  const client::SceneShip* own = scene.ship(scene.self);
  if (own == nullptr || !own->is_own) return;
  flight_ = Flight{.at = own->at, .velocity = own->velocity, .now_s = now_s};
  constexpr float kFast = 6.8F;  // units a tick: slower it gathers speed
  // A wall that the next tick meets shows before that tick, at whatever rate pictures are drawn: it is no uneven step.
  constexpr std::size_t kFramesBeforeWall = 12;
  if (!before || length(before->velocity) < kFast || length(own->velocity - before->velocity) > 0.05F)
    return new_steps_.clear();
  const double expected = static_cast<double>(length(own->velocity)) * (now_s - before->now_s) * 60;
  new_steps_.push_back(static_cast<double>(length(own->at - before->at)) / expected);
  if (new_steps_.size() <= kFramesBeforeWall) return;
  if (steps_.size() < kFramesMax) steps_.push_back(std::abs(new_steps_.front() - 1));
  new_steps_.pop_front();
}

std::string FrameReport::json(const std::string& renderer) const {
  double total_s = 0;
  for (const double one : intervals_s_) total_s += one;
  const auto frames = intervals_s_.size();
  return fmt::format(
      R"({{"renderer":"{}","frames":{},"frames_per_s":{:.2f},"interval_ms":{{"p50":{:.2f},"p95":{:.2f},"p99":{:.2f}}},)"
      R"("work_ms":{{"p50":{:.2f},"p95":{:.2f},"p99":{:.2f}}},)"
      R"("own_step":{{"frames":{},"off_percent_p50":{:.2f},"off_percent_max":{:.2f}}}}})",
      renderer, frames, total_s > 0 ? static_cast<double>(frames) / total_s : 0, ms(intervals_s_, 0.5),
      ms(intervals_s_, 0.95), ms(intervals_s_, 0.99), ms(works_s_, 0.5), ms(works_s_, 0.95), ms(works_s_, 0.99),
      steps_.size(), ms(steps_, 0.5) / 10, ms(steps_, 1) / 10);
}

}  // namespace game::apps
