// Connection state recovery: which namespaces of lost connections may be taken up again, by the secret that each client
// was told as it joined ("pid"). What a session's client missed is the session's to keep: see Outbox.
//
//   40{"sid":"...","pid":"P"}      as it joins; from then on each event that is kept ends in its name
//   42["chat",{},"3-7"]            event 7 of session 3
//   40{"pid":"P","offset":"3-7"}   over a new connection: what came after that, then 40 with the same sid and pid
//
// An offset names its session, so that no text of a game's own that ends an event is taken for one. A pid works
// once, for one namespace, until the recovery window is over.
//
// Threading: the door's. Ownership: its door's.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/core/clock.hpp"
#include "netcode/ids.hpp"
#include "server/socketio_line.hpp"

namespace netcode {

/// May a client whose connection ended like this come back?
bool is_recoverable(std::string_view why);

/// What a client shows of where it was.
struct RecoveryClaim {
  std::string pid;
  std::uint64_t session = 0;
  std::uint32_t offset = 0;  // the newest event that it has

  /// Of what it sends with CONNECT. Nothing: it shows none, or what no server told it.
  static std::optional<RecoveryClaim> of(const boost::json::value& auth);
};

/// How an event that is kept ends.
std::string offset_text(SessionId session, std::uint32_t sequence);

class SocketioRecovery {
 public:
  struct Lost {
    SocketioLinePtr line;  // the one that was lost
    std::string nsp;
    std::string sid;
    std::string why;
    engine::TimePoint deadline;
  };

  /// `max`: of namespaces.
  explicit SocketioRecovery(std::size_t max) : max_(max) {}

  /// All namespaces of a connection that was lost. `deadline`: no earlier than those before. Returns those that are
  /// given up because there would be too many: the ones that were lost first.
  std::vector<Lost> keep(const SocketioLinePtr& line, std::string_view why, engine::TimePoint deadline);
  /// What the claim is for, once. `session`: the one that goes on over the connection already, if one does.
  std::optional<Lost> take(const RecoveryClaim& claim, std::string_view nsp, std::optional<SessionId> session);
  /// It is joined anew: what was there is nobody's.
  void forget(SessionId session, std::string_view nsp);
  /// Those whose time is over.
  std::vector<Lost> expire(engine::TimePoint now);
  std::size_t size() const { return order_.size(); }

 private:
  Lost give_up_first();

  struct Kept {
    std::string pid;
    Lost lost;
  };
  using Order = std::list<Kept>;
  std::size_t max_;
  Order order_;  // by rising deadline
  std::unordered_map<std::string, Order::iterator> by_pid_;
};

}  // namespace netcode
