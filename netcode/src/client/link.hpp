// One connection of a client, from the attempt to its end.
//
// Threading: the loop's thread; the owner is called from the loop's tasks only. Ownership: shared, since a connect that
// is under way may end after its client lost interest: the owner is called only while it holds the link and the link
// has not ended.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "transport/loop/loop.hpp"
#include "transport/websocket/connection.hpp"
#include "transport/websocket/connector.hpp"

namespace netcode::client {

class Link final : public transport::ConnectionHandler, public std::enable_shared_from_this<Link> {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void on_link_message(Link& link, transport::MessageKind kind, BytesView bytes) = 0;
    virtual void on_link_writable(Link& link) = 0;
    /// The last call: it could not be opened, was closed by the other end, or lost.
    virtual void on_link_ended(Link& link, const transport::CloseInfo& info) = 0;
  };

  Link(Owner& owner, transport::Loop& loop) : owner_(&owner), loop_(loop) {}
  ~Link() override;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  /// Ends by itself if established() is not called within `timeout`. `subprotocols`: as Connector::connect has them.
  void open(transport::Connector& connector, const std::string& url, const std::string& subprotocols,
            std::chrono::milliseconds timeout);
  /// Ends without having been opened; the owner is told from the loop.
  void fail(std::string reason);
  /// From now on this one hears of it.
  void hand_to(Owner& owner) { owner_ = &owner; }
  /// The server's first message was good.
  void established();

  bool writable() const { return connection_ && connection_->writable(); }
  void write(std::vector<transport::OutgoingMessage> frames) { connection_->write(std::move(frames)); }
  void ping();
  /// Payload and framing bytes, control frames too: whether anything comes at all.
  std::uint64_t bytes_received() const { return connection_ ? connection_->bytes_received() : 0; }

  /// Says goodbye; the owner hears no more.
  void close(transport::CloseCode code, std::string_view reason);
  /// As a cut cable would; the owner is told.
  void cut();

  void on_message(transport::MessageKind kind, BytesView bytes) override;
  void on_writable() override;
  void on_closed(const transport::CloseInfo& info) override;

 private:
  void on_opened(engine::Result<std::shared_ptr<transport::Connection>> connection);
  void on_timeout();
  void end(const transport::CloseInfo& info);

  Owner* owner_;  // null once it has nothing more to hear
  transport::Loop& loop_;
  std::shared_ptr<transport::Connection> connection_;
  std::chrono::milliseconds timeout_{};
  transport::Loop::TimerId timer_;
};

}  // namespace netcode::client
