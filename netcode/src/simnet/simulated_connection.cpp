#include "simnet/simulated_connection.hpp"

#include <utility>

#include "engine/core/assert.hpp"
#include "netcode/limits.hpp"
#include "transport/websocket/close_reason.hpp"
#include "transport/websocket/frame_format.hpp"

namespace netcode::transport {

namespace {

template <class... F>
struct Overload : F... {
  using F::operator()...;
};
template <class... F>
Overload(F...) -> Overload<F...>;

std::size_t wire_bytes(std::size_t payload, bool masked) { return frame_header_bytes(payload, masked) + payload; }

}  // namespace

SimulatedConnection::SimulatedConnection(Loop& loop, std::shared_ptr<Connection> inner, std::shared_ptr<LinkModel> up,
                                         std::shared_ptr<LinkModel> down, std::chrono::milliseconds close_timeout)
    : loop_(loop),
      inner_(std::move(inner)),
      close_timeout_(close_timeout),
      up_(loop, std::move(up), [this] { pump_up(); }),
      down_(loop, std::move(down), [this] { pump_down(); }) {}

SimulatedConnection::~SimulatedConnection() {
  loop_.cancel(close_timer_);
  if (!inner_is_closed_) inner_->detach();
}

void SimulatedConnection::start(ConnectionHandler& handler) {
  ENGINE_ASSERT(!started_, "a connection starts once");
  started_ = true;
  handler_ = &handler;
  bytes_received_ = inner_->bytes_received();
  if (state_ != State::kClosed) return inner_->start(*this);
  loop_.post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->end({CloseCode::kAbnormal, "aborted", false});
  });
}

void SimulatedConnection::detach() {
  handler_ = nullptr;
  if (state_ == State::kOpen) return abort();
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  loop_.cancel(std::exchange(close_timer_, {}));
  down_.take_all();
  // What finds no room is lost, as with any connection that goes.
  for (Up& item : up_.take_all()) pass_on(item);
  if (!inner_is_closed_) inner_->detach();
  inner_is_closed_ = true;
}

// Up ----------------------------------------------------------------------------------------------------------------

bool SimulatedConnection::writable() const { return started_ && state_ == State::kOpen && !write_under_way_; }

/// A write is through once what is under way fits a link's buffers.
WriteState SimulatedConnection::write(std::vector<OutgoingMessage> messages) {
  ENGINE_ASSERT(writable(), "one write at a time");
  if (messages.empty()) return WriteState::kDone;
  std::size_t bytes = 0;
  for (const OutgoingMessage& message : messages) bytes += wire_bytes(message.size(), true);
  send(std::move(messages), bytes);
  write_under_way_ = up_.bytes() > limits::kSimulatedBufferBytes;
  return write_under_way_ ? WriteState::kLater : WriteState::kDone;
}

void SimulatedConnection::ping(BytesView payload) {
  ENGINE_ASSERT(payload.size() <= kControlPayloadBytesMax);
  if (!started_ || state_ != State::kOpen || ping_under_way_) return;
  ping_under_way_ = true;
  send(Ping{Bytes(payload.begin(), payload.end())}, wire_bytes(payload.size(), true));
}

void SimulatedConnection::send(Up item, std::size_t bytes) { up_.push(std::move(item), bytes); }

void SimulatedConnection::pump_up() {
  const auto self = shared_from_this();
  while (Up* const item = up_.arrived()) {
    if (!pass_on(*item)) return;  // on_writable goes on
    up_.take();
  }
  settle_write();
}

bool SimulatedConnection::pass_on(Up& item) {
  if (inner_is_closed_) return true;
  return std::visit(Overload{
                        [&](std::vector<OutgoingMessage>& messages) {
                          if (!inner_->writable()) return false;
                          inner_->write(std::move(messages));
                          return true;
                        },
                        [&](const Ping& ping) {
                          inner_->ping(ping.payload);
                          return true;
                        },
                        [&](const Close& close) {
                          inner_->close(close.code, close.reason);
                          return true;
                        },
                    },
                    item);
}

