// What the log says of sessions, a line each: opened, joined, resumed, lost, closed, and connections that were refused;
// at debug also each message that was refused and each action that was dropped. Every line about a session begins with
// all that is known of it (its id, name, address, match and player), so that any of them finds its whole life.
//
// Strangers decide how often that happens, so lines are bounded per second, refusals apart from the rest; what is left
// out is counted and said. Lines at debug are not bounded: no client says more than the messages that it may send, and
// nothing is formatted where that level is off. Text from outside (names, reasons) is shown without control characters.
//
// Threading: its shard's thread. Plain value; it is told the time.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/core/clock.hpp"
#include "server/action_inbox.hpp"
#include "transport/websocket/connection.hpp"

namespace netcode {

class SessionCore;
struct Visit;

/// So many lines per second and in a burst: a token bucket.
class LineBudget {
 public:
  LineBudget(double per_second, double burst) : per_second_(per_second), burst_(burst), tokens_(burst) {}

  /// May a line be logged now? If not it is counted.
  bool take(engine::TimePoint now);
  /// Lines that were left out, once that can be said.
  std::uint64_t take_left_out(engine::TimePoint now);

 private:
  void refill(engine::TimePoint now);

  const double per_second_;
  const double burst_;
  double tokens_;
  engine::TimePoint refilled_at_{};
  std::uint64_t left_out_ = 0;
};

class SessionLog {
 public:
  /// A connection was let in: a session opened, resumed, or has come to another match; or a second link of one.
  void welcomed(const SessionCore& session, const Visit& visit, bool resumed, engine::TimePoint now);
  /// A connection of a session that was lost is there again.
  void resumed(const SessionCore& session, engine::TimePoint now);
  /// A connection that is no session's.
  void refused(std::string_view address, transport::CloseCode code, std::string_view reason, engine::TimePoint now);
  /// Its last connection is gone; it may be resumed.
  void lost(const SessionCore& session, const transport::CloseInfo& info, engine::TimePoint now);
  void closed(const SessionCore& session, transport::CloseCode code, std::string_view reason, engine::TimePoint now);
  /// Is the level debug, so that the two below say anything?
  static bool tells_of_messages();
  static void refused_message(const SessionCore& session, std::string_view reason);
  static void dropped(const SessionCore& session, const ActionInbox::Dropped& action);
  /// Now and then: says what was left out.
  void sweep(engine::TimePoint now);

 private:
  void say(const SessionCore& session, std::string_view what, engine::TimePoint now);

  LineBudget sessions_{50, 500};  // a server of 4,096 that starts anew is joined within a minute
  LineBudget refusals_{2, 20};
};

}  // namespace netcode
