// The typefaces and colours that everything drawn over a match shares. Refers to what its maker keeps.
#pragma once

#include "engine/app/typeface.hpp"
#include "game/client/palette.hpp"

namespace game::client {

struct Art {
  engine::app::Typeface& title;    // Jura Bold
  engine::app::Typeface& text;     // B612
  engine::app::Typeface& numbers;  // B612 Bold
  SideColors colors = kSideColors[0];
};

}  // namespace game::client
