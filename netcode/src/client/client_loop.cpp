#include "client/client_loop.hpp"

#include "engine/core/assert.hpp"
#include "transport/websocket_connector.hpp"

namespace netcode {

std::unique_ptr<transport::Connector> ClientLoop::Impl::connector() {
  return std::make_unique<transport::WebSocketConnector>(loop);
}

ClientLoop::ClientLoop() : impl_(std::make_unique<Impl>()) {}

// Clients that are gone have asked for their close frames to be sent.
ClientLoop::~ClientLoop() { poll(); }

void ClientLoop::poll() {
  ENGINE_ASSERT(!impl_->is_running, "a handler may not poll");
  impl_->is_running = true;
  impl_->loop.poll();
  impl_->is_running = false;
}

void ClientLoop::wait(std::chrono::nanoseconds time) {
  ENGINE_ASSERT(!impl_->is_running, "a handler may not wait");
  impl_->is_running = impl_->is_waiting = true;
  impl_->loop.run_for(time);
  impl_->is_waiting = false;
  impl_->loop.poll();  // the rest of what was ready when the first thing happened
  impl_->is_running = false;
}

}  // namespace netcode
