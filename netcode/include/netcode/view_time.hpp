// The moment of a match that somebody is shown: between two ticks, and in the past, since what is drawn of the others
// waits for the snapshots around it.
#pragma once

#include <compare>
#include <cstdint>

#include "netcode/ids.hpp"

namespace netcode {

/// Plain value; tick 0: not told.
struct ViewTime {
  Tick tick = 0;
  std::uint8_t fraction = 0;  // 256ths of the way from `tick` to the next one
  /// The snapshots that it was drawn between: from <= tick < to. Both 0: between none, or it is not told.
  Tick from = 0;
  Tick to = 0;

  friend auto operator<=>(const ViewTime&, const ViewTime&) = default;
};

/// Of a moment in ticks, rounded down to a 256th; what is before the first tick is not told.
constexpr ViewTime view_time_at(double ticks) {
  if (!(ticks >= 1) || ticks >= 4'294'967'295.0) return {};
  const auto tick = static_cast<Tick>(ticks);
  return {.tick = tick, .fraction = static_cast<std::uint8_t>((ticks - tick) * 256)};
}
constexpr double ticks_of(ViewTime view) { return view.tick + view.fraction / 256.0; }

}  // namespace netcode
