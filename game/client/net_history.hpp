// What the network did in the last ten seconds, as a client knows it: measures and rates in even steps, for plots.
//
// Pure: it is told the time. However many frames a second there are, it keeps a hundred steps; of each the worst.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "game/client/motion.hpp"
#include "netcode/client.hpp"

namespace game::client {

enum class NetMeasure : std::uint8_t {
  kRoundTrip,      // ms
  kJitter,         // ms
  kSlack,          // ms; negative: actions came late
  kSlew,           // percent
  kDelay,          // ms that the others are drawn behind
  kSnapshotAge,    // ms
  kSnapshotBytes,  // of the newest, its message counted
  kCorrection,     // units that the newest snapshot moved the own ship
  kLinks,
};
inline constexpr std::size_t kNetMeasures = 9;

enum class NetTraffic : std::uint8_t { kSnapshots, kEvents, kOther, kActions, kSentEvents, kSentOther };
inline constexpr std::size_t kNetTraffics = 6;

/// What is known in one frame.
struct NetFacts {
  double now_s = 0;
  std::array<float, kNetMeasures> measures{};
  std::array<std::uint64_t, kNetTraffics> bytes{};  // since the start
};
/// `snapshot`: the newest. `is_new`: it came since the last frame, and its correction is told once.
NetFacts net_facts(double now_s, const netcode::NetworkInfo& network, const netcode::ClientStats& stats,
                   const std::optional<netcode::SnapshotInfo>& snapshot, bool is_new, const Motion& motion);

class NetHistory {
 public:
  static constexpr double kStepSeconds = 0.1;
  static constexpr std::size_t kStepsMax = 100;

  /// Once a frame. After a time that went back, or with counts that did, it begins anew.
  void add(const NetFacts& facts);
  void clear() { steps_.clear(); }

  /// The oldest first. Of a step: the highest round trip, the least slack, the slew farthest from none, the fewest
  /// links.
  std::vector<float> of(NetMeasure measure) const;
  /// kB/s, each over the half second before.
  std::vector<float> of(NetTraffic traffic) const;
  /// The newest as it was told, not the worst of its step; 0 before there is one.
  float now(NetMeasure measure) const { return now_[static_cast<std::size_t>(measure)]; }
  std::size_t steps() const { return steps_.size(); }

 private:
  struct Step {
    std::int64_t number = 0;
    std::array<float, kNetMeasures> measures{};
    std::array<std::uint64_t, kNetTraffics> bytes{};
  };
  bool went_back(const NetFacts& facts, std::int64_t number) const;

  std::deque<Step> steps_;
  std::array<float, kNetMeasures> now_{};
};

}  // namespace game::client
