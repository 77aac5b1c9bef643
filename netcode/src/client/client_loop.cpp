#include "client/client_loop.hpp"

#include "engine/core/assert.hpp"
#include "transport/websocket/websocket_connector.hpp"

namespace netcode {

std::unique_ptr<transport::Connector> ClientLoop::Impl::connector() {
  return std::make_unique<transport::WebSocketConnector>(loop);
}

namespace {

/// False again also where a handler throws: that passes through poll() or wait() to whoever called.
class Flagged {
 public:
  explicit Flagged(bool& flag) : flag_(flag) { flag_ = true; }
  Flagged(const Flagged&) = delete;
  Flagged& operator=(const Flagged&) = delete;
  ~Flagged() { flag_ = false; }

 private:
  bool& flag_;
};

}  // namespace

ClientLoop::ClientLoop() : impl_(std::make_unique<Impl>()) {}

// Clients that are gone have asked for their close frames to be sent.
ClientLoop::~ClientLoop() { poll(); }

void ClientLoop::poll() {
  ENGINE_ASSERT(!impl_->is_running, "a handler may not poll");
  const Flagged running(impl_->is_running);
  impl_->loop.poll();
}

void ClientLoop::wait(std::chrono::nanoseconds time) {
  ENGINE_ASSERT(!impl_->is_running, "a handler may not wait");
  const Flagged running(impl_->is_running);
  {
    const Flagged waiting(impl_->is_waiting);
    impl_->loop.run_for(time);
  }
  impl_->loop.poll();  // the rest of what was ready when the first thing happened
}

}  // namespace netcode
