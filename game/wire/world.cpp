#include "game/wire/world.hpp"

#include <vector>

#include "game/wire/structs.hpp"

namespace game::wire {
namespace {

flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<arena::PlayerInfo>>> write_players(
    const sim::State& state, flatbuffers::FlatBufferBuilder& builder) {
  std::vector<flatbuffers::Offset<arena::PlayerInfo>> players;
  players.reserve(state.players.size());
  for (const sim::Player& player : state.players) {
    const auto name = builder.CreateString(player.name);
    players.push_back(
        arena::CreatePlayerInfo(builder, player.id(), name, player.team, player.score, player.deaths, player.streak));
  }
  return builder.CreateVector(players);
}

// Reads one vector of structs; its elements come by rising id.
template <class Wire, class Sim, class Read>
engine::Result<void> read_vector(const flatbuffers::Vector<const Wire*>* from, const char* name, Read read,
                                 std::vector<Sim>& to) {
  to.clear();
  if (from == nullptr) return {};
  for (flatbuffers::uoffset_t i = 0; i < from->size(); ++i) {
    auto element = read(*from->Get(i));
    if (!element) return engine::error("{}[{}].{}", name, i, element.error().reason);
    if (!to.empty() && element->id <= to.back().id) return engine::error("{}[{}].id is out of order", name, i);
    to.push_back(*element);
  }
  return {};
}

}  // namespace

flatbuffers::Offset<arena::World> write_world(const sim::State& state, flatbuffers::FlatBufferBuilder& builder) {
  const auto match = arena::CreateMatch(builder, static_cast<arena::Phase>(state.flow.phase), state.flow.phase_end_tick,
                                        state.flow.round, state.options.frag_limit, state.flow.leader, state.seed);
  const auto players = write_players(state, builder);
  arena::Ship* ships = nullptr;
  const auto ships_at = builder.CreateUninitializedVectorOfStructs(state.players.size(), &ships);
  for (const sim::Player& player : state.players) *ships++ = to_wire(player.ship, state.tick);
  arena::Shot* shots = nullptr;
  const auto shots_at = builder.CreateUninitializedVectorOfStructs(state.shots.size(), &shots);
  for (const sim::Shot& shot : state.shots) *shots++ = to_wire(shot);
  arena::Pickup* pickups = nullptr;
  const auto pickups_at = builder.CreateUninitializedVectorOfStructs(state.pickups.size(), &pickups);
  for (const sim::Pickup& pickup : state.pickups) *pickups++ = to_wire(pickup);
  return arena::CreateWorld(builder, match, ships_at, shots_at, pickups_at, players);
}

engine::Result<void> read_world(const arena::World& world, std::uint32_t tick, sim::View& out) {
  out.tick = tick;
  out.flow = {};
  out.seed = 0;
  if (const arena::Match* match = world.match()) {
    const auto phase = read_enum(static_cast<std::uint8_t>(match->phase()), sim::Phase::kPodium, "match.phase");
    if (!phase) return phase.error();
    out.flow = {*phase, match->phase_end_tick(), match->round(), match->leader()};
    out.seed = match->seed();
  }
  if (auto ships = read_vector(world.ships(), "ships", read_ship, out.ships); !ships) return ships;
  if (auto shots = read_vector(world.shots(), "shots", read_shot, out.shots); !shots) return shots;
  return read_vector(world.pickups(), "pickups", read_pickup, out.pickups);
}

}  // namespace game::wire
