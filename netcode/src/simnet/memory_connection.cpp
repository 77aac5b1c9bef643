#include "simnet/memory_connection.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/assert.hpp"
#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"
#include "transport/websocket/close_reason.hpp"
#include "transport/websocket/frame_format.hpp"

namespace netcode::transport {

namespace {

/// What a frame of so many payload bytes takes on a real wire (RFC 6455, 5.2), so that counts mean the same here.
std::size_t framing_bytes(std::size_t payload, bool masked) {
  const std::size_t length = payload < 126 ? 0 : payload < 65536 ? 2 : 8;
  return 2 + length + (masked ? 4 : 0);
}

}  // namespace

MemoryConnection::MemoryConnection(Loop& loop, Config config) : loop_(loop), config_(std::move(config)) {}

void MemoryConnection::join(const std::shared_ptr<MemoryConnection>& a, const std::shared_ptr<MemoryConnection>& b) {
  a->peer_ = b;
  a->peer_loop_ = &b->loop_;
  b->peer_ = a;
  b->peer_loop_ = &a->loop_;
}

void MemoryConnection::start(ConnectionHandler& handler) {
  ENGINE_ASSERT(!started_, "a connection starts once");
  started_ = true;
  handler_ = &handler;
  loop_.post([self = shared_from_this()] {
    self->pump();
    self->tell_closed();
  });
}

void MemoryConnection::detach() {
  handler_ = nullptr;
  if (state_ == State::kOpen) abort();
}

bool MemoryConnection::writable() const { return started_ && state_ == State::kOpen && !write_under_way_; }

/// A write is through once all of it that the peer has not consumed fits the link's buffer.
WriteState MemoryConnection::write(std::vector<OutgoingMessage> messages) {
  ENGINE_ASSERT(writable(), "one write at a time");
  if (messages.empty()) return WriteState::kDone;
  std::vector<Parcel> parcels;
  parcels.reserve(messages.size());
  for (OutgoingMessage& message : messages) {
    const auto kind = message.kind == MessageKind::kText ? Parcel::Kind::kText : Parcel::Kind::kBinary;
    parcels.push_back(parcel(kind, std::move(message)));
  }
  send(std::move(parcels));
  write_under_way_ = in_link_bytes_ > config_.buffer_bytes;
  return write_under_way_ ? WriteState::kLater : WriteState::kDone;
}

void MemoryConnection::ping(BytesView payload) {
  ENGINE_ASSERT(payload.size() <= kControlPayloadBytesMax);
  if (state_ != State::kOpen || !started_ || ping_under_way_) return;
  ping_under_way_.emplace(payload.begin(), payload.end());
  std::vector<Parcel> parcels;
  parcels.push_back(parcel(Parcel::Kind::kPing, {.head = *ping_under_way_}));
  send(std::move(parcels));
}

void MemoryConnection::close(CloseCode code, std::string_view reason) {
  ENGINE_ASSERT(code != CloseCode::kAbnormal, "1006 is never sent: abort() is that");
  if (state_ != State::kOpen) return;
  fail(code, fit_reason(reason));
}

void MemoryConnection::abort() {
  if (state_ == State::kClosed) return;
  std::vector<Parcel> parcels;
  parcels.push_back(parcel(Parcel::Kind::kCut, {}));
  send(std::move(parcels));
  finish({CloseCode::kAbnormal, "aborted", false});
}

void MemoryConnection::pause_reading(bool paused) {
  paused_ = paused;
  if (!paused) loop_.post([self = shared_from_this()] { self->pump(); });
}

// Sending -----------------------------------------------------------------------------------------------------------

MemoryConnection::Parcel MemoryConnection::parcel(Parcel::Kind kind, OutgoingMessage frame) const {
  Parcel made{kind, std::move(frame), CloseCode::kNormal, 0};
  made.wire_bytes = made.frame.size() + framing_bytes(made.frame.size(), config_.masks);
  return made;
}

void MemoryConnection::send(std::vector<Parcel> parcels) {
  std::size_t bytes = 0;
  for (const Parcel& one : parcels)
    if (one.kind != Parcel::Kind::kCut) bytes += one.wire_bytes;
  in_link_bytes_ += bytes;
  bytes_sent_ += bytes;
  // A task has to be copyable.
  auto shared = std::make_shared<std::vector<Parcel>>(std::move(parcels));
  const auto deliver = [peer = peer_, shared] {
    if (const auto end = peer.lock()) end->arrive(std::move(*shared));
  };
  if (config_.model) {
    const engine::TimePoint due = config_.model->arrival(loop_.now(), bytes);
    peer_loop_->post([loop = peer_loop_, due, deliver] { loop->call_at(due, deliver); });
  } else if (config_.latency > engine::Duration::zero()) {
    peer_loop_->post(
        [loop = peer_loop_, latency = config_.latency, deliver] { loop->call_at(loop->now() + latency, deliver); });
  } else {
    peer_loop_->post(deliver);
  }
}

void MemoryConnection::send_close(CloseCode code, std::string_view reason) {
  close_sent_ = true;
  std::vector<Parcel> parcels;
  parcels.push_back(parcel(Parcel::Kind::kClose, {.head = Bytes(reason.begin(), reason.end())}));
  parcels.back().code = code;
  parcels.back().wire_bytes += 2;
  send(std::move(parcels));
}

void MemoryConnection::settle_write() {
  if (!write_under_way_ || write_settling_ || in_link_bytes_ > config_.buffer_bytes) return;
  write_settling_ = true;
  loop_.post([self = shared_from_this()] { self->complete_write(); });
}

void MemoryConnection::complete_write() {
  write_settling_ = false;
  write_under_way_ = false;
  if (state_ == State::kClosing && !close_sent_) send_close(closing_->code, closing_->reason);
  if (state_ == State::kOpen && handler_ != nullptr) handler_->on_writable();
}

// Receiving ---------------------------------------------------------------------------------------------------------

void MemoryConnection::arrive(std::vector<Parcel> parcels) {
  if (state_ == State::kClosed) return;
  const bool cut = !parcels.empty() && parcels.back().kind == Parcel::Kind::kCut;
  std::move(parcels.begin(), parcels.end(), std::back_inserter(arrived_));
  pump();
  // A cut is seen by an end that does not read too, and what it has not read is gone.
  if (cut) finish({CloseCode::kAbnormal, "the connection was lost", true});
}

void MemoryConnection::pump() {
  const auto self = shared_from_this();
  std::size_t taken_bytes = 0;
  while (!arrived_.empty() && state_ != State::kClosed && !paused_ && (started_ || state_ == State::kClosing)) {
    Parcel parcel = std::move(arrived_.front());
    arrived_.pop_front();
    if (parcel.kind == Parcel::Kind::kCut) continue;
    taken_bytes += parcel.wire_bytes;
    bytes_received_ += parcel.wire_bytes;
    take(parcel);
  }
  if (taken_bytes == 0) return;
  const auto tell = [peer = peer_, taken_bytes] {
    if (const auto end = peer.lock()) end->consumed(taken_bytes);
  };
  if (!config_.model) return peer_loop_->post(tell);
  // The writer's buffer is free again once it has been told so.
  const engine::TimePoint due = loop_.now() + config_.model->half_rtt();
  peer_loop_->post([loop = peer_loop_, due, tell] { loop->call_at(due, tell); });
}

void MemoryConnection::take(Parcel& parcel) {
  switch (parcel.kind) {
    case Parcel::Kind::kBinary:
    case Parcel::Kind::kText:
      take_message(parcel);
      break;
    case Parcel::Kind::kPing: {
      if (close_sent_) break;
      std::vector<Parcel> parcels;
      parcels.push_back(this->parcel(Parcel::Kind::kPong, std::move(parcel.frame)));
      send(std::move(parcels));
      break;
    }
    case Parcel::Kind::kPong:
      if (ping_under_way_ == parcel.frame.head) ping_under_way_.reset();
      if (state_ == State::kOpen && handler_ != nullptr) handler_->on_pong(parcel.frame.head);
      break;
    case Parcel::Kind::kClose:
      take_close(parcel);
      break;
    case Parcel::Kind::kCut:
      break;
  }
}

void MemoryConnection::take_message(Parcel& parcel) {
  if (state_ != State::kOpen) return;  // a closing end reads on for the close frame alone
  const std::size_t size = parcel.frame.size();
  if (size > config_.options.message_bytes_max) {
    return fail(CloseCode::kTooBig, refusal_reason(CloseCode::kTooBig, config_.options));
  }
  BytesView bytes = parcel.frame.head;
  if (parcel.frame.body_size() > 0) {
    bytes = BytesView(*parcel.frame.body).subspan(parcel.frame.body_offset);
    if (!parcel.frame.head.empty()) {
      scratch_.assign(parcel.frame.head.begin(), parcel.frame.head.end());
      scratch_.insert(scratch_.end(), bytes.begin(), bytes.end());
      bytes = scratch_;
    }
  }
  const bool is_text = parcel.kind == Parcel::Kind::kText;
  if (is_text && !engine::is_utf8({reinterpret_cast<const char*>(bytes.data()), bytes.size()})) {
    return fail(CloseCode::kBadPayload, refusal_reason(CloseCode::kBadPayload, config_.options));
  }
  if (handler_ != nullptr) handler_->on_message(is_text ? MessageKind::kText : MessageKind::kBinary, bytes);
}

void MemoryConnection::take_close(const Parcel& parcel) {
  if (state_ == State::kClosing) {
    const CloseInfo ours = *closing_;
    if (!close_sent_) send_close(ours.code, ours.reason);
    return finish(ours);
  }
  const std::string reason(parcel.frame.head.begin(), parcel.frame.head.end());
  send_close(parcel.code, reason);
  finish({parcel.code == CloseCode::kNoStatus ? CloseCode::kNormal : parcel.code, reason, true});
}

void MemoryConnection::consumed(std::size_t bytes) {
  in_link_bytes_ -= std::min(bytes, in_link_bytes_);
  if (state_ != State::kClosed) settle_write();
}

// Ending ------------------------------------------------------------------------------------------------------------

/// Closing as ours: a call to close(), or the peer broke a rule.
void MemoryConnection::fail(CloseCode code, std::string reason) {
  if (state_ != State::kOpen) return;
  state_ = State::kClosing;
  closing_ = CloseInfo{code, std::move(reason), false};
  if (!write_under_way_) send_close(closing_->code, closing_->reason);
  const auto due = loop_.now() + config_.options.close_timeout;
  close_timer_ = loop_.call_at(due, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self || self->state_ == State::kClosed) return;
    const CloseInfo ours = *self->closing_;
    std::vector<Parcel> parcels;
    parcels.push_back(self->parcel(Parcel::Kind::kCut, {}));
    self->send(std::move(parcels));
    self->finish(ours);
  });
  loop_.post([self = shared_from_this()] { self->pump(); });
}

void MemoryConnection::finish(CloseInfo info) {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  loop_.cancel(std::exchange(close_timer_, {}));
  arrived_.clear();
  ended_ = std::move(info);
  // Posted, since this may be inside a call to the connection.
  loop_.post([self = shared_from_this()] { self->tell_closed(); });
  if (const auto on_finished = std::exchange(on_finished_, nullptr)) on_finished();
}

/// Also of an end that was over before it was started.
void MemoryConnection::tell_closed() {
  if (!ended_) return;
  if (ConnectionHandler* handler = std::exchange(handler_, nullptr)) handler->on_closed(*ended_);
}

}  // namespace netcode::transport
