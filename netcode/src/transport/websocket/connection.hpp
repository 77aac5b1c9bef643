// One pipe of whole messages between two ends: a WebSocket, or an in-memory link with the same behaviour.
//
// Threading: a connection lives on one Loop; all calls to it and all calls from it happen on that loop's thread.
// Ownership: shared, since I/O that is under way keeps its connection alive. The handler is borrowed: whoever owns the
// handler calls `detach` before the handler goes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "netcode/bytes.hpp"
#include "outgoing_message.hpp"
#include "transport/close.hpp"

namespace netcode::transport {

using netcode::MessageKind;
using netcode::OutgoingMessage;

/// How far a write got inside its call.
enum class WriteState : std::uint8_t {
  kDone,   // all of it is in the kernel: writable again now, and no on_writable comes
  kLater,  // on_writable follows, or on_closed
};

class ConnectionHandler {
 public:
  virtual ~ConnectionHandler() = default;
  /// A whole message, at most `message_bytes_max`. The bytes are valid for the call only and of no particular
  /// alignment.
  virtual void on_message(MessageKind kind, BytesView bytes) = 0;
  /// What `write` said kLater of is in the kernel: the connection is writable again. Never from inside a call to the
  /// connection.
  virtual void on_writable() = 0;
  virtual void on_pong(BytesView /*payload*/) {}
  /// The last call, exactly once, never from inside a call to the connection. After it the connection is dead.
  virtual void on_closed(const CloseInfo& info) = 0;
};

class Connection {
 public:
  virtual ~Connection() = default;

  /// Begins to read; `handler` hears of everything from now on. Once.
  virtual void start(ConnectionHandler& handler) = 0;
  /// No call reaches the handler any more. The connection is aborted if it was not closing.
  virtual void detach() = 0;

  /// False while a write is under way, before `start`, or once closing.
  virtual bool writable() const = 0;
  /// Sends the messages in order, in as few system calls as there can be. Only when writable().
  virtual WriteState write(std::vector<OutgoingMessage> messages) = 0;
  /// At most one of ours is under way; a further one is not sent. Payload at most 125 bytes.
  virtual void ping(BytesView payload) = 0;
  /// Begins the closing handshake after what is being written; on_closed follows within `close_timeout`. kNoStatus goes
  /// without a code, and without a reason.
  virtual void close(CloseCode code, std::string_view reason) = 0;
  /// Ends it now, without a close frame, as a cut cable would; on_closed follows with kAbnormal.
  virtual void abort() = 0;

  /// "127.0.0.1:4242", or "memory" for an in-memory link.
  virtual std::string remote_address() const = 0;
  /// Payload and framing bytes since the start.
  virtual std::uint64_t bytes_sent() const = 0;
  virtual std::uint64_t bytes_received() const = 0;
};

}  // namespace netcode::transport
