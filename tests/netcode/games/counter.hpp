// The test game with flatc's object type as its state.
#pragma once

#include <counter_bfbs_generated.h>
#include <counter_generated.h>

#include <algorithm>

#include "netcode/rules.hpp"

namespace counter {

class Game : public netcode::ObjectRules<World, Move, WorldBinarySchema> {
 public:
  static constexpr std::string_view kVersion = "7";

  void join(netcode::Context& ctx, const netcode::Player& player) override {
    const auto id = static_cast<std::uint16_t>(player.id.value);
    state.counters.emplace_back(id, Mode::Calm, std::int16_t{1}, ctx.rng().between(-50, 50));
    auto score = std::make_unique<ScoreT>();
    score->id = id;
    score->name = player.name;
    state.scores.push_back(std::move(score));
  }

  void leave(netcode::Context& /*ctx*/, netcode::PlayerId player) override {
    std::erase_if(state.counters, [&](const Counter& counter) { return counter.id() == player.value; });
    std::erase_if(state.scores, [&](const auto& score) { return score->id == player.value; });
  }

  void act(netcode::Context& ctx, netcode::PlayerId player, const Move& move) override {
    for (Counter& counter : state.counters) {
      if (counter.id() != player.value) continue;
      counter.mutate_value(counter.value() + move.push());
      if (move.buttons() == Buttons::Up) counter.mutate_step(static_cast<std::int16_t>(ctx.rng().between(-3, 9)));
      if (move.aim() > 60000) counter.mutate_mode(Mode::Angry);
      state.total += ctx.view().tick * std::int64_t{256} + ctx.view().fraction;
    }
  }

  engine::Result<void> event(netcode::Context& ctx, netcode::PlayerId from, const netcode::EventView& event) override {
    if (const auto* shout = event.as<Shout>()) {
      state.total += static_cast<std::int64_t>(shout->weight()) + from.value + ctx.tick();
      state.last_mode = shout->mode();
    }
    return {};
  }

  engine::Result<void> restore(netcode::BytesView keyframe) override {
    const auto restored = ObjectRules::restore(keyframe);
    if (state.counters.size() != state.scores.size()) return engine::error("counters and scores are not of one length");
    return restored;
  }

  void tick(netcode::Context& ctx) override {
    for (std::size_t i = 0; i < state.counters.size(); ++i) {
      Counter& counter = state.counters[i];
      counter.mutate_value(counter.value() + counter.step() + ctx.rng().between(-2, 2));
      state.total += counter.value();
      if (std::abs(counter.value()) < 400) continue;
      WonT won;
      won.player = counter.id();
      won.value = counter.value();
      won.name = state.scores[i]->name;
      ++state.scores[i]->wins;
      ctx.emit(won);
      counter.mutate_value(0);
      ++state.round;
    }
    if (ctx.setup().options.contains("rounds") && state.round >= std::stoul(ctx.setup().options.at("rounds"))) {
      ctx.end("round " + std::to_string(state.round));
    }
  }
};

}  // namespace counter
