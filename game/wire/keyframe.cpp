#include "game/wire/keyframe.hpp"

#include <utility>
#include <vector>

#include "engine/core/utf8.hpp"
#include "game/sim/rewind.hpp"
#include "game/wire/structs.hpp"

namespace game::wire {
namespace {

constexpr flatbuffers::uoffset_t kNameBytesMax = 256;  // netcode allows less; this only keeps a broken file small

template <class T>
flatbuffers::uoffset_t size_of(const flatbuffers::Vector<T>* vector) {
  return vector == nullptr ? 0 : vector->size();
}

bool is_inside(sim::Vec at, const sim::Map& map) {
  return at.x >= 0 && at.y >= 0 && at.x <= map.size().x && at.y <= map.size().y;
}

engine::Result<sim::Options> read_options(const arena::Options* options) {
  if (options == nullptr) return engine::error("options is missing");
  if (options->frag_limit() == 0) return engine::error("options.frag_limit is 0");
  const auto mode = read_enum<sim::Mode>(options->mode(), "options.mode");
  if (!mode) return mode.error();
  const auto visibility = read_enum<sim::Visibility>(options->visibility(), "options.visibility");
  if (!visibility) return visibility.error();
  sim::Options out{.mode = *mode,
                   .frag_limit = options->frag_limit(),
                   .players_to_start = options->players_to_start(),
                   .warmup_ticks = options->warmup_ticks(),
                   .countdown_ticks = options->countdown_ticks(),
                   .time_limit_ticks = options->time_limit_ticks(),
                   .sudden_death_ticks = options->sudden_death_ticks(),
                   .podium_ticks = options->podium_ticks(),
                   .maps = {},
                   .snapshot_interval_ticks = options->snapshot_interval_ticks(),
                   .rewind_ticks = options->rewind_ticks(),
                   .visibility = *visibility};
  if (out.snapshot_interval_ticks == 0 || out.snapshot_interval_ticks > sim::kSnapshotIntervalTicksMax)
    return engine::error("options.snapshot_interval_ticks is {}, from 1 to {}", out.snapshot_interval_ticks,
                         sim::kSnapshotIntervalTicksMax);
  if (out.rewind_ticks > sim::kRewindTicksMax)
    return engine::error("options.rewind_ticks is {}, at most {}", out.rewind_ticks, sim::kRewindTicksMax);
  if (size_of(options->maps()) > sim::kMapsMax)
    return engine::error("options.maps has {} elements, at most {}", options->maps()->size(), sim::kMapsMax);
  for (flatbuffers::uoffset_t i = 0; i < size_of(options->maps()); ++i)
    out.maps.push_back(options->maps()->Get(i)->str());
  return out;
}

sim::Press read_press(const arena::Press* press) {
  if (press == nullptr) return {};
  return {.tick = press->tick(),
          .aim = press->aim(),
          .view = {.tick = press->view_tick(),
                   .fraction = press->view_fraction(),
                   .from = press->view_from(),
                   .to = press->view_to()},
          .ticks_late = press->ticks_late()};
}

arena::Press to_wire(const sim::Press& press) {
  return {press.tick, press.view.tick,     press.view.from, press.view.to,
          press.aim,  press.view.fraction, press.ticks_late};
}

engine::Result<sim::Player> read_player(const arena::KeyPlayer& player, const arena::Ship& wire_ship,
                                        const sim::Map& map) {
  const auto ship = read_ship(wire_ship);
  if (!ship) return engine::error("ship.{}", ship.error().reason);
  if (!is_inside(ship->position, map)) return engine::error("ship.x or y is outside the map");
  if (player.id() != ship->id) return engine::error("id is {} and its ship's {}", player.id(), ship->id);
  std::string name;
  if (const flatbuffers::String* text = player.name()) {
    if (text->size() > kNameBytesMax)
      return engine::error("name has {} bytes, at most {}", text->size(), kNameBytesMax);
    name = text->str();
  }
  if (!engine::is_utf8(name)) return engine::error("name is not UTF-8");
  if (player.team() > sim::kTeamCount) return engine::error("team is {}, at most {}", player.team(), sim::kTeamCount);
  return sim::Player{.ship = *ship,
                     .name = std::move(name),
                     .life = player.life(),
                     .view = {.tick = player.view_tick(),
                              .fraction = player.view_fraction(),
                              .from = player.view_from(),
                              .to = player.view_to()},
                     .fire_press = read_press(player.fire_press()),
                     .rail_press = read_press(player.rail_press()),
                     .team = player.team(),
                     .score = player.score(),
                     .deaths = player.deaths(),
                     .streak = player.streak(),
                     .best_streak = player.best_streak(),
                     .nemesis = player.nemesis(),
                     .shots_fired = player.shots_fired(),
                     .shots_hit = player.shots_hit(),
                     .rail_kills = player.rail_kills(),
                     .pickups_taken = player.pickups_taken(),
                     .vote = player.vote()};
}

engine::Result<void> read_players(const arena::Keyframe& keyframe, const sim::Map& map, sim::State& state) {
  const flatbuffers::uoffset_t count = size_of(keyframe.players());
  if (count > sim::kPlayersMax) return engine::error("players has {} elements, at most {}", count, sim::kPlayersMax);
  if (size_of(keyframe.ships()) != count)
    return engine::error("ships has {} elements for {} players", size_of(keyframe.ships()), count);
  state.players.reserve(count);
  for (flatbuffers::uoffset_t i = 0; i < count; ++i) {
    auto player = read_player(*keyframe.players()->Get(i), *keyframe.ships()->Get(i), map);
    if (!player) return engine::error("players[{}].{}", i, player.error().reason);
    if (i > 0 && player->id() <= state.players.back().id()) return engine::error("players[{}].id is out of order", i);
    if (player->vote > state.options.maps.size())
      return engine::error("players[{}].vote is {} of {} maps", i, player->vote, state.options.maps.size());
    if ((player->team != sim::kNoTeam) != sim::has_teams(state.options.mode))
      return engine::error("players[{}].team is {}, against the mode", i, player->team);
    state.players.push_back(std::move(*player));
  }
  for (const sim::Player& player : state.players) {
    if (player.nemesis != sim::kNobody && find_player(state, player.nemesis) == nullptr) {
      return engine::error("players: nemesis {} of {} is not a player", player.nemesis, player.id());
    }
  }
  return {};
}

engine::Result<void> read_shots(const arena::Keyframe& keyframe, const sim::Map& map, sim::State& state) {
  const flatbuffers::uoffset_t count = size_of(keyframe.shots());
  if (count > sim::kShotsMax) return engine::error("shots has {} elements, at most {}", count, sim::kShotsMax);
  state.shots.reserve(count);
  for (flatbuffers::uoffset_t i = 0; i < count; ++i) {
    const auto shot = read_shot(*keyframe.shots()->Get(i));
    if (!shot) return engine::error("shots[{}].{}", i, shot.error().reason);
    if (i > 0 && shot->id <= state.shots.back().id) return engine::error("shots[{}].id is out of order", i);
    if (!is_inside(shot->position, map)) return engine::error("shots[{}].x or y is outside the map", i);
    if (find_player(state, shot->owner) == nullptr)
      return engine::error("shots[{}].owner {} is not a player", i, shot->owner);
    if (shot->end_tick <= state.tick || shot->end_tick - state.tick > sim::kShotFlightTicks) {
      return engine::error("shots[{}].end_tick is {} at tick {}", i, shot->end_tick, state.tick);
    }
    state.shots.push_back(*shot);
  }
  return {};
}

engine::Result<void> read_pickups(const arena::Keyframe& keyframe, const sim::Map& map, sim::State& state) {
  const flatbuffers::uoffset_t count = size_of(keyframe.pickups());
  const std::size_t expected = sim::has_pickups(state.options.mode) ? map.pads().size() : 0;
  if (count != expected) return engine::error("pickups has {} elements, the match {} pads", count, expected);
  state.pickups.reserve(count);
  for (flatbuffers::uoffset_t i = 0; i < count; ++i) {
    const auto pickup = read_pickup(*keyframe.pickups()->Get(i));
    if (!pickup) return engine::error("pickups[{}].{}", i, pickup.error().reason);
    if (pickup->id != i) return engine::error("pickups[{}].id is {}", i, pickup->id);
    if (pickup->kind != map.pads()[i].kind) return engine::error("pickups[{}].kind is not the map's", i);
    state.pickups.push_back(*pickup);
  }
  return {};
}

engine::Result<void> read_sights(const arena::Keyframe& keyframe, const sim::Map& map, sim::State& state) {
  const flatbuffers::uoffset_t count = size_of(keyframe.sights());
  const std::size_t count_max = sim::kPlayersMax * sim::position_history_ticks_max(state.options);
  if (count > count_max) return engine::error("sights has {} elements, at most {}", count, count_max);
  state.position_history.reserve(count);
  for (flatbuffers::uoffset_t i = 0; i < count; ++i) {
    const arena::Sight& from = *keyframe.sights()->Get(i);
    const sim::PositionSample sample{
        .tick = from.tick(), .id = from.id(), .life = from.life(), .at = {from.x(), from.y()}};
    const sim::Player* player = find_player(state, sample.id);
    if (player == nullptr) return engine::error("sights[{}].id {} is not a player", i, sample.id);
    if (sample.tick == 0 || sample.tick > state.tick || sample.tick % state.options.snapshot_interval_ticks != 0)
      return engine::error("sights[{}].tick is {} at tick {}", i, sample.tick, state.tick);
    if (!is_inside(sample.at, map)) return engine::error("sights[{}].x or y is outside the map", i);
    if (!state.position_history.empty() &&
        std::pair(sample.tick, sample.id) <=
            std::pair(state.position_history.back().tick, state.position_history.back().id))
      return engine::error("sights[{}] is out of order", i);
    state.position_history.push_back(sample);
  }
  return {};
}

engine::Result<void> read_encounters(const arena::Keyframe& keyframe, sim::State& state) {
  const flatbuffers::uoffset_t count = size_of(keyframe.encounters());
  constexpr std::size_t kCountMax = sim::kPlayersMax * (sim::kPlayersMax - 1) / 2;
  if (count > kCountMax) return engine::error("encounters has {} elements, at most {}", count, kCountMax);
  state.encounters.reserve(count);
  for (flatbuffers::uoffset_t i = 0; i < count; ++i) {
    const arena::Encounter& from = *keyframe.encounters()->Get(i);
    if (from.a() >= from.b()) return engine::error("encounters[{}].a is {}, not below b, {}", i, from.a(), from.b());
    for (const sim::PlayerId id : {from.a(), from.b()})
      if (find_player(state, id) == nullptr) return engine::error("encounters[{}]: {} is not a player", i, id);
    if (from.tick() > state.tick || state.tick - from.tick() >= sim::kEncounterTicks)
      return engine::error("encounters[{}].tick is {} at tick {}", i, from.tick(), state.tick);
    if (!state.encounters.empty() &&
        std::pair(from.a(), from.b()) <= std::pair(state.encounters.back().a, state.encounters.back().b))
      return engine::error("encounters[{}] is out of order", i);
    state.encounters.push_back({.a = from.a(), .b = from.b(), .tick = from.tick()});
  }
  return {};
}

// Taken apart into all of its fields: with one more it does not compile until that is written, too.
flatbuffers::Offset<arena::KeyPlayer> write_player(const sim::Player& player, flatbuffers::FlatBufferBuilder& builder) {
  const auto& [ship, name, life, view, fire_press, rail_press, team, score, deaths, streak, best_streak, nemesis,
               shots_fired, shots_hit, rail_kills, pickups_taken, vote] = player;
  const auto name_at = builder.CreateString(name);
  const arena::Press fire = to_wire(fire_press);
  const arena::Press rail = to_wire(rail_press);
  arena::KeyPlayerBuilder out(builder);
  out.add_id(ship.id);
  out.add_name(name_at);
  out.add_team(team);
  out.add_score(score);
  out.add_deaths(deaths);
  out.add_streak(streak);
  out.add_best_streak(best_streak);
  out.add_nemesis(nemesis);
  out.add_shots_fired(shots_fired);
  out.add_shots_hit(shots_hit);
  out.add_rail_kills(rail_kills);
  out.add_pickups_taken(pickups_taken);
  out.add_vote(vote);
  out.add_life(life);
  out.add_view_tick(view.tick);
  out.add_view_fraction(view.fraction);
  out.add_view_from(view.from);
  out.add_view_to(view.to);
  out.add_fire_press(&fire);
  out.add_rail_press(&rail);
  return out.Finish();
}

}  // namespace

flatbuffers::Offset<arena::Keyframe> write_keyframe(const sim::State& state, flatbuffers::FlatBufferBuilder& builder) {
  std::vector<flatbuffers::Offset<arena::KeyPlayer>> players;
  std::vector<arena::Ship> ships;
  std::vector<arena::Shot> shots;
  std::vector<arena::Pickup> pickups;
  std::vector<arena::Sight> sights;
  std::vector<arena::Encounter> encounters;
  for (const sim::Player& player : state.players) {
    players.push_back(write_player(player, builder));
    ships.push_back(to_wire(player.ship, state.tick));
  }
  for (const sim::Shot& shot : state.shots) shots.push_back(to_wire(shot));
  for (const sim::Pickup& pickup : state.pickups) pickups.push_back(to_wire(pickup));
  for (const sim::PositionSample& sample : state.position_history)
    sights.emplace_back(sample.tick, sample.at.x, sample.at.y, sample.id, sample.life);
  for (const sim::Encounter& one : state.encounters) encounters.emplace_back(one.tick, one.a, one.b);
  const sim::Options& options = state.options;
  const auto maps_at = builder.CreateVectorOfStrings(options.maps);
  const auto options_at = arena::CreateOptions(
      builder, options.frag_limit, options.players_to_start, options.warmup_ticks, options.countdown_ticks,
      options.time_limit_ticks, options.sudden_death_ticks, options.podium_ticks,
      static_cast<arena::Mode>(options.mode), maps_at, options.snapshot_interval_ticks, options.rewind_ticks,
      static_cast<arena::Visibility>(options.visibility));
  const auto ships_at = builder.CreateVectorOfStructs(ships);
  const auto shots_at = builder.CreateVectorOfStructs(shots);
  const auto pickups_at = builder.CreateVectorOfStructs(pickups);
  const auto players_at = builder.CreateVector(players);
  const auto sights_at = builder.CreateVectorOfStructs(sights);
  const auto encounters_at = builder.CreateVectorOfStructs(encounters);
  return arena::CreateKeyframe(builder, state.tick, state.seed, state.next_shot_id,
                               static_cast<arena::Phase>(state.flow.phase), state.flow.phase_end_tick, state.flow.round,
                               state.flow.leader, options_at, ships_at, shots_at, pickups_at, players_at,
                               state.flow.team_scores[0], state.flow.team_scores[1], state.flow.leading_team, sights_at,
                               encounters_at);
}

engine::Result<sim::State> read_keyframe(const arena::Keyframe& keyframe, const sim::Map& map) {
  sim::State state;
  const auto options = read_options(keyframe.options());
  if (!options) return options.error();
  const auto phase = read_enum<sim::Phase>(keyframe.phase(), "phase");
  if (!phase) return phase.error();
  if (keyframe.next_shot_id() == 0) return engine::error("next_shot_id is 0");
  state.options = *options;
  state.tick = keyframe.tick();
  state.seed = keyframe.seed();
  state.next_shot_id = keyframe.next_shot_id();
  if (keyframe.leading_team() > sim::kTeamCount)
    return engine::error("leading_team is {}, at most {}", keyframe.leading_team(), sim::kTeamCount);
  state.flow = {.phase = *phase,
                .phase_end_tick = keyframe.phase_end_tick(),
                .round = keyframe.round(),
                .leader = keyframe.leader(),
                .leading_team = keyframe.leading_team(),
                .team_scores = {keyframe.team_score_1(), keyframe.team_score_2()}};
  if (const auto players = read_players(keyframe, map, state); !players) return players.error();
  if (const auto shots = read_shots(keyframe, map, state); !shots) return shots.error();
  if (const auto pickups = read_pickups(keyframe, map, state); !pickups) return pickups.error();
  if (const auto sights = read_sights(keyframe, map, state); !sights) return sights.error();
  if (const auto encounters = read_encounters(keyframe, state); !encounters) return encounters.error();
  if (keyframe.leader() != sim::kNobody && find_player(state, keyframe.leader()) == nullptr) {
    return engine::error("leader {} is not a player", keyframe.leader());
  }
  return state;
}

}  // namespace game::wire
