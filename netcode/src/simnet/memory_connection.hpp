// One end of an in-memory link. Only memory_link.cpp makes them.
//
// Threading: an end belongs to its loop's thread. What it does to its peer it posts to the peer's loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/clock.hpp"
#include "simnet/link_model.hpp"
#include "transport/http/accept.hpp"
#include "transport/loop/loop.hpp"
#include "transport/websocket/connection.hpp"

namespace netcode::transport {

class MemoryConnection final : public Connection, public std::enable_shared_from_this<MemoryConnection> {
 public:
  struct Config {
    ConnectionOptions options;
    engine::Duration latency{};
    std::size_t buffer_bytes = 0;
    bool masks = false;                  // a client's frames carry a mask: 4 bytes more
    std::shared_ptr<LinkModel> model{};  // when what is sent arrives, in place of `latency`; may be null
  };

  MemoryConnection(Loop& loop, Config config);
  /// Before either end is used.
  static void join(const std::shared_ptr<MemoryConnection>& a, const std::shared_ptr<MemoryConnection>& b);

  void start(ConnectionHandler& handler) override;
  void detach() override;
  bool writable() const override;
  WriteState write(std::vector<OutgoingMessage> messages) override;
  void ping(BytesView payload) override;
  void close(CloseCode code, std::string_view reason) override;
  void abort() override;
  std::string remote_address() const override { return "memory"; }
  std::uint64_t bytes_sent() const override { return bytes_sent_; }
  std::uint64_t bytes_received() const override { return bytes_received_; }

  void pause_reading(bool paused);
  /// Called once, when this end is closed.
  void set_on_finished(std::function<void()> on_finished) { on_finished_ = std::move(on_finished); }
  Loop& loop() { return loop_; }

 private:
  enum class State : std::uint8_t { kOpen, kClosing, kClosed };

  /// What travels: a WebSocket frame, or the end of the link.
  struct Parcel {
    enum class Kind : std::uint8_t { kBinary, kText, kPing, kPong, kClose, kCut };
    Kind kind = Kind::kBinary;
    OutgoingMessage frame;  // a control frame's payload is its head
    CloseCode code = CloseCode::kNormal;
    std::size_t wire_bytes = 0;
  };

  Parcel parcel(Parcel::Kind kind, OutgoingMessage frame) const;
  void send(std::vector<Parcel> parcels);
  void send_close(CloseCode code, std::string_view reason);
  void settle_write();
  void complete_write();

  void arrive(std::vector<Parcel> parcels);
  void pump();
  void take(Parcel& parcel);
  void take_message(Parcel& parcel);
  void take_close(const Parcel& parcel);
  void consumed(std::size_t bytes);

  void fail(CloseCode code, std::string reason);
  void finish(CloseInfo info);
  void tell_closed();

  Loop& loop_;
  const Config config_;
  std::function<void()> on_finished_;
  Loop* peer_loop_ = nullptr;
  std::weak_ptr<MemoryConnection> peer_;

  ConnectionHandler* handler_ = nullptr;
  State state_ = State::kOpen;
  bool started_ = false;
  bool paused_ = false;

  bool write_under_way_ = false;
  bool write_settling_ = false;       // its completion is posted
  std::size_t in_link_bytes_ = 0;     // sent and not yet consumed by the peer
  std::optional<CloseInfo> closing_;  // ours: sent once the write under way is through
  bool close_sent_ = false;
  std::optional<CloseInfo> ended_;
  Loop::TimerId close_timer_;
  std::optional<Bytes> ping_under_way_;

  std::deque<Parcel> arrived_;
  Bytes scratch_;
  std::uint64_t bytes_sent_ = 0;
  std::uint64_t bytes_received_ = 0;
};

}  // namespace netcode::transport
