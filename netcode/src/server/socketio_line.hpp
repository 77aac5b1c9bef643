// The way between a session's link over Socket.IO and its client's connection. These may be on two threads: a session
// moves to the shard of its match, the connection stays where it was opened. It is one session's: a client that joins
// again after it has left every namespace has another line over the same connection.
//
// Threading: what is for either end names its thread. Ownership: shared by both ends; goes with the last.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "netcode/ids.hpp"
#include "server/routes.hpp"
#include "server/socketio_form.hpp"
#include "socketio/made_packet.hpp"
#include "socketio/socket_client.hpp"

namespace netcode {

class SocketioLink;

/// In what form a client wants what a match has for it, as its "join" says.
struct SocketioWants {
  bool json = false;  // snapshots as objects
  bool map = false;
};

class SocketioLine : public std::enable_shared_from_this<SocketioLine> {
 public:
  /// `shard`: on whose thread the connection is. `is_kept`: once lost, it may be taken up again.
  SocketioLine(std::shared_ptr<Routes> routes, std::uint32_t shard, socketio::SocketClient& client, bool is_kept)
      : routes_(std::move(routes)),
        shard_(shard),
        is_kept_(is_kept),
        remote_address_(client.request().remote_address),
        client_(&client) {}

  const std::string& remote_address() const { return remote_address_; }
  bool is_kept() const { return is_kept_; }

  // --- any thread
  /// On the connection's thread, at once if this is it; not at all once that is gone.
  void to_client(std::function<void(socketio::SocketClient&)> work);
  /// Its session of this id and token begins or goes on, whose connection this is from now on: the client is told that
  /// it has joined, after what it missed. If it is gone, the link hears of it.
  struct Owner {
    SessionId id;
    std::string token;
  };
  void welcome(const Owner& owner, const std::string& nsp) { welcome(owner, nsp, made_identity(), {}); }
  void welcome(const Owner& owner, const std::string& nsp, const socketio::SocketClient::Identity& identity,
               std::vector<socketio::MadePacket> missed);

  /// On their way to the client: packets of one namespace.
  struct Outgoing {
    SocketioForm::Kind kind = SocketioForm::Kind::kMessage;
    std::string nsp;
    socketio::MadePackets messages;  // none: the client is told by the line that it has joined, or has left
    bool is_volatile = false;        // for a client that can take it at once
  };
  /// When the client can take it. True: that was at once, and it can take more. Else its link hears when it may write
  /// more, and writes no more until then.
  bool write(std::vector<Outgoing> outgoing);

  // --- the connection's thread
  void on_writable();
  /// The client has left that by itself: what waits of it is for nobody.
  void drop(const std::string& nsp);
  /// What waits, whether the client can take it or not: its connection ends.
  void write_last();
  using LinkWork = std::function<void(SocketioLink&)>;
  /// On the thread of the session of this id, at once if this is it; one after the other, wherever it moves meanwhile.
  void to_link(SessionId session, LinkWork work);
  socketio::SocketClient* client() const { return client_; }
  void hang_up() { client_ = nullptr; }
  /// After that: what waited for the client is for nobody.
  void give_up_waiting();
  /// Whose it is, once its client was welcomed.
  std::optional<SessionId> session() const { return session_; }
  const std::string& token() const { return token_; }
  void set_session(std::optional<SessionId> session) { session_ = session; }
  /// By namespace, what the client was told as it joined.
  const std::map<std::string, socketio::SocketClient::Identity>& identities() const { return identities_; }

  // --- the session's thread
  SocketioLink* link() const { return link_; }
  /// `shard`: the link's.
  void set_link(SocketioLink* link, std::uint32_t shard) {
    link_ = link;
    link_shard_.store(link ? shard : kNoShard, std::memory_order_release);
  }
  /// The newest of the session's events that went this way.
  std::uint32_t written() const { return written_; }
  void set_written(std::uint32_t written) { written_ = written; }
  /// May more be written, as far as is known here? Over whichever link was written last.
  bool is_writable() const { return is_writable_; }
  void set_writable(bool is_writable) { is_writable_ = is_writable; }
  /// In what form its client wants what a match has for it, as it said last.
  const SocketioWants& wants() const { return wants_; }
  void set_wants(const SocketioWants& wants) { wants_ = wants; }
  /// A client's event that it wants answered, over whichever link that is by then.
  struct Asked {
    std::string nsp;
    std::uint64_t id;
    std::string event;
  };
  /// Its number, for the answer. Of too many the oldest is forgotten.
  std::uint32_t ask(Asked asked);
  std::optional<Asked> take_asked(std::uint32_t number);
  /// A namespace that its session is in by now, of which its client is not told yet; one that was told of. False: the
  /// connection is lost, and nobody will be.
  [[nodiscard]] bool note_entered(const std::string& nsp) {
    if (!is_lost_) untold_.insert(nsp);
    return !is_lost_;
  }
  void note_told(const std::string& nsp) { untold_.erase(nsp); }
  /// The connection is lost. Returns the namespaces of which its client will never be told.
  std::set<std::string> lose() {
    is_lost_ = true;
    return std::exchange(untold_, {});
  }

 private:
  void take(std::uint64_t number, LinkWork work);
  void tell_writable();
  /// Returns whether the client can take more.
  bool queue(std::vector<Outgoing> outgoing);
  void write_now(std::vector<Outgoing> outgoing);
  void accept(const std::string& nsp, const socketio::SocketClient::Identity& identity,
              std::vector<socketio::MadePacket> missed);
  /// What was on its way to a client that is gone, and would have told it that it is in a namespace.
  void give_up(const std::vector<Outgoing>& outgoing);
  socketio::SocketClient::Identity made_identity() const;

  static constexpr std::uint32_t kNoShard = UINT32_MAX;

  const std::shared_ptr<Routes> routes_;
  std::atomic<std::uint32_t> link_shard_ = kNoShard;  // where link_ is and all that is the session's thread's
  const std::uint32_t shard_;
  const bool is_kept_;
  const std::string remote_address_;
  // The connection's thread's:
  socketio::SocketClient* client_;
  std::optional<SessionId> session_;
  std::string token_;
  std::map<std::string, socketio::SocketClient::Identity> identities_;
  std::vector<Outgoing> waiting_;
  std::uint64_t sent_ = 0;  // so much work for the link
  // The session's thread's:
  std::uint64_t taken_ = 0;
  std::map<std::uint64_t, LinkWork> early_;  // what was before it looks for its session still
  SocketioLink* link_ = nullptr;
  std::uint32_t written_ = 0;
  bool is_writable_ = true;
  SocketioWants wants_;
  std::map<std::uint32_t, Asked> asked_;
  std::uint32_t next_asked_ = 1;
  std::set<std::string> untold_;
  bool is_lost_ = false;
};
using SocketioLinePtr = std::shared_ptr<SocketioLine>;

}  // namespace netcode
