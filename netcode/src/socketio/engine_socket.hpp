// A WebSocket of an Engine.IO session, the one it speaks over or one that probes.
//
// Threading: its session's loop. Ownership: its session's; one that was left closes by itself.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "socketio/engine_session.hpp"
#include "transport/websocket/connection.hpp"

namespace netcode::socketio {

class EngineSession::Socket final : public transport::ConnectionHandler {
 public:
  Socket(EngineSession& session, std::shared_ptr<transport::Connection> connection)
      : session_(&session), connection_(std::move(connection)) {
    connection_->start(*this);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() override { connection_->detach(); }

  bool writable() const { return connection_->writable(); }
  void write(std::vector<OutgoingMessage> messages) { connection_->write(std::move(messages)); }
  /// As the official server does: without a code.
  void close() { connection_->close(transport::CloseCode::kNoStatus, ""); }
  /// The session hears nothing of it any more.
  void leave() { session_ = nullptr; }

  void on_message(MessageKind kind, BytesView bytes) override {
    if (session_) session_->on_socket_message(*this, kind, bytes);
  }
  void on_writable() override {
    if (!session_ || this != session_->socket_.get()) return;
    if (session_->is_lingering()) return session_->go_on_lingering();
    session_->flush();
    session_->tell_writable();
  }
  void on_closed(const transport::CloseInfo& info) override {
    // Ended at this end, it had said what no WebSocket says, or too much.
    if (session_)
      session_->on_socket_closed(*this, info.by_peer ? EngineEnd::kTransportClose : EngineEnd::kTransportError);
  }

 private:
  EngineSession* session_;
  std::shared_ptr<transport::Connection> connection_;
};

}  // namespace netcode::socketio
