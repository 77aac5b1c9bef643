#include "transport/listener.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <utility>

#include "engine/core/assert.hpp"
#include "transport/asio_types.hpp"
#include "transport/http_conversation.hpp"
#include "transport/url.hpp"

namespace netcode::transport {

namespace {

using asio::ip::tcp;

/// Out of file descriptors or memory: the connection stays in the backlog and would fail again at once.
constexpr std::chrono::milliseconds kAcceptBackoff{100};
constexpr int kBacklog = 4096;

using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;

bool is_shortage(error_code error) {
  return error == asio::error::no_descriptors || error == asio::error::no_buffer_space ||
         error == asio::error::no_memory || error == boost::system::errc::too_many_files_open_in_system;
}

Awaitable<void> accept_loop(std::shared_ptr<ListenerState> listener) {
  bool was_short = false;
  Timer pause(listener->loop.context());
  for (;;) {
    TcpSocket socket(listener->loop.context());
    const auto [error] = co_await listener->acceptor.async_accept(socket, kTuple);
    if (listener->closed) co_return;
    if (!error) {
      was_short = false;
      spawn(listener->loop.context(), converse(std::move(socket), listener));
      continue;
    }
    if (!is_shortage(error)) continue;  // of that one connection: reset before it was accepted
    if (!std::exchange(was_short, true)) {
      spdlog::warn("{} accepts no connections for now: {}", listener->address, error.message());
    }
    pause.expires_after(kAcceptBackoff);
    co_await pause.async_wait(kTuple);
    if (listener->closed) co_return;
  }
}

engine::Result<tcp::endpoint> resolve(asio::io_context& context, const std::string& host, std::uint16_t port) {
  error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (!error) return tcp::endpoint(address, port);
  tcp::resolver resolver(context);
  const auto found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive, error);
  if (error || found.empty()) return engine::error("unknown host {}", host);
  return found.begin()->endpoint();
}

error_code listen_on(TcpAcceptor& acceptor, const tcp::endpoint& endpoint) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  // Restarting a server must not wait for the last connections' TIME_WAIT.
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(kBacklog, error);
  return error;
}

}  // namespace

engine::Result<std::unique_ptr<Listener>> Listener::open(IoLoop& loop, const std::string& host, std::uint16_t port,
                                                         const ConnectionOptions& options, AcceptHandlers handlers) {
  ENGINE_ASSERT(handlers.on_http && handlers.on_upgrade && handlers.on_connection, "all three handlers are needed");
  const auto endpoint = resolve(loop.context(), host, port);
  if (!endpoint) return engine::error("cannot listen on {}: {}", host_and_port(host, port), endpoint.error().reason);
  auto state = std::make_shared<ListenerState>(loop, options, std::move(handlers));
  if (const auto error = listen_on(state->acceptor, *endpoint)) {
    return engine::error("cannot listen on {}: {}", host_and_port(host, port), error.message());
  }
  state->port = state->acceptor.local_endpoint().port();
  state->address = host_and_port(host, state->port);
  spawn(loop.context(), accept_loop(state));
  return std::unique_ptr<Listener>(new Listener(std::move(state)));
}

Listener::Listener(std::shared_ptr<ListenerState> state) : state_(std::move(state)) {}

Listener::~Listener() { close(); }

std::uint16_t Listener::port() const { return state_->port; }

std::string Listener::address() const { return state_->address; }

void Listener::close() {
  state_->closed = true;
  error_code ignored;
  state_->acceptor.close(ignored);
}

}  // namespace netcode::transport
