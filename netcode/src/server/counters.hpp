// What one shard counts, so that any thread may read it while the shard goes on.
//
// Threading: one thread writes, any reads; a sum over several counters is of no single moment.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "netcode/limits.hpp"
#include "netcode/server.hpp"

namespace netcode {

/// One writer: no locked instruction is needed, only that a read is whole.
class Counter {
 public:
  Counter() = default;
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;
  Counter& operator=(std::uint64_t value) {
    value_.store(value, std::memory_order_relaxed);
    return *this;
  }
  Counter& operator+=(std::uint64_t by) { return *this = *this + by; }
  Counter& operator++() { return *this += 1; }
  operator std::uint64_t() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

/// The paths of the newest recordings, and how many there were.
class RecordingList {
 public:
  void add(std::string path) {
    const std::lock_guard lock(mutex_);
    ++made_;
    newest_.push_back(std::move(path));
    if (newest_.size() > limits::kRecordingsListedMax) newest_.pop_front();
  }
  void add_to(ServerStats& stats) const {
    const std::lock_guard lock(mutex_);
    stats.recordings_made += made_;
    stats.recordings.insert(stats.recordings.end(), newest_.begin(), newest_.end());
  }

 private:
  mutable std::mutex mutex_;
  std::deque<std::string> newest_;
  std::uint64_t made_ = 0;
};

/// As ServerStats, of one shard.
struct ShardStats {
  Counter ticks, late_ticks, skipped_ticks;
  Counter clients, clients_peak;
  Counter snapshots, snapshots_encoded, snapshots_dropped, snapshot_bytes;
  Counter actions, actions_late, actions_dropped, actions_missing;
  Counter events, events_missed, refusals, matches;
  RecordingList recordings;

  void add_to(ServerStats& sum) const;
};

}  // namespace netcode
