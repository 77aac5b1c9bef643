#include "transport/websocket_connector.hpp"

#include <boost/asio/connect.hpp>
#include <memory>
#include <utility>
#include <vector>

#include "transport/asio_types.hpp"
#include "transport/socket_options.hpp"
#include "transport/url.hpp"
#include "transport/websocket_handshake.hpp"

namespace netcode::transport {

namespace {

using asio::ip::tcp;
using Resolver = asio::ip::basic_resolver<tcp, Executor>;
using Outcome = engine::Result<std::shared_ptr<Connection>>;

/// What a deadline has to cancel, wherever the attempt stands.
struct Attempt {
  explicit Attempt(asio::io_context& context) : resolver(context), socket(context) {}

  Resolver resolver;
  TcpSocket socket;
  bool late = false;
};

/// Cancels the attempt when it is due, unless it has moved on by then.
class AttemptDeadline {
 public:
  AttemptDeadline(IoLoop& loop, engine::TimePoint due, const std::shared_ptr<Attempt>& attempt) : loop_(loop) {
    timer_ = loop.call_at(due, [attempt] {
      attempt->late = true;
      attempt->resolver.cancel();
      error_code ignored;
      attempt->socket.close(ignored);
    });
  }
  AttemptDeadline(const AttemptDeadline&) = delete;
  AttemptDeadline& operator=(const AttemptDeadline&) = delete;
  ~AttemptDeadline() { loop_.cancel(timer_); }

 private:
  IoLoop& loop_;
  Loop::TimerId timer_;
};

engine::Error connect_error(error_code error, const Url& url) {
  if (error == asio::error::connection_refused) return engine::error("connection refused by {}", url.authority());
  return engine::error("cannot connect to {}: {}", url.authority(), error.message());
}

/// Connects attempt->socket.
Awaitable<engine::Result<void>> reach(std::shared_ptr<Attempt> attempt, Url url) {
  std::vector<tcp::endpoint> endpoints;
  error_code not_numeric;
  const auto address = asio::ip::make_address(url.host, not_numeric);
  if (!not_numeric) {
    endpoints.emplace_back(address, url.port);
  } else {
    const auto [error, found] = co_await attempt->resolver.async_resolve(url.host, std::to_string(url.port), kTuple);
    if (attempt->late) co_return engine::error("no answer from {} in time", url.authority());
    if (error) co_return engine::error("unknown host {}", url.host);
    for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  }
  const auto [error, endpoint] = co_await asio::async_connect(attempt->socket, endpoints, kTuple);
  if (attempt->late) co_return engine::error("no answer from {} in time", url.authority());
  if (error) co_return connect_error(error, url);
  co_return engine::Result<void>();
}

Awaitable<void> connect_and_tell(IoLoop& loop, Url url, std::string subprotocol, ConnectionOptions options,
                                 Connector::Done done) {
  const auto due = loop.now() + options.handshake_timeout;
  const auto attempt = std::make_shared<Attempt>(loop.context());
  {
    const AttemptDeadline deadline(loop, due, attempt);
    const auto reached = co_await reach(attempt, url);
    if (!reached) co_return done(reached.error());
  }
  error_code error;
  UniqueFd socket(attempt->socket.release(error));
  set_socket_options(socket.get(), options);
  done(co_await request_websocket(loop, std::move(socket), url, subprotocol, options, due));
}

}  // namespace

WebSocketConnector::WebSocketConnector(IoLoop& loop, const ConnectionOptions& options)
    : loop_(loop), options_(options) {}

void WebSocketConnector::connect(const std::string& url, const std::string& subprotocol, Done done) {
  auto parsed = parse_url(url);
  if (!parsed) {
    return loop_.post([done = std::move(done), error = parsed.error()] { done(error); });
  }
  // Posted: a coroutine runs up to its first wait inside the call that starts it.
  loop_.post(
      [&loop = loop_, url = std::move(*parsed), subprotocol, options = options_, done = std::move(done)]() mutable {
        spawn(loop.context(), connect_and_tell(loop, std::move(url), std::move(subprotocol), options, std::move(done)));
      });
}

}  // namespace netcode::transport
