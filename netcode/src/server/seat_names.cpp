#include "server/seat_names.hpp"

#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"

namespace netcode {

const std::string& SeatNames::take(PlayerId player, std::string_view wanted) {
  std::string name(wanted);
  for (std::size_t number = 2; taken_.contains(name); ++number) {  // ends: there are fewer players than numbers
    const std::string suffix = " (" + std::to_string(number) + ")";
    std::string_view base = engine::utf8_prefix(wanted, limits::kNameBytesMax - suffix.size());
    while (base.ends_with(' ')) base.remove_suffix(1);
    name = std::string(base) + suffix;
  }
  taken_.insert(name);
  return names_[player] = std::move(name);
}

void SeatNames::release(PlayerId player) {
  const auto seat = names_.find(player);
  if (seat == names_.end()) return;
  taken_.erase(seat->second);
  names_.erase(seat);
}

}  // namespace netcode
