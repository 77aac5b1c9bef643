// What colour a pickup has, wherever it is drawn. Its shape tells as much: never colour alone.
#pragma once

#include "game/client/palette.hpp"
#include "game/sim/state.hpp"

namespace game::client {

constexpr Color pickup_color(sim::PickupKind kind) {
  switch (kind) {
    case sim::PickupKind::kHealth:
      return palette::kHealth;
    case sim::PickupKind::kRapid:
      return palette::kRapid;
    case sim::PickupKind::kMega:
      break;
  }
  return palette::kMega;
}

}  // namespace game::client
