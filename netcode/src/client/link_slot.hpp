// One of a session's two places for a connection: the link that is in it, and the attempts to fill it or to race it.
//
//   empty -- put, or an attempt welcomed --> open -- nothing heard for kLinkSilentFor --> raced: an attempt every
//     ^                                       |                        kRaceEvery, until it speaks
//     +------------------ lost ---------------+                        or one of them takes its place
//
// A link that speaks again ends no attempt that is under way: after a silence TCP brings what was sent long ago, and
// may fall silent again.
//
// An attempt is no risk to what works: the server replaces a link only when something comes over the candidate, and
// that is when its Welcome was answered with welcome().
//
// Threading: the loop's thread; the owner is called from the loop's tasks only, and may call back anything.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "client/link.hpp"
#include "client/reconnect.hpp"
#include "transport/websocket/connector.hpp"

namespace netcode::client {

class LinkSlot final : public Link::Owner {
 public:
  struct Config {
    std::uint8_t number = 0;
    bool reopens = true;  // and races
    Backoff::Config backoff;
  };

  class Owner {
   public:
    virtual ~Owner() = default;
    /// For an attempt that begins now.
    virtual engine::Result<std::string> slot_url(LinkSlot& slot) = 0;
    /// `is_first`: of an attempt. A good Welcome is answered with welcome(), another with refuse().
    virtual void on_slot_message(LinkSlot& slot, bool is_first, transport::MessageKind kind, BytesView bytes) = 0;
    virtual void on_slot_writable(LinkSlot& slot) = 0;
    /// The link ended.
    virtual void on_slot_lost(LinkSlot& slot, const transport::CloseInfo& info) = 0;
    /// The server did not want an attempt; the slot tries no more by itself.
    virtual void on_slot_refused(LinkSlot& slot, const transport::CloseInfo& info) = 0;
  };

  LinkSlot(const Config& config, transport::Connector& connector, Owner& owner);
  ~LinkSlot() override;
  LinkSlot(const LinkSlot&) = delete;
  LinkSlot& operator=(const LinkSlot&) = delete;

  std::uint8_t number() const { return config_.number; }
  bool is_open() const { return link_ != nullptr; }
  bool is_silent() const;
  bool writable() const { return link_ && link_->writable(); }
  void write(std::vector<transport::OutgoingMessage> frames) { link_->write(std::move(frames)); }

  /// This link, already welcomed, from now on; attempts are given up, and what was in it before is closed.
  void put(std::shared_ptr<Link> link);
  /// Attempts, the first one now, the next ones after growing delays, until one is welcomed.
  void open();
  /// The same, after a link that was lost: not at once.
  void reopen();
  /// The same, not before that.
  void open_at(engine::TimePoint when);
  /// The attempt whose first message is being handled takes the place. Returns whether it won a race.
  bool welcome();
  void refuse(std::string reason);
  /// Ends the link as if it had been lost.
  void lose(std::string reason);
  /// No word to the other end, nothing tried any more.
  void drop();
  /// Says goodbye.
  void close(transport::CloseCode code, std::string_view reason);
  /// As a cut cable would.
  void cut();

 private:
  void on_link_message(Link& link, transport::MessageKind kind, BytesView bytes) override;
  void on_link_writable(Link& link) override;
  void on_link_ended(Link& link, const transport::CloseInfo& info) override;

  void attempt();
  void attempt_failed(const transport::CloseInfo& info);
  void retry();
  void listen();
  void listen_again();

  const Config config_;
  transport::Connector& connector_;
  transport::Loop& loop_;
  Owner& owner_;
  Backoff backoff_;

  std::shared_ptr<Link> link_;                   // welcomed
  std::vector<std::shared_ptr<Link>> attempts_;  // not yet; oldest first
  std::shared_ptr<Link> speaking_;               // the attempt whose first message is being handled
  bool wants_link_ = false;
  engine::TimePoint open_since_{};
  engine::TimePoint heard_at_{};
  std::uint64_t heard_bytes_ = 0;
  engine::TimePoint raced_at_{};
  engine::TimePoint not_before_{};  // refused: nothing is tried until then
  engine::TimePoint listen_due_{};
  transport::Loop::TimerId retry_timer_;
  transport::Loop::TimerId listen_timer_;
};

}  // namespace netcode::client
