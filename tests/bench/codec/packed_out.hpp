// Writes what the packed codec makes of a stream of Worlds into a file, with what it must be read as: what a reader in
// another language is tested with.
//
// All numbers little-endian: the hash of the layout (u64: `packs`), and then of each frame
//
//   u32  its tick
//   u32  1: built on nothing, 2: what was learned before is forgotten; of the first frame both
//   u32  the hash of its World
//   u32  how many bytes of bits follow, and those
//   u32  how many bytes of the viewer's own part follow, and those
//   u32  how many bytes of the World follow, as the viewer is shown it, and those: a FlatBuffer
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "netcode/ids.hpp"
#include "replication/lane_layout.hpp"
#include "replication/lane_world.hpp"

namespace codec_bench {

using Worlds = std::vector<std::shared_ptr<const netcode::LaneWorld>>;

struct PackedStream {
  const Worlds& shown;   // as the viewer has them
  const Worlds& shared;  // as everybody else has them
  netcode::PlayerId viewer;
  netcode::Tick ticks;  // from one World to the next
};

struct PackedOut {
  std::string path{};
  std::size_t skip_every = 0;     // each so-many-th World is not packed, as where a client was not sent it; 0: none
  std::size_t restart_every = 0;  // with each so-many-th frame what was learned is forgotten; 0: with none
};

/// Throws what says why the file cannot be written.
void write_packed(const netcode::LaneLayout& layout, const PackedStream& stream, const PackedOut& out);

}  // namespace codec_bench
