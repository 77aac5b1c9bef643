// A new socket's first words: one HTTP request, answered, or handed on to become a WebSocket.
//
// Threading: the listener's loop. Ownership: the listener's state is shared with its conversations, which outlive it
// for as long as they take; they call no handler once it is closed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "transport/accept.hpp"
#include "transport/asio_types.hpp"
#include "transport/io_loop.hpp"

namespace netcode::transport {

struct ListenerState {
  ListenerState(IoLoop& loop_given, const ConnectionOptions& options_given, AcceptHandlers handlers_given)
      : loop(loop_given), options(options_given), handlers(std::move(handlers_given)), acceptor(loop_given.context()) {}

  IoLoop& loop;
  const ConnectionOptions options;
  AcceptHandlers handlers;
  TcpAcceptor acceptor;
  std::string address;
  std::uint16_t port = 0;
  bool closed = false;
};

Awaitable<void> converse(TcpSocket socket, std::shared_ptr<ListenerState> listener);

}  // namespace netcode::transport
