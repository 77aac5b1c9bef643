// What one client saw and did: one of the two logs that feel_bench joins. Plain values.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/app/geometry.hpp"
#include "game/sim/state.hpp"
#include "netcode/view_time.hpp"

namespace game::feel {

/// The own ship as it was predicted when an action left for this tick.
struct Predicted {
  std::uint32_t tick = 0;
  std::uint32_t snapshot_tick = 0;  // the newest that was known then
  sim::Ship ship{};
};

/// A rail that was fired here: what of it met what was drawn.
struct SeenShot {
  std::uint32_t tick = 0;
  sim::PlayerId victim = sim::kNobody;  // nobody: it passed all that were drawn
  float nearest_u = 1e9F;               // from the beam to the centre of the nearest ship
  bool is_starved = false;              // drawn without a pair of snapshots
  bool is_wish = false;                 // the trigger was down; whether it fired the server alone knows
};

struct ClientLog {
  sim::PlayerId id = sim::kNobody;
  std::vector<Predicted> predicted;
  std::vector<SeenShot> shots;
  std::vector<double> slack_ticks;
  std::vector<double> delay_ms;        // of what was drawn behind the newest that there could have been, a frame
  std::vector<double> jumps_px;        // a frame
  std::vector<double> whole_again_ms;  // after each gap of more than 100 ms
  std::uint64_t frames = 0;
  std::uint64_t starved_frames = 0;
};

}  // namespace game::feel