void SimulatedConnection::settle_write() {
  if (!write_under_way_ || write_settling_ || up_.bytes() > limits::kSimulatedBufferBytes) return;
  write_settling_ = true;
  loop_.post([weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->write_under_way_ = self->write_settling_ = false;
    if (self->state_ == State::kOpen && self->handler_ != nullptr) self->handler_->on_writable();
  });
}

void SimulatedConnection::on_writable() { pump_up(); }

// Down --------------------------------------------------------------------------------------------------------------

void SimulatedConnection::on_message(MessageKind kind, BytesView bytes) {
  receive({Message{kind, Bytes(bytes.begin(), bytes.end())}, inner_->bytes_received()},
          wire_bytes(bytes.size(), false));
}

void SimulatedConnection::on_pong(BytesView payload) {
  receive({Pong{Bytes(payload.begin(), payload.end())}, inner_->bytes_received()}, wire_bytes(payload.size(), false));
}

void SimulatedConnection::on_closed(const CloseInfo& info) {
  inner_is_closed_ = true;
  receive({info, inner_->bytes_received()}, wire_bytes(info.reason.size() + 2, false));
}

void SimulatedConnection::receive(Down item, std::size_t bytes) {
  if (state_ == State::kClosed) return;
  const bool is_end = std::holds_alternative<CloseInfo>(item.what);
  if (!is_end && down_.bytes() + bytes > limits::kSimulatedBytesMax) {
    inner_->abort();
    return end_later({CloseCode::kAbnormal,
                      engine::error("the simulated network holds {} bytes", limits::kSimulatedBytesMax).reason, false});
  }
  down_.push(std::move(item), bytes);
}

void SimulatedConnection::pump_down() {
  const auto self = shared_from_this();
  while (state_ != State::kClosed && down_.arrived() != nullptr) {
    const Down item = down_.take();
    bytes_received_ = item.bytes_received;
    std::visit(Overload{
                   [&](const Message& message) {
                     // A closing end reads on for the close frame alone.
                     if (state_ == State::kOpen && handler_ != nullptr)
                       handler_->on_message(message.kind, message.bytes);
                   },
                   [&](const Pong& pong) {
                     ping_under_way_ = false;
                     if (state_ == State::kOpen && handler_ != nullptr) handler_->on_pong(pong.payload);
                   },
                   [&](const CloseInfo& info) { end(closing_ ? *closing_ : info); },
               },
               item.what);
  }
}

// Ending ------------------------------------------------------------------------------------------------------------

void SimulatedConnection::close(CloseCode code, std::string_view reason) {
  ENGINE_ASSERT(code != CloseCode::kAbnormal, "1006 is never sent: abort() is that");
  if (state_ != State::kOpen) return;
  state_ = State::kClosing;
  closing_ = CloseInfo{code, fit_reason(reason), false};
  send(Close{code, closing_->reason}, wire_bytes(closing_->reason.size() + 2, true));
  close_timer_ = loop_.call_at(loop_.now() + close_timeout_, [this] {
    inner_->abort();
    end(*closing_);
  });
}

void SimulatedConnection::abort() {
  if (state_ == State::kClosed) return;
  inner_->abort();
  end_later({CloseCode::kAbnormal, "aborted", false});
}

/// For use from inside a call to the connection.
void SimulatedConnection::end_later(CloseInfo info) {
  state_ = State::kClosed;
  up_.take_all();
  down_.take_all();
  loop_.cancel(std::exchange(close_timer_, {}));
  loop_.post([weak = weak_from_this(), info = std::move(info)] {
    if (const auto self = weak.lock()) self->end(info);
  });
}

void SimulatedConnection::end(const CloseInfo& info) {
  const auto self = shared_from_this();
  state_ = State::kClosed;
  loop_.cancel(std::exchange(close_timer_, {}));
  if (ConnectionHandler* const handler = std::exchange(handler_, nullptr)) handler->on_closed(info);
}

}  // namespace netcode::transport
