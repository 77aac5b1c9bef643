// Who has how many frags: held open during a round, and the podium at its end with its awards. Pure drawing, in
// 1280 x 720 units.
#pragma once

#include <string>
#include <vector>

#include "engine/app/canvas.hpp"
#include "game/client/art.hpp"
#include "game/client/roster.hpp"

namespace game::client {

struct ScoreboardFacts {
  const Roster& roster;
  sim::PlayerId self = sim::kNobody;
  std::string note{};  // below the rows: spectators, the server
};
void draw_scoreboard(engine::app::Canvas& canvas, const Art& art, const ScoreboardFacts& facts);

struct AwardLine {
  std::string award;  // "DEADEYE"
  std::string name;
  std::string why;  // "42 % of the shots hit"
};
/// The end of a round, as it was told.
struct RoundResult {
  bool is_known = false;
  std::uint16_t round = 0;
  sim::PlayerId winner = sim::kNobody;
  std::uint8_t team = 0;      // the winning one, where there are teams
  std::string winner_name{};  // who may have left since
  std::vector<AwardLine> awards{};
};
struct PodiumFacts {
  const Roster& roster;
  const RoundResult& result;
  sim::PlayerId self = sim::kNobody;
  double age_s = 0;  // since the round ended
  int next_in_s = 0;
  std::string our_vote{};  // a map
  std::string vote_key{};  // what to press for another
};
void draw_podium(engine::app::Canvas& canvas, const Art& art, const PodiumFacts& facts);

}  // namespace game::client
