#include "transport/http/dial.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <utility>

#include "netcode/limits.hpp"

namespace netcode::transport {

namespace {

using asio::ip::tcp;
using Resolver = asio::ip::basic_resolver<tcp, Executor>;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;

/// The attempts at one server's addresses. `news` fires when one has ended, or when the next is due.
struct Race {
  explicit Race(asio::io_context& context) : news(context) {}

  Timer news;
  std::vector<std::shared_ptr<TcpSocket>> sockets;
  std::shared_ptr<TcpSocket> winner;
  std::size_t under_way = 0;
  error_code error;  // of the last that failed
};

Awaitable<void> attempt(std::shared_ptr<Race> race, std::shared_ptr<TcpSocket> socket, tcp::endpoint endpoint) {
  const auto [error] = co_await socket->async_connect(endpoint, kTuple);
  --race->under_way;
  if (error) race->error = error;
  if (!error && !race->winner) race->winner = socket;
  race->news.cancel();
}

engine::Error connect_error(error_code error, const std::string& server) {
  if (error == asio::error::connection_refused) return engine::error("connection refused by {}", server);
  return engine::error("cannot connect to {}: {}", server, error.message());
}

}  // namespace

Endpoints in_turn(const Endpoints& found) {
  Endpoints same, other, both;
  for (const auto& endpoint : found) {
    auto& family = endpoint.protocol() == found.front().protocol() ? same : other;
    if (std::find(family.begin(), family.end(), endpoint) == family.end()) family.push_back(endpoint);
  }
  for (std::size_t i = 0; i < std::max(same.size(), other.size()); ++i) {
    if (i < same.size()) both.push_back(same[i]);
    if (i < other.size()) both.push_back(other[i]);
  }
  both.resize(std::min(both.size(), limits::kAddressesPerNameMax));
  return both;
}

Awaitable<engine::Result<Endpoints>> look_up(IoLoop& loop, std::string host, std::uint16_t port,
                                             engine::TimePoint due) {
  error_code not_numeric;
  const auto address = asio::ip::make_address(host, not_numeric);
  if (!not_numeric) co_return Endpoints{{address, port}};
  const auto resolver = std::make_shared<Resolver>(loop.context());
  const auto late = std::make_shared<bool>(false);
  const auto timer = loop.call_at(due, [resolver, late] {
    *late = true;
    resolver->cancel();
  });
  const auto [error, found] = co_await resolver->async_resolve(host, std::to_string(port), kTuple);
  loop.cancel(timer);
  if (*late) co_return engine::error("no answer about the name {} in time", host);
  if (error || found.empty()) co_return engine::error("unknown host {}", host);
  Endpoints endpoints;
  for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  co_return in_turn(endpoints);
}

Awaitable<engine::Result<UniqueFd>> dial(IoLoop& loop, Endpoints endpoints, std::string server, engine::TimePoint due) {
  const auto race = std::make_shared<Race>(loop.context());
  for (std::size_t next = 0; !race->winner && loop.now() < due;) {
    if (next < endpoints.size()) {
      const auto socket = race->sockets.emplace_back(std::make_shared<TcpSocket>(loop.context()));
      ++race->under_way;
      spawn(loop.context(), attempt(race, socket, endpoints[next]));
      ++next;
    } else if (race->under_way == 0) {
      break;
    }
    const auto wait_until = next < endpoints.size() ? std::min(due, loop.now() + limits::kAddressAttemptEvery) : due;
    race->news.expires_at(std::chrono::time_point_cast<std::chrono::steady_clock::duration>(wait_until));
    co_await race->news.async_wait(kTuple);
  }
  for (const auto& socket : race->sockets) {
    error_code ignored;
    if (socket != race->winner) socket->close(ignored);
  }
  if (!race->winner && race->under_way > 0) co_return engine::error("no answer from {} in time", server);
  if (!race->winner) co_return connect_error(race->error, server);
  error_code error;
  UniqueFd connected(race->winner->release(error));
  if (error) co_return connect_error(error, server);
  co_return connected;
}

}  // namespace netcode::transport
