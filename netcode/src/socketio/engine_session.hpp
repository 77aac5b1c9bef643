// One client's Engine.IO session, protocol 4: packets both ways over HTTP polling or a WebSocket, the upgrade from one
// to the other, and a heartbeat.
//
//   polling     a GET waits until there is something to send; a POST brings packets
//   WebSocket   each packet is a message
//   upgrade     a WebSocket asks 2probe and is told 3probe; GETs that wait are let go with a noop; 5 makes it the one
//
// What is to be sent waits in a queue of at most EngineTiming::queue_bytes_max, or is one message alone: who does not
// take it in time is ended. Ended by the server, it still hands over what waits, for up to EngineTiming::close_timeout.
//
// Threading: its loop's thread. Ownership: whoever holds it; gone, it says no more, and its WebSockets are aborted.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "netcode/bytes.hpp"
#include "socketio/engine_packet.hpp"
#include "socketio/made_packet.hpp"
#include "transport/http/exchange.hpp"
#include "transport/loop/loop.hpp"
#include "transport/websocket/connection.hpp"

namespace netcode::socketio {

/// Also what a client is told as it opens.
struct EngineTiming {
  std::chrono::milliseconds ping_interval{25'000};
  std::chrono::milliseconds ping_timeout{20'000};
  std::chrono::milliseconds upgrade_timeout{10'000};
  std::chrono::milliseconds close_timeout{30'000};  // for a client to fetch what waits, and its end
  std::size_t payload_bytes_max = 1'000'000;        // of a POST's body, and of a message
  std::size_t queue_bytes_max = std::size_t{64} * 1024;
};

/// Why a session ended, as Socket.IO's disconnect reasons have it.
enum class EngineEnd : std::uint8_t {
  kPingTimeout,
  kTransportClose,  // the client said so, or its WebSocket closed
  kTransportError,  // what no client does: a ping, two GETs at once, an aborted poll
  kParseError,      // what is no packet
  kForcedClose,     // by the server
};
std::string_view to_string(EngineEnd end);

class EngineSession {
 public:
  class Owner {
   public:
    /// `data`: valid for the call.
    virtual void on_message(std::string_view data, bool is_binary) = 0;
    /// What waited has been handed over, and more would be at once: see is_writable. Never from inside `send`, but from
    /// inside `get`: what is sent in this call leaves together with what waits.
    virtual void on_writable() {}
    /// Its client has read all that was handed over before the last pong.
    virtual void on_pong() {}
    /// Once; no message follows. Never from inside `send`, `end` or the session's making.
    virtual void on_ended(EngineEnd end) = 0;
    /// The last call, after on_ended: nothing is to be told to its client any more.
    virtual void on_over() {}

   protected:
    ~Owner() = default;
  };

  /// `owner` outlives it. It is open once `open` was called.
  EngineSession(transport::Loop& loop, std::string sid, const EngineTiming& timing, Owner& owner);
  EngineSession(const EngineSession&) = delete;
  EngineSession& operator=(const EngineSession&) = delete;
  ~EngineSession();

  /// The client's first request: over polling the GET is answered, over a WebSocket it is told at once.
  void open(transport::Answerer first);
  void open(std::shared_ptr<transport::Connection> first);

  // What the client asks for afterwards. Each is answered or closed, also after the end.
  void get(transport::Answerer answerer);
  void post(const transport::HttpRequest& request, transport::Answerer answerer);
  /// A WebSocket for a session that polls. One that is not wanted is closed.
  void upgrade(std::shared_ptr<transport::Connection> connection);

  void send(const MadePacket& packet) { send(std::span(&packet, 1)); }
  /// In one write, if they can leave at once.
  void send(std::span<const MadePacket> packets);
  /// Would what is sent now be on its way at once?
  bool is_writable() const;
  /// Its client has sent what no client does, and was told so.
  void fail();
  /// By the server.
  void end();

  const std::string& sid() const { return sid_; }
  bool is_polling() const { return !socket_; }
  bool has_ended() const { return has_ended_; }
  bool is_over() const { return is_over_; }
  std::size_t queued_bytes() const { return queued_bytes_; }

 private:
  class Socket;

  void begin(bool may_upgrade);
  void handle(const EnginePacket& packet);
  void beat_in(std::chrono::milliseconds delay);
  void on_pong();
  void note_packet();
  void on_heartbeat();
  void check_heartbeat();
  void push(MadePacket packet);
  /// `is_alone`: nothing waited before what was pushed last, which may then be as large as it is.
  void flush_or_end(bool is_alone);
  void flush();
  void write(std::span<const MadePacket> packets);
  void flush_poll();
  void on_socket_message(const Socket& socket, MessageKind kind, BytesView bytes);
  void on_probe_text(std::string_view text);
  void on_socket_closed(const Socket& socket, EngineEnd end);
  void become_socket();
  void drop_probe();
  void tell_writable();
  void finish(EngineEnd end);
  void linger();
  void go_on_lingering();
  void linger_with(transport::Answerer answerer);
  void be_over();
  bool is_lingering() const { return has_ended_ && !is_over_; }

  transport::Loop& loop_;
  std::string sid_;
  EngineTiming timing_;
  Owner& owner_;
  std::vector<MadePacket> queue_;
  std::size_t queued_bytes_ = 0;
  transport::Answerer parked_;      // a GET that waits
  std::uint64_t polls_ = 0;         // so many came, it the last
  std::unique_ptr<Socket> socket_;  // null: it polls
  std::unique_ptr<Socket> probe_;   // would take over
  bool is_probed_ = false;          // it was told 3probe
  transport::Loop::TimerId heartbeat_;
  transport::Loop::TimerId probe_timer_;
  engine::TimePoint due_{};  // of the next ping, or of the pong
  bool awaits_pong_ = false;
  bool was_refreshed_ = false;  // ... and another packet has put that off
  bool has_ended_ = false;
  bool is_over_ = false;  // ... and its client was told, or will not be
  transport::Loop::TimerId linger_timer_;
  bool is_told_writable_ = false;                               // that is posted
  bool is_gathering_ = false;                                   // what is sent now leaves at the end of this
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // for what was posted
};

}  // namespace netcode::socketio
