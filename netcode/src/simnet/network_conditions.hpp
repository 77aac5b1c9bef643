// The state of a simulated network that all of its links share: its profile, and when it stalls or loses everything.
//
// Threading: one thread at a time. Shared by the links of one network.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/clock.hpp"
#include "netcode/network_profile.hpp"

namespace netcode::transport {

class NetworkConditions {
 public:
  /// Spells of the profile count from `start`.
  NetworkConditions(NetworkProfile profile, engine::TimePoint start, std::uint64_t seed);

  const NetworkProfile& profile() const { return profile_; }
  /// Of the next link's next direction.
  std::uint64_t next_seed() { return seed_ + ++seeds_given_; }

  /// From `from` on, besides what the profile has.
  void stall(engine::TimePoint from, engine::Duration lasts) { stalls_.push_back({from, from + lasts}); }
  void lose_all(engine::TimePoint from, engine::Duration lasts) { outages_.push_back({from, from + lasts}); }

  /// The end of the stall that `at` falls into, if it does.
  std::optional<engine::TimePoint> stalled_until(engine::TimePoint at) const;
  bool loses_all(engine::TimePoint at) const;

 private:
  struct Span {
    engine::TimePoint from, until;
  };
  std::optional<engine::TimePoint> end_of(engine::TimePoint at, const std::vector<NetworkProfile::Spell>& spells,
                                          const std::vector<Span>& spans) const;

  NetworkProfile profile_;
  engine::TimePoint start_;
  std::uint64_t seed_;
  std::uint64_t seeds_given_ = 0;
  std::vector<Span> stalls_;
  std::vector<Span> outages_;
};

}  // namespace netcode::transport
