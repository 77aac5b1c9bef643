#include "recording/read/keyframe_twin.hpp"

#include <algorithm>

#include "netcode/limits.hpp"

namespace netcode::recording {

namespace {

BytesView world_of(const Simulation& simulation, flatbuffers::FlatBufferBuilder& builder) {
  builder.Clear();
  builder.Finish(flatbuffers::Offset<flatbuffers::Table>(simulation.rules().write_snapshot(builder).o));
  return {builder.GetBufferPointer(), builder.GetSize()};
}

bool are_same(const Emitted& a, const Emitted& b) { return a.to == b.to && a.name == b.name && a.body == b.body; }

bool are_same(BytesView a, BytesView b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

}  // namespace

engine::Result<void> KeyframeTwin::restore(const Keyframe& keyframe) {
  emitted_.clear();
  first_emitted_.clear();
  restored_at_ = keyframe.tick;
  auto made = Resimulation::create(info_, types_);
  if (!made) return made.error();
  twin_ = std::move(*made);
  twin_->simulation().set_emit_sink([this](Emitted event) { emitted_.push_back(std::move(event)); });
  return twin_->simulation().restore(keyframe);
}

engine::Result<void> KeyframeTwin::input(const Input& input, bool is_new) {
  return twin_ ? twin_->input(input, is_new) : engine::Result<void>();
}

engine::Result<void> KeyframeTwin::run(Tick tick) { return twin_ ? twin_->run(tick) : engine::Result<void>(); }

std::string KeyframeTwin::differs(std::string_view what) const {
  return fmt::format("the keyframe of tick {} leaves something out: the match goes on from it with {}", restored_at_,
                     what);
}

std::string KeyframeTwin::difference_from(const Simulation& first) {
  if (!twin_) return {};
  const auto events = std::exchange(first_emitted_, {});
  const auto own = std::exchange(emitted_, {});
  const Simulation& second = twin_->simulation();
  if (!std::equal(events.begin(), events.end(), own.begin(), own.end(),
                  [](const Emitted& a, const Emitted& b) { return are_same(a, b); }))
    return differs("other events");
  if (first.result() != second.result()) return differs("another result");
  if (first.state_hash() != second.state_hash()) return differs("another hash");
  const std::uint32_t ticks_per_snapshot = std::max(1U, first.setup().tick_hz / first.setup().snapshot_hz);
  if (first.current_tick() % ticks_per_snapshot != 0) return {};
  const BytesView world = world_of(first, first_world_), again = world_of(second, world_);
  if (are_same(world, again)) return {};
  const std::string field = twin_->schema().first_difference(twin_->type().world_table, world, again);
  return field.empty() ? std::string() : differs("another World: " + field);
}

std::string KeyframeTwin::play_on(Simulation& first) {
  if (first.result()) return {};
  if (auto restored = restore(first.keyframe()); !restored) return differs(restored.error().reason);
  // No file pays for these ticks with its bytes: a header that asks for four billion of them gets what servers use.
  const std::uint32_t ticks = std::min(info_.keyframe_interval_ticks, limits::kKeyframeIntervalTicks);
  for (std::uint32_t i = 0; i < ticks && !first.result(); ++i) {
    first.tick();
    twin_->simulation().tick();
    if (std::string difference = difference_from(first); !difference.empty()) return difference;
  }
  return {};
}

}  // namespace netcode::recording
