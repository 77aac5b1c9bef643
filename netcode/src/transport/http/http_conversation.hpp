// A new socket's first words: one HTTP request, answered, or handed on to become a WebSocket.
//
// Threading: the listener's loop. Ownership: the listener's state is shared with its conversations, which outlive it
// for as long as they take; they call no handler once it is closed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "transport/http/accept.hpp"
#include "transport/http/visitors.hpp"
#include "transport/loop/asio_types.hpp"
#include "transport/loop/io_loop.hpp"

namespace netcode::transport {

struct ListenerState {
  ListenerState(IoLoop& loop_given, const ConnectionOptions& options_given, AcceptHandlers handlers_given)
      : loop(loop_given), options(options_given), handlers(std::move(handlers_given)) {}

  IoLoop& loop;
  const ConnectionOptions options;
  AcceptHandlers handlers;
  std::vector<TcpAcceptor> acceptors;  // one for each address of the name
  Visitors visitors;
  std::string address;
  std::uint16_t port = 0;
  std::optional<engine::TimePoint> shortage_told_at;
  bool closed = false;
};

Awaitable<void> converse(TcpSocket socket, std::shared_ptr<ListenerState> listener);

}  // namespace netcode::transport
