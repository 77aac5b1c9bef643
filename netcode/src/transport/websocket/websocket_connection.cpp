#include "transport/websocket/websocket_connection.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/assert.hpp"
#include "engine/core/result.hpp"
#include "netcode/limits.hpp"
#include "transport/loop/read_buffer.hpp"
#include "transport/stream/socket_options.hpp"
#include "transport/websocket/close_reason.hpp"

namespace netcode::transport {

namespace {

/// Others have their turn before more of one peer's bytes.
constexpr std::size_t kReadPerTurnBytesMax = 64 * 1024;
/// A pong waits for the kernel, and one more with it; then the peer's pings wait, and all else that it sends.
constexpr std::size_t kPongsWaitingMax = 2;

}  // namespace

WebSocketConnection::WebSocketConnection(IoLoop& loop, SocketParts socket, Role role, ConnectionOptionsPtr options,
                                         std::shared_ptr<ClosingConnections> closing)
    : loop_(loop),
      options_(std::move(options)),
      remote_address_(remote_address_of(socket.fd.get())),
      socket_(loop, std::move(socket)),
      reader_(role == Role::kServer ? FrameReader::From::kClient : FrameReader::From::kServer,
              {options_->message_bytes_max, options_->message_fragments_max}),
      writer_(socket_, role == Role::kServer ? FrameWriter::To::kClient : FrameWriter::To::kServer),
      role_(role),
      flow_(*options_, loop.now()),
      all_closing_(std::move(closing)) {
  socket_.set_owner(*this);
}

WebSocketConnection::~WebSocketConnection() {
  leave_closing();
  loop_.cancel(close_timer_);
  loop_.cancel(assembly_timer_);
}

bool WebSocketConnection::write_answer(std::string_view answer) {
  const auto* const begin = reinterpret_cast<const std::uint8_t*>(answer.data());
  const auto ended = writer_.write_raw(Bytes(begin, begin + answer.size()));
  return !(ended && *ended) && !socket_.peer_has_ended();
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

/// Whatever it waits for owns nothing; it may go with the loop.
void WebSocketConnection::on_abandoned() { const auto last = std::exchange(self_, nullptr); }

// Reading -----------------------------------------------------------------------------------------------------------

void WebSocketConnection::begin_reading() {
  self_ = shared_from_this();
  reading_ = Reading::kOn;
  read_later();  // no call reaches the handler from inside its own
}

void WebSocketConnection::read_later() {
  loop_.post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->read_turn();
  });
}

void WebSocketConnection::read_turn() {
  if (reading_ == Reading::kPaused && writer_.waiting(Opcode::kPong) < kPongsWaitingMax) resume_reading();
  for (std::size_t taken = 0; reading_ == Reading::kOn && socket_.may_read();) {
    if (taken >= kReadPerTurnBytesMax) return read_later();
    const ReadBuffer::Use buffer(loop_.read_buffer());
    const iovec room{buffer.bytes().data(), buffer.bytes().size()};
    std::size_t bytes = 0;
    const error_code error = socket_.read({&room, 1}, bytes);
    if (is_would_block(error)) return;
    if (error) {
      if (!first_error_) first_error_ = error;
      return settle();
    }
    taken += bytes;
    if (meter_flow()) take(buffer.bytes().first(bytes));
  }
}

void WebSocketConnection::take(std::span<std::uint8_t> bytes) {
  while (reading_ == Reading::kOn) {
    const FrameEvent event = reader_.next(bytes);
    if (event.kind == FrameEvent::Kind::kNeedsMore) return watch_assembly();
    take_event(event);
  }
  if (reading_ == Reading::kPaused) unread_.assign(bytes.begin(), bytes.end());
}

void WebSocketConnection::take_event(const FrameEvent& event) {
  using Kind = FrameEvent::Kind;
  switch (event.kind) {
    case Kind::kText:
    case Kind::kBinary:
      // A closing end reads on for the close frame alone.
      if (state_ != State::kOpen || handler_ == nullptr) return;
      return handler_->on_message(event.kind == Kind::kText ? MessageKind::kText : MessageKind::kBinary, event.payload);
    case Kind::kPing:
      return take_ping(event.payload);
    case Kind::kPong:
      return take_pong(event.payload);
    case Kind::kClose:
      return take_close(event);
    case Kind::kViolation:
      return take_violation(event);
    case Kind::kNeedsMore:
      return;
  }
}

