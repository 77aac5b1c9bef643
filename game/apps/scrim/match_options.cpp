#include "game/apps/scrim/match_options.hpp"

#include <string>

#include "game/server/arena_rules.hpp"

namespace game::apps {

netcode::Fields match_options(const client::MatchSetup& match) {
  return {{"map", match.map},
          {"mode", match.mode},
          {server::kSeatsOption, std::to_string(match.players_max)},
          {server::kBotsOption, std::to_string(match.bots == 0 ? 0 : match.bots + 1)},
          {server::kBotLevelOption, std::to_string(match.bot_level)}};
}

client::MatchSetup played_alone(client::MatchSetup match) {
  match.players_max = match.bots + 1;
  match.is_private = false;
  return match;
}

}  // namespace game::apps
