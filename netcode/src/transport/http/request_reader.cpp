#include "transport/http/request_reader.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/vector_body.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <functional>
#include <string>
#include <utility>

#include "engine/core/result.hpp"
#include "netcode/limits.hpp"
#include "transport/http/url.hpp"

namespace netcode::transport {

namespace http = boost::beast::http;
namespace beast = boost::beast;

namespace {

constexpr std::size_t kSubprotocolsMax = 16;
constexpr std::string_view kWebSocketVersion = "13";
/// Bytes on the wire for each of a body: chunks of one byte would be six, and chunk extensions have no end.
constexpr std::size_t kWireBytesPerBodyByteMax = 8;
/// Each costs a turn of the parser, whatever is in it.
constexpr std::size_t kChunksMax = 10'000;

std::string text_of(beast::string_view text) { return {text.data(), text.size()}; }

/// Time linear in the header's length, whatever is in it.
std::vector<std::string> subprotocols_of(const http::fields& fields) {
  std::vector<std::string> names;
  const auto [first, last] = fields.equal_range(http::field::sec_websocket_protocol);
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

HttpResponse head_too_large() {
  return text_response(431, engine::error("a request head takes at most {} bytes", limits::kHttpHeadBytesMax).reason);
}

HttpResponse body_too_large(std::size_t bytes_max) {
  return text_response(413, engine::error("a request body takes at most {} bytes", bytes_max).reason);
}

constexpr std::string_view kLastChunk = "0\r\n\r\n";

HttpResponse not_http(beast::error_code error) { return text_response(400, "this is not HTTP: " + error.message()); }

}  // namespace

struct RequestReader::Parser {
  http::request_parser<http::vector_body<std::uint8_t>> parser;
  std::size_t chunks = 0;
  std::function<void(std::uint64_t, beast::string_view, beast::error_code&)> on_chunk =
      [this](std::uint64_t, beast::string_view, beast::error_code& error) {
        if (++chunks > kChunksMax) error = http::error::body_limit;
      };
};

RequestReader::RequestReader(std::size_t body_bytes_max)
    : body_bytes_max_(body_bytes_max), parser_(std::make_unique<Parser>()) {
  parser_->parser.eager(true);
  parser_->parser.header_limit(static_cast<std::uint32_t>(limits::kHttpHeadBytesMax));
  parser_->parser.body_limit(body_bytes_max);
  parser_->parser.on_chunk_header(parser_->on_chunk);
}

RequestReader::~RequestReader() = default;

bool RequestReader::is_head_request() const {
  return head_is_read_ && parser_->parser.get().method() == http::verb::head;
}

RequestReader::Progress RequestReader::read(BytesView bytes, bool is_full, std::size_t& taken) {
  taken = 0;
  auto& parser = parser_->parser;
  has_begun_ = has_begun_ || !bytes.empty();
  // The head alone first: what is wrong with it is said before its body is waited for.
  if (!head_is_read_) {
    parser.eager(false);
    beast::error_code error;
    taken = parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
    if (error == http::error::need_more) {
      if (is_full && taken == 0) return head_too_large();
      return NeedsMore();
    }
    if (error == http::error::header_limit) return head_too_large();
    if (error == http::error::body_limit) {  // which is said once the head is whole
      head_is_read_ = true;
      return body_too_large(body_bytes_max_);
    }
    if (error) return not_http(error);
    head_is_read_ = parser.is_header_done();
    if (!head_is_read_) return NeedsMore();
    parser.eager(true);
    if (auto refusal = head_refusal()) return *std::move(refusal);
    if (!parser.is_done() && taken == bytes.size()) {
      const auto expect = parser.get()[http::field::expect];
      if (beast::iequals(expect, "100-continue")) return NeedsContinue();
    }
  }
  while (!parser.is_done()) {
    beast::error_code error;
    const auto rest = bytes.subspan(taken);
    // Shown a last chunk a second time, Beast asserts that as much as any such has is there.
    if (waits_for_chunk_ && rest.size() < kLastChunk.size()) return NeedsMore();
    const auto used = rest.empty() ? 0 : parser.put(boost::asio::buffer(rest.data(), rest.size()), error);
    taken += used;
    body_wire_bytes_ += used;
    waits_for_chunk_ = error == http::error::need_more && used == 0 && parser.chunked();
    if (error == http::error::body_limit || body_wire_bytes_ > kWireBytesPerBodyByteMax * body_bytes_max_) {
      return body_too_large(body_bytes_max_);
    }
    if (error == http::error::header_limit || (error == http::error::need_more && is_full && taken == 0)) {
      return text_response(431, "chunk headers and trailers of a body are too long");
    }
    if (error && error != http::error::need_more) return not_http(error);
    if (error == http::error::need_more || used == 0) return NeedsMore();
  }
  return whole();
}

/// Refusals of our own, by the head alone.
std::optional<HttpResponse> RequestReader::head_refusal() const {
  const auto& message = parser_->parser.get();
  const auto fields = static_cast<std::size_t>(std::distance(message.begin(), message.end()));
  if (fields > limits::kHttpHeadersMax) {
    return text_response(431, engine::error("a request has at most {} headers", limits::kHttpHeadersMax).reason);
  }
  const auto hosts = message.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && message.version() == 11)) {
    return text_response(400, engine::error("a request has one Host header, not {}", hosts).reason);
  }
  const bool is_coded = message.count(http::field::transfer_encoding) > 0;
  if (is_coded && (message.version() < 11 || message.count(http::field::transfer_encoding) > 1 ||
                   !beast::iequals(message[http::field::transfer_encoding], "chunked"))) {
    return text_response(400, "the only Transfer-Encoding is chunked, in HTTP/1.1");
  }
  const auto method = message.method();
  if (method == http::verb::connect || method == http::verb::trace || method == http::verb::unknown) {
    auto refusal =
        text_response(405, "the method " + text_of(message.method_string().substr(0, 32)) + " is not allowed here");
    refusal.headers = {{"Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"}};
    return refusal;
  }
  const auto expect = message[http::field::expect];
  if (!expect.empty() && !beast::iequals(expect, "100-continue")) {
    return text_response(417, "the only expectation that is met is 100-continue");
  }
  const bool has_length = message.count(http::field::content_length) > 0;
  const bool brings = method == http::verb::post || method == http::verb::put || method == http::verb::patch;
  if (message.count(http::field::upgrade) > 0) {
    if (is_coded || (has_length && message[http::field::content_length] != "0")) {
      return text_response(413, "an upgrade has no body");
    }
    const auto version = message[http::field::sec_websocket_version];
    if (!version.empty() && version != kWebSocketVersion) {
      auto refusal = text_response(426, "WebSocket version 13 is spoken here");
      refusal.headers = {{"Sec-WebSocket-Version", std::string(kWebSocketVersion)}, {"Upgrade", "websocket"}};
      return refusal;
    }
    if (!beast::websocket::is_upgrade(message) || version.empty() ||
        message[http::field::sec_websocket_key].size() != 24 || message[http::field::host].empty()) {
      return text_response(400, "this is not a WebSocket handshake");
    }
  } else if (brings && !is_coded && !has_length) {
    return text_response(411, "a request with a body needs a Content-Length");
  }
  const auto target = parse_target(text_of(message.target()));
  if (!target) return text_response(400, target.error().reason);
  return std::nullopt;
}

