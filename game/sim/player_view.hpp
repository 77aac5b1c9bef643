// What the screen of one player shows of a match: the ships and shots within its camera, all pads, the flow. Bots are
// given nothing else. What lies beyond is kept from clients only where the match limits what they are told (sight.hpp);
// and of ships that they are told of they have what only their owners should know (energy, held buttons, ready ticks),
// until snapshots are packed. They limit themselves to this.
//
// Plain value; view_of reuses the vectors of the PlayerView it fills.
#pragma once

#include <cstdint>
#include <vector>

#include "game/sim/state.hpp"

namespace game::sim {

// Which side a player of a team match is on.
struct Side {
  PlayerId id = kNobody;
  Team team = kNoTeam;
};

struct PlayerView {
  std::uint32_t tick = 0;
  Mode mode = Mode::kFreeForAll;
  std::uint32_t seed = 0;
  Flow flow{};
  std::vector<Ship>
      ships{};  // by rising id; of others than the viewer, what only their owners should know is unset here
  std::vector<Shot> shots{};
  std::vector<Pickup> pickups{};
  std::vector<Side> sides{};  // of all players, by rising id; empty where there are no teams

  Team team_of(PlayerId id) const;
  // Two players who do each other no harm.
  bool are_mates(PlayerId a, PlayerId b) const;
  const Ship* ship(PlayerId id) const;
};

// Where the viewer's camera looks: it leads the aim.
Vec camera_of(const Ship& viewer);

// Where a camera that would look there is kept: not far outside of the map, where there is nothing to see.
Vec camera_within(Vec camera, Vec map_size);

// Is the point within `margin` of the picture around the camera?
bool in_camera(Vec camera, Vec point, std::int32_t margin = 0);

// The ship as other players may know it.
Ship public_part(const Ship& ship);

// Takes out of a view of the whole match what the viewer's screen does not show, and hides of the others what only
// their owners know. The one answer to "what does a player see?": for view_of, for bots on a server, in statistics and
// in benches. A viewer without a ship in it sees neither ships nor shots.
void limit_to_screen(PlayerId viewer, PlayerView& view);

// Fills `out` with what the player sees after the state's tick. A player that is not in the match sees nothing but the
// flow.
void view_of(const State& state, PlayerId viewer, PlayerView& out);

}  // namespace game::sim
