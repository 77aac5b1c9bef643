// What a person asked for of a match, as the options that a server of the arena takes.
#pragma once

#include "game/client/settings.hpp"
#include "netcode/match_info.hpp"

namespace game::apps {

/// Bots beside whoever makes the match: they fill it to one more, and give up seats to people who come.
netcode::Fields match_options(const client::MatchSetup& match);

/// Nobody else comes: as many seats as there are bots, and one's own. Those that were chosen for hosting say nothing.
client::MatchSetup played_alone(client::MatchSetup match);

}  // namespace game::apps
