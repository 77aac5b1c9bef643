#include "game/sim/sight.hpp"

#include <algorithm>
#include <tuple>

#include "game/sim/player_view.hpp"

namespace game::sim {
namespace {

template <class Encounters>
auto place_of(Encounters& encounters, PlayerId a, PlayerId b) {
  return std::lower_bound(
      encounters.begin(), encounters.end(), std::tuple(a, b),
      [](const Encounter& one, const std::tuple<PlayerId, PlayerId>& pair) { return std::tuple(one.a, one.b) < pair; });
}

// Cuts the part [enter, leave] of a way, in 65536ths, down to where one of its coordinates is within low and high.
// False: nothing is left.
bool cut(std::int64_t from, std::int64_t by, std::int64_t low, std::int64_t high, std::int64_t& enter,
         std::int64_t& leave) {
  if (by == 0) return from >= low && from <= high;
  const std::int64_t first = ((by > 0 ? low : high) - from) * kWholePath / by;
  const std::int64_t last = ((by > 0 ? high : low) - from) * kWholePath / by;
  enter = std::max(enter, first);
  leave = std::min(leave, last);
  return enter < leave;
}

}  // namespace

void note_encounter(State& state, PlayerId shooter, PlayerId victim) {
  const auto [a, b] = std::minmax(shooter, victim);
  const auto at = place_of(state.encounters, a, b);
  if (at != state.encounters.end() && at->a == a && at->b == b) {
    at->tick = state.tick;
  } else {
    state.encounters.insert(at, Encounter{.a = a, .b = b, .tick = state.tick});
  }
}

void forget_encounters(State& state) {
  std::erase_if(state.encounters, [&state](const Encounter& one) { return state.tick - one.tick >= kEncounterTicks; });
}

bool have_met(const State& state, PlayerId a, PlayerId b) {
  const auto [low, high] = std::minmax(a, b);
  const auto at = place_of(state.encounters, low, high);
  return at != state.encounters.end() && at->a == low && at->b == high;
}

Sight::Sight(const State& state, const Map& map, PlayerId viewer)
    : state_(state), self_(find_player(state, viewer)), viewer_(viewer) {
  if (self_ == nullptr) return;
  const auto look_at = [&](Vec place) {
    places_[count_] = place;
    middles_[count_++] = camera_within(place, map.size());
  };
  const Player* killer = self_->ship.alive ? nullptr : find_player(state, self_->nemesis);
  if (killer != nullptr && killer->ship.alive) look_at(killer->ship.position);
  look_at(self_->ship.position);
}

bool Sight::covers(Vec at, bool was_shown) const {
  const std::int32_t margin = was_shown ? kSightMarginKept : kSightMargin;
  return std::any_of(middles_.begin(), middles_.begin() + static_cast<std::ptrdiff_t>(count_),
                     [&](Vec middle) { return in_camera(middle, at, margin); });
}

bool Sight::sees(const Player& other, bool was_shown) const {
  if (self_ == nullptr) return false;
  return other.id() == viewer_ || are_mates(other, *self_) || covers(other.ship.position, was_shown) ||
         have_met(state_, viewer_, other.id());
}

bool Sight::sees(const Shot& shot, bool was_shown) const {
  return self_ != nullptr && (shot.owner == viewer_ || covers(shot.position, was_shown));
}

bool Sight::sees(PlayerId other) const {
  const Player* player = find_player(state_, other);
  return player != nullptr && sees(*player);
}

std::optional<Stretch> Sight::seen_part(Vec from, Vec to) const {
  if (self_ == nullptr) return std::nullopt;
  const Vec reach{kViewWidth / 2 + kSightMargin, kViewHeight / 2 + kSightMargin};
  const Vec low = middles_[0] - reach;
  const Vec high = middles_[0] + reach;
  const Vec by = to - from;
  std::int64_t enter = 0;
  std::int64_t leave = kWholePath;
  if (!cut(from.x, by.x, low.x, high.x, enter, leave) || !cut(from.y, by.y, low.y, high.y, enter, leave))
    return std::nullopt;
  const bool starts = enter == 0;
  const bool ends = leave == kWholePath;
  return Stretch{.from = starts ? from : along(from, by, static_cast<std::int32_t>(enter)),
                 .to = ends ? to : along(from, by, static_cast<std::int32_t>(leave)),
                 .starts = starts,
                 .ends = ends};
}

}  // namespace game::sim
