// When to try again after a connection was lost: exponential backoff with jitter, and an end to it.
//
// Jitter keeps the clients of a server that went away from coming back all at once (M. Brooker, "Exponential Backoff
// And Jitter", AWS Architecture Blog, 2015). Pure: it is told the time. Plain value; one owner.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/core/clock.hpp"
#include "engine/core/rng.hpp"

namespace netcode::client {

class Backoff {
 public:
  struct Config {
    engine::Duration min{};
    engine::Duration max{};
    engine::Duration give_up_after{};
    std::uint64_t seed = 0;
  };
  explicit Backoff(const Config& config) : config_(config), rng_(config.seed), base_(config.min) {}

  /// A connection that had lasted for so long was lost. One that lasted less than the last delay does not count as a
  /// success: the delays go on growing, so that a server which takes clients and drops them is not hammered.
  void lost(engine::TimePoint now, engine::Duration lasted);

  /// How long to wait before the next attempt; nothing once there would be none before the time is up.
  std::optional<engine::Duration> next(engine::TimePoint now);

 private:
  Config config_;
  engine::Rng rng_;
  engine::Duration base_;
  engine::Duration last_delay_{};
  engine::TimePoint give_up_at_{};
};

}  // namespace netcode::client
