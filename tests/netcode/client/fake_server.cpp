#include "fake_server.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <utility>

#include "client_game.hpp"
#include "netcode/limits.hpp"

namespace netcode {

Peer::Peer(transport::HttpRequest asked, std::shared_ptr<transport::Connection> taken)
    : request(std::move(asked)), connection(std::move(taken)) {
  connection->start(*this);
}

Peer::~Peer() { connection->detach(); }

void Peer::send(Bytes message) {
  outgoing_.push_back({.head = std::move(message)});
  flush();
}

void Peer::send_snapshot(const protocol::SnapshotHead& head, BytesView world) {
  outgoing_.push_back(protocol::SharedSnapshot(world).frame(head));
  flush();
}

void Peer::send_text(std::string text) {
  connection->write({{.head = Bytes(text.begin(), text.end()), .kind = transport::MessageKind::kText}});
}

std::string Peer::query(const std::string& key) const {
  const auto found = request.query.find(key);
  return found == request.query.end() ? "(absent)" : found->second;
}

void Peer::flush() {
  if (outgoing_.empty() || !connection->writable()) return;
  std::vector<transport::OutgoingMessage> frames(std::make_move_iterator(outgoing_.begin()),
                                                 std::make_move_iterator(outgoing_.end()));
  outgoing_.clear();
  connection->write(std::move(frames));
}

void Peer::on_message(transport::MessageKind kind, BytesView bytes) {
  ASSERT_EQ(kind, transport::MessageKind::kBinary);
  ASSERT_LE(bytes.size(), limits::kMessageFromClientBytesMax);
  const auto message = protocol::decode(buffer_.copy(bytes));
  ASSERT_TRUE(message) << message.error().reason;
  if (const auto* event = std::get_if<protocol::EventMessage>(&*message)) {
    events.push_back({event->sequence, std::string(event->name), std::string(event->space), event->ack,
                      Bytes(event->body.begin(), event->body.end())});
    if (on_event) on_event(GotEvent(events.back()));
  } else if (const auto* ack = std::get_if<protocol::AckMessage>(&*message)) {
    acks.push_back({ack->sequence, ack->id, std::nullopt, std::string(ack->table)});
    if (ack->error) acks.back().error = std::string(*ack->error);
    if (on_ack) on_ack(GotAck(acks.back()));
  } else if (const auto* action = std::get_if<protocol::ActionView>(&*message)) {
    take(*action, bytes.size());
  } else if (const auto* packed = std::get_if<protocol::PackedView>(&*message)) {
    const auto unpacked = unpacker_.unpack(packed->packed);
    ASSERT_TRUE(unpacked) << unpacked.error().reason;
    take(*unpacked, bytes.size());
  } else if (const auto* word = std::get_if<protocol::Received>(&*message)) {
    received.push_back(*word);
    if (on_received) on_received(word->received);
  } else {
    FAIL() << "a client sent a message that only servers send";
  }
}

void Peer::take(const protocol::ActionView& action, std::size_t message_bytes) {
  actions.push_back({action.tick, action.sequence, action.snapshot_tick, action.received,
                     Bytes(action.body.begin(), action.body.end()), action.view_tick, action.view_fraction,
                     action.twin_snapshot_tick, action.view_from, action.view_to});
  action_message_bytes.push_back(message_bytes);
  if (on_received) on_received(action.received);
}

FakeServer::FakeServer(transport::ManualLoop& on, engine::Duration latency)
    : loop(on), network(on, [latency] {
        transport::MemoryOptions options;
        options.latency = latency;
        return options;
      }()) {
  network.listen({.on_http = [](const auto&) { return transport::HttpResponse{}; },
                  .on_upgrade = [this](const transport::HttpRequest& request)
                      -> std::variant<transport::Upgrade, transport::HttpResponse> {
                    if (refuse) {
                      if (auto response = refuse(request)) return *response;
                    }
                    return transport::Upgrade{&loop, std::string(protocol::kSubprotocol)};
                  },
                  .on_connection =
                      [this](const transport::HttpRequest& request, std::shared_ptr<transport::Connection> connection) {
                        peers.push_back(std::make_unique<Peer>(request, std::move(connection)));
                        if (on_peer) on_peer(*peers.back());
                      }});
}

protocol::Welcome FakeServer::lobby() {
  protocol::Welcome welcome;
  welcome.server = "fake";
  welcome.session = SessionId{42};
  welcome.token = "secret";
  welcome.name = "ada";
  return welcome;
}

protocol::Welcome FakeServer::in_match(const std::string& id, std::uint32_t player) {
  protocol::Welcome welcome = lobby();
  welcome.match = protocol::Welcome::InMatch{.id = id,
                                             .kind = "dots",
                                             .player = PlayerId{player},
                                             .tick = 100,
                                             .tick_hz = 60,
                                             .snapshot_hz = 30,
                                             .schema_hash = load_test_schema().hash(),
                                             .unpacks = load_test_schema().layout_hash("clienttest.World"),
                                             .rules_hash = 0,
                                             .map_hash = 0};
  return welcome;
}

void FakeServer::welcome_with(protocol::Welcome welcome) {
  on_peer = [welcome = std::move(welcome)](Peer& peer) {
    protocol::Welcome own = welcome;
    own.resumed = peer.query("token") == own.token;
    peer.send(protocol::encode(own));
  };
}

void FakeSession::attach(Peer& peer, protocol::Welcome welcome) {
  peer_ = &peer;
  welcome.received = receiver.received();
  welcome.resumed = peer.request.query.contains("token");
  peer.send(protocol::encode(welcome));
  peer.on_received = [this](std::uint32_t received) { EXPECT_TRUE(sender.acknowledge(received)); };
  peer.on_event = [this, &peer](const GotEvent& event) {
    if (&peer != peer_ || !take(event.sequence)) return;  // of a connection that was replaced, or had before
    handled.push_back(event);
    if (event.ack == 0 || !answer) return;
    const std::string error = answer(event);
    protocol::AckMessage ack{.sequence = 1, .id = event.ack, .error = std::nullopt, .table = {}, .body = {}};
    if (!error.empty()) ack.error = error;
    send(protocol::encode(ack));
  };
  peer.on_ack = [this, &peer](const GotAck& ack) {
    if (&peer == peer_ && take(ack.sequence)) answers.push_back(ack);
  };
  const bool is_counted =
      welcome.resumed && (welcome.epoch == 0 || peer.query("epoch") == std::to_string(welcome.epoch));
  const std::uint32_t has =
      is_counted ? static_cast<std::uint32_t>(std::strtoul(peer.query("received").c_str(), nullptr, 10)) : 0;
  ASSERT_TRUE(sender.acknowledge(has));
  sender.for_each_after(has, [&peer](const SharedBytes& message) { peer.send(*message); });
}

bool FakeSession::take(std::uint32_t sequence) {
  const auto verdict = receiver.take(sequence);
  duplicates += verdict == protocol::ReliableReceiver::Verdict::kDuplicate ? 1 : 0;
  has_gap |= verdict == protocol::ReliableReceiver::Verdict::kGap;
  return verdict == protocol::ReliableReceiver::Verdict::kNew;
}

void FakeSession::emit(std::string_view name, const Bytes& body, std::uint32_t ack) {
  send(protocol::encode(protocol::EventMessage{
      .sequence = 1, .name = name, .space = protocol::kDefaultNamespace, .ack = ack, .body = body}));
}

void FakeSession::send(Bytes message) {
  ASSERT_TRUE(sender.push(std::move(message)));
  if (!peer_ || peer_->closed) return;
  sender.for_each_after(sender.last_sequence() - 1, [this](const SharedBytes& kept) { peer_->send(*kept); });
}

}  // namespace netcode
