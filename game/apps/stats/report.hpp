// What rounds of the arena should be like, and what they are: the targets, each beside its measure.
//
// Pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "game/apps/stats/tally.hpp"

namespace game::stats {

struct Measure {
  std::string key;   // "life_s"
  std::string text;  // "life"
  std::string unit;  // "s", "%", ""
  double value = 0;
  std::optional<double> least{};
  std::optional<double> most{};  // neither: nothing is asked of it here

  bool has_target() const { return least || most; }
  bool is_met() const { return (!least || value >= *least) && (!most || value <= *most); }
};

struct Report {
  std::string map;
  std::string mode;
  std::uint32_t rounds = 0;
  std::size_t bots = 0;
  int level = 0;  // 0: levels in turn
  std::uint64_t seed = 0;
  std::vector<Measure> measures{};
};

// `equal` are rounds of bots that are all of one level.
std::vector<Measure> measures_of(const Tally& tally, const Tally& equal, sim::Mode mode, std::size_t bots);

std::string as_table(const Report& report);
std::string as_json(const Report& report);  // one line

}  // namespace game::stats
