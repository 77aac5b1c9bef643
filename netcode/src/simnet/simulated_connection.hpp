// A real connection as if over a worse network: each message is delayed both ways by a LinkModel, in order.
//
// Upwards it takes what a kernel's buffers take; then writes wait, as over any connection. Downwards it has to take
// what comes: past kSimulatedBytesMax it ends. What its user hears is late by the network's transit, and so is what the
// other end hears, its close frame too; an abort is noticed by both at once. Who lets go of a connection that is
// closing hears no more of it: what was under way then leaves at once, since a program that ends takes its loop with
// it.
//
// Threading: its loop's thread. Ownership: holds the connection that it wraps.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "simnet/delay_line.hpp"
#include "simnet/link_model.hpp"
#include "transport/loop/loop.hpp"
#include "transport/websocket/connection.hpp"

namespace netcode::transport {

class SimulatedConnection final : public Connection,
                                  public ConnectionHandler,
                                  public std::enable_shared_from_this<SimulatedConnection> {
 public:
  SimulatedConnection(Loop& loop, std::shared_ptr<Connection> inner, std::shared_ptr<LinkModel> up,
                      std::shared_ptr<LinkModel> down, std::chrono::milliseconds close_timeout);
  ~SimulatedConnection() override;

  void start(ConnectionHandler& handler) override;
  void detach() override;
  bool writable() const override;
  WriteState write(std::vector<OutgoingMessage> messages) override;
  void ping(BytesView payload) override;
  void close(CloseCode code, std::string_view reason) override;
  void abort() override;
  std::string remote_address() const override { return inner_->remote_address(); }
  std::uint64_t bytes_sent() const override { return inner_->bytes_sent() + up_.bytes(); }
  /// Of what has arrived here: a link in a stall is silent.
  std::uint64_t bytes_received() const override { return bytes_received_; }

 private:
  enum class State : std::uint8_t { kOpen, kClosing, kClosed };

  struct Ping {
    Bytes payload;
  };
  struct Close {
    CloseCode code;
    std::string reason;
  };
  using Up = std::variant<std::vector<OutgoingMessage>, Ping, Close>;

  struct Message {
    MessageKind kind;
    Bytes bytes;
  };
  struct Pong {
    Bytes payload;
  };
  struct Down {
    std::variant<Message, Pong, CloseInfo> what;
    std::uint64_t bytes_received;  // by the wrapped connection, with this
  };

  // Of the wrapped connection.
  void on_message(MessageKind kind, BytesView bytes) override;
  void on_writable() override;
  void on_pong(BytesView payload) override;
  void on_closed(const CloseInfo& info) override;

  void send(Up item, std::size_t bytes);
  void pump_up();
  /// False: it has to wait until the wrapped connection is writable.
  bool pass_on(Up& item);
  void settle_write();
  void receive(Down item, std::size_t bytes);
  void pump_down();
  void end_later(CloseInfo info);
  void end(const CloseInfo& info);

  Loop& loop_;
  const std::shared_ptr<Connection> inner_;
  const std::chrono::milliseconds close_timeout_;
  DelayLine<Up> up_;
  DelayLine<Down> down_;

  ConnectionHandler* handler_ = nullptr;
  State state_ = State::kOpen;
  bool started_ = false;
  bool inner_is_closed_ = false;
  bool write_under_way_ = false;
  bool write_settling_ = false;  // its completion is posted
  bool ping_under_way_ = false;
  std::optional<CloseInfo> closing_;  // ours
  std::uint64_t bytes_received_ = 0;
  Loop::TimerId close_timer_;
};

}  // namespace netcode::transport
