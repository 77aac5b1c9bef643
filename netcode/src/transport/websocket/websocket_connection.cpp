#include "transport/websocket/websocket_connection.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/dispatch.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <cstring>
#include <utility>

#include "engine/core/assert.hpp"
#include "engine/core/result.hpp"
#include "netcode/limits.hpp"
#include "transport/stream/socket_options.hpp"
#include "transport/websocket/close_reason.hpp"
#include "transport/websocket/frame_format.hpp"

namespace netcode::transport {

namespace websocket = boost::beast::websocket;

namespace {

/// Room for a client's action; a connection that waits holds no more.
constexpr std::size_t kReadBytesMin = 256;
/// A long message's memory grows with the bytes that have come, not with the length that was declared.
constexpr std::size_t kReadBytesMax = 64 * 1024;
/// Buffers above this are given back after use: most connections never need more.
constexpr std::size_t kBufferBytesKept = 1024;

void shrink(Bytes& buffer) {
  if (buffer.capacity() > kBufferBytesKept) Bytes().swap(buffer);
}

iovec part_of(BytesView bytes) { return {const_cast<std::uint8_t*>(bytes.data()), bytes.size()}; }

BytesView body_of(const OutgoingMessage& message) {
  return message.body ? BytesView(*message.body).subspan(message.body_offset) : BytesView();
}

Opcode opcode_of(const OutgoingMessage& message) {
  return message.kind == MessageKind::kText ? Opcode::kText : Opcode::kBinary;
}

}  // namespace

WebSocketConnection::WebSocketConnection(IoLoop& loop, SocketParts socket, Role role, ConnectionOptionsPtr options)
    : loop_(loop),
      options_(std::move(options)),
      role_(role),
      remote_address_(remote_address_of(socket.fd.get())),
      stream_(loop, std::move(socket)),
      flow_(*options_, loop.now()) {
  layer().set_owner(*this);
  if (role == Role::kClient) layer().expect_http_head();
  stream_.read_message_max(options_->message_bytes_max);
  stream_.control_callback([this](websocket::frame_type kind, boost::beast::string_view payload) {
    if (kind == websocket::frame_type::pong) {
      take_pong(BytesView(reinterpret_cast<const std::uint8_t*>(payload.data()), payload.size()));
    }
  });
}

WebSocketConnection::~WebSocketConnection() {
  leave_closing();
  loop_.cancel(close_timer_);
  loop_.cancel(assembly_timer_);
}

void WebSocketConnection::set_open() {
  is_open_ = true;
  layer().set_open();
}

void WebSocketConnection::start(ConnectionHandler& handler) {
  ENGINE_ASSERT(!started_, "a connection starts once");
  started_ = true;
  handler_ = &handler;
  if (state_ == State::kOpen) {
    begin_reading();
  } else {
    loop_.post([self = shared_from_this()] { self->tell_closed(); });
  }
}

void WebSocketConnection::detach() {
  handler_ = nullptr;
  if (state_ == State::kOpen) abort();
}

// Reading -----------------------------------------------------------------------------------------------------------

void WebSocketConnection::begin_reading() {
  reading_ = true;
  asio::dispatch(loop_.context(), [self = shared_from_this()] { self->read_on(); });
}

/// The one conversation with Beast there is: whatever ends the connection ends this, and then settles. No coroutine,
/// since a connection waits here for as long as it lives, and the frames of one would hold three quarters of a KiB.
void WebSocketConnection::read_on() {
  stream_.async_read_some(room_to_read(), [self = shared_from_this()](error_code error, std::size_t bytes) {
    if (!error) {
      self->take_read(bytes);
      return self->read_on();
    }
    if (!self->end_cause_) self->end_cause_ = error;
    self->reading_ = false;
    self->settle();
  });
}

asio::mutable_buffer WebSocketConnection::room_to_read() {
  const auto hint = std::min(stream_.read_size_hint(kReadBytesMin), kReadBytesMax);
  if (message_.size() < message_size_ + hint) message_.resize(message_size_ + hint);
  return asio::buffer(message_) + message_size_;
}

void WebSocketConnection::take_read(std::size_t bytes) {
  message_size_ += bytes;
  if (!stream_.is_message_done()) return;
  const auto size = std::exchange(message_size_, 0);
  // A closing end reads on for the close frame alone.
  if (state_ == State::kOpen && handler_ != nullptr) {
    const auto kind = stream_.got_text() ? MessageKind::kText : MessageKind::kBinary;
    handler_->on_message(kind, BytesView(message_).first(size));
  }
  shrink(message_);
}

void WebSocketConnection::take_pong(BytesView payload) {
  if (ping_under_way_ && std::ranges::equal(*ping_under_way_, payload)) {
    ping_under_way_.reset();
    flow_.forgive_pong();
  }
  if (state_ == State::kOpen && handler_ != nullptr) handler_->on_pong(payload);
}

void WebSocketConnection::on_bytes_read() {
  if (!is_open_) return;
  meter_flow();
  if (state_ == State::kOpen) watch_fragments();
}

/// Who is over it is not read any more, closed already or not: parsing a flood costs more than sending it.
void WebSocketConnection::meter_flow() {
  const auto excess = flow_.take(layer().bytes_received(), layer().fragment_counter().control_frames(), loop_.now());
  if (!excess) return;
  layer().discard_input();
  fail_later(CloseCode::kPolicy, *excess);
}

void WebSocketConnection::watch_fragments() {
  const FragmentCounter& counter = layer().fragment_counter();
  if (counter.fragments_max() > options_->message_fragments_max) {
    return fail_later(CloseCode::kPolicy,
                      engine::error("a message in more than {} fragments", options_->message_fragments_max).reason);
  }
  if (!counter.mid_message()) {
    mid_message_since_.reset();
  } else if (!mid_message_since_ || watched_messages_ != counter.messages()) {
    mid_message_since_ = loop_.now();
    watched_messages_ = counter.messages();
    if (assembly_timer_ == Loop::TimerId{}) arm_assembly_timer();
  }
}

/// One timer, set for the message under way and moved on when it fires, rather than one set and cancelled for each
/// message.
void WebSocketConnection::arm_assembly_timer() {
  const auto due = *mid_message_since_ + options_->message_assembly_timeout;
  assembly_timer_ = loop_.call_at(due, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->on_assembly_due();
  });
}

