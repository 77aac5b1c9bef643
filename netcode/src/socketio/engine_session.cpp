#include "socketio/engine_session.hpp"

#include <array>
#include <utility>
#include <vector>

#include "engine/core/assert.hpp"
#include "socketio/engine_error.hpp"
#include "socketio/engine_socket.hpp"
#include "socketio/json_text.hpp"

namespace netcode::socketio {
namespace {

using transport::Answerer;
using transport::Connection;

constexpr std::string_view kProbe = "probe";

MadePacket packet_of(EngineType type, std::string data = {}) {
  return MadePacket(EnginePacket{.type = type, .data = std::move(data)});
}

void answer_packets(Answerer answerer, std::span<const MadePacket> packets) {
  answerer.answer({.content_type = "text/plain; charset=UTF-8", .body = engine_body(packets)});
}
void answer_packet(Answerer answerer, EngineType type) {
  const MadePacket packet = packet_of(type);
  answer_packets(std::move(answerer), {&packet, 1});
}

}  // namespace

std::string_view to_string(EngineEnd end) {
  switch (end) {
    case EngineEnd::kPingTimeout:
      return "ping timeout";
    case EngineEnd::kTransportClose:
      return "transport close";
    case EngineEnd::kTransportError:
      return "transport error";
    case EngineEnd::kParseError:
      return "parse error";
    case EngineEnd::kForcedClose:
      return "forced close";
  }
  return "";
}

EngineSession::EngineSession(transport::Loop& loop, std::string sid, const EngineTiming& timing, Owner& owner)
    : loop_(loop), sid_(std::move(sid)), timing_(timing), owner_(owner) {}

EngineSession::~EngineSession() {
  *alive_ = false;
  loop_.cancel(heartbeat_);
  loop_.cancel(probe_timer_);
  loop_.cancel(linger_timer_);
}

void EngineSession::open(Answerer first) {
  parked_ = std::move(first);
  begin(true);
}

void EngineSession::open(std::shared_ptr<Connection> first) {
  socket_ = std::make_unique<Socket>(*this, std::move(first));
  begin(false);
}

void EngineSession::begin(bool may_upgrade) {
  boost::json::array upgrades;
  if (may_upgrade) upgrades.emplace_back("websocket");
  push(packet_of(EngineType::kOpen, json_text(boost::json::object({{"sid", sid_},
                                                                   {"upgrades", std::move(upgrades)},
                                                                   {"pingInterval", timing_.ping_interval.count()},
                                                                   {"pingTimeout", timing_.ping_timeout.count()},
                                                                   {"maxPayload", timing_.payload_bytes_max}}))));
  flush();
  on_pong();
}

// --- what the client asks for

void EngineSession::get(Answerer answerer) {
  check_heartbeat();
  if (is_over_) return answer_engine_error(EngineError::kUnknownSid, std::move(answerer));
  if (socket_) return answer_engine_error(EngineError::kBadRequest, std::move(answerer));
  if (is_lingering()) return linger_with(std::move(answerer));
  if (parked_) {  // two at once
    answerer.answer(bare_refusal(400));
    return finish(EngineEnd::kTransportError);
  }
  answerer.on_gone([this, alive = alive_, poll = ++polls_, &loop = loop_] {
    loop.post([this, alive, poll] {  // it may be told on the loop of another shard
      if (*alive && !has_ended_ && parked_ && poll == polls_) finish(EngineEnd::kTransportError);
    });
  });
  parked_ = std::move(answerer);
  is_gathering_ = true;
  const std::shared_ptr<bool> alive = alive_;
  owner_.on_writable();
  if (!*alive) return;
  is_gathering_ = false;
  flush();
}

void EngineSession::post(const transport::HttpRequest& request, Answerer answerer) {
  check_heartbeat();
  if (is_over_) return answer_engine_error(EngineError::kUnknownSid, std::move(answerer));
  if (socket_) return answer_engine_error(EngineError::kBadRequest, std::move(answerer));
  if (is_lingering()) return answerer.answer({.content_type = "text/html", .body = "ok"});  // it comes too late
  if (request.body.size() > timing_.payload_bytes_max) {
    answerer.answer(bare_refusal(413));
    return finish(EngineEnd::kTransportError);
  }
  if (request.header("content-type") == "application/octet-stream") {
    answerer.answer(bare_refusal(400));
    return finish(EngineEnd::kTransportError);
  }
  const EngineBody body = parse_engine_body({reinterpret_cast<const char*>(request.body.data()), request.body.size()});
  const std::shared_ptr<bool> alive = alive_;
  for (const EnginePacket& packet : body.packets) {
    if (has_ended_) break;
    handle(packet);
    if (!*alive) break;
  }
  if (body.error) {  // the official server says "ok", and ends the session as well
    answer_engine_error(EngineError::kBadRequest, std::move(answerer));
    if (*alive && !has_ended_) finish(EngineEnd::kParseError);
    return;
  }
  answerer.answer({.content_type = "text/html", .body = "ok"});
}

void EngineSession::upgrade(std::shared_ptr<Connection> connection) {
  check_heartbeat();
  auto socket = std::make_unique<Socket>(*this, std::move(connection));
  if (has_ended_ || socket_ || probe_) return socket->close();  // the first goes on
  probe_ = std::move(socket);
  is_probed_ = false;
  probe_timer_ = loop_.call_at(loop_.now() + timing_.upgrade_timeout, [this] { drop_probe(); });
}

void EngineSession::on_socket_message(const Socket& socket, MessageKind kind, BytesView bytes) {
  const std::string_view data(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (&socket == probe_.get()) return kind == MessageKind::kText ? on_probe_text(data) : drop_probe();
  if (&socket != socket_.get() || has_ended_) return;
  if (kind == MessageKind::kBinary) return handle({.data = std::string(data), .is_binary = true});
  const auto packet = parse_engine_text(data);
  if (!packet) return finish(EngineEnd::kParseError);
  handle(*packet);
}

void EngineSession::on_probe_text(std::string_view text) {
  const auto packet = parse_engine_text(text);
  if (packet && packet->type == EngineType::kPing && packet->data == kProbe && probe_->writable()) {
    probe_->write({packet_of(EngineType::kPong, std::string(kProbe)).message()});
    is_probed_ = true;
    return flush();
  }
  if (packet && packet->type == EngineType::kUpgrade) return become_socket();  // asked before or not
  drop_probe();
}

void EngineSession::become_socket() {
  loop_.cancel(std::exchange(probe_timer_, {}));
  socket_ = std::move(probe_);
  if (parked_) answer_packet(std::exchange(parked_, {}), EngineType::kNoop);
  flush();
  tell_writable();
}

void EngineSession::drop_probe() {
  loop_.cancel(std::exchange(probe_timer_, {}));
  if (!probe_) return;
  is_probed_ = false;
  probe_->close();
  probe_->leave();
  // Its closing handshake ends without us; this may be its own call.
  loop_.post([probe = std::shared_ptr<Socket>(std::move(probe_))] {});
}

void EngineSession::on_socket_closed(const Socket& socket, EngineEnd end) {
  if (&socket == probe_.get()) return drop_probe();
  if (&socket != socket_.get()) return;
  if (is_lingering()) return be_over();
  if (!has_ended_) finish(end);
}

// --- packets

void EngineSession::handle(const EnginePacket& packet) {
  note_packet();
  switch (packet.type) {
    case EngineType::kMessage:
      return owner_.on_message(packet.data, packet.is_binary);
    case EngineType::kPong: {
      const bool is_answer = awaits_pong_;
      on_pong();
      if (is_answer) owner_.on_pong();
      return;
    }
    case EngineType::kPing:
      return finish(EngineEnd::kTransportError);
    case EngineType::kClose:
      return finish(EngineEnd::kTransportClose);
    default:  // out of place
      return;
  }
}

void EngineSession::send(std::span<const MadePacket> packets) {
  if (has_ended_) return;
  const bool is_alone = queue_.empty();
  if (is_alone && socket_ && socket_->writable()) return write(packets);
  for (const MadePacket& packet : packets) push(packet);
  flush_or_end(is_alone);
}

bool EngineSession::is_writable() const {
  return !has_ended_ && (queue_.empty() || is_gathering_) &&
         (socket_ ? socket_->writable() : static_cast<bool>(parked_));
}

void EngineSession::push(MadePacket packet) {
  queued_bytes_ += packet.size_max() + 1;  // and what stands between two of them
  queue_.push_back(std::move(packet));
}

void EngineSession::flush_or_end(bool is_alone) {
  flush();
  if (!is_alone && !is_gathering_ && queued_bytes_ > timing_.queue_bytes_max) finish(EngineEnd::kTransportError);
}

void EngineSession::tell_writable() {
  if (!is_writable() || std::exchange(is_told_writable_, true)) return;
  loop_.post([this, alive = alive_] {
    if (!*alive) return;
    is_told_writable_ = false;
    if (is_writable()) owner_.on_writable();
  });
}

void EngineSession::flush() {
  if (is_gathering_) return;
  if (!socket_) return flush_poll();
  if (queue_.empty() || !socket_->writable()) return;
  queued_bytes_ = 0;
  write(std::exchange(queue_, {}));
}

void EngineSession::write(std::span<const MadePacket> packets) {
  std::vector<OutgoingMessage> messages;
  messages.reserve(packets.size());
  for (const MadePacket& packet : packets) messages.push_back(packet.message());
  socket_->write(std::move(messages));
}

// One GET takes all.
void EngineSession::flush_poll() {
  if (!parked_) return;
  if (queue_.empty()) {
    if (is_probed_) answer_packet(std::exchange(parked_, {}), EngineType::kNoop);
    return;
  }
  const std::vector<MadePacket> packets = std::exchange(queue_, {});
  queued_bytes_ = 0;
  answer_packets(std::exchange(parked_, {}), packets);
}

// --- the heartbeat

void EngineSession::beat_in(std::chrono::milliseconds delay) {
  loop_.cancel(heartbeat_);
  due_ = loop_.now() + delay;
  heartbeat_ = loop_.call_at(due_, [this] { on_heartbeat(); });
}

void EngineSession::on_pong() {
  awaits_pong_ = was_refreshed_ = false;
  beat_in(timing_.ping_interval);
}

// As engine.io has it: while a pong is awaited, anything else puts its end off, once.
void EngineSession::note_packet() {
  if (awaits_pong_ && !std::exchange(was_refreshed_, true)) beat_in(timing_.ping_timeout);
}

void EngineSession::on_heartbeat() {
  if (has_ended_) return;
  if (awaits_pong_) return finish(EngineEnd::kPingTimeout);
  awaits_pong_ = true;
  beat_in(timing_.ping_timeout);
  send(packet_of(EngineType::kPing));
}

// A request may come in the moment before the timer.
void EngineSession::check_heartbeat() {
  if (!has_ended_ && awaits_pong_ && loop_.now() >= due_) finish(EngineEnd::kPingTimeout);
}

// --- the end

void EngineSession::fail() {
  if (!has_ended_) finish(EngineEnd::kTransportError);
}

void EngineSession::end() {
  if (!has_ended_) finish(EngineEnd::kForcedClose);
}

void EngineSession::finish(EngineEnd end) {
  has_ended_ = true;
  loop_.cancel(std::exchange(heartbeat_, {}));
  drop_probe();
  loop_.post([this, alive = alive_, end] {
    if (*alive) owner_.on_ended(end);
  });
  if (end == EngineEnd::kForcedClose) return linger();
  queue_.clear();
  queued_bytes_ = 0;
  if (parked_)
    answer_packet(std::exchange(parked_, {}),
                  end == EngineEnd::kTransportClose ? EngineType::kNoop : EngineType::kClose);
  if (socket_) socket_->close();
  be_over();
}

// What waits first: a client is often told why before its session ends.
void EngineSession::linger() {
  linger_timer_ = loop_.call_at(loop_.now() + timing_.close_timeout, [this] { be_over(); });
  go_on_lingering();
}

void EngineSession::go_on_lingering() {
  const bool is_first = !queue_.empty();
  flush();
  if (socket_) {
    if (queue_.empty()) socket_->close();
    return;
  }
  if (is_first || !parked_) return;  // the next GET is told of the end
  answer_packet(std::exchange(parked_, {}), EngineType::kClose);
  be_over();
}

void EngineSession::linger_with(Answerer answerer) {
  if (!queue_.empty()) {
    parked_ = std::move(answerer);
    return flush();
  }
  answer_packets(std::move(answerer), std::array{packet_of(EngineType::kNoop), packet_of(EngineType::kClose)});
  be_over();
}

void EngineSession::be_over() {
  if (std::exchange(is_over_, true)) return;
  loop_.cancel(std::exchange(linger_timer_, {}));
  if (socket_) socket_->close();
  loop_.post([this, alive = alive_] {
    if (*alive) owner_.on_over();
  });
}

}  // namespace netcode::socketio
