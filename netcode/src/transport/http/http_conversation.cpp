#include "transport/http/http_conversation.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <optional>
#include <utility>

#include "engine/core/assert.hpp"
#include "netcode/limits.hpp"
#include "transport/http/http_head.hpp"
#include "transport/http/socket_options.hpp"
#include "transport/http/url.hpp"
#include "transport/loop/descriptors.hpp"
#include "transport/websocket/websocket_handshake.hpp"

namespace netcode::transport {

namespace http = boost::beast::http;

namespace {

constexpr std::size_t kSubprotocolsMax = 16;
constexpr std::size_t kDrainBytesMax = 64 * 1024;
constexpr std::string_view kWebSocketVersion = "13";

/// Closes the socket of a conversation that takes too long: first what waits is cancelled, so that an answer can still
/// be given, then the socket goes.
class Deadline {
 public:
  Deadline(IoLoop& loop, TcpSocket& socket, engine::TimePoint due, engine::Duration grace) : loop_(loop) {
    first_ = loop.call_at(due, [this, &socket] {
      passed_ = true;
      error_code ignored;
      socket.cancel(ignored);
    });
    last_ = loop.call_at(due + grace, [&socket] {
      error_code ignored;
      socket.close(ignored);
    });
  }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline() {
    loop_.cancel(first_);
    loop_.cancel(last_);
  }

  bool passed() const { return passed_; }
  /// The request is answered by now; for the peer to take it and go there is so much time more.
  void begin_farewell(TcpSocket& socket, engine::Duration grace) {
    loop_.cancel(first_);
    loop_.cancel(last_);
    last_ = loop_.call_at(loop_.now() + grace, [&socket] {
      error_code ignored;
      socket.close(ignored);
    });
  }

