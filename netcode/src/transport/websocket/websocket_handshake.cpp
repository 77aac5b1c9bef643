#include "transport/websocket/websocket_handshake.hpp"

#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <boost/asio/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <string_view>
#include <utility>

#include "netcode/limits.hpp"
#include "transport/websocket/connector.hpp"
#include "transport/websocket/handshake_key.hpp"
#include "transport/websocket/websocket_connection.hpp"

namespace netcode::transport {

namespace http = boost::beast::http;

namespace {

using Response = http::response<http::string_body>;

/// What a server says with a refusal is a line: the rest of it is not waited for.
constexpr std::size_t kRefusalBodyBytesMax = 64 * 1024;

/// Closes a socket whose handshake is not over in time.
class HandshakeDeadline {
 public:
  HandshakeDeadline(IoLoop& loop, engine::TimePoint due, TcpSocket& socket) : loop_(loop) {
    timer_ = loop.call_at(due, [this, &socket] {
      passed_ = true;
      error_code ignored;
      socket.close(ignored);
    });
  }
  HandshakeDeadline(const HandshakeDeadline&) = delete;
  HandshakeDeadline& operator=(const HandshakeDeadline&) = delete;
  ~HandshakeDeadline() { loop_.cancel(timer_); }

  bool passed() const { return passed_; }

 private:
  IoLoop& loop_;
  Loop::TimerId timer_;
  bool passed_ = false;
};

std::string answer_to(const PendingUpgrade& upgrade) {
  std::string answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n";
  answer += "Sec-WebSocket-Accept: " + websocket_accept_of(upgrade.key) + "\r\n";
  if (!upgrade.subprotocol.empty()) answer += "Sec-WebSocket-Protocol: " + upgrade.subprotocol + "\r\n";
  for (const HttpField& field : upgrade.headers) answer += field.name + ": " + field.value + "\r\n";
  return answer + "\r\n";
}

http::request<http::empty_body> request_to(const Url& url, const std::string& key, const std::string& subprotocols) {
  http::request<http::empty_body> request(http::verb::get, url.target, 11);
  request.set(http::field::host, url.authority());
  request.set(http::field::upgrade, "websocket");
  request.set(http::field::connection, "upgrade");
  request.set(http::field::sec_websocket_key, key);
  request.set(http::field::sec_websocket_version, "13");
  if (!subprotocols.empty()) request.set(http::field::sec_websocket_protocol, subprotocols);
  return request;
}

std::string_view view_of(boost::beast::string_view text) { return {text.data(), text.size()}; }

/// RFC 6455, 4.1: what the client has to see before it takes the connection for a WebSocket.
std::string_view missing_in(const Response& response, const std::string& key) {
  if (!http::token_list{response[http::field::upgrade]}.exists("websocket")) return "no Upgrade: websocket";
  if (!http::token_list{response[http::field::connection]}.exists("upgrade")) return "no Connection: upgrade";
  if (view_of(response[http::field::sec_websocket_accept]) != websocket_accept_of(key)) {
    return "a wrong Sec-WebSocket-Accept";
  }
  if (response.count(http::field::sec_websocket_extensions) > 0) return "an extension that was not offered";
  return {};
}

bool is_end_of_connection(error_code error) {
  return error == asio::error::eof || error == asio::error::connection_reset || error == asio::error::broken_pipe ||
         error == http::error::end_of_stream || error == http::error::partial_message;
}

engine::Error handshake_error(error_code error, const Url& url) {
  if (is_end_of_connection(error)) {
    return engine::error("{} closed the connection during the handshake", url.authority());
  }
  return engine::error("no WebSocket at {}: {}", url.authority(), error.message());
}

int family_of(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return address.ss_family;
}

}  // namespace

void accept_websocket(IoLoop& loop, PendingUpgrade upgrade) {
  const auto connection = std::make_shared<WebSocketConnection>(
      loop, std::move(upgrade.socket), WebSocketConnection::Role::kServer, upgrade.options, std::move(upgrade.closing));
  // One that has hung up already would only take up a session, and a seat until its resume window is over.
  if (!connection->write_answer(answer_to(upgrade))) {
    spdlog::debug("handshake with {} failed: it hung up", upgrade.request.remote_address);
    if (upgrade.on_lost) upgrade.on_lost();
    return;
  }
  upgrade.on_connection(upgrade.request, connection);
}

Awaitable<engine::Result<std::shared_ptr<Connection>>> request_websocket(IoLoop& loop, UniqueFd socket, Url url,
                                                                         std::string subprotocols,
                                                                         ConnectionOptionsPtr options,
                                                                         engine::TimePoint due) {
  const auto protocol = family_of(socket.get()) == AF_INET6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4();
  TcpSocket asking(loop.context(), protocol, socket.release());
  const HandshakeDeadline deadline(loop, due, asking);
  const auto late = [&] { return engine::error("no answer from {} in time", url.authority()); };

  const auto key = make_websocket_key();
  const auto request = request_to(url, key, subprotocols);
  const auto [write_error, written] = co_await http::async_write(asking, request, kTuple);
  if (deadline.passed()) co_return late();
  if (write_error) co_return handshake_error(write_error, url);

  boost::beast::flat_buffer buffer(limits::kHttpHeadBytesMax + kRefusalBodyBytesMax);
  http::response_parser<http::string_body> parser;
  parser.body_limit(kRefusalBodyBytesMax);
  const auto [read_error, read] = co_await http::async_read(asking, buffer, parser, kTuple);
  if (deadline.passed()) co_return late();
  const Response& response = parser.get();
  const bool is_refusal = parser.is_header_done() && response.result() != http::status::switching_protocols;
  if (is_refusal) co_return refusal_error({response.result_int(), {}, response.body()});
  if (read_error) co_return handshake_error(read_error, url);
  if (const auto missing = missing_in(response, key); !missing.empty()) {
    co_return engine::error("no WebSocket at {}: {}", url.authority(), missing);
  }
  if (view_of(response[http::field::sec_websocket_protocol]) != first_subprotocol(subprotocols)) {
    co_return subprotocol_error(url.authority(), subprotocols);
  }

  SocketParts parts;
  error_code error;
  parts.fd = UniqueFd(asking.release(error));
  if (error) co_return handshake_error(error, url);
  const auto* const early = static_cast<const std::uint8_t*>(buffer.data().data());
  parts.early.assign(early, early + buffer.data().size());
  co_return std::shared_ptr<Connection>(std::make_shared<WebSocketConnection>(
      loop, std::move(parts), WebSocketConnection::Role::kClient, std::move(options), nullptr));
}

}  // namespace netcode::transport
