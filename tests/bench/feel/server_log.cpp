#include "tests/bench/feel/server_log.hpp"

#include <variant>

#include "game/server/arena.hpp"
#include "game/server/arena_rules.hpp"
#include "netcode/recording.hpp"

namespace game::feel {
namespace {

/// Nearer than this two ships may have pushed each other apart in the tick: their radii, and what a bounce clears.
constexpr std::int64_t kRamDistance = 2 * sim::kShipRadius + sim::kUnit / 2;

struct Touch {
  std::map<sim::PlayerId, ServerLog::PlayerAt>& players;
  std::vector<sim::Judged>& judged;

  void mark(sim::PlayerId id) const {
    if (const auto player = players.find(id); player != players.end()) player->second.is_touched = true;
  }
  void operator()(const sim::Hit& hit) const { mark(hit.victim); }
  void operator()(const sim::Kill& kill) const { mark(kill.victim); }
  void operator()(const sim::Spawned& spawned) const { mark(spawned.player); }
  void operator()(const sim::Judged& one) const { judged.push_back(one); }
  template <class E>
  void operator()(const E&) const {}
};

void mark_rammed(const sim::State& state, const Touch& touch) {
  for (std::size_t a = 0; a < state.players.size(); ++a) {
    for (std::size_t b = a + 1; b < state.players.size(); ++b) {
      const sim::Ship& one = state.players[a].ship;
      const sim::Ship& other = state.players[b].ship;
      if (!one.alive || !other.alive) continue;
      if (sim::length_squared(one.position - other.position) > kRamDistance * kRamDistance) continue;
      touch.mark(one.id);
      touch.mark(other.id);
    }
  }
}

}  // namespace

const ServerLog::PlayerAt* ServerLog::at(std::uint32_t tick, sim::PlayerId id) const {
  if (tick >= ticks.size()) return nullptr;
  const auto found = ticks[tick].find(id);
  return found == ticks[tick].end() ? nullptr : &found->second;
}

engine::Result<ServerLog> read_server_log(const std::string& recording) {
  auto replay = netcode::Replay::open(recording, server::arena_rules_types());
  if (!replay) return replay.error();
  ServerLog log;
  log.ticks.emplace_back();
  for (;;) {
    const auto more = (*replay)->step();
    if (!more) return more.error();
    if (!*more) return log;
    const auto& rules = dynamic_cast<const server::ArenaRules&>((*replay)->rules());
    auto& players = log.ticks.emplace_back();
    for (const sim::Player& player : rules.state().players) players[player.id()] = {.ship = player.ship};
    const Touch touch{players, log.judged};
    mark_rammed(rules.state(), touch);
    if (rules.told_tick() != (*replay)->tick()) continue;
    for (const sim::Event& event : rules.told()) std::visit(touch, event);
  }
}

}  // namespace game::feel
