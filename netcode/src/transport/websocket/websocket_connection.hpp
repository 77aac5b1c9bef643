// A WebSocket as a Connection, on either end: a FrameReader and a FrameWriter on one socket, what is answered to pings
// and closes, and what bounds the peer.
//
//   open -----> closing     our close frame is on its way, the peer's is waited for
//     |            |
//     +------------+------> frames over    the peer's close frame has come, or bytes that break the protocol
//     |            |             |
//     +------------+-------------+-------> closed, and told so
//
// While frames are over, those of ours are still written, and what the peer sends is thrown away until its end. Closing
// and this have one deadline, close_timeout.
//
// Threading: its loop's thread. Ownership: keeps itself alive from the first read to the end; before that whoever holds
// it does, and the socket closes with it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "transport/http/accept.hpp"
#include "transport/loop/io_loop.hpp"
#include "transport/stream/socket_stream.hpp"
#include "transport/websocket/closing_connections.hpp"
#include "transport/websocket/connection.hpp"
#include "transport/websocket/flow_meter.hpp"
#include "transport/websocket/frame_reader.hpp"
#include "transport/websocket/frame_writer.hpp"

namespace netcode::transport {

class WebSocketConnection final : public Connection,
                                  private SocketStream::Owner,
                                  public std::enable_shared_from_this<WebSocketConnection> {
 public:
  enum class Role : std::uint8_t { kServer, kClient };

  /// A socket behind the handshake. `closing`: where it may be told to close at once while it is closing; null for a
  /// client's.
  WebSocketConnection(IoLoop& loop, SocketParts socket, Role role, ConnectionOptionsPtr options,
                      std::shared_ptr<ClosingConnections> closing);
  ~WebSocketConnection() override;

  /// A server's answer to the handshake, in front of all frames. False: the client is gone.
  bool write_answer(std::string_view answer);

  void start(ConnectionHandler& handler) override;
  void detach() override;
  bool writable() const override;
  WriteState write(std::vector<OutgoingMessage> messages) override;
  void ping(BytesView payload) override;
  void close(CloseCode code, std::string_view reason) override;
  void abort() override;
  std::string remote_address() const override { return remote_address_; }
  std::uint64_t bytes_sent() const override { return socket_.bytes_sent(); }
  std::uint64_t bytes_received() const override { return socket_.bytes_received(); }

 private:
  enum class State : std::uint8_t { kOpen, kClosing, kCut, kClosed };
  enum class Reading : std::uint8_t {
    kNotYet,
    kOn,
    kPaused,     // until a pong is through
    kOver,       // frames are over: what still comes is thrown away once ours are through
    kThrownAway  // ... or at once
  };

  std::shared_ptr<void> keep_alive() override { return shared_from_this(); }
  void on_readable() override { read_turn(); }
  void on_writable() override;
  void on_drained(bool too_much) override;
  void on_abandoned() override;

  void begin_reading();
  void read_turn();
  void read_later();
  void take(std::span<std::uint8_t> bytes);
  void take_event(const FrameEvent& event);
  void take_ping(BytesView payload);
  void take_pong(BytesView payload);
  void take_close(const FrameEvent& event);
  void take_violation(const FrameEvent& event);
  void resume_reading();
  bool meter_flow();
  void watch_assembly();
  void arm_assembly_timer();
  void on_assembly_due();

  void fail_write(error_code error);

  void fail(CloseCode code, std::string reason);
  void write_close(std::optional<CloseCode> code, std::string_view reason);
  void end_frames();
  void end_output_when_idle();
  void arm_close_timer();
  void give_up_closing();
  void leave_closing();
  void cut_and_settle_later();
  /// Nothing is under way any more, or is waited for.
  void settle();
  void tell_closed();

  IoLoop& loop_;
  const ConnectionOptionsPtr options_;
  const std::string remote_address_;
  SocketStream socket_;
  FrameReader reader_;
  FrameWriter writer_;
  std::shared_ptr<WebSocketConnection> self_;  // while it reads or waits for its end

  ConnectionHandler* handler_ = nullptr;
  const Role role_;
  State state_ = State::kOpen;
  Reading reading_ = Reading::kNotYet;
  bool started_ = false;
  bool settles_soon_ = false;
  bool write_failed_ = false;               // nothing more leaves, but there may be something left to read
  error_code first_error_;                  // of the socket
  std::unique_ptr<const CloseInfo> cause_;  // of the end, where it is more than an error: the first there was
  std::unique_ptr<const CloseInfo> ended_;  // not told yet

  Bytes unread_;  // of the last read, where reading is paused
  std::optional<engine::TimePoint> mid_message_since_;
  std::uint32_t watched_messages_ = 0;
  FlowMeter flow_;
  std::optional<Bytes> ping_under_way_;

  Loop::TimerId close_timer_;
  std::shared_ptr<ClosingConnections> all_closing_;  // null: a client's
  std::optional<ClosingConnections::Place> closing_place_;
  Loop::TimerId assembly_timer_;
};

}  // namespace netcode::transport
