// What a bot has noticed: the world as it was a reaction time ago, carried forward to now by what everybody was doing
// then, and where it last saw whom.
//
// Owned by one bot; no threading of its own.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "game/sim/player_view.hpp"

namespace game::bots {

struct Sighting {
  sim::PlayerId id = sim::kNobody;
  sim::Vec position;  // where it should be by now
  sim::Vec velocity;
  std::int32_t health = 0;
  bool shielded = false;
  std::uint32_t seen_tick = 0;
};

class Senses {
 public:
  explicit Senses(std::uint32_t reaction_ticks) : reaction_ticks_(reaction_ticks) {}

  // Once per tick that it thinks, before anything is asked.
  void notice(const sim::PlayerView& view, sim::PlayerId self, std::uint32_t tick);

  // The living enemies in the picture it reacts to; mates are none.
  const std::vector<Sighting>& enemies() const { return enemies_; }
  // Foreign shots in that picture, where they are by now.
  const std::vector<sim::Shot>& shots() const { return shots_; }
  // The enemy it saw last, if that was less than `ticks` ago and it is not in the picture any more.
  const Sighting* remembered(std::uint32_t tick, std::uint32_t ticks) const;

 private:
  struct Picture {
    std::uint32_t tick = 0;
    std::vector<sim::Ship> ships;
    std::vector<sim::Shot> shots;
  };

  const Picture* picture_at(std::uint32_t tick) const;

  static constexpr std::size_t kPictures = 32;  // more than the slowest reaction

  std::uint32_t reaction_ticks_;
  std::array<Picture, kPictures> pictures_;
  std::size_t newest_ = 0;
  std::vector<Sighting> enemies_;
  std::vector<sim::Shot> shots_;
  Sighting last_seen_;
};

}  // namespace game::bots
