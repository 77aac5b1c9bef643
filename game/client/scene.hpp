// What one frame shows, in units: the others between two snapshots, the own ship ahead of them. Plain values; build()
// reuses the vectors of the Scene that it fills.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "game/client/own_ship.hpp"
#include "game/client/palette.hpp"
#include "game/client/roster.hpp"
#include "game/client/timeline.hpp"
#include "game/client/units.hpp"
#include "game/sim/map.hpp"

namespace game::client {

struct SceneShip {
  sim::PlayerId id = sim::kNobody;
  Point at{};
  Point velocity{};  // units a tick
  float aim = 0;     // radians
  Point thrust{};    // -1 to 1 each
  int health = 0;
  std::uint8_t team = 0;
  bool is_own = false;
  bool is_foe = true;
  bool is_shielded = false;
  bool is_dashing = false;
  bool has_rapid = false;
  bool is_leader = false;
  Color color{};
  std::string_view name{};  // the roster's
};

struct SceneShot {
  std::uint16_t id = 0;
  sim::PlayerId owner = sim::kNobody;  // whose ship may be out of sight
  Point at{};
  Point velocity{};  // units a tick
  bool is_own = false;
  sim::Weapon weapon = sim::Weapon::kBlaster;
  Color color{};
};

struct ScenePickup {
  std::uint16_t id = 0;
  Point at{};
  sim::PickupKind kind = sim::PickupKind::kHealth;
  float ready_share = 1;  // 1: there; less: the part of its time that has gone by
};

struct Scene {
  double tick = 0;  // the moment at which the others are shown
  sim::Flow flow{};
  sim::PlayerId self = sim::kNobody;  // who is watched: the own ship, or the one that is followed
  std::vector<SceneShip> ships{};     // those alive
  std::vector<SceneShot> shots{};
  std::vector<ScenePickup> pickups{};

  const SceneShip* ship(sim::PlayerId id) const;
};

struct SceneSources {
  Timeline::Pair pair;            // around the moment
  const sim::PlayerView* newest;  // of all snapshots
  const Roster& roster;
  const sim::Map& map;
  const SideColors& colors;
  const OwnShip* own = nullptr;       // none for a spectator, or where it is drawn as the others are
  Point own_at{};                     // where it is drawn
  float own_share = 0;                // of a tick, as OwnShip::position takes it
  sim::PlayerId self = sim::kNobody;  // whose colours are "own"
};
/// What a side looks like: the own ship and its foes, or the two teams.
Color side_color(const SideColors& colors, const Roster& roster, sim::PlayerId id, sim::PlayerId self);

void build(const SceneSources& sources, double tick, Scene& out);

}  // namespace game::client
