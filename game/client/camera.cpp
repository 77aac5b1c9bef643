#include "game/client/camera.hpp"

#include <algorithm>
#include <cmath>

#include "game/sim/tuning.hpp"

namespace game::client {
namespace {

constexpr float kLeadShare = 0.25F;
constexpr float kLeadMax = 160;
/// The lead glides, two thirds of the way in this time, so that a flick of the hand is not one of the picture.
constexpr float kLeadSeconds = 0.12F;
constexpr float kShakeMax = 6;
constexpr float kTraumaDecay = 1.5F;  // a second

}  // namespace

Point Camera::lead_for(Point from_centre_to_pointer) {
  const Point lead = from_centre_to_pointer * kLeadShare;
  const float size = length(lead);
  return size > kLeadMax ? lead * (kLeadMax / size) : lead;
}

void Camera::follow(Point ship, Point lead, Point map_size, float dt_s) {
  lead_ += (lead - lead_) * (1 - std::exp(-dt_s / kLeadSeconds));
  const auto inside = [](float centre, float seen, float size) {
    const float margin = std::min(seen / 2 - units(sim::kViewOutside), size / 2);
    return std::clamp(centre, margin, size - margin);
  };
  const Point to = ship + lead_;
  centre_ = {inside(to.x, units(sim::kViewWidth), map_size.x), inside(to.y, units(sim::kViewHeight), map_size.y)};
  trauma_ = std::max(0.0F, trauma_ - kTraumaDecay * dt_s);
  time_s_ += static_cast<double>(dt_s);
}

void Camera::jump(Point to) {
  lead_ = {};
  centre_ = to;
}

void Camera::add_trauma(float amount) { trauma_ = std::min(1.0F, trauma_ + amount); }

float Camera::scale_for(int width, int height) {
  return std::min(static_cast<float>(width) / units(sim::kViewWidth),
                  static_cast<float>(height) / units(sim::kViewHeight));
}

engine::app::View Camera::view(int width, int height) const {
  // Two sines that never meet again: shaking without a pattern, the same for every frame rate.
  const float size = kShakeMax * trauma_ * trauma_ * shake_;
  const Point shake{size * static_cast<float>(std::sin(time_s_ * 61)),
                    size * static_cast<float>(std::sin(time_s_ * 73 + 1))};
  return {.centre = centre_ + shake, .scale = scale_for(width, height)};
}

}  // namespace game::client
