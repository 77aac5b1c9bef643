// Asio with our executor: an io_context's own, since the any_io_executor that Asio defaults to costs a virtual call and
// a reference count per operation. Included by the transport's .cpp files and private headers only.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

namespace netcode::transport {

namespace asio = boost::asio;
using boost::system::error_code;

using Executor = asio::io_context::executor_type;
using TcpSocket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using TcpAcceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;

template <class T>
using Awaitable = asio::awaitable<T, Executor>;

/// auto [error, n] = co_await socket.async_read_some(buffer, kTuple);
inline constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> kTuple{};

/// Starts a conversation that nobody waits for. An exception in it is a bug of ours and ends the loop's run().
inline void spawn(asio::io_context& context, Awaitable<void> conversation) {
  asio::co_spawn(context.get_executor(), std::move(conversation), [](const std::exception_ptr& exception) {
    if (exception) std::rethrow_exception(exception);
  });
}

}  // namespace netcode::transport
