#include "game/apps/stats/tally.hpp"

#include <algorithm>
#include <variant>

#include "game/sim/player_view.hpp"

namespace game::stats {
namespace {

void count_win(std::vector<std::uint32_t>& wins, std::size_t place) {
  if (wins.size() <= place) wins.resize(place + 1);
  ++wins[place];
}

// A living enemy on the player's screen with no wall between them.
bool meets_somebody(const sim::State& state, const sim::Player& player, const sim::Map& map) {
  const sim::Vec camera = sim::camera_of(player.ship);
  return std::any_of(state.players.begin(), state.players.end(), [&](const sim::Player& other) {
    return other.id() != player.id() && other.ship.alive && !sim::are_mates(other, player) &&
           sim::in_camera(camera, other.ship.position) && map.is_clear(player.ship.position, other.ship.position);
  });
}

}  // namespace

void Tally::add(const Tally& other) {
  rounds += other.rounds;
  player_ticks += other.player_ticks;
  lives += other.lives;
  life_ticks += other.life_ticks;
  spawn_deaths += other.spawn_deaths;
  contacts += other.contacts;
  contact_ticks += other.contact_ticks;
  for (std::size_t i = 0; i < kills.size(); ++i) kills[i] += other.kills[i];
  lead_changes += other.lead_changes;
  wins.resize(std::max(wins.size(), other.wins.size()));
  for (std::size_t i = 0; i < other.wins.size(); ++i) wins[i] += other.wins[i];
}

void RoundWatch::watch(const sim::State& state, std::span<const sim::Event> events) {
  for (const sim::Event& event : events) std::visit([&](const auto& any) { on(state, any); }, event);
  if (!in_round_) return;
  tally_.player_ticks += state.players.size();
  look_for_contacts(state);
}

RoundWatch::Life& RoundWatch::life_of(sim::PlayerId player) {
  const auto at = std::find_if(lives_.begin(), lives_.end(), [player](const Life& l) { return l.player == player; });
  return at != lives_.end() ? *at : lives_.emplace_back(Life{.player = player});
}

void RoundWatch::on(const sim::State& state, const sim::RoundStarted&) {
  in_round_ = true;
  lives_.clear();
  for (const sim::Player& player : state.players)
    life_of(player.id()) = {.player = player.id(), .since_tick = state.tick, .had_contact = false};
}

void RoundWatch::on(const sim::State& state, const sim::Spawned& event) {
  life_of(event.player) = {.player = event.player, .since_tick = state.tick, .had_contact = false};
}

void RoundWatch::on(const sim::State& state, const sim::Kill& event) {
  if (!in_round_) return;
  const std::uint32_t lived = state.tick - life_of(event.victim).since_tick;
  ++tally_.lives;
  tally_.life_ticks += lived;
  if (lived < kSpawnDeathTicks) ++tally_.spawn_deaths;
  ++tally_.kills[static_cast<std::size_t>(event.weapon)];
}

void RoundWatch::on(const sim::State&, const sim::LeadChanged& event) {
  if (event.leader != sim::kNobody || event.team != sim::kNoTeam) ++tally_.lead_changes;
}

void RoundWatch::on(const sim::State&, const sim::RoundEnded& event) {
  in_round_ = false;
  ++tally_.rounds;
  if (event.winner != sim::kNobody) count_win(tally_.wins, event.winner - 1U);
  if (event.team != sim::kNoTeam) count_win(tally_.wins, event.team - 1U);
}

void RoundWatch::look_for_contacts(const sim::State& state) {
  for (const sim::Player& player : state.players) {
    Life& life = life_of(player.id());
    if (life.had_contact || !player.ship.alive || !meets_somebody(state, player, map_)) continue;
    life.had_contact = true;
    ++tally_.contacts;
    tally_.contact_ticks += state.tick - life.since_tick;
  }
}

}  // namespace game::stats
