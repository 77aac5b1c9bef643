// A match of bots over a simulated network, played and measured in virtual time.
#pragma once

#include "engine/core/result.hpp"
#include "tests/bench/feel/figures.hpp"
#include "tests/bench/feel/options.hpp"

namespace game::feel {

/// An error is the map's, the server's or the recording's, in words.
engine::Result<Figures> measure(const Options& options);

}  // namespace game::feel
