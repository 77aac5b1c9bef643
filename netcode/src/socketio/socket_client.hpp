// One client of Socket.IO: the namespaces that it has joined, over one Engine.IO session, and what it says in each.
//
//   42/chat,["hi"]   ->   Owner::on_event, if it has joined /chat; else it is closed, as the official server does
//
// It keeps to the protocol and knows no rooms and no handlers: who may join, and what events mean, is its owner's.
//
// Threading: its loop's thread. Ownership: its Engine.IO session's server; gone after Owner::on_gone.
#pragma once

#include <boost/json/value.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "socketio/engine_server.hpp"
#include "socketio/packet.hpp"

namespace netcode::socketio {

/// Why a client is in a namespace no longer, beside what to_string(EngineEnd) says; as handlers are told.
namespace reason {
inline constexpr std::string_view kClientLeft = "client namespace disconnect";
inline constexpr std::string_view kServerLeft = "server namespace disconnect";
inline constexpr std::string_view kForcedServerClose = "forced server close";
inline constexpr std::string_view kShuttingDown = "server shutting down";
}  // namespace reason

class SocketClient;

/// Looks on at what becomes of clients, and changes nothing: see SocketClient::set_watcher.
class SocketWatcher {
 public:
  /// Before the client hears of it itself.
  virtual void on_joined(const SocketClient& client, const std::string& nsp, const std::string& sid) = 0;
  virtual void on_left(const SocketClient& client, const std::string& nsp, std::string_view why) = 0;
  /// A message has come, whatever it is.
  virtual void on_message(const SocketClient& client, std::size_t bytes) = 0;
  /// ... which was an event, in a namespace that it has joined.
  virtual void on_event(const SocketClient& client, const Packet& event) = 0;
  /// Packets, each with its attachments behind it.
  virtual void on_sent(const SocketClient& client, std::span<const MadePacket> messages) = 0;
  /// The last call.
  virtual void on_ended(const SocketClient& client, EngineEnd end) = 0;

 protected:
  ~SocketWatcher() = default;
};

class SocketClient final : public EngineClient {
 public:
  class Owner {
   public:
    /// It asks to join: answer with accept or refuse, once, now or later. `auth`: null if it shows none.
    virtual void on_connect(SocketClient& client, const std::string& nsp, const boost::json::value& auth) = 0;
    /// In a namespace that it has joined. Its binary types are plain ones here: see Packet::attachments.
    virtual void on_event(SocketClient& client, Packet event) = 0;
    virtual void on_ack(SocketClient& client, Packet ack) = 0;
    /// It has left a namespace that it had joined, for a reason that is not the owner's `leave`.
    virtual void on_left(SocketClient& client, const std::string& nsp, std::string_view why) = 0;
    /// What waited has gone, and more would go at once.
    virtual void on_writable(SocketClient& /*client*/) {}
    /// It has read all that was handed over before its last pong.
    virtual void on_pong(SocketClient& /*client*/) {}
    /// The last call. It goes when this returns, or a little later.
    virtual void on_gone(SocketClient& client) = 0;

   protected:
    ~Owner() = default;
  };

  /// `connect_timeout`: to join a namespace, after which one that has joined none is closed. `owner` outlives it.
  SocketClient(transport::Loop& loop, EngineSession& session, const transport::HttpRequest& request,
               std::chrono::milliseconds connect_timeout, Owner& owner);
  SocketClient(const SocketClient&) = delete;
  SocketClient& operator=(const SocketClient&) = delete;
  ~SocketClient() override;

  /// Null: nobody looks on. It outlives this.
  void set_watcher(SocketWatcher* watcher) { watcher_ = watcher; }

  /// The request that it came with; without a body.
  const transport::HttpRequest& request() const { return request_; }
  const EngineSession& session() const { return session_; }
  /// "polling" or "websocket".
  std::string_view transport() const { return session_.is_polling() ? "polling" : "websocket"; }

  /// What it is told as it joins.
  struct Identity {
    std::string sid;  // of the client in this namespace, not of its Engine.IO session
    std::string pid;  // secret, for its recovery; empty: there is none
  };
  /// `missed`: goes before the answer, made as for send_made. Returns whether it has joined now: nothing happens if it
  /// does not ask any more.
  bool accept(const std::string& nsp, const Identity& identity, std::span<const MadePacket> missed = {});
  void refuse(const std::string& nsp, std::string_view message, std::optional<boost::json::value> data = std::nullopt);
  /// What `refuse` sends, and the same with it made already.
  static MadePacket refusal(const std::string& nsp, std::string_view message, std::optional<boost::json::value> data);
  void refuse_made(const std::string& nsp, const MadePacket& refusal);

  bool is_joined(const std::string& nsp) const;
  /// By rising name.
  std::vector<std::string> joined() const;
  /// Is it in no namespace, and asks for none?
  bool is_idle() const { return namespaces_.empty(); }

  /// An event or ack, with its attachments. False: it is not in that namespace.
  bool send(const Packet& packet);
  /// Packets of namespaces that it has joined, which are made already: of each its text, then its attachments. Those
  /// that wait for a client to take them are bounded, but what goes together is sent whole.
  void send_made(std::span<const MadePacket> messages);
  bool is_writable() const { return session_.is_writable(); }

  /// Out of a namespace, of which its client is told. Owner::on_left is not called.
  void leave(const std::string& nsp);
  /// Out of all, and closed.
  void disconnect();
  /// Closed; its client hears it from the transport alone.
  void close(std::string_view why = reason::kForcedServerClose);

  void on_message(std::string_view data, bool is_binary) override;
  void on_writable() override { owner_.on_writable(*this); }
  void on_pong() override { owner_.on_pong(*this); }
  void on_ended(EngineEnd end) override;

 private:
  enum class State : std::uint8_t { kAsking, kJoined };

  void handle(Packet packet);
  /// Its client says what it may not.
  void break_off();
  void leave_all(std::string_view why);
  void write(const Packet& packet);
  void note_left(const std::string& nsp, std::string_view why);

  transport::Loop& loop_;
  EngineSession& session_;
  transport::HttpRequest request_;
  Owner& owner_;
  SocketWatcher* watcher_ = nullptr;
  PacketReader reader_;
  std::map<std::string, State, std::less<>> namespaces_;
  transport::Loop::TimerId connect_timer_;
};

}  // namespace netcode::socketio