void WebSocketConnection::on_assembly_due() {
  assembly_timer_ = {};
  if (!mid_message_since_ || state_ != State::kOpen) return;
  if (loop_.now() < *mid_message_since_ + options_->message_assembly_timeout) return arm_assembly_timer();
  fail(CloseCode::kPolicy,
       engine::error("a message not complete after {} ms", options_->message_assembly_timeout.count()).reason);
}

// Writing -----------------------------------------------------------------------------------------------------------

bool WebSocketConnection::writable() const {
  return started_ && state_ == State::kOpen && !write_under_way_ && !write_failed_ && !layer().closing();
}

WriteState WebSocketConnection::write(std::vector<OutgoingMessage> messages) {
  ENGINE_ASSERT(writable(), "one write at a time");
  if (messages.empty()) return WriteState::kDone;
  messages_ = std::move(messages);
  const Parts parts = role_ == Role::kServer ? server_parts() : client_parts();
  const auto ended = layer().write_data(parts);
  write_under_way_ = !ended;
  if (!ended) return WriteState::kLater;
  drop_written();
  if (!*ended) return WriteState::kDone;
  fail_write(*ended);
  return WriteState::kLater;
}

/// Headers of ours, payloads where they are: a body that many connections share is not copied.
WebSocketConnection::Parts WebSocketConnection::server_parts() {
  Parts parts;
  headers_.resize(messages_.size() * kFrameHeaderBytesMax);
  auto room = std::span(headers_);
  for (const OutgoingMessage& message : messages_) {
    const auto size =
        write_frame_header(room.first<kFrameHeaderBytesMax>(), opcode_of(message), message.size(), nullptr);
    parts.push_back(part_of(room.first(size)));
    room = room.subspan(kFrameHeaderBytesMax);
    if (!message.head.empty()) parts.push_back(part_of(message.head));
    if (message.body_size() > 0) parts.push_back(part_of(body_of(message)));
  }
  return parts;
}

/// A client masks what it sends (RFC 6455, 5.3), so its payloads are copied, headers and all into one piece.
WebSocketConnection::Parts WebSocketConnection::client_parts() {
  headers_.clear();
  for (const OutgoingMessage& message : messages_) {
    const Mask mask = make_mask();
    std::array<std::uint8_t, kFrameHeaderBytesMax> header;
    const auto size = write_frame_header(header, opcode_of(message), message.size(), &mask);
    headers_.insert(headers_.end(), header.begin(), header.begin() + static_cast<std::ptrdiff_t>(size));
    const auto payload_at = headers_.size();
    const auto body = body_of(message);
    headers_.insert(headers_.end(), message.head.begin(), message.head.end());
    headers_.insert(headers_.end(), body.begin(), body.end());
    apply_mask(std::span(headers_).subspan(payload_at), mask);
  }
  return {part_of(headers_)};
}

void WebSocketConnection::drop_written() {
  std::vector<OutgoingMessage>().swap(messages_);  // the next write brings its own
  shrink(headers_);
}

/// The peer is gone, but its last words (why it closed) may lie unread here: reading ends by itself once it has had
/// them.
void WebSocketConnection::fail_write(error_code error) {
  if (!end_cause_) end_cause_ = error;
  write_failed_ = true;
  arm_close_timer();
}

