#include "transport/http/http_connection.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <boost/beast/http/status.hpp>
#include <utility>

#include "engine/core/assert.hpp"
#include "netcode/limits.hpp"
#include "transport/loop/descriptors.hpp"
#include "transport/stream/socket_options.hpp"
#include "transport/websocket/websocket_handshake.hpp"

namespace netcode::transport {

namespace {

/// The longest head, or what a client sends ahead while it waits for an answer.
constexpr std::size_t kBufferBytesMax = limits::kHttpHeadBytesMax;
constexpr std::size_t kReadBytes = 4 * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

bool is_clean(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

/// A line break in a header would let whoever caused it write an answer of their own.
bool are_clean(const std::vector<HttpField>& headers) {
  return std::ranges::all_of(headers,
                             [](const HttpField& field) { return is_clean(field.name) && is_clean(field.value); });
}

bool is_sendable(const HttpResponse& response) {
  return response.status >= 200 && response.status <= 599 && is_clean(response.content_type) &&
         are_clean(response.headers);
}

/// RFC 9110, 15.3.5 and 15.4.5: these end with their head.
bool has_body(unsigned status) { return status != 204 && status != 304; }

std::string head_of(const HttpResponse& response, bool keeps_alive) {
  std::string head = fmt::format("HTTP/1.1 {} ", response.status);
  const auto reason = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(response.status));
  head.append(reason.data(), reason.size()).append("\r\n");
  const auto add = [&head](std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
  };
  if (has_body(response.status)) {
    if (!response.content_type.empty()) add("Content-Type", response.content_type);
    add("Content-Length", std::to_string(response.body.size()));
  }
  const bool says_whether_to_keep =
      std::ranges::any_of(response.headers, [](const HttpField& field) { return field.name == "Cache-Control"; });
  if (!says_whether_to_keep) add("Cache-Control", "no-store");
  for (const HttpField& field : response.headers)
    if (!field.value.empty()) add(field.name, field.value);
  if (!keeps_alive) add("Connection", "close");
  return head + "\r\n";
}

/// A bad subprotocol would be our own bug: browsers end such a connection without a word.
void check_upgrade(const Upgrade& upgrade, const HttpRequest& request) {
  ENGINE_ASSERT(upgrade.loop != nullptr, "an upgrade names its loop");
  const auto& offered = request.subprotocols;
  ENGINE_ASSERT(upgrade.subprotocol.empty() || std::ranges::find(offered, upgrade.subprotocol) != offered.end(),
                "a subprotocol that the client did not offer");
}

SocketParts parts_of(UniqueFd socket, const TlsContext* tls) {
  auto session = tls != nullptr ? tls->accept(socket.get()) : nullptr;
  return {.fd = std::move(socket), .tls = std::move(session)};
}

}  // namespace

void HttpConnection::start(UniqueFd socket, std::shared_ptr<ListenerState> listener) {
  set_socket_options(socket.get(), *listener->options);
  const auto connection = std::make_shared<HttpConnection>(std::move(socket), std::move(listener));
  connection->self_ = connection;
  connection->enter();
  connection->arm(connection->due_);
  connection->go_on();
}

HttpConnection::HttpConnection(UniqueFd socket, std::shared_ptr<ListenerState> listener)
    : Visitor(listener->visitors),
      listener_(std::move(listener)),
      loop_(listener_->loop),
      options_(*listener_->options),
      remote_address_(remote_address_of(socket.get())),
      stream_(loop_, parts_of(std::move(socket), listener_->tls.get())),
      due_(loop_.now() + options_.handshake_timeout) {
  stream_.set_owner(*this);
  reader_.emplace(options_.request_body_bytes_max);
}

HttpConnection::~HttpConnection() {
  Visitor::leave();  // not in the base's destructor: the visitors' list is the listener's, which may go with this
  loop_.cancel(timer_);
  drop_pending();
}

void HttpConnection::go_on() {
  const auto keep = shared_from_this();
  for (bool moves = true; moves;) {
    moves = state_ == State::kReading ? read_on() : state_ == State::kWriting && write_on();
  }
}

void HttpConnection::go_on_later() {
  loop_.post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->go_on();
  });
}

void HttpConnection::on_readable() {
  if (state_ == State::kReading) return go_on();
  if (state_ != State::kAwaiting) return;
  while (state_ == State::kAwaiting && fill()) continue;
  // With the buffer full its end is not read, but it is known.
  const bool is_full = buffer_.size() >= kBufferBytesMax;
  if (state_ == State::kAwaiting && is_full && stream_.has_hung_up()) on_peer_end(asio::error::eof);
}

void HttpConnection::on_writable() {
  if (state_ == State::kWriting) go_on();
}

// Reading -----------------------------------------------------------------------------------------------------------

