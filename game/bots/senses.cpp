#include "game/bots/senses.hpp"

namespace game::bots {
namespace {

sim::Vec carried(sim::Vec position, sim::Vec velocity, std::uint32_t ticks) {
  const auto n = static_cast<std::int32_t>(ticks);
  return position + sim::Vec{velocity.x * n, velocity.y * n};
}

}  // namespace

const Senses::Frame* Senses::frame_at(std::uint32_t tick) const {
  for (std::size_t i = 0; i < kFrames; ++i) {
    const Frame& frame = frames_[(newest_ + kFrames - i) % kFrames];
    if (frame.tick == 0) return nullptr;
    if (frame.tick <= tick) return &frame;
  }
  return nullptr;
}

void Senses::notice(const sim::PlayerView& view, sim::PlayerId self, std::uint32_t tick) {
  if (view.tick != frames_[newest_].tick) {
    newest_ = (newest_ + 1) % kFrames;
    Frame& frame = frames_[newest_];
    frame.tick = view.tick;
    frame.ships.clear();
    for (const sim::Ship& ship : view.ships) {
      if (ship.id != self && ship.alive && !view.are_mates(ship.id, self)) frame.ships.push_back(ship);
    }
    frame.shots.clear();
    for (const sim::Shot& shot : view.shots) {
      if (shot.owner != self && !view.are_mates(shot.owner, self)) frame.shots.push_back(shot);
    }
  }
  enemies_.clear();
  shots_.clear();
  const Frame* frame = frame_at(tick > reaction_ticks_ ? tick - reaction_ticks_ : 0);
  if (frame == nullptr) return;
  const std::uint32_t age = tick - frame->tick;
  for (const sim::Ship& ship : frame->ships) {
    enemies_.push_back({ship.id, carried(ship.position, ship.velocity, age), ship.velocity, ship.health,
                        sim::is_shielded(ship, tick), frame->tick});
  }
  for (const sim::Shot& shot : frame->shots) {
    if (tick > shot.end_tick) continue;
    shots_.push_back(shot);
    shots_.back().position = carried(shot.position, shot.velocity, age);
  }
  if (!enemies_.empty()) last_seen_ = enemies_.front();
}

const Sighting* Senses::remembered(std::uint32_t tick, std::uint32_t ticks) const {
  if (last_seen_.id == sim::kNobody || tick - last_seen_.seen_tick > ticks || !enemies_.empty()) return nullptr;
  return &last_seen_;
}

}  // namespace game::bots
