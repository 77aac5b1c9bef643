#include "replication/unpacker.hpp"

#include <flatbuffers/flatbuffers.h>

#include <utility>

#include "replication/own_part.hpp"
#include "replication/packed/packed_codec.hpp"
#include "replication/packed_frame.hpp"

namespace netcode {

engine::Result<Bytes> Unpacker::complete(BytesView world) {
  state_.reset();
  shown_.reset();
  const SlowState before = std::exchange(slow_, read_slow_state(*layout_, world));
  bool is_complete = true;
  for (std::size_t i = 0; i < layout_->slow().size(); ++i) {
    const SlowVector& slow = layout_->slow()[i];
    if (before.empty() || !slow.key || has_vector(slow, world) || before[i].empty()) continue;
    slow_.edit()[i] = before[i];
    is_complete = false;
  }
  if (is_complete) return Bytes();
  auto read = read_world(*layout_, world);
  if (!read) return read.error();
  read->slow = slow_;
  return write_world(*layout_, *read);
}

// One snapshot further, seen by nobody yet.
engine::Result<void> Unpacker::step(Tick tick, bool is_restart, bool has_hash, BytesView shared) {
  if (is_restart) {
    auto last = state_->past.front();
    state_.emplace(*layout_, std::move(last));
  }
  const auto before = meter_ ? std::make_unique<packed::State>(*state_) : nullptr;
  if (auto decoded = packed::decode(*layout_, *state_, tick, shared.subspan(has_hash ? kWorldHashBytes : 0)); !decoded)
    return decoded;
  if (has_hash && flatbuffers::ReadScalar<std::uint32_t>(shared.data()) != public_hash(*layout_, state_->world()))
    return engine::error("the packed snapshot of tick {} does not give the World that was packed", tick);
  if (before) meter_->add(layout_, std::move(*before), *state_);
  return {};
}

engine::Result<Bytes> Unpacker::next(Tick tick, PlayerId viewer, BytesView packed) {
  const auto frame = PackedFrame::read(packed);
  if (!frame) return frame.error();
  if (frame->is_first) {
    reset();
    state_.emplace(*layout_);
  } else if (!state_) {
    return engine::error("a packed snapshot that builds on none");
  }
  for (const EarlierFrame& earlier : frame->earlier) {
    if (earlier.ticks == 0 || tick <= state_->tick() || earlier.ticks >= tick - state_->tick())
      return engine::error("a packed snapshot of tick {} that builds on none before it", tick);
    if (auto good = step(state_->tick() + earlier.ticks, earlier.is_restart, earlier.has_hash, earlier.shared); !good)
      return good.error();
  }
  if (!frame->is_first && tick <= state_->tick())
    return engine::error("a packed snapshot of tick {} after one of tick {}", tick, state_->tick());
  if (auto good = step(tick, frame->is_restart && !frame->is_first, frame->has_hash, frame->shared); !good)
    return good.error();
  if (meter_) meter_->add_own(frame->own.size());
  LaneWorld shown = state_->world();
  if (layout_->has_owner_only()) {
    auto own = decode_own(*layout_, viewer, shown_ ? &*shown_ : nullptr, frame->own, tick, shown);
    if (!own) return own.error();
  }
  shown_ = std::move(shown);
  return write_world(*layout_, *shown_);
}

}  // namespace netcode