/// Whether there is a request, or a refusal of one.
bool HttpConnection::read_on() {
  for (;;) {
    if (!buffer_.empty()) {
      const bool begins = requests_ > 0 && !reader_->has_begun();
      if (begins) arm(loop_.now() + options_.handshake_timeout);
      std::size_t taken = 0;
      auto progress = reader_->read(buffer_, buffer_.size() >= kBufferBytesMax, taken);
      buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(taken));
      if (auto* const whole = std::get_if<RequestReader::Whole>(&progress)) {
        dispatch(std::move(*whole));
        return state_ != State::kReading;
      }
      if (auto* const refusal = std::get_if<HttpResponse>(&progress)) {
        is_head_ = reader_->is_head_request();
        refuse(as_refused(std::move(*refusal)));
        return true;
      }
      if (std::holds_alternative<RequestReader::NeedsContinue>(progress)) tell_continue();
    }
    if (!fill()) return state_ == State::kWriting;
  }
}

/// Whether there are more bytes to parse.
bool HttpConnection::fill() {
  const std::size_t size = buffer_.size();
  if (size >= kBufferBytesMax || !stream_.may_read()) return false;
  buffer_.resize(std::min(size + kReadBytes, kBufferBytesMax));
  const iovec room{buffer_.data() + size, buffer_.size() - size};
  std::size_t bytes = 0;
  const error_code error = stream_.read({&room, 1}, bytes);
  buffer_.resize(size + bytes);
  if (size + bytes == 0) Bytes().swap(buffer_);  // idle connections hold no memory
  if (error && !is_would_block(error)) on_peer_end(error);
  return !error;
}

void HttpConnection::on_peer_end(error_code error) {
  if (const auto* tls = stream_.tls(); tls != nullptr && !tls->failure().empty()) {
    spdlog::debug("TLS with {} failed: {}", remote_address_, tls->failure());
    if (state_ == State::kReading && tls->was_plain_http()) {
      stream_.drop_tls();
      return refuse(text_response(400, "this port speaks HTTPS (and wss://), not plain HTTP"));
    }
  }
  if (error != asio::error::eof && state_ == State::kAwaiting) stream_.cut();
  end();
}

void HttpConnection::tell_continue() {
  const iovec part{const_cast<char*>(kContinue.data()), kContinue.size()};
  std::size_t bytes = 0;
  if (stream_.write({&part, 1}, bytes) || bytes < kContinue.size()) end();  // nothing was under way: it is gone
}

// Answering ---------------------------------------------------------------------------------------------------------

void HttpConnection::dispatch(RequestReader::Whole whole) {
  if (listener_->closed) return end();
  ++requests_;
  keeps_alive_ = whole.keeps_alive && requests_ < options_.requests_per_connection_max;
  is_head_ = whole.request.method == "HEAD";
  whole.request.remote_address = remote_address_;
  if (whole.wants_upgrade) return upgrade(std::move(whole));
  if (listener_->answers_awaited >= options_.answers_awaited_max) {
    return refuse(text_response(503, "too many requests wait for their answers"));
  }
  state_ = State::kAwaiting;
  Visitor::leave();
  ++listener_->answers_awaited;
  pending_ = std::make_shared<PendingAnswer>(loop_, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->take_answer();
  });
  arm(loop_.now() + options_.answer_timeout);
  listener_->handlers.on_http(std::move(whole.request), Answerer(pending_));
  if (state_ != State::kAwaiting) return;
  if (auto response = pending_->leave_handler()) return respond(std::move(*response));
  while (state_ == State::kAwaiting && fill()) continue;
}

void HttpConnection::take_answer() {
  if (state_ != State::kAwaiting) return;
  auto response = pending_->take();
  if (!response) return;
  respond(std::move(*response));
  go_on();
}

void HttpConnection::drop_pending() {
  if (!pending_) return;
  --listener_->answers_awaited;
  std::exchange(pending_, nullptr)->let_go();
}

/// Moves the socket to the loop that was chosen, without the two threads ever sharing it.
void HttpConnection::upgrade(RequestReader::Whole whole) {
  auto verdict = listener_->handlers.on_upgrade(whole.request);
  if (auto* const refusal = std::get_if<HttpResponse>(&verdict)) return refuse(std::move(*refusal));
  auto& upgrade = std::get<Upgrade>(verdict);
  if (!are_clean(upgrade.headers)) {
    spdlog::error("a handshake with {} with a line break in a header", remote_address_);
    if (upgrade.on_lost) upgrade.on_lost();
    return refuse(text_response(500, "the server made an answer that cannot be sent"));
  }
  // Only now: nobody makes room for one that is not wanted.
  if (is_reserved_descriptor(stream_.descriptor()) && !listener_->closing->evict_oldest()) {
    if (upgrade.on_lost) upgrade.on_lost();
    return refuse(text_response(503, "the server is out of file descriptors"));
  }
  check_upgrade(upgrade, whole.request);
  auto* const loop = dynamic_cast<IoLoop*>(upgrade.loop);
  ENGINE_ASSERT(loop != nullptr, "a socket is served by an IoLoop");
  // A task has to be copyable.
  const auto shared = std::make_shared<PendingUpgrade>(
      PendingUpgrade{stream_.release(buffer_), std::move(whole.websocket_key), std::move(whole.request),
                     upgrade.subprotocol, std::move(upgrade.headers), listener_->options,
                     taker_of(upgrade, listener_->handlers), upgrade.on_lost, listener_->closing});
  loop->post([loop, shared] { accept_websocket(*loop, std::move(*shared)); });
  end();
}

