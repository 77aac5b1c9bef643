#include "game/wire/world.hpp"

#include <string>
#include <vector>

#include "game/sim/vote.hpp"
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

flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<arena::MapCandidate>>> write_candidates(
    const sim::State& state, flatbuffers::FlatBufferBuilder& builder) {
  std::vector<flatbuffers::Offset<arena::MapCandidate>> candidates;
  for (const std::string& map : state.options.maps) {
    const auto id = static_cast<std::uint16_t>(candidates.size() + 1);
    const auto name = builder.CreateString(map);
    candidates.push_back(arena::CreateMapCandidate(builder, id, name, sim::votes_for(state, id)));
  }
  return builder.CreateVector(candidates);
}

engine::Result<void> read_match(const arena::Match& match, sim::PlayerView& out) {
  const auto phase = read_enum<sim::Phase>(match.phase(), "match.phase");
  if (!phase) return phase.error();
  const auto mode = read_enum<sim::Mode>(match.mode(), "match.mode");
  if (!mode) return mode.error();
  if (match.leading_team() > sim::kTeamCount)
    return engine::error("match.leading_team is {}, at most {}", match.leading_team(), sim::kTeamCount);
  out.mode = *mode;
  out.flow = {.phase = *phase,
              .phase_end_tick = match.phase_end_tick(),
              .round = match.round(),
              .leader = match.leader(),
              .leading_team = match.leading_team(),
              .team_scores = {match.team_score_1(), match.team_score_2()}};
  out.seed = match.seed();
  return {};
}

engine::Result<void> read_sides(const arena::World& world, std::vector<sim::Side>& out) {
  if (world.players() == nullptr) return {};
  for (const arena::PlayerInfo* player : *world.players()) {
    if (player->team() > sim::kTeamCount)
      return engine::error("players: team is {}, at most {}", player->team(), sim::kTeamCount);
    if (!out.empty() && player->id() <= out.back().id) return engine::error("players: id is out of order");
    out.push_back({player->id(), player->team()});
  }
  return {};
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

flatbuffers::Offset<arena::World> write_world(const sim::State& state, std::string_view map_name,
                                              flatbuffers::FlatBufferBuilder& builder) {
  const auto map_at = builder.CreateString(map_name.data(), map_name.size());
  const sim::Flow& flow = state.flow;
  const auto match = arena::CreateMatch(builder, static_cast<arena::Phase>(flow.phase), flow.phase_end_tick, flow.round,
                                        state.options.frag_limit, flow.leader, state.seed,
                                        static_cast<arena::Mode>(state.options.mode), map_at, flow.team_scores[0],
                                        flow.team_scores[1], flow.leading_team);
  const auto candidates = sim::vote_is_on(state) ? write_candidates(state, builder) : 0;
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
  return arena::CreateWorld(builder, match, ships_at, shots_at, pickups_at, players, candidates);
}

engine::Result<void> read_world(const arena::World& world, std::uint32_t tick, sim::PlayerView& out) {
  out.tick = tick;
  out.mode = sim::Mode::kFreeForAll;
  out.flow = {};
  out.seed = 0;
  out.sides.clear();
  if (const arena::Match* match = world.match()) {
    if (auto read = read_match(*match, out); !read) return read;
  }
  if (sim::has_teams(out.mode)) {
    if (auto read = read_sides(world, out.sides); !read) return read;
  }
  if (auto ships = read_vector(world.ships(), "ships", read_ship, out.ships); !ships) return ships;
  if (auto shots = read_vector(world.shots(), "shots", read_shot, out.shots); !shots) return shots;
  return read_vector(world.pickups(), "pickups", read_pickup, out.pickups);
}

}  // namespace game::wire
