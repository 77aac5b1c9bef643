// The test game of TypedRules: a state of its own, a map, a keyframe that is not its World, and events to one player.
#pragma once

#include <maze_bfbs_generated.h>
#include <maze_generated.h>

#include <algorithm>
#include <vector>

#include "engine/core/hash.hpp"
#include "netcode/rules.hpp"

namespace maze {

inline constexpr int kSize = 16;
inline constexpr std::size_t kCells = kSize * kSize;

class Game : public netcode::TypedRules<maze::World, Turn, WorldBinarySchema, maze::Keyframe> {
 public:
  engine::Result<void> prepare(const netcode::MatchSetup& setup) override {
    if (!setup.map || setup.map->size() != kCells) return engine::error("the map is not {} cells", kCells);
    map_ = *setup.map;
    walls_ = map_;
    return {};
  }

  void start(netcode::Context& ctx) override {
    steps_ = ctx.rng().below(10);
    ctx.emit(MetT{});  // before the first tick, to nobody in particular
  }

  void join(netcode::Context& ctx, const netcode::Player& player) override {
    const auto at = [&ctx] { return static_cast<std::uint8_t>(ctx.rng().below(kSize)); };
    walkers_.push_back({.id = player.id.value, .x = at(), .y = at()});
  }
  void leave(netcode::Context& /*ctx*/, netcode::PlayerId player) override {
    std::erase_if(walkers_, [&](const Walker& walker) { return walker.id == player.value; });
  }
  void act(netcode::Context& /*ctx*/, netcode::PlayerId player, const Turn& turn) override {
    for (Walker& walker : walkers_) {
      if (walker.id != player.value) continue;
      walker.heading = turn.heading();
      walker.ran += turn.run() ? 1 : 0;
    }
  }
  engine::Result<void> event(netcode::Context& /*ctx*/, netcode::PlayerId /*from*/,
                             const netcode::EventView& event) override {
    const auto* open = event.as<Open>();
    if (open == nullptr || walls_[open->cell()] == 0) return {};
    walls_[open->cell()] = 0;
    opened_.push_back(open->cell());
    return {};
  }

  void tick(netcode::Context& ctx) override {
    for (Walker& walker : walkers_) {
      if (ctx.rng().below(8) == 0) walker.heading = static_cast<Heading>(ctx.rng().below(4));
      step(walker);
      ++steps_;
      for (const Walker& other : walkers_) {
        if (other.id == walker.id || other.x != walker.x || other.y != walker.y) continue;
        MetT met;
        met.other = other.id;
        met.x = other.x;
        met.y = other.y;
        ctx.to(netcode::PlayerId{walker.id}).emit(met);
      }
    }
  }

  flatbuffers::Offset<maze::World> write_world(flatbuffers::FlatBufferBuilder& builder) const override {
    return CreateWorld(builder, steps_, builder.CreateVectorOfStructs(packed()));
  }
  flatbuffers::Offset<maze::Keyframe> write_state(flatbuffers::FlatBufferBuilder& builder) const override {
    std::vector<std::uint32_t> ran;
    for (const Walker& walker : walkers_) ran.push_back(walker.ran);
    const auto walkers = builder.CreateVectorOfStructs(packed());
    const auto ran_offset = builder.CreateVector(ran);
    const auto opened = builder.CreateVector(opened_);
    return CreateKeyframe(builder, steps_, walkers, ran_offset, opened);
  }
  engine::Result<void> read_state(const maze::Keyframe& from) override {
    walkers_.clear();
    opened_.clear();
    walls_ = map_;
    steps_ = from.steps();
    if (from.walkers() == nullptr || from.ran() == nullptr || from.opened() == nullptr ||
        from.ran()->size() != from.walkers()->size()) {
      return engine::error("walkers and ran are not of one length");
    }
    for (flatbuffers::uoffset_t i = 0; i < from.walkers()->size(); ++i) {
      const auto* walker = from.walkers()->Get(i);
      if (walker->x() >= kSize || walker->y() >= kSize) return engine::error("walkers[{}] is outside the maze", i);
      walkers_.push_back({.id = walker->id(),
                          .x = walker->x(),
                          .y = walker->y(),
                          .heading = walker->heading(),
                          .ran = from.ran()->Get(i)});
    }
    const auto& opened = *from.opened();
    for (const std::uint8_t cell : opened) {
      opened_.push_back(cell);
      walls_[cell] = 0;
    }
    return {};
  }
  std::uint64_t state_hash() const override {
    engine::Hasher hasher;
    hasher.add(steps_);
    for (const Walker& walker : walkers_) {
      hasher.add(walker.id);
      hasher.add(walker.x);
      hasher.add(walker.y);
      hasher.add(static_cast<std::uint8_t>(walker.heading));
      hasher.add(walker.ran);
    }
    hasher.add(walls_);
    return hasher.value();
  }

 private:
  struct Walker {
    std::uint32_t id = 0;
    std::uint8_t x = 0;
    std::uint8_t y = 0;
    Heading heading = Heading::North;
    std::uint32_t ran = 0;
  };

  void step(Walker& walker) {
    constexpr int kDx[] = {0, 1, 0, -1};
    constexpr int kDy[] = {-1, 0, 1, 0};
    const int x = (walker.x + kDx[static_cast<int>(walker.heading)] + kSize) % kSize;
    const int y = (walker.y + kDy[static_cast<int>(walker.heading)] + kSize) % kSize;
    if (walls_[static_cast<std::size_t>(y * kSize + x)] != 0) return;
    walker.x = static_cast<std::uint8_t>(x);
    walker.y = static_cast<std::uint8_t>(y);
  }
  std::vector<maze::Walker> packed() const {
    std::vector<maze::Walker> all;
    for (const Walker& walker : walkers_) all.emplace_back(walker.id, walker.x, walker.y, walker.heading);
    return all;
  }

  netcode::Bytes map_;
  netcode::Bytes walls_;
  std::vector<Walker> walkers_;
  std::vector<std::uint8_t> opened_;
  std::uint32_t steps_ = 0;
};

}  // namespace maze