// Writing -----------------------------------------------------------------------------------------------------------

void HttpConnection::refuse(HttpResponse response) {
  keeps_alive_ = false;
  respond(std::move(response));
}

HttpResponse HttpConnection::as_refused(HttpResponse refusal) {
  const auto request = reader_->refused();
  if (!request || !listener_->handlers.on_refused || listener_->closed) return refusal;
  return listener_->handlers.on_refused(*request, std::move(refusal));
}

void HttpConnection::respond(HttpResponse response) {
  drop_pending();
  if (!is_sendable(response)) {
    spdlog::error("an answer to {} with a bad status or a line break in a header", remote_address_);
    response = text_response(500, "the server made an answer that cannot be sent");
  }
  keeps_alive_ = keeps_alive_ && !listener_->closed;
  answer_head_ = head_of(response, keeps_alive_);
  answer_body_ = is_head_ || !has_body(response.status) ? std::string() : std::move(response.body);
  answer_bytes_written_ = 0;
  state_ = State::kWriting;
  enter();
  const std::chrono::seconds for_body(answer_body_.size() / limits::kHttpAnswerBytesPerSecondMin);
  arm(loop_.now() + options_.close_timeout + for_body);
}

/// Whether the answer is through.
bool HttpConnection::write_on() {
  const std::size_t of_head = std::min(answer_bytes_written_, answer_head_.size());
  const std::size_t of_body = answer_bytes_written_ - of_head;
  std::array<iovec, 2> parts{};
  std::size_t size = 0;
  if (of_head < answer_head_.size()) parts[size++] = {answer_head_.data() + of_head, answer_head_.size() - of_head};
  if (of_body < answer_body_.size()) parts[size++] = {answer_body_.data() + of_body, answer_body_.size() - of_body};
  std::size_t bytes = 0;
  const error_code error = stream_.write(std::span(parts).first(size), bytes);
  answer_bytes_written_ += bytes;
  if (error && !is_would_block(error)) {
    end();
    return false;
  }
  if (answer_bytes_written_ < answer_head_.size() + answer_body_.size()) return false;  // on_writable goes on
  std::string().swap(answer_head_);
  std::string().swap(answer_body_);
  keeps_alive_ ? await_request() : leave();
  return false;
}

void HttpConnection::await_request() {
  state_ = State::kReading;
  reader_.emplace(options_.request_body_bytes_max);
  enter();
  arm(loop_.now() + options_.idle_timeout);
  go_on_later();  // others have their turn before what this client has sent ahead
}

/// Closing with bytes unread would reset the connection under the answer.
void HttpConnection::leave() {
  state_ = State::kLeaving;
  arm(loop_.now() + options_.close_timeout);
  stream_.end_output();
  stream_.drain(limits::kHttpLeavingBytesMax);
}

void HttpConnection::on_drained(bool /*too_much*/) { end(); }

void HttpConnection::end() {
  if (state_ == State::kEnded) return;
  state_ = State::kEnded;
  const auto keep = std::exchange(self_, nullptr);
  Visitor::leave();
  loop_.cancel(std::exchange(timer_, {}));
  stream_.close();
  if (!pending_) return;
  --listener_->answers_awaited;
  std::exchange(pending_, nullptr)->give_up();
}

// Deadlines ---------------------------------------------------------------------------------------------------------

void HttpConnection::arm(engine::TimePoint due) {
  due_ = due;
  loop_.cancel(timer_);
  timer_ = loop_.call_at(due, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->on_due();
  });
}

void HttpConnection::on_due() {
  const bool can_answer = stream_.tls() == nullptr || stream_.tls()->is_established();
  switch (state_) {
    case State::kReading:
      // Between two requests it has only been idle, which is no fault.
      if (!can_answer || (requests_ > 0 && !reader_->has_begun())) return end();
      is_head_ = false;
      refuse(as_refused(text_response(408, "the request took too long")));
      return go_on();
    case State::kAwaiting: {
      const auto pending = std::exchange(pending_, nullptr);
      --listener_->answers_awaited;
      pending->give_up();
      const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(options_.answer_timeout).count();
      refuse(text_response(503, fmt::format("no answer within {} s", seconds)));
      return go_on();
    }
    case State::kWriting:
      stream_.cut();
      return end();
    case State::kLeaving:
    case State::kEnded:
      return end();
  }
}

}  // namespace netcode::transport
