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
    slow_[i] = before[i];
    is_complete = false;
  }
  if (is_complete) return Bytes();
  auto read = read_world(*layout_, world);
  if (!read) return read.error();
  read->slow = slow_;
  return write_world(*layout_, *read);
}

engine::Result<Bytes> Unpacker::next(Tick tick, PlayerId viewer, BytesView packed) {
  const auto frame = PackedFrame::read(packed);
  if (!frame) return frame.error();
  if (frame->is_first) {
    reset();
    state_.emplace(*layout_);
  } else if (!state_) {
    return engine::error("a packed snapshot that builds on none");
  } else if (tick <= state_->tick()) {
    return engine::error("a packed snapshot of tick {} after one of tick {}", tick, state_->tick());
  } else if (frame->is_restart) {
    auto last = state_->past.front();
    state_.emplace(*layout_, std::move(last));
  }
  const BytesView bits = frame->shared.subspan(frame->has_hash ? kWorldHashBytes : 0);
  const auto before = meter_ ? std::make_unique<packed::State>(*state_) : nullptr;
  if (auto decoded = packed::decode(*layout_, *state_, tick, bits); !decoded) return decoded.error();
  if (frame->has_hash &&
      flatbuffers::ReadScalar<std::uint32_t>(frame->shared.data()) != public_hash(*layout_, state_->world()))
    return engine::error("the packed snapshot of tick {} does not give the World that was packed", tick);
  if (before) meter_->add(layout_, std::move(*before), *state_, frame->own.size());
  LaneWorld shown = state_->world();
  if (layout_->has_owner_only()) {
    auto own = decode_own(*layout_, viewer, shown_ ? &*shown_ : nullptr, frame->own, tick, shown);
    if (!own) return own.error();
  }
  shown_ = std::move(shown);
  return write_world(*layout_, *shown_);
}

}  // namespace netcode
