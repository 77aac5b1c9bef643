// The WebSockets of a listener that wait for their peers' close frames or ends, oldest first. Each goes within
// `close_timeout` by itself; where descriptors run out the oldest goes at once, so that peers who do not answer a close
// do not keep out those who come.
//
// Threading: any; a connection enters and leaves on its own loop's thread, a listener evicts on its own. Ownership:
// shared by the listener and its connections.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <utility>

#include "transport/loop/loop.hpp"

namespace netcode::transport {

class ClosingConnections {
 public:
  using Place = std::uint64_t;

  /// `give_up` is posted to `loop` if it is this one's turn. Leave before the loop goes.
  Place enter(Loop& loop, Loop::Task give_up) {
    const std::lock_guard lock(mutex_);
    waiting_.emplace(++last_, Waiting{&loop, std::move(give_up)});
    return last_;
  }
  /// Also of one that was evicted.
  void leave(Place place) {
    const std::lock_guard lock(mutex_);
    waiting_.erase(place);
  }
  /// Has the oldest one give up; its descriptor is free once its loop has come to it. False: there is none.
  bool evict_oldest() {
    const std::lock_guard lock(mutex_);  // while it is held nobody leaves, so the loop is there
    if (waiting_.empty()) return false;
    Waiting oldest = std::move(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
    oldest.loop->post(std::move(oldest.give_up));
    return true;
  }

 private:
  struct Waiting {
    Loop* loop;
    Loop::Task give_up;
  };
  std::mutex mutex_;
  std::map<Place, Waiting> waiting_;
  Place last_ = 0;
};

}  // namespace netcode::transport
