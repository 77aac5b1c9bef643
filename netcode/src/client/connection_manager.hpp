// Keeps a client's session connected: the attempt, the connection, a second one beside it where that is wanted, the
// next attempt when all are lost, and the move to another match.
//
// A session has two slots, each with one link at most; slot 0 is the one that it begins with. Beside them there may be
// an attempt of the whole session: the first one, a reconnect, or a move (another match). It takes over once its
// Welcome was good, and if a move fails the client stays where it is. Slots reopen and race by themselves while one of
// them lives, and nobody further up notices. Knows nothing of messages and matches.
//
//   down -- go --> opening -- welcome --> up -- last link lost --> reconnecting -- welcome --> up
//                     |  refused, failed   | closed by the server |  refused, or out of time
//                     +--------> down <----+----------------------+
//
// Threading: the loop's thread; the owner is called from the loop's tasks only, and may call back anything.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "client/link.hpp"
#include "client/link_slot.hpp"
#include "client/reconnect.hpp"
#include "netcode/limits.hpp"
#include "transport/websocket/connector.hpp"

namespace netcode::client {

class ConnectionManager final : public Link::Owner, public LinkSlot::Owner {
 public:
  struct Config {
    bool reconnect = true;
    std::chrono::milliseconds connect_timeout{};
    Backoff::Config backoff;
  };

  /// What a message came over, and whether it is the first there: of the whole session's attempt, or of a slot's.
  enum class First : std::uint8_t { kNo, kOfSession, kOfSlot };
  struct Source {
    std::uint8_t slot = 0;
    First first = First::kNo;
  };

  class Owner {
   public:
    virtual ~Owner() = default;
    /// For the whole session's attempt, or a slot's, that begins now.
    virtual engine::Result<std::string> url() = 0;
    virtual engine::Result<std::string> slot_url(std::uint8_t slot) = 0;
    /// That the whole session's attempt offers, the one to be spoken first.
    virtual std::string subprotocols() = 0;
    /// A good Welcome is answered with welcome(), or of a slot with welcome_slot() or refuse_slot().
    virtual void on_message(Source source, transport::MessageKind kind, BytesView bytes) = 0;
    virtual void on_writable() = 0;
    /// A move failed; the connection that there was is still up, or went for the sake of a move that was given up: then
    /// on_lost follows, unless this begins another one.
    virtual void on_move_failed(std::string_view reason) = 0;
    /// A link ended, or is given up. If the session is lost with it, on_lost or on_down follows.
    virtual void on_link_lost(std::uint8_t slot, std::string_view reason) = 0;
    /// The server does not want the second link (any more).
    virtual void on_twin_refused(std::string_view reason) = 0;
    virtual void on_lost(std::string_view reason) = 0;
    /// Nothing is open any more and nothing will be tried. `refused`: it never came to a connection, or no further one.
    virtual void on_down(std::string_view reason, bool refused) = 0;
  };

  ConnectionManager(const Config& config, transport::Connector& connector, Owner& owner);
  ~ConnectionManager() override;
  ConnectionManager(const ConnectionManager&) = delete;
  ConnectionManager& operator=(const ConnectionManager&) = delete;

  /// Begins an attempt at the owner's url(); one that was under way is dropped.
  void go();
  /// The attempt's Welcome was good: it is the connection now, the only one.
  enum class Arrival : std::uint8_t { kFirst, kMove, kReconnect };
  Arrival welcome();
  /// Stays where it is.
  void drop_attempt();
  /// Closes everything. The owner is not told.
  void stop(transport::CloseCode code, std::string_view reason);
  /// As a cut cable would.
  void cut();
  /// Gives up this link, as if it had been lost.
  void lose(std::uint8_t slot, std::string reason);

  // --- the second link
  /// Once up: opens it, and keeps it open.
  void open_twin();
  /// It goes without on_link_lost, or stays as long as it is the only one.
  void close_twin();
  /// A slot's attempt was welcomed. Returns whether it won a race.
  bool welcome_slot(std::uint8_t slot) { return slots_[slot].welcome(); }
  void refuse_slot(std::uint8_t slot, std::string reason) { slots_[slot].refuse(std::move(reason)); }

  bool is_up() const { return phase_ == Phase::kUp; }
  bool is_down() const { return phase_ == Phase::kDown; }
  bool is_moving() const { return has_link() && attempt_; }
  bool is_open(std::uint8_t slot) const { return slots_[slot].is_open(); }
  bool writable(std::uint8_t slot) const { return slots_[slot].writable(); }
  void write(std::uint8_t slot, std::vector<transport::OutgoingMessage> frames) {
    slots_[slot].write(std::move(frames));
  }
  /// Sessions that were left without a connection, lost or closed by the server; moves are none.
  std::uint64_t disconnects() const { return disconnects_; }

 private:
  enum class Phase : std::uint8_t { kDown, kOpening, kUp, kReconnecting };

  // --- of the whole session's attempt
  void on_link_message(Link& link, transport::MessageKind kind, BytesView bytes) override;
  void on_link_writable(Link& /*link*/) override {}
  void on_link_ended(Link& link, const transport::CloseInfo& info) override;
  // --- of the slots
  engine::Result<std::string> slot_url(LinkSlot& slot) override { return owner_.slot_url(slot.number()); }
  void on_slot_message(LinkSlot& slot, bool is_first, transport::MessageKind kind, BytesView bytes) override;
  void on_slot_writable(LinkSlot& /*slot*/) override { owner_.on_writable(); }
  void on_slot_lost(LinkSlot& slot, const transport::CloseInfo& info) override;
  void on_slot_refused(LinkSlot& slot, const transport::CloseInfo& info) override;

  bool has_link() const { return slots_[0].is_open() || slots_[1].is_open(); }
  LinkSlot& other(const LinkSlot& slot) { return slots_[slot.number() == 0 ? 1 : 0]; }
  bool gave_up_lately() const { return loop_.now() - gave_up_at_ < limits::kSilenceMax; }
  void refill(LinkSlot& slot, const transport::CloseInfo& info);
  void attempt_failed(const transport::CloseInfo& info);
  void move_failed_without_link(const transport::CloseInfo& info);
  void reconnect(std::string_view reason);
  void retry(std::string_view reason);
  void go_down(std::string_view reason, bool refused);

  const Config config_;
  transport::Connector& connector_;
  transport::Loop& loop_;
  Owner& owner_;
  Backoff backoff_;

  Phase phase_ = Phase::kDown;
  std::array<LinkSlot, 2> slots_;
  bool wants_twin_ = false;
  std::shared_ptr<Link> attempt_;  // of the whole session, not welcomed yet
  /// An attempt was given up that may reach the server all the same: it then closes the links as replaced.
  engine::TimePoint gave_up_at_{};
  engine::TimePoint up_since_{};
  transport::Loop::TimerId retry_timer_;
  std::uint64_t disconnects_ = 0;
};

}  // namespace netcode::client
