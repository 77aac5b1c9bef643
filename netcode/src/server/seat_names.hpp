// The names of one match's players, bots included, told apart: the second "ada" is "ada (2)".
//
// Pure. The name goes into the join input, so that it is recorded, and the same for everybody who is shown it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "netcode/ids.hpp"

namespace netcode {

class SeatNames {
 public:
  /// `wanted` itself if nobody here has it, else with the lowest number that makes it another, cut so that it stays
  /// within kNameBytesMax. It is the player's until `release`.
  const std::string& take(PlayerId player, std::string_view wanted);
  void release(PlayerId player);
  /// Of one who has taken it.
  const std::string& name_of(PlayerId player) const { return names_.at(player); }

 private:
  std::map<PlayerId, std::string> names_;
  std::set<std::string, std::less<>> taken_;
};

}  // namespace netcode