HttpRequest RequestReader::head_request() const {
  const auto& message = parser_->parser.get();
  HttpRequest request;
  request.method = text_of(message.method_string());
  request.target = text_of(message.target());
  auto target = *parse_target(request.target);
  request.path = std::move(target.path);
  request.query = std::move(target.query);
  request.subprotocols = subprotocols_of(message);
  request.origin = text_of(message[http::field::origin]);
  for (const auto& field : message) request.headers.push_back({text_of(field.name_string()), text_of(field.value())});
  return request;
}

std::optional<HttpRequest> RequestReader::refused() const {
  if (!head_is_read_ || !parse_target(text_of(parser_->parser.get().target()))) return std::nullopt;
  return head_request();
}

RequestReader::Whole RequestReader::whole() {
  Whole whole;
  whole.request = head_request();
  auto message = parser_->parser.release();
  whole.request.body = std::move(message.body());
  whole.wants_upgrade = message.count(http::field::upgrade) > 0;
  // A client of HTTP/1.0 that would keep the connection has to be told so in its own words; nobody misses it.
  whole.keeps_alive = message.version() == 11 && message.keep_alive();
  if (whole.wants_upgrade) whole.websocket_key = text_of(message[http::field::sec_websocket_key]);
  return whole;
}

}  // namespace netcode::transport
