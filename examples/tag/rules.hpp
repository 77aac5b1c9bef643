// The rules of tag. The state is tag.fbs' World; netcode sends, records, restores and hashes it.
#pragma once

#include <algorithm>
#include <cmath>
#include <netcode/rules.hpp>

#include "tag_bfbs_generated.h"
#include "tag_generated.h"

namespace tag {

inline constexpr float kField = 20, kReach = 1;
inline float distance(const Runner& a, const Runner& b) { return std::abs(a.x() - b.x()) + std::abs(a.y() - b.y()); }

class Game : public netcode::ObjectRules<World, Move, WorldBinarySchema> {
 public:
  void join(netcode::Context& ctx, const netcode::Player& player) override {
    state.runners.push_back(spawn(ctx, player.id.value));
    state.players.push_back(std::make_unique<PlayerT>(PlayerT{.id = player.id.value, .name = player.name}));
    if (state.it == 0) state.it = player.id.value;
  }

  void leave(netcode::Context&, netcode::PlayerId player) override {
    std::erase_if(state.runners, [&](const Runner& r) { return r.id() == player.value; });
    std::erase_if(state.players, [&](const auto& p) { return p->id == player.value; });
    if (state.it == player.value) state.it = state.runners.empty() ? 0 : state.runners.front().id();
  }

  void act(netcode::Context&, netcode::PlayerId player, const Move& move) override {
    runner(player.value).mutate_dx(std::clamp<std::int8_t>(move.dx(), -1, 1));
    runner(player.value).mutate_dy(std::clamp<std::int8_t>(move.dy(), -1, 1));
  }

  void tick(netcode::Context& ctx) override {
    for (Runner& r : state.runners) {
      const float speed = r.id() == state.it ? 0.12F : 0.1F;
      r.mutate_x(std::clamp(r.x() + static_cast<float>(r.dx()) * speed, 0.F, kField));
      r.mutate_y(std::clamp(r.y() + static_cast<float>(r.dy()) * speed, 0.F, kField));
    }
    if (ctx.tick() < state.free_tick || state.it == 0) return;
    for (const Runner& r : state.runners) {
      if (r.id() == state.it || distance(r, runner(state.it)) > kReach) continue;
      (*std::ranges::find(state.players, state.it, [](const auto& p) { return p->id; }))->tags++;
      ctx.emit(TaggedT{.by = state.it, .whom = r.id()});
      runner(state.it) = spawn(ctx, state.it);  // far away, most likely
      state.it = r.id();
      state.free_tick = ctx.tick() + ctx.setup().tick_hz;
      return;
    }
  }

 private:
  static Runner spawn(netcode::Context& ctx, std::uint32_t id) {
    const auto x = static_cast<float>(ctx.rng().below(20)), y = static_cast<float>(ctx.rng().below(20));
    return {id, x, y, 0, 0};
  }
  Runner& runner(std::uint32_t id) { return *std::ranges::find(state.runners, id, &Runner::id); }
};

}  // namespace tag
