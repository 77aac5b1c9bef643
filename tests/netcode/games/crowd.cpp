#include "games/crowd.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "games/counter.hpp"
#include "games/maze.hpp"

namespace test_games {

using netcode::Bytes;
using netcode::Input;
using netcode::InputKind;
using netcode::Player;
using netcode::PlayerId;

namespace {

constexpr const char* kNames[] = {"ada", "Grace", "Žofie", "李雷", "x", "a name of exactly thirty-two byte"};

Input input_event(const char* table, Bytes body) {
  return {.kind = InputKind::kEvent, .text = table, .body = std::move(body)};
}

}  // namespace

Kind counter_kind() {
  return {.name = "counter",
          .type = netcode::rules_type<counter::Game>(),
          .setup = {.match_id = "counter-1", .seed = 11, .tick_hz = 60, .options = {{"rounds", "100000"}}, .map = {}},
          .random_action =
              [](engine::Rng& rng) {
                counter::MoveT move;
                move.buttons = static_cast<counter::Buttons>(rng.below(8));
                move.push = static_cast<std::int16_t>(rng.between(-5, 20));
                move.aim = static_cast<std::uint16_t>(rng.next());
                return netcode::encode(move);
              },
          .random_event =
              [](engine::Rng& rng) {
                counter::ShoutT shout;
                shout.text = std::string(rng.below(20), 'a');
                shout.weight = static_cast<float>(rng.between(-4, 40)) / 4;
                shout.mode = static_cast<counter::Mode>(rng.below(3));
                shout.tags.assign(rng.below(3), "tag");
                return input_event("counter.Shout", netcode::encode(shout));
              }};
}

Kind maze_kind() {
  auto map = std::make_shared<Bytes>(maze::kCells);
  for (std::size_t i = 0; i < map->size(); ++i) (*map)[i] = i % 7 == 3 || i % 31 == 0 ? 1 : 0;
  return {.name = "maze",
          .type = netcode::rules_type<maze::Game>(),
          .setup = {.match_id = "maze_2", .seed = 0xFFFFFFFFFFFFFFFFULL, .tick_hz = 30, .options = {}, .map = map},
          .random_action =
              [](engine::Rng& rng) {
                maze::TurnT turn;
                turn.heading = static_cast<maze::Heading>(rng.below(4));
                turn.run = rng.below(2) == 0;
                return netcode::encode(turn);
              },
          .random_event =
              [](engine::Rng& rng) {
                maze::OpenT open;
                open.cell = static_cast<std::uint8_t>(rng.next());
                return input_event("maze.Open", netcode::encode(open));
              }};
}

std::map<std::string, netcode::RulesType> all_types() {
  return {{"counter", counter_kind().type}, {"maze", maze_kind().type}};
}

std::vector<Input> Crowd::inputs(const netcode::Simulation& simulation) {
  std::vector<Input> inputs;
  const auto players = simulation.players();
  PlayerId gone = netcode::kNoPlayer;
  if (players.size() < players_max_ && rng_.below(players.empty() ? 2 : 40) == 0) {
    Input join{.kind = InputKind::kJoin, .player = simulation.next_player(), .is_bot = rng_.below(3) == 0};
    join.text = kNames[rng_.below(std::size(kNames))];
    join.text = join.text.substr(0, 32);
    inputs.push_back(join);
  } else if (players.size() > 1 && rng_.below(200) == 0) {
    gone = players[rng_.below(static_cast<std::uint32_t>(players.size()))].id;
    inputs.push_back({.kind = InputKind::kLeave, .player = gone});
    std::erase_if(last_, [&](const auto& last) { return last.first == gone; });
  }
  for (const Player& player : players) {
    if (player.id == gone || rng_.below(30) == 0) continue;  // late
    const std::uint32_t actions = rng_.below(50) == 0 ? 2 : 1;
    for (std::uint32_t i = 0; i < actions; ++i) {
      auto last = std::find_if(last_.begin(), last_.end(), [&](const auto& one) { return one.first == player.id; });
      if (last == last_.end()) last = last_.insert(last_.end(), {player.id, kind_.random_action(rng_)});
      if (rng_.below(4) == 0) last->second = kind_.random_action(rng_);
      inputs.push_back({.kind = InputKind::kAction,
                        .player = player.id,
                        .body = last->second,
                        .view = view(simulation.current_tick() + 1, player.id)});
    }
  }
  if (rng_.below(25) == 0) {
    inputs.push_back(kind_.random_event(rng_));
    if (!players.empty() && rng_.below(2) == 0 && players[0].id != gone) inputs.back().player = players[0].id;
  }
  if (with_presence_) add_presence(inputs);
  return inputs;
}

void Crowd::add_presence(std::vector<Input>& inputs) {
  if (!inputs.empty() && inputs.front().kind == InputKind::kJoin && presence_rng_.below(2) == 0) {
    const Input ticket = kind_.random_event(presence_rng_);
    inputs.front().ticket_table = ticket.text;
    inputs.front().ticket = ticket.body;
  }
  if (inputs.empty() || inputs.back().kind != InputKind::kAction || presence_rng_.below(10) != 0) return;
  inputs.push_back(
      {.kind = presence_rng_.below(2) == 0 ? InputKind::kAway : InputKind::kBack, .player = inputs.back().player});
}

// One sees every other tick, one tells nothing, the others are shown what their clocks say.
netcode::ViewTime Crowd::view(netcode::Tick next, PlayerId player) {
  if (!with_views_ || player.value % 3 == 0 || next < 12) return {};
  if (player.value % 3 == 1) return {.tick = (next - 1) / 2 * 2, .fraction = 0};
  return {.tick = next - 1 - view_rng_.below(10), .fraction = static_cast<std::uint8_t>(view_rng_.next())};
}

Match::Match(Kind of, std::function<void(netcode::Emitted)> sink) : kind(std::move(of)) {
  auto loaded = netcode::Schema::load(kind.type.schema, kind.type.world_table);
  if (!loaded) throw std::runtime_error(loaded.error().reason);
  schema = std::make_unique<netcode::Schema>(std::move(*loaded));
  simulation = fresh_simulation(*this);
  simulation->set_emit_sink(std::move(sink));
  simulation->start();
}

std::unique_ptr<netcode::Simulation> fresh_simulation(const Match& match) {
  auto made = netcode::Simulation::create(match.kind.type, *match.schema, match.kind.setup);
  if (!made) throw std::runtime_error(made.error().reason);
  return std::move(*made);
}

void apply(netcode::Simulation& simulation, const Input& input) {
  const auto applied = simulation.apply(input);
  ASSERT_TRUE(applied) << applied.error().reason;
}

}  // namespace test_games
