// The ways to a server's shards, from any thread and at any time: before they are there, while they run, and after they
// are gone. Work for a session finds it by its id, wherever it has moved meanwhile.
//
// Threading: any; a lock that is shared but while the shards come and go. Ownership: shared with acks that a program
// keeps, which may outlive the server; `close` waits for whoever is on the way, and after it nobody reaches a shard.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <vector>

#include "netcode/ids.hpp"
#include "transport/loop/loop.hpp"

namespace netcode {

class Directory;
class FanOut;
class SessionCore;
class Shard;

/// A session that moves between shards is away for two turns of their loops; a busy turn takes some milliseconds.
inline constexpr std::chrono::milliseconds kLookForSessionEvery{2};
inline constexpr int kLookForSessionMax = 100;

class Routes : public std::enable_shared_from_this<Routes> {
 public:
  enum class State : std::uint8_t { kNotYet, kOpen, kOver };
  using SessionWork = std::function<void(SessionCore&)>;

  void open(const Directory& directory, std::vector<Shard*> shards);
  void close();
  State state() const;

  /// On the shard's thread: at once if this is it, else posted. False, and the task is dropped: there are no shards.
  bool run(std::uint32_t shard, transport::Loop::Task task);
  bool post(std::uint32_t shard, transport::Loop::Task task);
  /// On one of the shards' loops, by whoever may call when that is gone.
  bool post(transport::Loop& loop, transport::Loop::Task task);

  /// A task that every shard runs: the loops of all of them get these in one order, which is that of their numbers.
  struct Round {
    std::uint64_t number = 0;
    std::optional<std::uint32_t> from;  // the shard on whose thread it began, where it has run at once
  };
  using RoundTask = std::function<void(std::uint32_t shard, const Round& round)>;
  /// On the thread of each: at once if this is it, else posted. Does nothing if there are no shards.
  void run_on_all(const RoundTask& task);
  /// Posts between two rounds; the number of the last one that `shard` gets before this.
  std::uint64_t post_between_rounds(std::uint32_t shard, transport::Loop::Task task);

  /// Of the session whose handler this thread is running, if it is.
  std::shared_ptr<FanOut> speaker() const;

  /// Is this the thread of that shard, and is it there?
  bool is_here(std::uint32_t shard) const;

  /// On the thread of the session's shard, at once if this is it. Where the session is moving it is followed; where it
  /// is over the work is dropped.
  void to_session(SessionId id, SessionWork work) { to_session(id, std::move(work), 0, true); }
  /// The same, never inside this call.
  void to_session_later(SessionId id, SessionWork work) { to_session(id, std::move(work), 0, false); }

 private:
  void to_session(SessionId id, SessionWork work, int attempt, bool may_run_here);
  void at_shard(Shard& shard, SessionId id, SessionWork work, int attempt);

  mutable std::shared_mutex mutex_;  // guards what follows
  State state_ = State::kNotYet;
  const Directory* directory_ = nullptr;
  std::vector<Shard*> shards_;
  std::mutex rounds_mutex_;  // while a round is posted; guards rounds_
  std::uint64_t rounds_ = 0;
};

}  // namespace netcode
