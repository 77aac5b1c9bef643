// A WebSocket as a Connection: Beast reads the frames and answers pings and closes; messages and our own close frame
// are written by ours.
//
// Private to the two files that include Beast's WebSocket. Threading: its loop's thread.
// Ownership: operations under way keep it alive; when the last ends and nobody else holds it, the socket closes.
#pragma once

#include <boost/beast/websocket/stream.hpp>
#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "transport/http/accept.hpp"
#include "transport/loop/io_loop.hpp"
#include "transport/websocket/closing_connections.hpp"
#include "transport/websocket/connection.hpp"
#include "transport/websocket/flow_meter.hpp"
#include "transport/websocket/frame_stream.hpp"

namespace netcode::transport {

using WebFrameStream = boost::beast::websocket::stream<FrameStream, false>;

class WebSocketConnection final : public Connection,
                                  public FrameOwner,
                                  public std::enable_shared_from_this<WebSocketConnection> {
 public:
  enum class Role : std::uint8_t { kServer, kClient };

  WebSocketConnection(IoLoop& loop, SocketParts socket, Role role, ConnectionOptionsPtr options);
  ~WebSocketConnection() override;

  WebFrameStream& stream() { return stream_; }
  /// Where it may be told to close at once when it is closing. Before it is open.
  void set_closing_connections(std::shared_ptr<ClosingConnections> closing) { all_closing_ = std::move(closing); }
  /// The handshake is over.
  void set_open();

  void start(ConnectionHandler& handler) override;
  void detach() override;
  bool writable() const override;
  WriteState write(std::vector<OutgoingMessage> messages) override;
  void ping(BytesView payload) override;
  void close(CloseCode code, std::string_view reason) override;
  void abort() override;
  std::string remote_address() const override { return remote_address_; }
  std::uint64_t bytes_sent() const override { return layer().bytes_sent(); }
  std::uint64_t bytes_received() const override { return layer().bytes_received(); }

  std::shared_ptr<void> keep_alive() override { return shared_from_this(); }
  void on_bytes_read() override;
  void on_data_written(error_code error) override;
  void on_closing() override { arm_close_timer(); }
  std::string reason_for(CloseCode code) const override;

 private:
  enum class State : std::uint8_t { kOpen, kClosing, kCut, kClosed };

  using Parts = boost::container::small_vector<iovec, 8>;

  void begin_reading();
  void read_on();
  asio::mutable_buffer room_to_read();
  void take_read(std::size_t bytes);
  void take_pong(BytesView payload);
  void meter_flow();
  void watch_fragments();
  void arm_assembly_timer();
  void on_assembly_due();

  Parts server_parts();
  Parts client_parts();
  void drop_written();
  void fail_write(error_code error);

  void fail(CloseCode code, std::string reason);
  void fail_later(CloseCode code, std::string reason);
  void begin_close();
  void arm_close_timer();
  void give_up_closing();
  void leave_closing();
  /// Ends the connection once nothing is under way any more.
  void settle();
  void tell_closed();
  CloseInfo end_info() const;

  FrameStream& layer() { return stream_.next_layer(); }
  const FrameStream& layer() const { return stream_.next_layer(); }

  IoLoop& loop_;
  const ConnectionOptionsPtr options_;
  const Role role_;
  const std::string remote_address_;
  WebFrameStream stream_;

  ConnectionHandler* handler_ = nullptr;
  State state_ = State::kOpen;
  bool is_open_ = false;  // the handshake is over
  bool started_ = false;
  bool reading_ = false;
  bool write_under_way_ = false;
  bool write_failed_ = false;  // nothing more leaves, but there may be something left to read
  bool ping_writing_ = false;
  std::unique_ptr<const CloseInfo> closing_;  // what we close with; null: nothing yet
  error_code end_cause_;                      // the first error that was met
  std::unique_ptr<const CloseInfo> ended_;

  Bytes message_;  // the message under way, and room for more of it
  std::size_t message_size_ = 0;
  std::optional<engine::TimePoint> mid_message_since_;
  std::uint64_t watched_messages_ = 0;
  FlowMeter flow_;

  std::vector<OutgoingMessage> messages_;  // of the write under way
  Bytes headers_;                          // of their frames; a client's masked payloads as well
  std::optional<Bytes> ping_under_way_;

  Loop::TimerId close_timer_;
  std::shared_ptr<ClosingConnections> all_closing_;  // null: a client's
  std::optional<ClosingConnections::Place> closing_place_;
  Loop::TimerId assembly_timer_;
};

}  // namespace netcode::transport
