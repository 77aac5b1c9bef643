#include "replication/packed_encoder.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "netcode/limits.hpp"
#include "replication/lane_world.hpp"
#include "replication/own_part.hpp"
#include "replication/packed/packed_codec.hpp"
#include "replication/packed_frame.hpp"

namespace netcode {
namespace {

using LaneWorldPtr = std::shared_ptr<const LaneWorld>;

/// One of those that a match may have.
class ChainPlace {
 public:
  explicit ChainPlace(std::shared_ptr<std::size_t> taken) : taken_(std::move(taken)) { ++*taken_; }
  ~ChainPlace() { --*taken_; }
  ChainPlace(const ChainPlace&) = delete;
  ChainPlace& operator=(const ChainPlace&) = delete;

 private:
  std::shared_ptr<std::size_t> taken_;
};

struct PackedChain final : SnapshotChain {
  LaneWorldPtr world;
  Tick tick = 0;
  std::optional<packed::State> state;  // none: what is built on it has nothing learned
  std::optional<ChainPlace> place;
};

struct PackedNotes final : FrameNotes {
  struct Shown {
    VisibleSetPtr visible;
    LaneWorldPtr world;
  };
  struct Encoding {
    const void* base;  // the chain, or where nothing is inherited the World, that it was coded against
    VisibleSetPtr visible;
    std::weak_ptr<const void> kept;  // the base: its memory, and so its address, but not what it holds
    SharedBytes shared;
    std::weak_ptr<const PackedChain> chain;  // whoever was handed it keeps it
    bool is_restart;
    bool has_hash;
  };
  std::vector<Shown> shown;
  std::vector<Encoding> encodings;
};

/// Null: it cannot be packed.
LaneWorldPtr lanes_of(const FrameView& view, const LaneLayout& layout, const VisibleWorld& filter, PackedNotes& notes) {
  for (const PackedNotes::Shown& shown : notes.shown)
    if (shown.visible == view.visible) return shown.world;
  auto read = view.visible ? read_world(layout, filter.filtered(view.frame->world(), view.visible.get()))
                           : read_world(layout, view.frame->world());
  LaneWorldPtr world = read ? std::make_shared<const LaneWorld>(std::move(*read)) : nullptr;
  notes.shown.push_back({view.visible, world});
  return world;
}

void append_hash(std::uint32_t hash, Bytes& to) {
  for (unsigned i = 0; i < kWorldHashBytes; ++i) to.push_back(static_cast<std::uint8_t>(hash >> (8 * i)));
}

}  // namespace

PackedEncoder::PackedEncoder(LaneLayoutPtr layout, std::shared_ptr<const VisibleWorld> filter,
                             std::shared_ptr<SnapshotEncoder> plain)
    : layout_(std::move(layout)), filter_(std::move(filter)), plain_(std::move(plain)) {}

SnapshotEncoder::Encoded PackedEncoder::encode(const FrameView& view, const protocol::SnapshotHead& head,
                                               const HandedFrame& before) {
  auto& noted = view.frame->notes(*this);
  if (!noted) noted = std::make_unique<PackedNotes>();
  auto& notes = static_cast<PackedNotes&>(*noted);
  const LaneWorldPtr world = lanes_of(view, *layout_, *filter_, notes);
  if (!world) return plain_->encode(view, head, {});

  const Tick tick = view.frame->tick();
  const auto base = std::dynamic_pointer_cast<const PackedChain>(before.chain);
  const bool inherits = base && base->state && tick / kEpochTicks == base->tick / kEpochTicks;
  const void* key = inherits ? static_cast<const void*>(base.get()) : base ? base->world.get() : nullptr;
  auto found = std::find_if(notes.encodings.begin(), notes.encodings.end(), [&](const PackedNotes::Encoding& made) {
    return made.base == key && made.visible == view.visible && !made.chain.expired();
  });
  const bool is_new = found == notes.encodings.end();
  std::shared_ptr<const PackedChain> after = is_new ? nullptr : found->chain.lock();
  if (is_new) {
    packed::State state = inherits ? *base->state
                          : base   ? packed::State(*layout_, {.tick = base->tick, .world = base->world})
                                   : packed::State(*layout_);
    const bool has_hash = !base || tick / kHashTicks != base->tick / kHashTicks;
    Bytes bytes;
    if (has_hash) append_hash(public_hash(*layout_, *world), bytes);
    if (!packed::encode(*layout_, state, tick, world, bytes)) {
      for (PackedNotes::Shown& shown : notes.shown)
        if (shown.visible == view.visible) shown.world = nullptr;  // for all who see it
      return plain_->encode(view, head, {});
    }
    auto chain = std::make_shared<PackedChain>();
    chain->world = world;
    chain->tick = tick;
    if (*chains_ < kChainsMax) {
      chain->place.emplace(chains_);
      chain->state = std::move(state);
    }
    notes.encodings.push_back({.base = key,
                               .visible = view.visible,
                               .kept = inherits ? std::shared_ptr<const void>(base)
                                       : base   ? base->world
                                                : nullptr,
                               .shared = std::make_shared<const Bytes>(std::move(bytes)),
                               .chain = chain,
                               .is_restart = !inherits,
                               .has_hash = has_hash});
    found = notes.encodings.end() - 1;
    after = std::move(chain);
  }
  const Bytes own = layout_->has_owner_only()
                        ? encode_own(*layout_, view.viewer, base ? base->world.get() : nullptr, *world, tick)
                        : Bytes();
  // More than its length can say, or than a client takes.
  if (own.size() > UINT16_MAX || own.size() + found->shared->size() > limits::kWorldBytesMax)
    return plain_->encode(view, head, {});
  const PackedFrame frame{.is_first = !base, .is_restart = found->is_restart, .has_hash = found->has_hash, .own = own};
  return {.message = {.head = frame.prefix(), .body = found->shared},
          .is_new = is_new,
          .chain = std::move(after),
          .is_packed = true};
}

}  // namespace netcode
