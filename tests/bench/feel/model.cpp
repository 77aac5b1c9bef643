#include "tests/bench/feel/model.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <vector>

#include "simnet/link_model.hpp"

namespace game::feel {
namespace {

using engine::Duration;
using engine::TimePoint;
using netcode::transport::LinkModel;
using netcode::transport::NetworkConditions;

constexpr TimePoint kStart{std::chrono::hours(1)};
constexpr Duration kTickPeriod = Duration(std::chrono::seconds(1)) / 60;
constexpr int kSeconds = 600;
constexpr std::size_t kActionBytes = 150;

/// First arrivals of a stream over so many connections, by number; every connection carries all of it.
std::vector<TimePoint> arrivals(const std::shared_ptr<NetworkConditions>& network, std::size_t connections, int count,
                                Duration every, std::size_t bytes, bool takes_turns) {
  std::vector<TimePoint> first(static_cast<std::size_t>(count), TimePoint::max());
  for (std::size_t connection = 0; connection < connections; ++connection) {
    LinkModel link(network);
    for (std::size_t i = 0; i < first.size(); ++i) {
      // Two that take turns with actions send every second one along with the next.
      const std::size_t leaves = takes_turns && i % 2 != connection ? i + 1 : i;
      if (leaves != i && leaves < first.size()) continue;
      const TimePoint at = link.arrival(kStart + static_cast<std::int64_t>(leaves) * every, bytes);
      first[i] = std::min(first[i], at);
      if (takes_turns && i > 0) first[i - 1] = std::min(first[i - 1], at);
    }
  }
  return first;
}

}  // namespace

Model model_of(const Options& options, const Figures& measured) {
  const auto network = std::make_shared<NetworkConditions>(options.network, kStart, options.seed);
  const std::size_t connections = measured.links > 1.5 ? 2 : 1;
  const Duration half_rtt = Duration(options.network.rtt) / 2;
  Model out;

  const auto actions = arrivals(network, connections, kSeconds * 60, kTickPeriod, kActionBytes, connections == 2);
  std::vector<Duration> late;
  for (std::size_t i = 0; i < actions.size(); ++i)
    late.push_back(actions[i] - kStart - static_cast<std::int64_t>(i) * kTickPeriod - half_rtt);
  // The slack that was measured is the middle action's: on the fastest way there would have been more.
  auto sorted = late;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2), sorted.end());
  const Duration slack =
      sorted[sorted.size() / 2] +
      Duration(static_cast<Duration::rep>(measured.slack_p50_ticks * static_cast<double>(kTickPeriod.count())));
  const auto missing = std::count_if(late.begin(), late.end(), [slack](Duration one) { return one > slack; });
  out.missing_actions = static_cast<double>(missing) / static_cast<double>(late.size());

  const auto snapshots = arrivals(network, connections, kSeconds * 30, 2 * kTickPeriod,
                                  static_cast<std::size_t>(measured.snapshot_bytes), false);
  const Duration delay(static_cast<Duration::rep>(measured.interpolation_ms * 1e6));
  std::uint64_t frames = 0;
  std::uint64_t starved = 0;
  for (int frame = 60; frame < kSeconds * 60 - 60; ++frame) {
    const TimePoint now = kStart + frame * kTickPeriod;
    const Duration drawn = now - half_rtt - delay - kStart;
    const auto needed = static_cast<std::size_t>(drawn / (2 * kTickPeriod)) + 1;
    ++frames;
    starved += snapshots[needed] > now ? 1 : 0;
  }
  out.starved_frames = static_cast<double>(starved) / static_cast<double>(frames);
  return out;
}

}  // namespace game::feel
