// A server that says nonsense: every snapshot and event is refused in words or drawn somehow, and nothing crashes or
// takes long. What is not a FlatBuffer of the schema never comes this far.
#include <gtest/gtest.h>

#include <limits>

#include "game/sim/tuning.hpp"
#include "match_driver.hpp"

namespace game::client {
namespace {

using test::ScreenDriver;

constexpr std::uint32_t kLastTick = std::numeric_limits<std::uint32_t>::max();
constexpr std::int32_t kFarthest = 65536 * sim::kUnit;

/// The numbers at which code breaks, and others.
std::uint32_t odd(engine::Rng& rng) {
  constexpr std::uint32_t kOdd[] = {0,   1,     2,     63,    64,         65,         255,
                                    256, 32767, 32768, 65535, 0x7FFFFFFF, 0x80000000, kLastTick};
  return rng.below(3) == 0 ? rng.next() : kOdd[rng.below(std::size(kOdd))];
}
std::int32_t place(engine::Rng& rng) {
  constexpr std::int32_t kOdd[] = {0, -1, kFarthest, -kFarthest, 8192 * sim::kUnit, 4000 * sim::kUnit};
  if (rng.below(200) == 0) return kFarthest + 1;  // refused
  return rng.below(2) == 0 ? kOdd[rng.below(std::size(kOdd))] : rng.between(-kFarthest, kFarthest);
}
std::int16_t speed(engine::Rng& rng) {
  return static_cast<std::int16_t>(rng.between(-sim::kSpeedMax, sim::kSpeedMax) + (rng.below(200) == 0 ? 5000 : 0));
}

arena::Ship odd_ship(std::uint16_t id, engine::Rng& rng) {
  const auto alive = static_cast<std::uint8_t>(rng.below(4) != 0);
  return {id,
          place(rng),
          place(rng),
          speed(rng),
          speed(rng),
          static_cast<std::uint16_t>(rng.next()),
          static_cast<std::uint8_t>(alive | (rng.below(4) << 1U)),
          static_cast<std::uint8_t>(alive * (1 + rng.below(200))),
          static_cast<std::int8_t>(rng.between(-127, 127)),
          static_cast<std::int8_t>(rng.between(-127, 127)),
          static_cast<std::uint8_t>(rng.below(8)),
          static_cast<std::uint16_t>(rng.below(301)),
          odd(rng),
          odd(rng),
          odd(rng),
          odd(rng),
          odd(rng),
          odd(rng),
          odd(rng),
          odd(rng),
          odd(rng),
          odd(rng)};
}

arena::WorldT odd_world(engine::Rng& rng) {
  arena::WorldT world;
  if (rng.below(10) != 0) {
    world.match = std::make_unique<arena::MatchT>();
    world.match->phase = static_cast<arena::Phase>(rng.below(5));
    world.match->phase_end_tick = odd(rng);
    world.match->round = static_cast<std::uint16_t>(odd(rng));
    world.match->frag_limit = static_cast<std::uint16_t>(odd(rng));
    world.match->leader = static_cast<std::uint16_t>(odd(rng));
    world.match->seed = odd(rng);
    world.match->mode = static_cast<arena::Mode>(rng.below(4));
    world.match->map = std::string(rng.below(3) * 2000, '\xF0');
    world.match->leading_team = static_cast<std::uint8_t>(rng.below(3));
  }
  const bool is_crowded = rng.below(6) == 0;
  std::uint16_t id = 0;
  for (std::uint32_t i = is_crowded ? 64 : rng.below(5); i-- > 0;) world.ships.push_back(odd_ship(++id, rng));
  if (rng.below(4) == 0) world.ships.push_back(odd_ship(65535, rng));
  id = 0;
  for (std::uint32_t i = is_crowded ? 4000 : rng.below(20); i-- > 0;)
    world.shots.emplace_back(++id, place(rng), place(rng), speed(rng), speed(rng), static_cast<std::uint16_t>(odd(rng)),
                             static_cast<arena::Weapon>(rng.below(2)), odd(rng));
  id = 0;
  for (std::uint32_t i = rng.below(80); i-- > 0;)
    world.pickups.emplace_back(++id, static_cast<arena::PickupKind>(rng.below(3)), odd(rng));
  id = 0;
  for (std::uint32_t i = is_crowded ? 1000 : rng.below(4); i-- > 0;) {
    auto player = std::make_unique<arena::PlayerInfoT>();
    player->id = ++id;
    player->name = std::string(rng.below(3) * 300, rng.below(2) == 0 ? 'W' : '\xFF');
    player->team = static_cast<std::uint8_t>(rng.below(3));
    player->score = static_cast<std::int16_t>(odd(rng));
    world.players.push_back(std::move(player));
  }
  for (std::uint32_t i = rng.below(4); i-- > 0;) {
    world.candidates.push_back(std::make_unique<arena::MapCandidateT>());
    world.candidates.back()->map = std::string(rng.below(400), 'm');
    world.candidates.back()->votes = static_cast<std::uint16_t>(odd(rng));
  }
  return world;
}

void tell_something(ScreenDriver& driver, engine::Rng& rng) {
  const auto id = [&] { return static_cast<std::uint16_t>(odd(rng)); };
  const auto at = [&] { return sim::Vec{place(rng), place(rng)}; };
  switch (rng.below(11)) {
    case 0:
      return driver.take(sim::Hit{.shooter = id(), .victim = 1, .damage = 255, .at = at()});
    case 1:
      return driver.take(sim::Kill{
          .killer = id(), .victim = id(), .weapon = static_cast<sim::Weapon>(rng.below(255)), .streak = 3, .at = at()});
    case 2:
      return driver.take(sim::Kill{.killer = 1, .victim = id(), .revenge = true, .at = at()});
    case 3:
      return driver.take(sim::RailFired{.player = id(), .from = at(), .to = at(), .hit_wall = true});
    case 4:
      return driver.take(
          sim::PickupTaken{.player = id(), .kind = static_cast<sim::PickupKind>(rng.below(255)), .at = at()});
    case 5:
      return driver.take(
          sim::PhaseChanged{.phase = static_cast<sim::Phase>(rng.below(255)), .phase_end_tick = odd(rng)});
    case 6: {
      sim::RoundEnded end{.round = id(), .winner = id()};
      for (sim::Award& award : end.awards) award = {id(), static_cast<sim::AwardKind>(rng.below(255)), id()};
      end.team = static_cast<sim::Team>(rng.below(255));
      return driver.take(end);
    }
    case 7:
      return driver.take(
          sim::LeadChanged{.leader = id(), .previous = 1, .team = static_cast<sim::Team>(rng.below(255))});
    case 8:
      return driver.take(sim::PlayerJoined{.player = id(), .name = std::string(rng.below(3000), '\xC3')});
    case 9:
      return driver.take(sim::Heard{.kind = static_cast<sim::HeardKind>(rng.below(255)),
                                    .octant = static_cast<std::uint8_t>(rng.below(255)),
                                    .is_near = rng.below(2) == 0});
    default: {
      arena::ChatT chat;
      chat.player = id();
      chat.text = std::string(rng.below(3000), 'W');
      driver.tell(chat);
    }
  }
}

TEST(MatchHostile, snapshots_and_events_of_any_numbers_neither_crash_nor_hang) {
  int shown = 0;
  int refused = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    engine::Rng rng(seed);
    ScreenDriver driver(test::field_bytes(), static_cast<sim::PlayerId>(seed % 3 == 0 ? 0 : 1), 640, 360);
    for (int i = 0; i < 12; ++i) {
      const test::Snapshot snapshot(odd_world(rng));
      const std::uint32_t tick = rng.below(3) == 0 ? odd(rng) : 1000 + 2 * static_cast<std::uint32_t>(i);
      const auto taken = driver.screen->take_snapshot(snapshot.world(), tick, odd(rng), driver.now_s);
      EXPECT_TRUE(taken || !taken.error().reason.empty());
      ++(taken ? shown : refused);
      tell_something(driver, rng);
      for (const char* key : {"D", "Mouse 1", "Mouse 3", "Tab", "E", "1", "F", "V"})
        if (rng.below(4) == 0) rng.below(2) == 0 ? driver.keys.down(key) : driver.keys.up(key);
      for (int frame = 0; frame < 2; ++frame) driver.update();
      driver.draw();
    }
  }
  EXPECT_GT(shown, 40) << "some of it is fit to be drawn";
  EXPECT_GT(refused, 40) << "and some is not";
}

TEST(MatchHostile, refused_snapshots_leave_what_was_shown) {
  test::MatchDriver driver;
  const std::size_t ships = driver.screen->scene().ships.size();
  const auto world = test::Snapshot(driver.match.state).unpacked();
  world->ships[0].mutate_x(kFarthest + 1);
  const auto taken =
      driver.screen->take_snapshot(test::Snapshot(*world).world(), driver.match.state.tick + 2, 0, driver.now_s);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().reason, "ships[0].x is 16777217, beyond every map");
  driver.update();
  EXPECT_EQ(driver.screen->scene().ships.size(), ships);
}

TEST(MatchHostile, the_own_ship_outside_of_the_map_is_predicted_somehow) {
  test::MatchDriver driver;
  for (const sim::Vec at : {sim::Vec{-kFarthest, -kFarthest}, sim::Vec{kFarthest, kFarthest}, test::u(-5, 500)}) {
    driver.match.ship(1).position = at;
    driver.match.ship(1).velocity = {sim::kSpeedMax, -sim::kSpeedMax};
    const test::Snapshot snapshot(driver.match.state);
    ASSERT_TRUE(driver.screen->take_snapshot(snapshot.world(), driver.match.state.tick, 0, driver.now_s));
    driver.keys.down("D");
    for (int i = 0; i < 10; ++i) driver.update();
    driver.draw();
  }
}

TEST(MatchHostile, time_that_stands_still_or_leaps_is_survived) {
  test::MatchDriver driver;
  for (const double by : {0.0, -5.0, 3600.0, 1e7, -1e7}) {
    driver.now_s += by;
    driver.frames(3);
  }
}

}  // namespace
}  // namespace game::client
