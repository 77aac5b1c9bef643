// A server that does what a test says: it speaks the protocol's messages over the in-memory link, and has no game.
//
// Threading: the loop's. Ownership: peers live as long as the server.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netcode/bytes.hpp"
#include "protocol/messages.hpp"
#include "protocol/packed_action.hpp"
#include "protocol/reliable_stream.hpp"
#include "simnet/manual_loop.hpp"
#include "simnet/memory_link.hpp"

namespace netcode {

/// An Event, kept beyond its message.
struct GotEvent {
  std::uint32_t sequence = 0;
  std::string name;
  std::string space;
  std::uint32_t ack = 0;
  Bytes body;
};

struct GotAck {
  std::uint32_t sequence = 0;
  std::uint32_t id = 0;
  std::optional<std::string> error;
  std::string table;
};

struct GotAction {
  Tick tick = 0;
  std::uint32_t sequence = 0;
  Tick snapshot_tick = 0;
  std::uint32_t received = 0;
  Bytes body;
  Tick view_tick = 0;
  std::uint8_t view_fraction = 0;
  Tick twin_snapshot_tick = 0;
  Tick view_from = 0;
  Tick view_to = 0;
};

/// One connection of a client, as the server has it.
class Peer final : public transport::ConnectionHandler {
 public:
  Peer(transport::HttpRequest asked, std::shared_ptr<transport::Connection> taken);
  ~Peer() override;

  void send(Bytes message);
  void send_snapshot(const protocol::SnapshotHead& head, BytesView world);
  void send_text(std::string text);
  void close(transport::CloseCode code, std::string_view reason) { connection->close(code, reason); }
  void cut() { connection->abort(); }
  std::string query(const std::string& key) const;

  const transport::HttpRequest request;
  const std::shared_ptr<transport::Connection> connection;
  std::vector<GotEvent> events;
  std::vector<GotAck> acks;
  std::vector<GotAction> actions;
  std::vector<std::size_t> action_message_bytes;  // of each
  std::vector<protocol::Received> received;
  std::optional<transport::CloseInfo> closed;
  std::function<void(const GotEvent&)> on_event;
  std::function<void(const GotAck&)> on_ack;
  std::function<void(std::uint32_t received)> on_received;

  void on_message(transport::MessageKind kind, BytesView bytes) override;
  void on_writable() override { flush(); }
  void on_closed(const transport::CloseInfo& info) override { closed = info; }

 private:
  void flush();
  void take(const protocol::ActionView& action, std::size_t message_bytes);

  protocol::AlignedBuffer buffer_;
  protocol::ActionUnpacker unpacker_;
  std::deque<transport::OutgoingMessage> outgoing_;
};

class FakeServer {
 public:
  explicit FakeServer(transport::ManualLoop& loop, engine::Duration latency = {});

  /// What happens to a new connection. None: nothing, not even a Welcome.
  std::function<void(Peer&)> on_peer;
  /// Answers instead of an upgrade.
  std::function<std::optional<transport::HttpResponse>(const transport::HttpRequest&)> refuse;

  /// A Welcome to the lobby, or into a match.
  static protocol::Welcome lobby();
  static protocol::Welcome in_match(const std::string& id = "m1", std::uint32_t player = 1);
  /// From now on every connection is welcomed with this; those with a token as resumed.
  void welcome_with(protocol::Welcome welcome);

  std::unique_ptr<transport::Connector> connector() { return network.connector(); }
  Peer& peer() { return *peers.back(); }

  transport::ManualLoop& loop;
  transport::MemoryNetwork network;
  std::vector<std::unique_ptr<Peer>> peers;
};

/// The reliable streams of one session on a server that keeps the protocol's promises over any number of connections.
class FakeSession {
 public:
  /// Serves `peer` from now on: welcomes it, and sends again what it does not have.
  void attach(Peer& peer, protocol::Welcome welcome);
  void emit(std::string_view name, const Bytes& body, std::uint32_t ack = 0);

  std::vector<GotEvent> handled;  // each once
  std::vector<GotAck> answers;    // each once
  std::uint32_t duplicates = 0;
  bool has_gap = false;
  /// Where an event wants an answer: the text of an error, or a plain yes if empty.
  std::function<std::string(const GotEvent&)> answer;
  protocol::ReliableSender sender;
  protocol::ReliableReceiver receiver;

 private:
  bool take(std::uint32_t sequence);
  void send(Bytes message);

  Peer* peer_ = nullptr;
};

}  // namespace netcode
