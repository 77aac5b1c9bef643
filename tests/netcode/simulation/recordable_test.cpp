#include "simulation/recordable.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "games/counter.hpp"
#include "games/crowd.hpp"
#include "netcode/limits.hpp"
#include "simulation/simulation.hpp"

namespace netcode {
namespace {

using Who = Recipients::Who;
using test_games::counter_kind;
using test_games::Match;

// All that a game may have left in them.
Recipients filled(Who who) {
  return {.who = who, .players = {{3}, {1}, kNoPlayer, {3}}, .entities = {{"counters", 1}}, .is_volatile = true};
}

TEST(Recordable, has_one_form_of_the_same_people) {
  const auto of = [](Who who) { return recordable(filled(who)).value(); };
  EXPECT_EQ(of(Who::kEveryone), (Recipients{.is_volatile = true}));
  EXPECT_EQ(of(Who::kPlayers), (Recipients{.who = Who::kPlayers, .players = {{1}, {3}}, .is_volatile = true}));
  EXPECT_EQ(of(Who::kViewers), (Recipients{.who = Who::kViewers, .entities = {{"counters", 1}}, .is_volatile = true}));
}

TEST(Recordable, counts_what_is_left) {
  const Recipients crowd{.who = Who::kPlayers,
                         .players = std::vector<PlayerId>(limits::kPlayersPerMatchMax + 1, PlayerId{7})};
  EXPECT_TRUE(recordable(crowd)) << "one player, often";
  const Recipients everyone{.players = {{limits::kPlayerIdMax + 1}}, .entities = {{"\xFF", 1}}};
  EXPECT_TRUE(recordable(everyone)) << "they say nothing there";
}

TEST(Recordable, refuses_what_is_too_large_wherever_it_stands) {
  const Recipients far{.who = Who::kPlayers, .players = {{limits::kPlayerIdMax + 1}, {1}}};
  ASSERT_FALSE(recordable(far));
  EXPECT_EQ(recordable(far).error().reason, "for player 65536, ids are 1 to 65535");
  const Recipients formless{.who = static_cast<Who>(9)};
  ASSERT_FALSE(recordable(formless));
  EXPECT_EQ(recordable(formless).error().reason, "for recipients of form 9, there is none");
}

TEST(Recordable, is_whom_the_rules_emit_to_by_an_emitter_of_their_own) {
  class ByHand : public counter::Game {
   public:
    void tick(Context& ctx) override {
      for (const Who who : {Who::kEveryone, Who::kPlayers, Who::kViewers})
        Context::Emitter(ctx, filled(who)).emit(counter::WonT());
    }
  };
  test_games::Kind kind = counter_kind();
  kind.type.make = [] { return std::make_unique<ByHand>(); };
  std::vector<Recipients> told;
  Match match(std::move(kind), [&told](Emitted event) { told.push_back(std::move(event.to)); });
  match.simulation->tick();
  ASSERT_EQ(told.size(), 3U);
  for (const Recipients& to : told) EXPECT_EQ(to, recordable(filled(to.who)).value());
}

}  // namespace
}  // namespace netcode
