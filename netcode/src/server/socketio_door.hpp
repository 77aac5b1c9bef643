// Where clients of Socket.IO come in: their connections, until each has a session, and what their sessions' links are
// told of them.
//
// A session begins with the first namespace that a client joins, whatever that is, and takes in the others that it
// joins over the same connection. It ends with the last one that its client leaves, which may join again.
//
// Threading: the first shard's. Ownership: its server's; goes before the shards do.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/admin_ui.hpp"
#include "server/caller.hpp"
#include "server/door.hpp"
#include "server/socketio_link.hpp"
#include "server/socketio_recovery.hpp"
#include "socketio/engine_server.hpp"
#include "socketio/socket_client.hpp"

namespace netcode {

class ServerCore;

class SocketioCaller final : public Caller {
 public:
  /// `data`: to be said with it; null: nothing.
  using Refused = std::function<void(std::string_view why, const boost::json::value& data)>;
  SocketioCaller(SocketioLinePtr line, SocketioLink::Greet greet, Refused refused, SocketioLink::Wants wants = {})
      : line_(std::move(line)), greet_(std::move(greet)), refused_(std::move(refused)), wants_(wants) {}
  /// It asks for a session whose connection was lost, to go on after the event `offset` in one of its namespaces.
  struct Recovers {
    SocketioRecovery::Lost lost;
    std::uint32_t offset;
  };
  SocketioCaller(SocketioLinePtr line, Recovers recovers, SocketioLink::Greet greet, Refused refused)
      : SocketioCaller(std::move(line), std::move(greet), std::move(refused)) {
    recovers_ = std::move(recovers);
  }

  std::string remote_address() const override { return line_->remote_address(); }
  bool speaks_json() const override { return true; }
  engine::Result<void> may_resume(const SessionCore& session) const override;
  LinkMaker link(std::optional<std::uint64_t> packs) override;
  std::optional<std::uint32_t> received() const override { return line_->written(); }
  void set_refusal_data(const boost::json::value& data) override { data_ = data; }
  void turn_away(transport::CloseCode code, std::string_view reason) override;
  void abort() override { refused_("try again", {}); }

 private:
  const SocketioLinePtr line_;
  const SocketioLink::Greet greet_;
  const Refused refused_;
  const SocketioLink::Wants wants_;
  std::optional<Recovers> recovers_;
  boost::json::value data_;
};

/// What a "join" asks for, of the session of this token. An error is for the client.
engine::Result<Visit> visit_of_join(const boost::json::object& asked, const std::string& token);
/// The form in which it wants what the match has for it. An error is for the client.
engine::Result<SocketioLink::Wants> wants_of_join(const boost::json::object& asked);

class SocketioDoor final : public socketio::SocketClient::Owner {
 public:
  SocketioDoor(ServerCore& server, transport::Loop& loop, socketio::EngineSettings settings);
  ~SocketioDoor();

  socketio::EngineServer& engine() { return engine_; }

  void on_connect(socketio::SocketClient& client, const std::string& nsp, const boost::json::value& auth) override;
  void on_event(socketio::SocketClient& client, socketio::Packet event) override;
  void on_ack(socketio::SocketClient& client, socketio::Packet ack) override;
  void on_left(socketio::SocketClient& client, const std::string& nsp, std::string_view why) override;
  void on_writable(socketio::SocketClient& client) override;
  void on_pong(socketio::SocketClient& client) override;
  void on_gone(socketio::SocketClient& client) override;

 private:
  struct Wish {
    std::string nsp;
    boost::json::value auth;
  };
  struct Guest {
    SocketioLinePtr line;
    bool is_asking = false;  // its first namespace has not answered
    std::vector<Wish> waiting{};
    std::string left{};  // why, the last time
    std::string name{};  // of its session
  };

  /// Null: the Admin UI is off.
  std::unique_ptr<AdminUi> make_admin(transport::Loop& loop);
  bool is_admins(std::string_view nsp) const { return admin_ && nsp == AdminUi::kSpace; }
  void begin(Guest& guest, const Wish& wish);
  void take_up(Guest& guest, const Wish& wish, SocketioCaller::Recovers recovers);
  void expire();
  void give_up(const std::vector<SocketioRecovery::Lost>& all);
  void settle(const SocketioLinePtr& line);
  SocketioLinePtr make_line(socketio::SocketClient& client) const;
  Guest* guest_of(const socketio::SocketClient& client);

  ServerCore& server_;
  transport::Loop& loop_;
  const std::chrono::milliseconds recovery_window_;
  std::map<const socketio::SocketClient*, Guest> guests_;
  SocketioRecovery recovery_;
  transport::Loop::TimerId expiry_;  // while something is kept
  std::unique_ptr<AdminUi> admin_;   // null: it is off
  socketio::EngineServer engine_;    // goes first: its clients are guests
};

}  // namespace netcode
