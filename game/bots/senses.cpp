#include "game/bots/senses.hpp"

namespace game::bots {
namespace {

sim::Vec carried(sim::Vec position, sim::Vec velocity, std::uint32_t ticks) {
  const auto n = static_cast<std::int32_t>(ticks);
  return position + sim::Vec{velocity.x * n, velocity.y * n};
}

}  // namespace

const Senses::Picture* Senses::picture_at(std::uint32_t tick) const {
  for (std::size_t i = 0; i < kPictures; ++i) {
    const Picture& picture = pictures_[(newest_ + kPictures - i) % kPictures];
    if (picture.tick == 0) return nullptr;
    if (picture.tick <= tick) return &picture;
  }
  return nullptr;
}

void Senses::notice(const sim::PlayerView& view, sim::PlayerId self, std::uint32_t tick) {
  if (view.tick != pictures_[newest_].tick) {
    newest_ = (newest_ + 1) % kPictures;
    Picture& picture = pictures_[newest_];
    picture.tick = view.tick;
    picture.ships.clear();
    for (const sim::Ship& ship : view.ships) {
      if (ship.id != self && ship.alive && !view.are_mates(ship.id, self)) picture.ships.push_back(ship);
    }
    picture.shots.clear();
    for (const sim::Shot& shot : view.shots) {
      if (shot.owner != self && !view.are_mates(shot.owner, self)) picture.shots.push_back(shot);
    }
  }
  enemies_.clear();
  shots_.clear();
  const Picture* picture = picture_at(tick > reaction_ticks_ ? tick - reaction_ticks_ : 0);
  if (picture == nullptr) return;
  const std::uint32_t age = tick - picture->tick;
  for (const sim::Ship& ship : picture->ships) {
    enemies_.push_back({ship.id, carried(ship.position, ship.velocity, age), ship.velocity, ship.health,
                        sim::is_shielded(ship, tick), picture->tick});
  }
  for (const sim::Shot& shot : picture->shots) {
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
