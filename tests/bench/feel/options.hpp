// What feel_bench is asked to measure. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "netcode/client.hpp"
#include "netcode/network_profile.hpp"

namespace game::feel {

struct Options {
  netcode::NetworkProfile network{};
  netcode::Links links = netcode::Links::kAuto;
  std::uint32_t seconds = 60;
  std::uint64_t seed = 1;
  std::uint32_t players = 16;
  int level = 0;  // of the bots; 0: 3 and 4 in turn
  std::string map = "large";
  std::string mode = "instarail";  // nothing but rails: the more shots to judge
  bool predicts = true;
  bool compensates_lag = true;
  std::optional<double> fixed_delay_s{};
};

}  // namespace game::feel