void WebSocketConnection::on_data_written(error_code error) {
  write_under_way_ = false;
  drop_written();
  if (error) return fail_write(error);
  if (writable() && handler_ != nullptr) handler_->on_writable();
}

void WebSocketConnection::ping(BytesView payload) {
  ENGINE_ASSERT(payload.size() <= kControlPayloadBytesMax);
  if (!started_ || state_ != State::kOpen || ping_under_way_ || ping_writing_) return;
  ping_under_way_.emplace(payload.begin(), payload.end());
  ping_writing_ = true;
  const websocket::ping_data data(reinterpret_cast<const char*>(payload.data()), payload.size());
  stream_.async_ping(data, [self = shared_from_this()](error_code) { self->ping_writing_ = false; });
}

// Ending ------------------------------------------------------------------------------------------------------------

void WebSocketConnection::close(CloseCode code, std::string_view reason) {
  ENGINE_ASSERT(code != CloseCode::kAbnormal, "1006 is never sent: abort() is that");
  fail(code, fit_reason(reason));
}

void WebSocketConnection::abort() {
  if (state_ == State::kClosed) return;
  state_ = State::kCut;
  layer().cut();
  loop_.post([self = shared_from_this()] { self->settle(); });  // if nothing was under way that ends now
}

void WebSocketConnection::fail(CloseCode code, std::string reason) {
  if (state_ != State::kOpen) return;
  state_ = State::kClosing;
  closing_ = std::make_unique<const CloseInfo>(CloseInfo{code, std::move(reason), false});
  arm_close_timer();
  begin_close();
}

/// For use from inside Beast's operations.
void WebSocketConnection::fail_later(CloseCode code, std::string reason) {
  loop_.post([weak = weak_from_this(), code, reason = std::move(reason)] {
    if (const auto self = weak.lock()) self->fail(code, reason);
  });
}

/// The stream writes in order: a write under way goes first.
void WebSocketConnection::begin_close() {
  Bytes payload{static_cast<std::uint8_t>(static_cast<std::uint16_t>(closing_->code) >> 8),
                static_cast<std::uint8_t>(static_cast<std::uint16_t>(closing_->code) & 0xff)};
  payload.insert(payload.end(), closing_->reason.begin(), closing_->reason.end());
  std::array<std::uint8_t, kFrameHeaderBytesMax> header;
  const auto mask = role_ == Role::kClient ? std::optional(make_mask()) : std::nullopt;
  const auto size = write_frame_header(header, Opcode::kClose, payload.size(), mask ? &*mask : nullptr);
  if (mask) apply_mask(payload, *mask);
  payload.insert(payload.begin(), header.begin(), header.begin() + static_cast<std::ptrdiff_t>(size));
  layer().write_close(std::move(payload));
  if (!reading_) begin_reading();  // not started yet: the peer's close frame is waited for all the same
}

void WebSocketConnection::arm_close_timer() {
  if (close_timer_ != Loop::TimerId{}) return;
  const Loop::Task give_up = [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->give_up_closing();
  };
  close_timer_ = loop_.call_at(loop_.now() + options_->close_timeout, give_up);
  if (all_closing_) closing_place_ = all_closing_->enter(loop_, give_up);
}

void WebSocketConnection::give_up_closing() {
  layer().cut();
  settle();
}

void WebSocketConnection::leave_closing() {
  if (closing_place_) all_closing_->leave(*std::exchange(closing_place_, std::nullopt));
}

void WebSocketConnection::settle() {
  if (state_ == State::kClosed || reading_) return;
  ended_ = std::make_unique<const CloseInfo>(end_info());
  state_ = State::kClosed;
  leave_closing();
  loop_.cancel(std::exchange(close_timer_, {}));
  loop_.cancel(std::exchange(assembly_timer_, {}));
  layer().close();
  tell_closed();
}

std::string WebSocketConnection::reason_for(CloseCode code) const {
  if (closing_ || stream_.reason().code != websocket::close_code::none)
    return {};  // ours has one; an answer needs none
  return refusal_reason(code, *options_);
}

/// Also of a connection that was over before it was started.
void WebSocketConnection::tell_closed() {
  if (!ended_) return;
  if (ConnectionHandler* handler = std::exchange(handler_, nullptr)) handler->on_closed(*ended_);
}

CloseInfo WebSocketConnection::end_info() const {
  if (state_ == State::kCut) return {CloseCode::kAbnormal, "aborted", false};
  if (closing_) return *closing_;
  const auto& theirs = stream_.reason();
  const bool has_code = theirs.code != websocket::close_code::none;
  if (has_code || end_cause_ == websocket::error::closed) {
    const auto code = has_code ? static_cast<CloseCode>(theirs.code) : CloseCode::kNormal;
    return {code, std::string(theirs.reason.data(), theirs.reason.size()), true};
  }
  return close_info_of(end_cause_, *options_);
}

}  // namespace netcode::transport
