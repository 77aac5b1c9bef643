// A loop over the machine's sockets and its monotonic clock: one thread of a server, or a client's.
//
// Threading: `post`, `now` and `stop` from any thread; one thread at a time runs it, and all else belongs to that
// thread. Ownership: sockets, listeners and connections of a loop must go before it does; what waits in it goes with
// it.
#pragma once

#include <memory>

#include "engine/core/clock.hpp"
#include "transport/loop/loop.hpp"

namespace boost::asio {
class io_context;
}

namespace netcode::transport {

class IoFaults;
class Poller;
class ReadBuffer;

class IoLoop final : public Loop {
 public:
  IoLoop();
  IoLoop(const IoLoop&) = delete;
  IoLoop& operator=(const IoLoop&) = delete;
  ~IoLoop() override;

  void post(Task task) override;
  engine::TimePoint now() const override;
  TimerId call_at(engine::TimePoint due, Task task) override;
  void cancel(TimerId timer) override;

  /// Works until `stop`.
  void run();
  /// Does what can be done without waiting.
  void poll();
  /// Works for so long, or until `stop`.
  void run_for(engine::Duration duration);
  /// Ends a run() or run_for() that is under way, or the next one.
  void stop();
  /// Lets go of all that waits in it, unrun, and takes no more. Of several loops that post to each other all do this
  /// before the first one goes: a task in one may own a connection of another. When nobody runs it any more.
  void abandon();

  /// For the transport's own files.
  boost::asio::io_context& context();
  Poller& poller();
  ReadBuffer& read_buffer();
  /// For tests: makes socket operations of this loop fail.
  IoFaults& faults();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace netcode::transport
