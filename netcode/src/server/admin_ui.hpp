// The Admin UI's end of the server: the namespace /admin of Socket.IO, as the page of npm @socket.io/admin-ui 0.5.1
// expects it.
//
//   page    CONNECT /admin {"username","password"} or {"sessionId"}
//   server  session, config, server_stats every 2 s, all_sockets, and then each change of them
//   page    emit, join, leave, _disconnect
//
// Pages have no sessions, join no rooms and count nowhere but here. What they are told of each socket and each event
// costs the more the more there are: past kSocketsListedMax sockets they are told the sums alone.
//
// Threading: the first shard's, where all connections of Socket.IO are; AdminTap brings what happens elsewhere.
// Ownership: the door's; goes after its clients.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/token_bucket.hpp"
#include "server/admin_ui_events.hpp"
#include "server/admin_ui_login.hpp"
#include "server/admin_ui_page.hpp"
#include "server/admin_ui_sockets.hpp"
#include "socketio/socket_client.hpp"
#include "transport/loop/loop.hpp"

namespace netcode {

class ServerCore;

class AdminUi final : public socketio::SocketWatcher {
 public:
  static constexpr std::string_view kSpace = "/admin";
  /// The page chokes on thousands.
  static constexpr std::size_t kSocketsListedMax = 200;

  /// Whose a client is, once it has joined a namespace.
  struct Who {
    std::optional<SessionId> session;
    std::string name;
  };
  using AskWho = std::function<Who(const socketio::SocketClient&)>;

  AdminUi(ServerCore& server, transport::Loop& loop, AskWho who);
  AdminUi(const AdminUi&) = delete;
  AdminUi& operator=(const AdminUi&) = delete;
  ~AdminUi();

  // --- the door's: every client, and pages
  void on_opened(socketio::SocketClient& client);
  void on_connect(socketio::SocketClient& client, const boost::json::value& auth);
  void on_order(socketio::SocketClient& client, const socketio::Packet& order);
  void on_writable(socketio::SocketClient& client);
  /// A client has left /admin, or has gone.
  void on_page_gone(const socketio::SocketClient& client) { pages_.erase(&client); }

  // --- the shards', by way of AdminTap
  void on_room(SessionId session, const std::string& nsp, const std::string& room, bool is_in);
  /// Of a session that is not Socket.IO's.
  void on_entered(SessionId session, const std::string& nsp, const std::string& name, const std::string& address);
  void on_session_left(SessionId session, const std::string& nsp, std::string_view why);

  // --- SocketWatcher
  void on_joined(const socketio::SocketClient& client, const std::string& nsp, const std::string& sid) override;
  void on_left(const socketio::SocketClient& client, const std::string& nsp, std::string_view why) override;
  void on_message(const socketio::SocketClient& client, std::size_t bytes) override;
  void on_event(const socketio::SocketClient& client, const socketio::Packet& event) override;
  void on_sent(const socketio::SocketClient& client, std::span<const socketio::MadePacket> messages) override;
  void on_ended(const socketio::SocketClient& client, socketio::EngineEnd end) override;

 private:
  struct Client {
    std::int64_t issued_ms = 0;
    bool is_polling = false;
    std::map<std::string, std::string> sids;  // by namespace
  };
  using PagePtr = std::shared_ptr<AdminPage>;

  void let_in(AdminPage& page, const std::optional<std::string>& session);
  void refuse(AdminPage& page, std::string_view why);
  bool kick_page(const socketio::Packet& order);
  void answer(AdminPage& page, const socketio::Packet& order, const engine::Result<void>& done);

  bool has_pages() const;
  /// To all that are in.
  void tell(boost::json::array event);
  bool tells_all() const { return lists_all_ && has_pages(); }
  void tell(const AdminPage::Text& text);
  void tell_event(const socketio::SocketClient& client, std::string_view what, const socketio::Packet& event);
  bool may_tell_event();
  void add(AdminSocket socket);
  void remove(const AdminSockets::Key& key, std::string_view why);
  void review_listing();
  boost::json::object json_of(const AdminSocket& socket) const;
  boost::json::array all_sockets() const;
  boost::json::array config() const;
  boost::json::array stats(boost::json::array events) const;
  void tick_later();
  void tick();
  void look_at_transports();

  ServerCore& server_;
  transport::Loop& loop_;
  const AskWho who_;
  const engine::TimePoint started_at_;
  AdminLogin login_;
  AdminSockets sockets_;
  AdminEvents events_;
  std::map<const socketio::SocketClient*, Client> clients_;
  std::map<const socketio::SocketClient*, PagePtr> pages_;
  std::size_t others_ = 0;  // sessions in "/" that are not Socket.IO's
  bool lists_all_ = true;
  engine::TokenBucket event_bytes_;
  engine::TokenBucket refusal_lines_;
  transport::Loop::TimerId timer_;
  bool is_stats_next_ = true;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // for answers of passwords_
  AdminPasswords passwords_;                                    // goes first
};

}  // namespace netcode
