#include "packed_out.hpp"

#include <fstream>
#include <optional>
#include <stdexcept>
#include <utility>

#include "netcode/bytes.hpp"
#include "replication/own_part.hpp"
#include "replication/packed/packed_codec.hpp"

namespace codec_bench {
namespace {

using namespace netcode;

constexpr std::uint32_t kFirst = 1;
constexpr std::uint32_t kRestart = 2;

void put(std::ofstream& file, std::uint32_t number) {
  for (unsigned i = 0; i < 4; ++i) file.put(static_cast<char>(static_cast<std::uint8_t>(number >> (8 * i))));
}

void put(std::ofstream& file, const Bytes& bytes) {
  put(file, static_cast<std::uint32_t>(bytes.size()));
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace

void write_packed(const LaneLayout& layout, const PackedStream& stream, const PackedOut& out) {
  std::ofstream file(out.path, std::ios::binary);
  put(file, static_cast<std::uint32_t>(layout.hash()));
  put(file, static_cast<std::uint32_t>(layout.hash() >> 32));
  std::optional<packed::State> state;
  const LaneWorld* shown_before = nullptr;
  std::size_t frames = 0;
  for (std::size_t i = 0; i < stream.shared.size(); ++i) {
    if (out.skip_every > 0 && (i + 1) % out.skip_every == 0) continue;
    const auto tick = static_cast<Tick>((i + 1) * stream.ticks);
    const LaneWorld& shown = *stream.shown[i];
    std::uint32_t flags = 0;
    if (!state) {
      flags = kFirst | kRestart;
      state.emplace(layout);
    } else if (out.restart_every > 0 && frames % out.restart_every == 0) {
      flags = kRestart;
      auto last = state->past.front();
      state.emplace(layout, std::move(last));
    }
    Bytes bits;
    if (!packed::encode(layout, *state, tick, stream.shared[i], bits)) throw std::runtime_error("a World is too large");
    const auto world = write_world(layout, shown);
    if (!world) throw std::runtime_error(world.error().reason);

    put(file, tick);
    put(file, flags);
    put(file, public_hash(layout, *stream.shared[i]));
    put(file, bits);
    put(file, encode_own(layout, stream.viewer, shown_before, shown, tick));
    put(file, *world);
    shown_before = &shown;
    ++frames;
  }
  file.close();
  if (!file) throw std::runtime_error(out.path + " cannot be written");
}

}  // namespace codec_bench
