// The acks that a client waits for: each handler is called exactly once, with the answer, or with why there is none.
//
// Threading: the loop's thread; handlers are called from the loop's tasks only. Ownership: the loop outlives it; with
// it go the handlers that were not called.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "netcode/ack.hpp"
#include "transport/loop/loop.hpp"

namespace netcode::client {

class Replies {
 public:
  /// Who made the request, and so who verifies the answer's body.
  enum class Asker : std::uint8_t { kGame, kNetcode };
  struct Pending {
    ReplyHandler handler;
    Asker asker = Asker::kGame;
    transport::Loop::TimerId timer;
  };

  explicit Replies(transport::Loop& loop) : loop_(loop) {}
  ~Replies();
  Replies(const Replies&) = delete;
  Replies& operator=(const Replies&) = delete;

  /// The id to ask with; 0, and an error for the handler, if too many are waiting. Without a timeout it waits for as
  /// long as the session lasts.
  std::uint32_t add(ReplyHandler handler, std::optional<std::chrono::milliseconds> timeout, Asker asker);
  /// The answer to `id` is there: the handler is the caller's to call. Nothing if it is not waited for (any more).
  std::optional<Pending> take(std::uint32_t id);
  /// Calls a handler with an error, from the loop.
  void fail(ReplyHandler handler, const std::string& reason);
  void fail(std::uint32_t id, const std::string& reason);
  void fail_all(const std::string& reason);
  std::size_t size() const { return pending_.size(); }

 private:
  void time_out(std::uint32_t id, std::chrono::milliseconds timeout);

  transport::Loop& loop_;
  std::map<std::uint32_t, Pending> pending_;
  std::uint32_t last_id_ = 0;
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);  // posted tasks look whether we still are
};

}  // namespace netcode::client
