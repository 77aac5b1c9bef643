// A socket of HTTP: reads requests, has them answered one after the other, and writes the answers; or hands the socket
// on, after a request's head, to become a WebSocket.
//
//   reading --> awaiting --> writing --> reading     kept alive
//      |           |            \-----> leaving      what still comes is thrown away until the client's end
//      |           \--> the client is gone: the handler is told
//      \--> upgraded, or refused: writing
//
// Every state has its deadline (one timer). Requests that come while an answer is awaited wait in the buffer, whose
// size is bounded, and in the kernel.
//
// Threading: the listener's loop. Ownership: keeps itself alive until it ends, which the deadlines see to; it outlives
// its listener, but calls no handler once that is closed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "transport/http/accept.hpp"
#include "transport/http/pending_answer.hpp"
#include "transport/http/request_reader.hpp"
#include "transport/http/visitors.hpp"
#include "transport/loop/asio_types.hpp"
#include "transport/loop/io_loop.hpp"
#include "transport/stream/socket_stream.hpp"
#include "transport/stream/tls.hpp"
#include "transport/websocket/closing_connections.hpp"

namespace netcode::transport {

struct ListenerState {
  ListenerState(IoLoop& loop_given, const ConnectionOptions& options_given, AcceptHandlers handlers_given,
                std::shared_ptr<const TlsContext> tls_given)
      : loop(loop_given),
        options(std::make_shared<const ConnectionOptions>(options_given)),
        handlers(std::move(handlers_given)),
        tls(std::move(tls_given)) {}

  IoLoop& loop;
  const ConnectionOptionsPtr options;
  AcceptHandlers handlers;
  const std::shared_ptr<const TlsContext> tls;  // null: plain
  std::vector<TcpAcceptor> acceptors;           // one for each address of the name
  Visitors visitors;
  const std::shared_ptr<ClosingConnections> closing = std::make_shared<ClosingConnections>();
  std::size_t answers_awaited = 0;
  std::string address;
  std::uint16_t port = 0;
  std::optional<engine::TimePoint> shortage_told_at;
  bool closed = false;
};

class HttpConnection final : public SocketStream::Owner,
                             public Visitor,
                             public std::enable_shared_from_this<HttpConnection> {
 public:
  static void start(UniqueFd socket, std::shared_ptr<ListenerState> listener);
  HttpConnection(UniqueFd socket, std::shared_ptr<ListenerState> listener);
  ~HttpConnection() override;

  void evict() override { end(); }

 private:
  enum class State : std::uint8_t { kReading, kAwaiting, kWriting, kLeaving, kEnded };

  std::shared_ptr<void> keep_alive() override { return shared_from_this(); }
  void on_readable() override;
  void on_writable() override;
  void on_drained(bool too_much) override;
  void on_abandoned() override { self_.reset(); }

  /// As far as it goes without waiting.
  void go_on();
  void go_on_later();
  bool read_on();
  bool fill();
  void on_peer_end(error_code error);
  void tell_continue();

  void dispatch(RequestReader::Whole whole);
  void upgrade(RequestReader::Whole whole);
  void take_answer();
  void drop_pending();

  void respond(HttpResponse response);
  /// What a request is answered that is refused before it is whole.
  HttpResponse as_refused(HttpResponse refusal);
  void refuse(HttpResponse response);
  bool write_on();
  void await_request();
  void leave();
  void end();

  void arm(engine::TimePoint due);
  void on_due();

  const std::shared_ptr<ListenerState> listener_;
  IoLoop& loop_;
  const ConnectionOptions& options_;
  const std::string remote_address_;
  SocketStream stream_;
  std::shared_ptr<HttpConnection> self_;

  State state_ = State::kReading;
  engine::TimePoint due_;
  Loop::TimerId timer_;

  Bytes buffer_;  // read and not yet parsed
  std::optional<RequestReader> reader_;
  std::size_t requests_ = 0;
  bool keeps_alive_ = false;
  bool is_head_ = false;  // the answer goes without its body
  std::shared_ptr<PendingAnswer> pending_;

  std::string answer_head_;
  std::string answer_body_;
  std::size_t answer_bytes_written_ = 0;
};

}  // namespace netcode::transport
