// A match's frames, an encoder, and clients that unpack what they are handed: what each is shown is what was packed.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/rng.hpp"
#include "protocol/messages.hpp"
#include "random_worlds.hpp"
#include "replication/packed_encoder.hpp"
#include "replication/plain_encoder.hpp"
#include "replication/unpacker.hpp"
#include "schema_text.hpp"

namespace netcode::testing {

class PackedStream {
 public:
  explicit PackedStream(std::uint64_t seed, std::string_view schema_text)
      : schema_(schema_text), layout_(schema_.layout()), rng_(seed), world_(first_world(*layout_, rng_)) {
    const auto filter = std::make_shared<const VisibleWorld>(schema_.schema(), TextSchema::kWorld);
    encoders_.plain = std::make_shared<PlainEncoder>(filter, layout_);
    encoders_.packed = std::make_shared<PackedEncoder>(layout_, filter, encoders_.plain);
    encoders_.packs = layout_->hash();
    filter_ = filter;
  }

  /// The next frame, so many ticks later.
  WorldFramePtr next(Tick ticks = 2) {
    tick_ += ticks;
    move_on(*layout_, rng_, ticks, world_);
    return frame_of(world_);
  }
  /// A frame of this World, so many ticks later.
  WorldFramePtr next_of(const LaneWorld& world, Tick ticks = 2) {
    tick_ += ticks;
    return frame_of(world);
  }
  WorldFramePtr frame_of(const LaneWorld& world) {
    auto bytes = write_world(*layout_, world);
    EXPECT_TRUE(bytes);
    return std::make_shared<const WorldFrame>(tick_, std::move(*bytes), encoders_);
  }

  /// One connection, both ends.
  struct Client {
    explicit Client(PackedStream& stream, PlayerId player = kNoPlayer)
        : of(&stream), viewer(player), unpacker(stream.layout_) {}

    /// Is handed the frame, and unpacks it. Returns whether it was encoded for it alone so far.
    bool take(const WorldFramePtr& of_match, VisibleSetPtr visible = nullptr) {
      const FrameView view{.frame = of_match, .visible = std::move(visible), .viewer = viewer};
      SnapshotEncoder& encoder = of_match->encoder(of->encoders_.packs);
      auto encoded = encoder.encode(view, {.tick = of_match->tick()}, handed);
      handed = {.view = view, .chain = encoded.chain, .budget = handed.budget};
      is_packed = encoded.is_packed;
      tick = of_match->tick();
      packed = encoded.message.head;
      if (encoded.message.body)
        packed.insert(packed.end(),
                      encoded.message.body->begin() + static_cast<std::ptrdiff_t>(encoded.message.body_offset),
                      encoded.message.body->end());
      read();
      return encoded.is_new;
    }
    /// What the snapshot says, to `shown`.
    void read() {
      ASSERT_TRUE(is_packed);
      auto world = unpacker.unpack(tick, viewer, packed);
      ASSERT_TRUE(world) << world.error().reason;
      auto lanes = read_world(*of->layout_, *world);
      ASSERT_TRUE(lanes);
      shown = std::move(*lanes);
    }
    /// What it is to be shown of the frame.
    LaneWorld expected(const WorldFramePtr& frame, const VisibleSetPtr& visible = nullptr) const {
      const Bytes seen = visible ? of->filter_->filtered(frame->world(), visible.get())
                                 : Bytes(frame->world().begin(), frame->world().end());
      LaneWorld out = *read_world(*of->layout_, seen);
      hide_owner_only(*of->layout_, viewer, out);
      return out;
    }

    PackedStream* of;
    PlayerId viewer;
    Unpacker unpacker;
    HandedFrame handed{};
    bool is_packed = false;
    Tick tick = 0;
    Bytes packed{};
    LaneWorld shown{};
  };

  /// A set that shows about so many of a hundred.
  VisibleSetPtr some_of(const WorldFramePtr& frame, std::uint32_t percent) {
    VisibleSet set(filter_->entities(frame->world()).size());
    for (std::size_t i = 0; i < set.size(); ++i) set[i] = chance(rng_, percent);
    return std::make_shared<const VisibleSet>(std::move(set));
  }

  /// Those for which `is_shown(entity)`.
  template <class IsShown>
  VisibleSetPtr set_of(const WorldFramePtr& frame, IsShown is_shown) {
    VisibleSet set;
    for (const EntityRef& entity : filter_->entities(frame->world())) set.push_back(is_shown(entity));
    return std::make_shared<const VisibleSet>(std::move(set));
  }

  const LaneLayout& layout() const { return *layout_; }
  LaneLayoutPtr layout_ptr() const { return layout_; }
  Tick tick() const { return tick_; }
  LaneWorld& world() { return world_; }

 private:
  friend struct Client;
  TextSchema schema_;
  LaneLayoutPtr layout_;
  engine::Rng rng_;
  LaneWorld world_;
  std::shared_ptr<const VisibleWorld> filter_;
  SnapshotEncoders encoders_;
  Tick tick_ = 100;
};

inline constexpr const char* kStreamedWorld = R"(
  struct Ship { id:ushort (key); x:int (predict:"vx"); vx:short; flags:ubyte; energy:ushort (owner_only); }
  struct Shot (owner:"by") { id:ushort (key); by:ushort; x:int; until_tick:uint; }
  table Info { id:ushort (key); name:string; score:short; }
  table World { ships:[Ship]; shots:[Shot]; infos:[Info]; phase:ubyte; title:string; }
)";

}  // namespace netcode::testing
