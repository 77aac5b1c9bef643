#include "simnet/network_conditions.hpp"

#include <algorithm>
#include <utility>

namespace netcode {

using std::chrono::milliseconds;

const std::vector<NetworkProfile>& network_profiles() {
  static const std::vector<NetworkProfile> kProfiles{
      {.name = "lan", .rtt = milliseconds(1)},
      {.name = "good", .rtt = milliseconds(40), .jitter = milliseconds(4)},
      {.name = "fair", .rtt = milliseconds(100), .jitter = milliseconds(20), .loss = 0.005},
      {.name = "poor", .rtt = milliseconds(180), .jitter = milliseconds(40), .loss = 0.01},
      {.name = "spikes",
       .rtt = milliseconds(40),
       .jitter = milliseconds(4),
       .stalls = {{.at = milliseconds(3'000), .lasts = milliseconds(250), .every = milliseconds(3'000)}}},
      {.name = "outage",
       .rtt = milliseconds(40),
       .jitter = milliseconds(4),
       .outages = {{.at = milliseconds(10'000), .lasts = milliseconds(2'000), .every = milliseconds(40'000)},
                   {.at = milliseconds(22'000), .lasts = milliseconds(8'000), .every = milliseconds(40'000)}}},
  };
  return kProfiles;
}

engine::Result<NetworkProfile> network_profile(std::string_view name) {
  std::string names;
  for (const NetworkProfile& profile : network_profiles()) {
    if (profile.name == name) return profile;
    names += (names.empty() ? "" : ", ") + profile.name;
  }
  return engine::error("there is no network profile {}: {}", name, names);
}

namespace transport {

NetworkConditions::NetworkConditions(NetworkProfile profile, engine::TimePoint start, std::uint64_t seed)
    : profile_(std::move(profile)), start_(start), seed_(seed) {}

std::optional<engine::TimePoint> NetworkConditions::stalled_until(engine::TimePoint at) const {
  return end_of(at, profile_.stalls, stalls_);
}

bool NetworkConditions::loses_all(engine::TimePoint at) const {
  return end_of(at, profile_.outages, outages_).has_value();
}

std::optional<engine::TimePoint> NetworkConditions::end_of(engine::TimePoint at,
                                                           const std::vector<NetworkProfile::Spell>& spells,
                                                           const std::vector<Span>& spans) const {
  for (const NetworkProfile::Spell& spell : spells) {
    const engine::Duration since = at - start_ - spell.at;
    if (since < engine::Duration::zero()) continue;
    const engine::Duration into = spell.every.count() > 0 ? since % engine::Duration(spell.every) : since;
    if (into < spell.lasts) return at - into + spell.lasts;
  }
  const auto span =
      std::find_if(spans.begin(), spans.end(), [at](const Span& s) { return s.from <= at && at < s.until; });
  if (span == spans.end()) return std::nullopt;
  return span->until;
}

}  // namespace transport
}  // namespace netcode