void WebSocketConnection::take_ping(BytesView payload) {
  if (!meter_flow() || writer_.closing() || write_failed_) return;
  // That nobody takes the answer must not end reading: behind the ping may lie the peer's close frame.
  if (const auto ended = writer_.write_control(Opcode::kPong, payload); ended && *ended) return fail_write(*ended);
  if (writer_.waiting(Opcode::kPong) >= kPongsWaitingMax) reading_ = Reading::kPaused;
}

void WebSocketConnection::take_pong(BytesView payload) {
  const bool is_over = !meter_flow();
  if (ping_under_way_ && std::ranges::equal(*ping_under_way_, payload)) {
    ping_under_way_.reset();
    flow_.forgive_pong();
  }
  if (!is_over && state_ == State::kOpen && handler_ != nullptr) handler_->on_pong(payload);
}

void WebSocketConnection::take_close(const FrameEvent& event) {
  const bool has_code = event.code != CloseCode{};
  if (!cause_) {
    const auto* const reason = reinterpret_cast<const char*>(event.payload.data());
    cause_ = std::make_unique<const CloseInfo>(
        CloseInfo{has_code ? event.code : CloseCode::kNormal, std::string(reason, event.payload.size()), true});
  }
  if (!writer_.closing()) write_close(has_code ? std::optional(event.code) : std::nullopt, {});
  end_frames();
}

void WebSocketConnection::take_violation(const FrameEvent& event) {
  const auto reason = refusal_reason(event.code, *options_);
  if (!cause_) {
    cause_ = std::make_unique<const CloseInfo>(
        CloseInfo{event.code, event.rule.empty() ? reason : std::string(event.rule), false});
  }
  if (!writer_.closing()) write_close(event.code, reason);
  end_frames();
}

void WebSocketConnection::resume_reading() {
  reading_ = Reading::kOn;
  Bytes unread = std::exchange(unread_, {});
  take(unread);
}

/// Who is over it is not read any more, closed already or not: parsing a flood costs more than sending it.
bool WebSocketConnection::meter_flow() {
  auto excess = flow_.take(socket_.bytes_received(), reader_.control_frames(), loop_.now());
  if (!excess) return true;
  reading_ = Reading::kThrownAway;
  fail(CloseCode::kPolicy, std::move(*excess));
  end_output_when_idle();
  socket_.drain(limits::kClosingBytesMax);
  return false;
}

