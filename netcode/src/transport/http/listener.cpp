#include "transport/http/listener.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <utility>

#include "engine/core/assert.hpp"
#include "transport/http/dial.hpp"
#include "transport/http/http_connection.hpp"
#include "transport/http/url.hpp"
#include "transport/loop/asio_types.hpp"

namespace netcode::transport {

namespace {

using asio::ip::tcp;

/// Out of file descriptors or memory: the connection stays in the backlog and would fail again at once.
constexpr std::chrono::milliseconds kAcceptBackoff{100};
/// For the loop of a closing connection to free its descriptor.
constexpr std::chrono::milliseconds kEvictionPause{1};
constexpr std::chrono::seconds kShortageToldEvery{60};
constexpr int kBacklog = 4096;
constexpr int kFreePortTries = 8;

using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;

bool is_shortage(error_code error) {
  return error == asio::error::no_descriptors || error == asio::error::no_buffer_space ||
         error == asio::error::no_memory || error == boost::system::errc::too_many_files_open_in_system;
}

/// A flood must not fill the log as well.
void tell_shortage(ListenerState& listener, const std::string& why) {
  const auto now = listener.loop.now();
  if (listener.shortage_told_at && now - *listener.shortage_told_at < kShortageToldEvery) return;
  listener.shortage_told_at = now;
  spdlog::warn("{}: out of file descriptors or memory ({}): connections that close, or have no request, make room",
               listener.address, why);
}

Awaitable<void> accept_loop(std::shared_ptr<ListenerState> listener, std::size_t index) {
  Timer pause(listener->loop.context());
  for (;;) {
    TcpSocket socket(listener->loop.context());
    const auto [error] = co_await listener->acceptors[index].async_accept(socket, kTuple);
    if (listener->closed) co_return;
    if (!error) {
      if (listener->visitors.size() >= listener->options->visitors_max) listener->visitors.evict_oldest();
      error_code lost;
      UniqueFd fd(socket.release(lost));
      if (!lost) HttpConnection::start(std::move(fd), listener);
      continue;
    }
    if (!is_shortage(error)) continue;  // of that one connection: reset before it was accepted
    tell_shortage(*listener, error.message());
    const bool is_closing_one = listener->closing->evict_oldest();
    if (!is_closing_one && listener->visitors.evict_oldest()) continue;
    pause.expires_after(is_closing_one ? kEvictionPause : kAcceptBackoff);
    co_await pause.async_wait(kTuple);
    if (listener->closed) co_return;
  }
}

/// All of a name's addresses.
engine::Result<Endpoints> resolve(asio::io_context& context, const std::string& host, std::uint16_t port) {
  error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (!error) return Endpoints{{address, port}};
  tcp::resolver resolver(context);
  const auto found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive, error);
  if (error || found.empty()) return engine::error("unknown host {}", host);
  Endpoints endpoints;
  for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  return in_turn(endpoints);
}

error_code listen_on(TcpAcceptor& acceptor, const tcp::endpoint& endpoint) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  // Restarting a server must not wait for the last connections' TIME_WAIT.
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  // [::] is all addresses of IPv6 and no others, whatever the machine's default: 0.0.0.0 stands beside it.
  if (!error && endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(kBacklog, error);
  return error;
}

/// A name may have an address of a family that this machine does not have.
bool is_not_ours(error_code error) {
  return error == asio::error::address_family_not_supported || error == boost::system::errc::address_not_available;
}

/// Listens on all that are this machine's, all on one port. An error if there is none, or one cannot be had.
error_code listen_on_all(ListenerState& state, Endpoints endpoints) {
  error_code error;
  for (auto& endpoint : endpoints) {
    if (endpoint.port() == 0) endpoint.port(state.port);
    TcpAcceptor acceptor(state.loop.context());
    const auto problem = listen_on(acceptor, endpoint);
    if (problem && is_not_ours(problem)) {
      error = problem;
      continue;
    }
    if (problem) return problem;
    state.port = acceptor.local_endpoint().port();
    state.acceptors.push_back(std::move(acceptor));
  }
  return state.acceptors.empty() ? error : error_code();
}

}  // namespace

engine::Result<std::unique_ptr<Listener>> Listener::open(IoLoop& loop, const std::string& host, std::uint16_t port,
                                                         const ConnectionOptions& options, AcceptHandlers handlers,
                                                         std::shared_ptr<const TlsContext> tls) {
  ENGINE_ASSERT(handlers.on_http && handlers.on_upgrade && handlers.on_connection, "all three handlers are needed");
  const auto endpoints = resolve(loop.context(), host, port);
  if (!endpoints) return engine::error("cannot listen on {}: {}", host_and_port(host, port), endpoints.error().reason);
  auto state = std::make_shared<ListenerState>(loop, options, std::move(handlers), std::move(tls));
  error_code error = listen_on_all(*state, *endpoints);
  // A free port of one address may be taken on the next.
  for (int tries = 1; error && port == 0 && tries < kFreePortTries; ++tries) {
    state->acceptors.clear();
    state->port = 0;
    error = listen_on_all(*state, *endpoints);
  }
  if (error) return engine::error("cannot listen on {}: {}", host_and_port(host, port), error.message());
  state->address = host_and_port(host, state->port);
  for (std::size_t i = 0; i < state->acceptors.size(); ++i) spawn(loop.context(), accept_loop(state, i));
  return std::unique_ptr<Listener>(new Listener(std::move(state)));
}

Listener::Listener(std::shared_ptr<ListenerState> state) : state_(std::move(state)) {}

Listener::~Listener() { close(); }

std::uint16_t Listener::port() const { return state_->port; }

std::string Listener::address() const { return state_->address; }

void Listener::close() {
  state_->closed = true;
  error_code ignored;
  for (auto& acceptor : state_->acceptors) acceptor.close(ignored);
}

}  // namespace netcode::transport
