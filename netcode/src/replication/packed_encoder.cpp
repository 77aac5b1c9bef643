#include "replication/packed_encoder.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/core/assert.hpp"
#include "netcode/limits.hpp"
#include "replication/lane_world.hpp"
#include "replication/own_part.hpp"
#include "replication/packed/packed_codec.hpp"
#include "replication/packed_frame.hpp"
#include "replication/snapshot_budget.hpp"

namespace netcode {
namespace {

/// An entity's place in a LaneWorld.
struct EntityPlace {
  bool is_slow;
  std::size_t vector;  // of LaneLayout::slow or groups
  std::size_t row;
};

/// More than so many bytes are not sent again to who has missed them.
constexpr std::size_t kEarlierBytesMax = std::size_t{16} * 1024;

/// Where an entity stands; it is there.
EntityPlace place_of(const LaneLayout& layout, const LaneWorld& world, const EntityRef& entity) {
  for (std::size_t i = 0; i < layout.groups().size(); ++i) {
    if (layout.groups()[i].name != entity.vector) continue;
    const auto& keys = world.groups[i].keys;
    return {false, i, static_cast<std::size_t>(std::lower_bound(keys.begin(), keys.end(), entity.key) - keys.begin())};
  }
  for (std::size_t i = 0; i < layout.slow().size(); ++i) {
    if (layout.slow()[i].name != entity.vector) continue;
    const auto found = std::find_if(world.slow[i].begin(), world.slow[i].end(),
                                    [&](const SlowElement& element) { return element.key == entity.key; });
    return {true, i, static_cast<std::size_t>(found - world.slow[i].begin())};
  }
  ENGINE_ASSERT(false, "what has a key is of a group or of slow state");
  return {};
}

/// Without the entities that are not shown.
LaneWorld shown_of(const LaneLayout& layout, const LaneWorld& whole, const std::vector<EntityPlace>& places,
                   const VisibleSet& visible) {
  ENGINE_ASSERT(places.size() == visible.size(), "one verdict for each entity");
  std::vector<std::vector<bool>> hidden(whole.groups.size());
  std::vector<std::vector<bool>> hidden_slow(whole.slow.size());
  for (std::size_t i = 0; i < whole.groups.size(); ++i) hidden[i].resize(whole.groups[i].keys.size());
  for (std::size_t i = 0; i < whole.slow.size(); ++i) hidden_slow[i].resize(whole.slow[i].size());
  for (std::size_t i = 0; i < places.size(); ++i)
    if (!visible[i]) (places[i].is_slow ? hidden_slow : hidden)[places[i].vector][places[i].row] = true;
  LaneWorld out{.groups = std::vector<GroupLanes>(whole.groups.size()), .slow = whole.slow};
  for (std::size_t i = 0; i < whole.groups.size(); ++i) {
    const GroupLanes& from = whole.groups[i];
    const auto lanes = static_cast<std::ptrdiff_t>(layout.groups()[i].lanes.size());
    out.groups[i].keys.reserve(from.keys.size());
    out.groups[i].values.reserve(from.values.size());
    for (std::size_t row = 0; row < from.keys.size(); ++row) {
      if (hidden[i][row]) continue;
      out.groups[i].keys.push_back(from.keys[row]);
      const auto at = from.values.begin() + static_cast<std::ptrdiff_t>(row) * lanes;
      out.groups[i].values.insert(out.groups[i].values.end(), at, at + lanes);
    }
  }
  for (std::size_t i = 0; i < whole.slow.size(); ++i) {
    std::size_t row = 0;
    if (std::find(hidden_slow[i].begin(), hidden_slow[i].end(), true) != hidden_slow[i].end())
      std::erase_if(out.slow.edit()[i], [&](const SlowElement&) { return hidden_slow[i][row++]; });
  }
  return out;
}

void append_hash(std::uint32_t hash, Bytes& to) {
  for (unsigned i = 0; i < kWorldHashBytes; ++i) to.push_back(static_cast<std::uint8_t>(hash >> (8 * i)));
}

}  // namespace

struct PackedEncoder::Notes final : FrameNotes {
  struct Shown {
    VisibleSetPtr visible;
    LaneWorldPtr world;
  };
  std::optional<LaneWorldPtr> whole;  // null: it cannot be packed
  std::vector<EntityPlace> places;    // by the order of a VisibleSet; none yet: nobody has asked
  struct Encoding {
    const void* base;        // the chain's link, or where nothing is inherited the World, that it was coded against
    const LaneWorld* world;  // what was coded, as long as `after` is there
    std::weak_ptr<const void> kept;    // the base: its memory, and so its address, but not what it holds
    std::weak_ptr<PackedChain> after;  // whoever was handed it keeps it
  };
  std::vector<Shown> shown;
  std::vector<Encoding> encodings;
  bool is_for_all = false;  // has one been made for those who see everything?
};

/// How a connection gets to a frame.
struct PackedEncoder::Way {
  std::vector<const PackedChain*> earlier{};  // what others were sent meanwhile, the oldest first
  ChainPtr from;                              // against which the frame is coded; null: against nothing
  bool inherits = false;                      // what was learned
  bool is_there = false;                      // `from` is the frame itself, and the newest of `earlier` led to it
  bool is_for_all = false;                    // others who hold `from` may go the same way
};

PackedEncoder::PackedEncoder(LaneLayoutPtr layout, std::shared_ptr<const VisibleWorld> filter,
                             std::shared_ptr<SnapshotEncoder> plain)
    : layout_(std::move(layout)), filter_(std::move(filter)), plain_(std::move(plain)) {}

PackedEncoder::Notes& PackedEncoder::notes_of(const WorldFrame& frame) {
  auto& noted = frame.notes(*this);
  if (!noted) {
    noted = std::make_unique<Notes>();
    const Tick tick = frame.tick();
    const bool may_meet = restarted_ == 0 || tick >= restarted_ + kMeetTicks;
    if (apart_since_ != 0 && tick >= apart_since_ + kSettleTicks && may_meet) {
      restarted_ = tick;
      apart_since_ = 0;
    }
  }
  return static_cast<Notes&>(*noted);
}

PackedEncoder::Way PackedEncoder::way_to(const FrameView& view, const ChainPtr& base, bool is_for_all) const {
  if (!base) return {.is_for_all = is_for_all};
  const Tick tick = view.frame->tick();
  Way way{.from = base, .is_for_all = is_for_all};
  std::size_t bytes = 0;
  if (is_for_all) {
    while (way.from->next && way.from->next->tick <= tick && bytes <= kEarlierBytesMax) {
      way.from = way.from->next;
      way.earlier.push_back(way.from.get());
      bytes += way.from->bytes->size();
    }
    way.is_there = way.from->tick == tick && !way.earlier.empty();
  }
  const bool restarts = is_for_all && way.from->tick < restarted_ && restarted_ <= tick;
  way.inherits = !way.is_there && way.from->state && !way.from->next && !restarts;
  const bool is_end = !way.from->next;
  if (way.is_there || way.inherits || (is_end && bytes <= kEarlierBytesMax)) return way;
  return {.from = base, .is_for_all = is_for_all};
}

PackedEncoder::ChainPtr PackedEncoder::coded(const FrameView& view, const Way& way, bool is_sole,
                                             const LaneWorldPtr& world) {
  const Tick tick = view.frame->tick();
  const ChainPtr& from = way.from;
  auto after = std::make_shared<PackedChain>();
  std::optional<packed::State> state;
  if (!way.inherits) {
    if (from) {
      state.emplace(*layout_, packed::PastWorld{.tick = from->tick, .world = from->world});
    } else {
      state.emplace(*layout_);
    }
    after->behind = std::make_shared<PackedChain::Behind>();
  } else if (way.is_for_all || is_sole) {
    state = std::exchange(from->state, std::nullopt);
    after->place = from->place;
    after->behind = from->behind;
  } else {  // others who hold it may be sent something else
    state = from->state;
    after->behind = std::make_shared<PackedChain::Behind>();
  }
  after->world = world;
  after->tick = tick;
  after->is_restart = !way.inherits;
  after->has_hash = !from || tick / kHashTicks != from->tick / kHashTicks;
  Bytes bytes;
  if (after->has_hash) append_hash(public_hash(*layout_, *world), bytes);
  if (!packed::encode(*layout_, *state, tick, world, bytes)) return nullptr;
  after->bytes = std::make_shared<const Bytes>(std::move(bytes));
  if (!after->place && *chains_ < kChainsMax) after->place = std::make_shared<const ChainPlace>(chains_);
  if (after->place) after->state = std::move(state);
  return after;
}

PackedEncoder::ChainPtr PackedEncoder::go_on(const FrameView& view, const Way& way, bool is_sole,
                                             const LaneWorldPtr& world, Notes& notes, bool& is_new) {
  const std::shared_ptr<const void> kept = way.inherits ? std::shared_ptr<const void>(way.from)
                                           : way.from   ? way.from->world
                                                        : nullptr;
  const auto found = std::find_if(notes.encodings.begin(), notes.encodings.end(), [&](const Notes::Encoding& made) {
    return made.base == kept.get() && !made.after.expired() && made.world == world.get();
  });
  is_new = found == notes.encodings.end();
  ChainPtr after = is_new ? coded(view, way, is_sole, world) : found->after.lock();
  if (!after) return nullptr;
  if (is_new) {
    notes.encodings.push_back({.base = kept.get(), .world = world.get(), .kept = kept, .after = after});
    if (way.is_for_all && std::exchange(notes.is_for_all, true) && apart_since_ == 0) apart_since_ = view.frame->tick();
  }
  if (way.is_for_all && way.from && !way.from->next) PackedChain::link(way.from, after);
  return after;
}

LaneWorldPtr PackedEncoder::lanes_of(const FrameView& view, Notes& notes) {
  if (!notes.whole) {
    auto read = read_world(*layout_, view.frame->world());
    if (read && read->slow == slow_) read->slow = slow_;  // as a rule: then nobody need compare the two again
    if (read) slow_ = read->slow;
    notes.whole = read ? std::make_shared<const LaneWorld>(std::move(*read)) : nullptr;
  }
  const LaneWorldPtr& whole = *notes.whole;
  if (!whole || !view.visible) return whole;
  for (const Notes::Shown& shown : notes.shown)
    if (shown.visible == view.visible) return shown.world;
  if (notes.places.empty())
    for (const EntityRef& entity : filter_->entities(view.frame->world()))
      notes.places.push_back(place_of(*layout_, *whole, entity));
  auto world = std::make_shared<const LaneWorld>(shown_of(*layout_, *whole, notes.places, *view.visible));
  notes.shown.push_back({view.visible, world});
  return world;
}

bool PackedEncoder::hold_back(SnapshotBudget* budget, const ChainPtr& base, PlayerId viewer,
                              LaneWorldPtr& world) const {
  if (!budget) return false;
  const LaneWorldPtr whole = world;
  world = budget->choose(*layout_, base ? base->world : nullptr, whole, viewer);
  // Others are not made to meet it before it can stay with them.
  return world != whole || (base && base->is_held_back && budget->is_short());
}

SnapshotEncoder::Encoded PackedEncoder::encode(const FrameView& view, const protocol::SnapshotHead& head,
                                               const HandedFrame& before) {
  Notes& notes = notes_of(*view.frame);
  LaneWorldPtr world = lanes_of(view, notes);
  if (!world) return plain_->encode(view, head, {});
  const bool is_sole = before.chain.use_count() == 1;
  const auto base = std::const_pointer_cast<PackedChain>(std::dynamic_pointer_cast<const PackedChain>(before.chain));
  const bool is_held_back = hold_back(before.budget, base, view.viewer, world);
  Way way = way_to(view, base, !view.visible && !is_held_back);
  bool is_new = false;
  if (!way.is_there) {
    ChainPtr after = go_on(view, way, is_sole, world, notes, is_new);
    if (!after) {  // nor can it for anybody else
      notes.whole = nullptr;
      return plain_->encode(view, head, {});
    }
    if (is_new) after->is_held_back = is_held_back;
    way.earlier.push_back(after.get());
    way.from = std::move(after);
  }
  const PackedChain& last = *way.from;
  const Bytes own = layout_->has_owner_only()
                        ? encode_own(*layout_, view.viewer, base ? base->world.get() : nullptr, *last.world, last.tick)
                        : Bytes();
  PackedFrame frame{.is_first = !base, .is_restart = last.is_restart, .has_hash = last.has_hash, .own = own};
  Tick tick = base ? base->tick : 0;
  for (std::size_t i = 0; i + 1 < way.earlier.size(); ++i) {
    const PackedChain& earlier = *way.earlier[i];
    frame.earlier.push_back({.ticks = earlier.tick - tick,
                             .is_restart = earlier.is_restart,
                             .has_hash = earlier.has_hash,
                             .shared = *earlier.bytes});
    tick = earlier.tick;
  }
  // More than its length can say, or than a client takes.
  if (own.size() > UINT16_MAX || own.size() + last.bytes->size() > limits::kWorldBytesMax)
    return plain_->encode(view, head, {});
  return {
      .message = {.head = frame.prefix(), .body = last.bytes}, .is_new = is_new, .chain = way.from, .is_packed = true};
}

}  // namespace netcode