void WebSocketConnection::watch_assembly() {
  if (state_ != State::kOpen || !reader_.mid_message()) {
    mid_message_since_.reset();
  } else if (!mid_message_since_ || watched_messages_ != reader_.messages()) {
    mid_message_since_ = loop_.now();
    watched_messages_ = reader_.messages();
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
  return started_ && state_ == State::kOpen && !writer_.messages_wait() && !write_failed_ && !writer_.closing();
}

WriteState WebSocketConnection::write(std::vector<OutgoingMessage> messages) {
  ENGINE_ASSERT(writable(), "one write at a time");
  const auto ended = writer_.write(std::move(messages));
  if (!ended) return WriteState::kLater;
  if (!*ended) return WriteState::kDone;
  fail_write(*ended);
  return WriteState::kLater;
}

void WebSocketConnection::ping(BytesView payload) {
  if (!started_ || state_ != State::kOpen || ping_under_way_ || write_failed_) return;
  if (writer_.closing() || writer_.waiting(Opcode::kPing) > 0) return;
  ping_under_way_.emplace(payload.begin(), payload.end());
  if (const auto ended = writer_.write_control(Opcode::kPing, payload); ended && *ended) fail_write(*ended);
}

void WebSocketConnection::on_writable() {
  const auto progress = writer_.on_writable();
  if (progress.error) return fail_write(progress.error);
  end_output_when_idle();
  if (progress.messages_written && writable() && handler_ != nullptr) handler_->on_writable();
  read_turn();  // pongs may be through that it waited for
}

/// The peer is gone, but its last words (why it closed) may lie unread here: reading ends by itself once it has had
/// them. Where it has ended, or our close frame is lost, nothing will come that ends the connection.
void WebSocketConnection::fail_write(error_code error) {
  if (!first_error_) first_error_ = error;
  write_failed_ = true;
  writer_.drop();
  if (reading_ >= Reading::kOver || writer_.closing()) return cut_and_settle_later();
  if (reading_ == Reading::kPaused) read_later();
  arm_close_timer();
}

// Ending ------------------------------------------------------------------------------------------------------------

void WebSocketConnection::close(CloseCode code, std::string_view reason) {
  ENGINE_ASSERT(code != CloseCode::kAbnormal, "1006 is never sent: abort() is that");
  fail(code, fit_reason(reason));
}

void WebSocketConnection::abort() {
  if (state_ == State::kClosed) return;
  state_ = State::kCut;
  cut_and_settle_later();
}

/// Our close frame goes behind a write under way.
void WebSocketConnection::fail(CloseCode code, std::string reason) {
  if (state_ != State::kOpen) return;
  state_ = State::kClosing;
  cause_ = std::make_unique<const CloseInfo>(CloseInfo{code, std::move(reason), false});
  if (reading_ == Reading::kNotYet) begin_reading();  // the peer's close frame is waited for all the same
  code == CloseCode::kNoStatus ? write_close(std::nullopt, {}) : write_close(code, cause_->reason);
}

void WebSocketConnection::write_close(std::optional<CloseCode> code, std::string_view reason) {
  if (state_ == State::kOpen) state_ = State::kClosing;
  arm_close_timer();
  Bytes payload;
  if (code) {
    payload.push_back(static_cast<std::uint8_t>(static_cast<std::uint16_t>(*code) >> 8));
    payload.push_back(static_cast<std::uint8_t>(static_cast<std::uint16_t>(*code) & 0xff));
    payload.insert(payload.end(), reason.begin(), reason.end());
  }
  if (write_failed_) return;
  if (const auto ended = writer_.write_control(Opcode::kClose, payload); ended && *ended) fail_write(*ended);
}

void WebSocketConnection::end_frames() {
  if (reading_ == Reading::kOn) reading_ = Reading::kOver;
  end_output_when_idle();
}

/// No frame is read any more: say so once ours are through, and wait for the peer's end. The server ends the TCP
/// connection first (RFC 6455, 7.1.1), so that the wait for stray packets is not the client's. Where the peer's frames
/// are thrown away its end is what shows that it has had ours, and comes when it sees our end.
void WebSocketConnection::end_output_when_idle() {
  if (reading_ < Reading::kOver || !writer_.is_idle()) return;
  if (role_ == Role::kServer || reading_ == Reading::kThrownAway) socket_.end_output();
  socket_.drain(limits::kClosingBytesMax);
}

void WebSocketConnection::on_drained(bool too_much) {
  if (too_much) socket_.cut();
  settle();
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
  socket_.cut();
  settle();
}

void WebSocketConnection::leave_closing() {
  if (closing_place_) all_closing_->leave(*std::exchange(closing_place_, std::nullopt));
}

/// For use from inside any call.
void WebSocketConnection::cut_and_settle_later() {
  reading_ = Reading::kThrownAway;
  socket_.cut();
  leave_closing();
  loop_.cancel(std::exchange(close_timer_, {}));
  if (std::exchange(settles_soon_, true)) return;
  // Without a socket it is not told when the loop ends: the task owns it from here.
  loop_.post([self = shared_from_this()] { self->settle(); });
  self_ = nullptr;
}

void WebSocketConnection::settle() {
  const auto last = std::exchange(self_, nullptr);
  if (state_ == State::kClosed) return;
  const bool is_cut = state_ == State::kCut;
  state_ = State::kClosed;
  reading_ = Reading::kThrownAway;
  ended_ = std::make_unique<const CloseInfo>(is_cut   ? CloseInfo{CloseCode::kAbnormal, "aborted", false}
                                             : cause_ ? *cause_
                                                      : close_info_of(first_error_));
  leave_closing();
  loop_.cancel(std::exchange(close_timer_, {}));
  loop_.cancel(std::exchange(assembly_timer_, {}));
  socket_.close();
  writer_.drop();
  tell_closed();
}

/// Also of a connection that was over before it was started.
void WebSocketConnection::tell_closed() {
  if (!ended_) return;
  if (ConnectionHandler* handler = std::exchange(handler_, nullptr)) handler->on_closed(*ended_);
}

}  // namespace netcode::transport
