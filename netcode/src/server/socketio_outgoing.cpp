// SocketioLink: what its client is sent.
#include <algorithm>
#include <chrono>
#include <utility>

#include "netcode/limits.hpp"
#include "server/server_core.hpp"
#include "server/session_core.hpp"
#include "server/shard.hpp"
#include "server/socketio_link.hpp"
#include "server/socketio_recovery.hpp"
#include "server/socketio_snapshot.hpp"
#include "socketio/json_text.hpp"

namespace netcode {

namespace json = boost::json;
using socketio::MadePacket;
using socketio::MadePackets;
using socketio::PacketType;
using transport::CloseCode;

/// Longer than it takes a client to poll again.
constexpr std::chrono::seconds kStalledAfter{1};

void SocketioLink::on_writable() {
  note_delivered();
  flush();
}

void SocketioLink::sweep(engine::TimePoint now) {
  if (std::exchange(has_taken_, false) || is_writable() || !took_at_) took_at_ = now;
  is_stalled_ = now - *took_at_ >= kStalledAfter;
}

void SocketioLink::note_delivered() {
  line_->set_writable(true);
  has_taken_ = true;
  is_stalled_ = false;
  if (is_closed_) return;
  outbox_.acknowledge_snapshot(outbox_.newest_in_flight());
  delivered_ = outbox_.written();
  if (!line_->is_kept()) session_.on_read(delivered_);  // what is lost now is lost: there is no coming back
}

void SocketioLink::on_pong() {
  if (!line_->is_kept() || is_closed_) return;
  // While its client may come back to others of its namespaces, what it missed there is kept.
  if (!session_.spaces().has_lost()) session_.on_read(pinged_);
  pinged_ = delivered_;
}

bool SocketioLink::recover(const std::string& nsp, std::uint32_t offset,
                           const socketio::SocketClient::Identity& identity) {
  if (!session_.is_in(nsp) || !session_.can_go_on_from(offset)) return false;
  std::vector<MadePacket> missed;
  for (const LinkOutbox::Batch::Event& event : outbox_.written_after(offset)) {
    const SocketioForm* form = event.head.ack == 0 ? event.event->socketio(session_.shard().server()) : nullptr;
    if (!form || form->space != nsp || form->kind != SocketioForm::Kind::kMessage) continue;
    for (MadePacket& message : messages_of(*form, event.head)) missed.push_back(std::move(message));
  }
  const SessionCore::Identity& owner = session_.identity();
  line_->welcome({.id = owner.id, .token = owner.token}, nsp, identity, std::move(missed));
  session_.tell_resumed(nsp);
  return true;
}

void SocketioLink::flush() {
  if (is_closed_ || !is_writable() || !outbox_.has_work()) return;
  const LinkOutbox::Batch batch = outbox_.take();
  line_->set_written(outbox_.written());
  line_->set_writable(false);
  if (line_->write(made_of(batch))) note_delivered();
}

std::vector<SocketioLine::Outgoing> SocketioLink::made_of(const LinkOutbox::Batch& batch) {
  std::vector<Outgoing> made;
  made.reserve(batch.events.size() + 1);
  for (const LinkOutbox::Batch::Event& event : batch.events) add_event(event, made);
  if (batch.frame.frame) add_snapshot(batch.frame, made);
  return made;
}

void SocketioLink::add_event(const LinkOutbox::Batch::Event& event, std::vector<Outgoing>& to) {
  const SocketioForm* form = event.event->socketio(session_.shard().server());
  if (!form) return;
  if (form->kind != SocketioForm::Kind::kMessage) return add_membership(*form, to);
  if (form->space.empty()) return add_answer(*form, to);
  const bool is_volatile = event.head.sequence == 0;
  to.push_back({.nsp = form->space, .messages = messages_of(*form, event.head), .is_volatile = is_volatile});
}

void SocketioLink::add_membership(const SocketioForm& form, std::vector<Outgoing>& to) {
  Outgoing made{.kind = form.kind, .nsp = form.space, .messages = {}};
  if (form.kind == SocketioForm::Kind::kLeft) {
    if (session_.is_in(form.space)) return;  // its client has left by itself, and has come back
  } else {
    if (form.asker.lock() != line_) return;  // over a connection that is gone
    line_->note_told(form.space);
    if (form.kind == SocketioForm::Kind::kRefused) made.messages.push_back(*form.text);
  }
  to.push_back(std::move(made));
}

MadePackets SocketioLink::messages_of(const SocketioForm& event, const protocol::ReliableHead& head) const {
  MadePackets messages;
  messages.reserve(1 + event.attachments.size());
  // A client says the last text that ended any event: those that are not kept must not end in one of ours.
  const bool is_kept = line_->is_kept() && head.sequence != 0 && head.ack == 0;
  if (head.ack != 0) {
    const std::uint64_t ack = head.ack - 1;  // theirs begin with 0
    messages.push_back(MadePacket::text(
        {packet_head(PacketType::kEvent, event.attachments.size(), event.space, ack), event.arguments(), "]"}));
  } else if (is_kept) {
    const std::string_view text = event.text->data();
    messages.push_back(MadePacket::text(
        {text.substr(0, text.size() - 1), ",\"", offset_text(session_.identity().id, head.sequence), "\"]"}));
  } else {
    messages.push_back(*event.text);
  }
  messages.insert(messages.end(), event.attachments.begin(), event.attachments.end());
  return messages;
}

void SocketioLink::add_answer(const SocketioForm& form, std::vector<Outgoing>& to) {
  const auto asked = line_->take_asked(form.id);
  if (!asked) return;
  Outgoing made{.nsp = asked->nsp, .messages = {}};
  const std::string head = packet_head(PacketType::kAck, form.attachments.size(), asked->nsp, asked->id);
  made.messages.push_back(form.error ? MadePacket::text({head, socketio::json_text(json::array{error_json(
                                                                   kRefusedCode, asked->event, "", *form.error)})})
                                     : MadePacket::text({head, form.text->data()}));
  made.messages.insert(made.messages.end(), form.attachments.begin(), form.attachments.end());
  to.push_back(std::move(made));
}

// Always whole: a client that knows no netcode need not remember what it was sent before.
void SocketioLink::add_snapshot(const FrameView& view, std::vector<Outgoing>& to) {
  const LiveMatch* match = session_.match();
  if (!match) return;
  const auto encoded = view.frame->encoder(std::nullopt).encode(view, view.head, {});
  session_.count_snapshot(encoded.message.size(), encoded.is_new);
  auto messages = snapshot_messages(view, encoded.message.body, wants_.json ? &match->kind() : nullptr);
  if (!messages.empty())
    to.push_back({.nsp = std::string(protocol::kDefaultNamespace), .messages = std::move(messages)});
}

void SocketioLink::close(CloseCode code, std::string_view reason) {
  if (std::exchange(is_closed_, true)) return;
  if (line_->link() == this) line_->set_link(nullptr, 0);
  // Its session holds it no longer, and goes on with another link over this connection: nobody else knows its token.
  if (code == CloseCode::kReplaced) return;
  line_->to_client([line = line_, code](socketio::SocketClient& client) {
    line->set_session(std::nullopt);
    line->write_last();
    if (code == CloseCode::kGoingAway) return client.close(socketio::reason::kShuttingDown);
    client.disconnect();
  });
  session_.shard().loop().post(
      [self = shared_from_this(), session = session_.shared_from_this(), code, why = std::string(reason)] {
        session->on_link_closed(*self, {.code = code, .reason = why, .by_peer = false});
      });
}

}  // namespace netcode
