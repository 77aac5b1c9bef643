#include "server/socketio_line.hpp"

#include "server/session_core.hpp"
#include "server/socketio_link.hpp"

namespace netcode {

void SocketioLine::to_client(std::function<void(socketio::SocketClient&)> work) {
  routes_->run(shard_, [self = shared_from_this(), work = std::move(work)] {
    if (self->client_) work(*self->client_);
  });
}

void SocketioLine::welcome(SessionId session, std::function<void(socketio::SocketClient&)> work) {
  routes_->run(shard_, [self = shared_from_this(), session, work = std::move(work)] {
    if (!self->client_)
      return self->to_link(session,
                           [](SocketioLink& link) { link.on_lost(to_string(socketio::EngineEnd::kTransportClose)); });
    self->session_ = session;
    work(*self->client_);
  });
}

void SocketioLine::to_link(SessionId session, std::function<void(SocketioLink&)> work) {
  routes_->to_session(session, [self = shared_from_this(), work = std::move(work)](SessionCore&) {
    if (!self->link_) return;
    const auto kept = self->link_->shared_from_this();
    work(*self->link_);
  });
}

}  // namespace netcode
