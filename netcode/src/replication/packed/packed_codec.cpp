#include "replication/packed/packed_codec.hpp"

#include "replication/packed/world_coder.hpp"

namespace netcode::packed {

State::State(const LaneLayout& layout)
    : history(layout.groups().size()), groups(layout.groups().size()), slow(layout.slow().size()) {
  world.groups.resize(layout.groups().size());
  world.slow.resize(layout.slow().size());
  for (std::size_t i = 0; i < groups.size(); ++i) groups[i].lanes.resize(layout.groups()[i].lanes.size());
}

void encode(const LaneLayout& layout, State& state, Tick tick, const LaneWorld& world, Bytes& to) {
  BitWriter bits(to);
  WorldCoder<BitWriter>(layout, state, bits, &world).code(tick);
  bits.end();
}

engine::Result<void> decode(const LaneLayout& layout, State& state, Tick tick, BytesView from) {
  BitReader bits(from);
  if (!WorldCoder<BitReader>(layout, state, bits, nullptr).code(tick))
    return engine::error("the packed snapshot of tick {} is damaged", tick);
  return {};
}

}  // namespace netcode::packed