 private:
  IoLoop& loop_;
  bool passed_ = false;
  Loop::TimerId first_;
  Loop::TimerId last_;
};

HttpResponse text_response(unsigned status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

/// What to answer to a head that could not be read; none if there is nobody to answer to.
std::optional<HttpResponse> head_refusal(error_code error, bool in_time) {
  if (!in_time) return text_response(408, "the request took too long");
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return text_response(431, "a request head takes at most " + std::to_string(limits::kHttpHeadBytesMax) + " bytes");
  }
  if (error.category() == http::make_error_code(http::error::bad_method).category() &&
      error != http::error::end_of_stream && error != http::error::partial_message) {
    return text_response(400, "this is not HTTP: " + error.message());
  }
  return std::nullopt;
}

/// Time linear in the header's length, whatever is in it.
std::vector<std::string> subprotocols_of(const HttpHead& head) {
  std::vector<std::string> names;
  const auto [first, last] = head.message.equal_range(http::field::sec_websocket_protocol);
  for (auto field = first; field != last; ++field) {
    const auto value = field->value();
    std::string_view rest(value.data(), value.size());
    while (!rest.empty() && names.size() < kSubprotocolsMax) {
      const auto comma = std::min(rest.find(','), rest.size());
      auto name = rest.substr(0, comma);
      rest.remove_prefix(std::min(comma + 1, rest.size()));
      name.remove_prefix(std::min(name.find_first_not_of(" \t"), name.size()));
      name = name.substr(0, name.find_last_not_of(" \t") + 1);
      if (!name.empty()) names.emplace_back(name);
    }
  }
  return names;
}

std::string text_of(boost::beast::string_view text) { return {text.data(), text.size()}; }

bool wants_upgrade(const HttpHead& head) { return head.message.find(http::field::upgrade) != head.message.end(); }

/// Refusals of our own, before any handler is asked.
std::optional<HttpResponse> request_refusal(const HttpHead& head) {
  const auto& message = head.message;
  const auto fields = static_cast<std::size_t>(std::distance(message.begin(), message.end()));
  if (fields > limits::kHttpHeadersMax) {
    return text_response(431, "a request has at most " + std::to_string(limits::kHttpHeadersMax) + " headers");
  }
  const auto length = message[http::field::content_length];
  if (message.chunked() || !(length.empty() || length == "0"))
    return text_response(413, "no request body is taken here");
  if (!wants_upgrade(head)) return std::nullopt;
  const auto version = message[http::field::sec_websocket_version];
  if (!version.empty() && version != kWebSocketVersion)
    return text_response(426, "WebSocket version 13 is spoken here");
  if (!boost::beast::websocket::is_upgrade(message) || version.empty() ||
      message[http::field::sec_websocket_key].size() != 24 || message[http::field::host].empty()) {
    return text_response(400, "this is not a WebSocket handshake");
  }
  return std::nullopt;
}

engine::Result<HttpRequest> request_of(const HttpHead& head, TcpSocket& socket) {
  auto target = parse_target(text_of(head.message.target()));
  if (!target) return target.error();
  HttpRequest request;
  request.method = text_of(head.message.method_string());
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  request.subprotocols = subprotocols_of(head);
  request.origin = text_of(head.message[http::field::origin]);
  request.remote_address = remote_address_of(socket.native_handle());
  return request;
}

/// A bad subprotocol would be our own bug: browsers end such a connection without a word.
void check_upgrade(const Upgrade& upgrade, const HttpRequest& request) {
  ENGINE_ASSERT(upgrade.loop != nullptr, "an upgrade names its loop");
  const auto& offered = request.subprotocols;
  ENGINE_ASSERT(upgrade.subprotocol.empty() || std::ranges::find(offered, upgrade.subprotocol) != offered.end(),
                "a subprotocol that the client did not offer");
}

/// Moves the socket to the loop that was chosen, without the two threads ever sharing it.
void hand_over(TcpSocket& socket, IoLoop& loop, PendingUpgrade upgrade) {
  error_code error;
  upgrade.socket.reset(socket.release(error));
  if (error) {
    if (upgrade.on_lost) upgrade.on_lost();
    return;
  }
  auto shared = std::make_shared<PendingUpgrade>(std::move(upgrade));  // a task has to be copyable
  loop.post([&loop, shared] { spawn(loop.context(), accept_websocket(loop, std::move(*shared))); });
}

Awaitable<void> answer(TcpSocket& socket, const HttpResponse& response, bool with_body) {
  http::response<http::string_body> message(static_cast<http::status>(response.status), 11);
  message.set(http::field::content_type, response.content_type);
  message.set(http::field::cache_control, "no-store");
  if (response.status == 426) {
    message.set(http::field::sec_websocket_version, kWebSocketVersion);
    message.set(http::field::upgrade, "websocket");
  }
  message.keep_alive(false);
  message.body() = response.body;
  message.prepare_payload();
  if (!with_body) message.body().clear();
  http::response_serializer<http::string_body> serializer(message);
  auto [error, bytes] = with_body ? co_await http::async_write(socket, serializer, kTuple)
                                  : co_await http::async_write_header(socket, serializer, kTuple);
  // Closing with bytes unread would reset the connection under the answer.
  socket.shutdown(asio::socket_base::shutdown_send, error);
  std::array<char, 1024> scrap;
  for (std::size_t drained = 0; !error && drained < kDrainBytesMax; drained += bytes) {
    std::tie(error, bytes) = co_await socket.async_read_some(asio::buffer(scrap), kTuple);
  }
}

}  // namespace

Awaitable<void> converse(TcpSocket socket, std::shared_ptr<ListenerState> listener) {
  set_socket_options(socket.native_handle(), listener->options);
  const auto due = listener->loop.now() + listener->options.handshake_timeout;
  const Visitor visitor(listener->visitors, socket);
  Deadline deadline(listener->loop, socket, due, listener->options.close_timeout);
  const auto answer_with = [&](const HttpResponse& response, bool with_body) {
    deadline.begin_farewell(socket, listener->options.close_timeout);
    return answer(socket, response, with_body);
  };

  boost::beast::flat_buffer buffer(limits::kHttpHeadBytesMax);
  http::request_parser<http::empty_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(limits::kHttpHeadBytesMax));
  const auto [error, bytes] = co_await http::async_read_header(socket, buffer, parser, kTuple);
  if (listener->closed) co_return;
  if (error) {
    const auto refusal = head_refusal(error, !deadline.passed());
    if (refusal) co_await answer_with(*refusal, true);
    co_return;
  }
  const auto head = std::make_shared<const HttpHead>(HttpHead{parser.release()});
  const bool with_body = head->message.method() != http::verb::head;
  if (const auto refusal = request_refusal(*head)) co_return co_await answer_with(*refusal, with_body);
  auto request = request_of(*head, socket);
  if (!request) {
    const auto refusal = text_response(400, request.error().reason);
    co_return co_await answer_with(refusal, with_body);
  }
  if (!wants_upgrade(*head)) {
    const auto response = listener->handlers.on_http(*request);
    co_return co_await answer_with(response, with_body);
  }
  if (is_reserved_descriptor(socket.native_handle())) {
    const auto refusal = text_response(503, "the server is out of file descriptors");
    co_return co_await answer_with(refusal, with_body);
  }
  const auto verdict = listener->handlers.on_upgrade(*request);
  if (const auto* refusal = std::get_if<HttpResponse>(&verdict)) co_return co_await answer_with(*refusal, with_body);

  const auto& upgrade = std::get<Upgrade>(verdict);
  check_upgrade(upgrade, *request);
  auto* const loop = dynamic_cast<IoLoop*>(upgrade.loop);
  ENGINE_ASSERT(loop != nullptr, "a socket is served by an IoLoop");
  const auto* early = static_cast<const std::uint8_t*>(buffer.data().data());
  hand_over(
      socket, *loop,
      PendingUpgrade{UniqueFd(), Bytes(early, early + buffer.size()), head, std::move(*request), upgrade.subprotocol,
                     listener->options, due, taker_of(upgrade, listener->handlers), upgrade.on_lost});
}

}  // namespace netcode::transport
