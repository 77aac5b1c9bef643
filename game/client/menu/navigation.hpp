// Which of several boxes the focus goes to when a direction is pressed. Pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "engine/app/geometry.hpp"
#include "game/client/menu/menu_input.hpp"

namespace game::client {

/// The nearest of `boxes` that lies `towards` the one at `from`; with `goes_on`, up and down continue at the
/// other end. Nothing if there is
/// none. An empty box is passed over.
std::optional<std::size_t> neighbour(std::span<const engine::app::Box> boxes, std::size_t from, Direction towards,
                                     bool goes_on);

}  // namespace game::client
