// The arena with its ships put where a test wants them, whatever else they do: its rules, and a long bare field.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "game/server/arena_rules.hpp"
#include "map_generated.h"
#include "support.hpp"

namespace game::server {

class Arranged final : public netcode::Rules {
 public:
  using World = ArenaRules::World;
  using Action = ArenaRules::Action;
  using Keyframe = ArenaRules::Keyframe;
  using BinarySchema = ArenaRules::BinarySchema;
  static constexpr std::string_view kVersion = ArenaRules::kVersion;
  /// Before each tick and, once its events are told, after it: what snapshots show is arranged, too.
  using Arrange = std::function<void(sim::State& state, bool is_after)>;

  explicit Arranged(Arrange arrange) : arrange_(std::move(arrange)) {}

  engine::Result<void> prepare(const netcode::MatchSetup& setup) override { return rules_.prepare(setup); }
  void start(netcode::Context& ctx) override { rules_.start(ctx); }
  void join(netcode::Context& ctx, const netcode::Player& player) override { rules_.join(ctx, player); }
  void leave(netcode::Context& ctx, netcode::PlayerId player) override { rules_.leave(ctx, player); }
  void action(netcode::Context& ctx, netcode::PlayerId player, netcode::BytesView table) override {
    rules_.action(ctx, player, table);
  }
  void release(netcode::Context& ctx, netcode::PlayerId player, netcode::BytesView neutral) override {
    rules_.release(ctx, player, neutral);
  }
  void tick(netcode::Context& ctx) override {
    arrange_(state(), false);
    rules_.tick(ctx);
    arrange_(state(), true);
  }
  flatbuffers::Offset<void> write_snapshot(flatbuffers::FlatBufferBuilder& builder) const override {
    return rules_.write_snapshot(builder);
  }
  void show(netcode::PlayerId viewer, std::span<const netcode::EntityRef> entities,
            std::vector<bool>& shown) const override {
    rules_.show(viewer, entities, shown);
  }
  bool has_hidden_entities() const override { return rules_.has_hidden_entities(); }
  flatbuffers::Offset<void> write_keyframe(flatbuffers::FlatBufferBuilder& builder) const override {
    return rules_.write_keyframe(builder);
  }
  engine::Result<void> restore(netcode::BytesView keyframe) override { return rules_.restore(keyframe); }
  std::uint64_t state_hash() const override { return rules_.state_hash(); }

 private:
  sim::State& state() { return const_cast<sim::State&>(rules_.state()); }

  Arrange arrange_;
  ArenaRules rules_;
};

/// At rest, without a shield; whether alive or dead.
inline void put(sim::Player& player, sim::Vec at) {
  player.ship.position = at;
  player.ship.velocity = {};
  player.ship.shield_until_tick = 0;
}

/// 8192 x 1024 u without walls or pads; ships come in in its middle.
inline netcode::SharedBytes long_field() {
  flatbuffers::FlatBufferBuilder builder;
  const auto name = builder.CreateString("long field");
  const auto walls = builder.CreateVectorOfStructs(std::vector<arena::map::Wall>());
  const std::vector<arena::map::Spawn> spawns = {{4000, 300}, {4200, 700}, {4000, 700}, {4200, 300}};
  const auto spawns_at = builder.CreateVectorOfStructs(spawns);
  arena::map::FinishMapBuffer(builder, arena::map::CreateMap(builder, name, 8192, 1024, 16, walls, spawns_at));
  return std::make_shared<const netcode::Bytes>(builder.GetBufferPointer(),
                                                builder.GetBufferPointer() + builder.GetSize());
}

}  // namespace game::server
