// What a connection has after a packed snapshot, and the snapshots by which others went on from there.
//
// Those who are handed the same snapshots hold the same link of a chain; its newest link alone knows what was learned.
// Who missed some goes on by the bytes that the others were sent, so that it costs no encoding.
//
// Threading: its match's shard.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "netcode/bytes.hpp"
#include "netcode/ids.hpp"
#include "replication/lane_world.hpp"
#include "replication/packed/packed_state.hpp"
#include "replication/world_frame.hpp"

namespace netcode {

/// One of the chains that a match may have, for as long as anybody holds a link of it.
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
  /// Whoever is further back begins a chain of its own.
  static constexpr std::size_t kBehindMax = 64;
  using Behind = std::deque<std::weak_ptr<PackedChain>>;

  std::shared_ptr<const LaneWorld> world;
  Tick tick = 0;
  /// Of the snapshot that led here: the hash, if it has one, and the bits.
  SharedBytes bytes;
  bool is_restart = false;
  bool has_hash = false;
  bool is_held_back = false;  // of a connection whose budget has had no room for all of a World
  /// Of the newest link, unless there was no place: else what is built on it has nothing learned.
  std::optional<packed::State> state;
  std::shared_ptr<const ChainPlace> place;

  /// Where all who hold this one and see everything went on to.
  std::shared_ptr<PackedChain> next;
  /// Those that have a `next`, the oldest first: they are kept by whoever is behind, so there is an end to them.
  std::shared_ptr<Behind> behind;

  /// `from` goes on to `to`.
  static void link(const std::shared_ptr<PackedChain>& from, const std::shared_ptr<PackedChain>& to) {
    from->next = to;
    to->behind->push_back(from);
    if (to->behind->size() <= kBehindMax) return;
    if (const auto oldest = to->behind->front().lock()) oldest->next = nullptr;
    to->behind->pop_front();
  }
};

}  // namespace netcode
