#include "game/server/arena_rules.hpp"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include "game/wire/map.hpp"
#include "netcode/testing.hpp"
#include "support.hpp"

namespace game::server {
namespace {

using namespace std::chrono_literals;

netcode::MatchSetup setup() {
  netcode::MatchSetup out{.match_id = "m", .options = {}, .map = {}};
  out.map = std::make_shared<const netcode::Bytes>(test::foundry_bytes());
  return out;
}

std::string refusal(const netcode::MatchSetup& setup) {
  ArenaRules rules;
  const auto prepared = rules.prepare(setup);
  return prepared ? "" : prepared.error().reason;
}

TEST(ArenaRules, refuse_rates_that_they_cannot_play_at) {
  netcode::MatchSetup asked = setup();
  EXPECT_EQ(refusal(asked), "");
  asked.snapshot_hz = 0;
  EXPECT_EQ(refusal(asked), "the arena's 60 ticks a second are no multiple of 0 snapshots");
  asked.snapshot_hz = 45;
  EXPECT_EQ(refusal(asked), "the arena's 60 ticks a second are no multiple of 45 snapshots");
  asked.snapshot_hz = 20;
  EXPECT_EQ(refusal(asked), "");
  asked.tick_hz = 30;
  EXPECT_EQ(refusal(asked), "the arena's numbers are for 60 ticks a second, not 30");
}

TEST(ArenaRules, play_on_the_map_that_is_there_and_load_one_only_where_none_is) {
  const netcode::MatchSetup asked = setup();
  const auto loaded = std::make_shared<const sim::Map>(*wire::load_map(*asked.map));
  const auto map_of = [&](const netcode::SharedBytes& bytes) { return bytes == asked.map ? loaded : nullptr; };
  ArenaRules one(map_of), another(map_of), alone(map_of);
  ASSERT_TRUE(one.prepare(asked));
  ASSERT_TRUE(another.prepare(asked));
  EXPECT_EQ(&one.map(), loaded.get());
  EXPECT_EQ(&another.map(), loaded.get());
  ASSERT_TRUE(alone.prepare(setup())) << "the same map, but of nobody's that is known";
  EXPECT_NE(&alone.map(), loaded.get());
  EXPECT_EQ(alone.map().name(), loaded->name());
}

class ArenaOnABench : public testing::Test {
 protected:
  ArenaOnABench() { spdlog::set_level(spdlog::level::warn); }
  void start(netcode::MatchOptions options = {}) {
    options.map = setup().map;
    bench_.server().define<ArenaRules>("arena", std::move(options));
    bench_.start();
  }
  netcode::testing::TestBench bench_;
};

TEST_F(ArenaOnABench, how_a_rail_was_judged_is_told_to_its_shooter_alone) {
  start();
  const auto ada = bench_.client<ArenaRules>("ada");
  const auto eve = bench_.client<ArenaRules>("eve");
  int fired = 0;
  int judged = 0;
  for (const auto* client : {&ada, &eve}) {
    (*client)->on<arena::RailFired>([&](const arena::RailFired&) { ++fired; });
    (*client)->join("m");
  }
  ada->on<arena::Judged>([&](const arena::Judged&) { ++judged; });
  eve->on<arena::Judged>([&](const arena::Judged&) { FAIL() << "told to another"; });
  ASSERT_TRUE(bench_.run_until([&] { return ada->world() && eve->world() && eve->world()->ships()->size() == 2; }, 2s));
  arena::MoveT rail;
  rail.rail = true;
  ada->act(rail);
  ASSERT_TRUE(bench_.run_until([&] { return fired == 2; }, 1s));
  bench_.run_for(100ms);
  EXPECT_EQ(judged, 1);
}

TEST_F(ArenaOnABench, who_is_cut_off_while_holding_fire_and_thrust_shoots_and_flies_no_more) {
  start();
  const auto ada = bench_.client<ArenaRules>("ada");
  const auto eve = bench_.client<ArenaRules>("eve");
  ada->join("m");
  eve->join("m", {.spectate = true});
  const auto shots = [&] { return eve->world() && eve->world()->shots() ? eve->world()->shots()->size() : 0U; };
  ASSERT_TRUE(bench_.run_until([&] { return ada->world() && eve->world() && eve->world()->ships()->size() == 1; }, 2s));
  arena::MoveT hold;
  hold.thrust_x = 127;
  hold.fire = true;
  ada->act(hold);
  ASSERT_TRUE(bench_.run_until([&] { return shots() > 0; }, 1s));
  bench_.refuse_connections(true);
  ada->drop_connection();
  bench_.run_for(3s);
  for (int i = 0; i < 100; ++i) {
    bench_.run_for(100ms);
    ASSERT_EQ(shots(), 0U);
    ASSERT_EQ(eve->world()->ships()->size(), 1U) << "the seat is kept";
    ASSERT_EQ(eve->world()->ships()->Get(0)->vx(), 0);
  }
}

}  // namespace
}  // namespace game::server
