// What the rules emit, and to whom: Context::emit, to, to_viewers_of, and where nothing goes out.
#include <gtest/gtest.h>

#include <string>
#include <utility>
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

// At each tick emits in every way there is.
class Emitting : public counter::Game {
 public:
  void tick(Context& ctx) override {
    const counter::WonT won;
    const std::vector<PlayerId> some{{3}, {1}, {3}, kNoPlayer};
    ctx.emit(won);
    ctx.to(PlayerId{2}).emit(won);
    ctx.to(kNoPlayer).emit(won);
    ctx.to(some).as_volatile().emit(won);
    ctx.to_viewers_of({"counters", 1}).emit(won);
    ctx.to_viewers_of({{"counters", 1}, {"scores", 2}}).emit(won);
    ctx.everyone().as_volatile().emit(won);
  }
};

TEST(Emit, tells_to_whom_and_in_which_tick) {
  test_games::Kind kind = counter_kind();
  kind.type.make = [] { return std::make_unique<Emitting>(); };
  std::vector<Emitted> emitted;
  Match match(std::move(kind), [&emitted](Emitted event) { emitted.push_back(std::move(event)); });
  match.simulation->tick();
  const std::vector<Recipients> expected{{},
                                         {.who = Who::kPlayers, .players = {{2}}},
                                         {.who = Who::kPlayers},
                                         {.who = Who::kPlayers, .players = {{1}, {3}}, .is_volatile = true},
                                         {.who = Who::kViewers, .entities = {{"counters", 1}}},
                                         {.who = Who::kViewers, .entities = {{"counters", 1}, {"scores", 2}}},
                                         {.is_volatile = true}};
  ASSERT_EQ(emitted.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(emitted[i].to, expected[i]) << i;
    EXPECT_EQ(emitted[i].tick, 1U);
  }
}

TEST(Emit, goes_nowhere_where_nobody_listens) {
  test_games::Kind kind = counter_kind();
  kind.type.make = [] { return std::make_unique<Emitting>(); };
  Match match(std::move(kind));
  match.simulation->tick();
  EXPECT_FALSE(match.simulation->result()) << "and nothing is wrong";
}

TEST(Emit, lets_nothing_out_whose_recipients_no_recording_takes) {
  class Wild : public counter::Game {
   public:
    void tick(Context& ctx) override {
      std::vector<PlayerId> crowd;
      for (std::uint32_t id = 1; id <= limits::kPlayersPerMatchMax + 1; ++id) crowd.push_back({id});
      ctx.to(crowd).emit(counter::WonT());
      ctx.to(PlayerId{limits::kPlayerIdMax + 1}).emit(counter::WonT());
      ctx.to_viewers_of(std::vector<EntityRef>(kEmittedEntitiesMax + 1, {"counters", 1})).emit(counter::WonT());
      const std::string name(kEntityVectorBytesMax + 1, 'v');
      ctx.to_viewers_of({name, 1}).emit(counter::WonT());
      ctx.to_viewers_of({"\xFF", 1}).emit(counter::WonT());
    }
  };
  test_games::Kind kind = counter_kind();
  kind.type.make = [] { return std::make_unique<Wild>(); };
  int emitted = 0;
  Match match(std::move(kind), [&emitted](Emitted) { ++emitted; });
  std::vector<std::string> faults;
  match.simulation->set_fault_sink([&faults](const std::string& fault) { faults.push_back(fault); });
  match.simulation->tick();
  EXPECT_EQ(emitted, 0);
  const std::string start = "an event that no client would take: ", unnamed =
                                                                        "for the viewers of an entity whose vector "
                                                                        "is named as no field can be";
  EXPECT_EQ(faults,
            (std::vector<std::string>{
                start + "for 1025 players, 1024 is the limit", start + "for player 65536, ids are 1 to 65535",
                start + "for the viewers of 257 entities, 256 is the limit", start + unnamed, start + unnamed}));
}

}  // namespace
}  // namespace netcode
