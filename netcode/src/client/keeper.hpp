// Keeps a client connected: the attempt, the connection, the next attempt when it is lost, and the move to another one.
//
// Two links at most: the one that is up, and an attempt. An attempt beside a link is a move (another match): it takes
// over once its Welcome was good, and if it fails the client stays where it is. Knows nothing of messages and matches.
//
//   down -- go --> opening -- welcome --> up -- lost --> reconnecting -- welcome --> up
//                     |  refused, failed   | closed by the server |  refused, or out of time
//                     +--------> down <----+----------------------+
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
#include "transport/connector.hpp"

namespace netcode::client {

class Keeper final : public Link::Owner {
 public:
  struct Config {
    bool reconnect = true;
    std::chrono::milliseconds connect_timeout{};
    Backoff::Config backoff;
  };

  class Owner {
   public:
    virtual ~Owner() = default;
    /// For the attempt that begins now.
    virtual engine::Result<std::string> url() = 0;
    /// `is_first`: of an attempt. A good Welcome is answered with welcome().
    virtual void on_message(bool is_first, transport::MessageKind kind, BytesView bytes) = 0;
    virtual void on_writable() = 0;
    /// A move failed; the connection that there was is still up.
    virtual void on_move_failed(std::string_view reason) = 0;
    virtual void on_lost(std::string_view reason) = 0;
    /// Nothing is open any more and nothing will be tried. `refused`: it never came to a connection, or no further one.
    virtual void on_down(std::string_view reason, bool refused) = 0;
  };

  Keeper(const Config& config, transport::Connector& connector, Owner& owner);
  ~Keeper() override;
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  /// Begins an attempt at the owner's url(); one that was under way is dropped.
  void go();
  /// The attempt's Welcome was good: it is the connection now.
  enum class Arrival : std::uint8_t { kFirst, kMove, kReconnect };
  Arrival welcome();
  /// Stays where it is.
  void drop_attempt();
  /// Closes everything. The owner is not told.
  void stop(transport::CloseCode code, std::string_view reason);
  /// As a cut cable would.
  void cut();
  /// Gives up this connection and resumes with another.
  void lose(std::string_view reason);

  bool is_up() const { return phase_ == Phase::kUp; }
  bool is_down() const { return phase_ == Phase::kDown; }
  bool is_moving() const { return link_ && attempt_; }
  bool writable() const { return link_ && link_->writable(); }
  void write(std::vector<transport::Frame> frames) { link_->write(std::move(frames)); }
  /// Connections lost or closed by the server; moves are neither.
  std::uint64_t disconnects() const { return disconnects_; }

 private:
  enum class Phase : std::uint8_t { kDown, kOpening, kUp, kReconnecting };

  void on_link_message(Link& link, transport::MessageKind kind, BytesView bytes) override;
  void on_link_writable(Link& link) override;
  void on_link_ended(Link& link, const transport::CloseInfo& info) override;

  void attempt_failed(const transport::CloseInfo& info);
  void link_ended(const transport::CloseInfo& info);
  void reconnect(std::string_view reason);
  void retry(std::string_view reason);
  void go_down(std::string_view reason, bool refused);
  void listen_for_silence();

  const Config config_;
  transport::Connector& connector_;
  transport::Loop& loop_;
  Owner& owner_;
  Backoff backoff_;

  Phase phase_ = Phase::kDown;
  std::shared_ptr<Link> link_;     // welcomed
  std::shared_ptr<Link> attempt_;  // not yet
  /// An attempt was dropped that the server may have taken for a move: it then closes the link as replaced.
  bool attempt_was_dropped_ = false;
  engine::TimePoint up_since_{};
  engine::TimePoint heard_at_{};
  std::uint64_t heard_bytes_ = 0;
  transport::Loop::TimerId retry_timer_;
  transport::Loop::TimerId silence_timer_;
  std::uint64_t disconnects_ = 0;
};

}  // namespace netcode::client
