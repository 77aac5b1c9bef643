#include "server/bot_seats.hpp"

#include <algorithm>

#include "engine/core/assert.hpp"
#include "engine/core/rng.hpp"

namespace netcode {

BotSeats::BotSeats(BotMaker maker, BotOptions options, std::optional<std::uint32_t> fill_to, const MatchSetup& setup)
    : maker_(std::move(maker)),
      options_(std::move(options)),
      seed_(setup.seed),
      map_(setup.map),
      match_options_(setup.options) {
  options_.fill_to = fill_to.value_or(options_.fill_to);
}

std::uint32_t BotSeats::wanted(std::uint32_t people, std::uint32_t players_max) const {
  if (!maker_ || people >= options_.fill_to) return 0;
  return std::min(options_.fill_to, players_max) - std::min(people, players_max);
}

std::string BotSeats::add(PlayerId player) {
  ENGINE_ASSERT(maker_);
  // The lowest index that is free: bots that come back bear the names of those that left.
  std::uint32_t index = 0;
  while (std::any_of(seats_.begin(), seats_.end(), [index](const Seat& seat) { return seat.index == index; })) ++index;
  engine::Rng rng(seed_, player.value);
  const std::uint64_t seed = (std::uint64_t{rng.next()} << 32) | rng.next();
  const auto at = std::lower_bound(seats_.begin(), seats_.end(), player,
                                   [](const Seat& seat, PlayerId wanted) { return seat.player < wanted; });
  seats_.insert(at, {player, index, maker_({.seed = seed, .index = index, .map = map_, .options = match_options_})});
  return index < options_.names.size() ? options_.names[index] : "bot " + std::to_string(index + 1);
}

PlayerId BotSeats::remove_last() {
  ENGINE_ASSERT(!seats_.empty());
  const auto last =
      std::max_element(seats_.begin(), seats_.end(), [](const Seat& a, const Seat& b) { return a.index < b.index; });
  const PlayerId player = last->player;
  seats_.erase(last);
  return player;
}

}  // namespace netcode
