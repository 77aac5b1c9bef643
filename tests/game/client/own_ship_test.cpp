#include "game/client/own_ship.hpp"

#include <gtest/gtest.h>

#include "client_support.hpp"
#include "game/client/units.hpp"

namespace game::client {
namespace {

constexpr sim::PlayerId kSelf = 1;
constexpr float kFrame = 1.0F / 60;

sim::MapPlan walled() {
  sim::MapPlan plan = game::test::bare_ground();
  for (std::int32_t x = 300; x < 2800; x += 400)
    for (std::int32_t y = 250; y < 1800; y += 300) {
      const sim::Vec at = test::u(x, y);
      plan.walls.push_back({at.x, at.y, at.x + 90 * sim::kUnit, at.y + 64 * sim::kUnit});
    }
  return plan;
}

/// What hands may do: each held for a while, now and then several at once.
std::vector<sim::Action> some_actions(engine::Rng& rng, std::size_t count) {
  std::vector<sim::Action> out;
  sim::Action now;
  while (out.size() < count) {
    if (rng.below(8) == 0) now.thrust_x = static_cast<std::int8_t>(rng.between(-127, 127));
    if (rng.below(8) == 0) now.thrust_y = static_cast<std::int8_t>(rng.between(-127, 127));
    now.aim = static_cast<engine::Angle>(now.aim + rng.between(-900, 900));
    if (rng.below(6) == 0) now.fire = !now.fire;
    if (rng.below(9) == 0) now.rail = !now.rail;
    if (rng.below(9) == 0) now.dash = !now.dash;
    out.push_back(now);
  }
  return out;
}

/// A server with one player, and what it has sent: snapshot n is of the tick that took action n.
struct Server {
  explicit Server(std::uint64_t seed, sim::Mode mode = sim::Mode::kFreeForAll)
      : match(walled(), test::endless(mode), seed) {
    match.start(1);
    match.run(100);  // until the spawn's shield is over
    remember();
  }
  void take(const sim::Action& action) {
    match.act(kSelf, action);
    hold();
  }
  /// A tick for which no action has come.
  void hold() {
    match.step();
    remember();
  }
  void remember() {
    views.push_back(test::Snapshot(match.state).view(match.state.tick));
    ships.push_back(match.ship(kSelf));
  }

  game::test::Match match;
  std::vector<sim::PlayerView> views;
  std::vector<sim::Ship> ships;
};

/// Where it is drawn at the moment of its newest action.
Point placed(const OwnShip& own) { return own.position(0, {}); }

TEST(OwnShip, is_the_servers_from_any_snapshot_when_each_action_is_taken_in_its_tick) {
  for (const sim::Mode mode : {sim::Mode::kFreeForAll, sim::Mode::kInstarail}) {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", mode " + std::to_string(static_cast<int>(mode)));
      engine::Rng rng(seed);
      const std::vector<sim::Action> actions = some_actions(rng, 600);
      Server server(seed, mode);
      for (const sim::Action& action : actions) server.take(action);

      OwnShip own(*server.match.map);
      own.correct(server.views[0], kSelf, 0);
      std::uint32_t shown = 0;  // the newest snapshot that has come
      for (std::uint32_t n = 1; n <= actions.size(); ++n) {
        own.act(n, own.tick() + 1, actions[n - 1]);
        ASSERT_EQ(own.ship(), server.ships[n]) << "after action " << n << ", snapshot " << shown;
        if (rng.below(2) != 0) continue;
        // A snapshot comes, of up to 20 ticks ago, and never before one that has come already.
        shown = std::max(shown, n - std::min(n, rng.below(21)));
        own.correct(server.views[shown], kSelf, shown);
        ASSERT_EQ(own.ship(), server.ships[n]) << "after action " << n << ", snapshot " << shown;
        ASSERT_EQ(own.last_correction(), 0) << "after action " << n << ", snapshot " << shown;
        ASSERT_EQ(own.pending(), n - shown);
      }
    }
  }
}

TEST(OwnShip, fires_what_the_server_will_say_that_it_fired) {
  Server server(3);
  OwnShip own(*server.match.map);
  own.correct(server.views[0], kSelf, 0);
  const sim::Fired fired = own.act(1, own.tick() + 1, {.fire = true});
  EXPECT_TRUE(fired.shot);
  EXPECT_FALSE(fired.rail);
  server.take({.fire = true});
  ASSERT_EQ(server.match.state.shots.size(), 1U);
  EXPECT_EQ(server.match.state.shots[0].velocity, sim::from_angle(fired.shot_direction, sim::kShotSpeed));
  EXPECT_FALSE(own.act(2, own.tick() + 1, {.fire = true}).shot) << "the blaster is not ready again";
  EXPECT_TRUE(own.act(3, own.tick() + 1, {.rail = true}).rail);
}

// --- corrections -----------------------------------------------------------------------------------------------------

struct Corrected {
  Point before, after;     // where it is drawn, around the snapshot that says otherwise
  float correction = 0;    // in units
  float left_after = 0;    // what is left of it 300 ms later
  float largest_step = 0;  // of the drawn way meanwhile, beyond the flight's own
};

/// A ship flies along +x; then the server goes another way for `ticks`, and says so.
template <class Wrong>
Corrected corrected(Wrong go_wrong) {
  Server server(5);
  server.match.place(kSelf, test::u(200, 200));
  server.remember();
  OwnShip own(*server.match.map);
  own.correct(server.views.back(), kSelf, 0);
  const sim::Action ahead{.thrust_x = 127};
  std::uint32_t sent = 0;
  for (; sent < 40; ++sent) {
    own.act(sent + 1, own.tick() + 1, ahead);
    server.take(ahead);
  }
  own.correct(server.views.back(), kSelf, sent);
  EXPECT_EQ(own.last_correction(), 0);
  // Eight actions of a turn are under way when the server's next snapshot comes.
  const sim::Action turn{.thrust_y = 127};
  for (int i = 0; i < 8; ++i) own.act(++sent, own.tick() + 1, turn);
  const std::uint32_t taken = go_wrong(server, turn, sent - 8);

  Corrected out;
  out.before = placed(own);
  own.correct(server.views.back(), kSelf, taken);
  out.after = placed(own);
  out.correction = own.last_correction();
  Point last = out.after;
  for (int frame = 0; frame < 18; ++frame) {  // 300 ms
    const Point flown = units(own.ship().position);
    own.act(++sent, own.tick() + 1, ahead);
    own.ease(kFrame);
    const Point now = placed(own);
    const Point own_way = units(own.ship().position) - flown;
    out.largest_step = std::max(out.largest_step, length(now - last - own_way));
    last = now;
  }
  out.left_after = length(last - units(own.ship().position));
  return out;
}

void expect_eased(const Corrected& what) {
  EXPECT_GT(what.correction, 1) << "the server has gone another way";
  EXPECT_LT(length(what.after - what.before), 0.01F) << "no jump in the frame of the snapshot";
  EXPECT_LT(what.largest_step, 0.32F * what.correction) << "and none afterwards";
  EXPECT_LT(what.left_after, 0.01F * what.correction) << "but the truth within 300 ms";
}

TEST(OwnShip, is_corrected_and_eased_when_the_server_repeated_an_action_for_a_late_one) {
  expect_eased(corrected([](Server& server, const sim::Action&, std::uint32_t sent) {
    for (int i = 0; i < 8; ++i) server.hold();
    return sent;
  }));
}

TEST(OwnShip, is_corrected_and_eased_after_a_blow) {
  expect_eased(corrected([](Server& server, const sim::Action& turn, std::uint32_t sent) {
    sim::push(server.match.ship(kSelf), {0, -4 * sim::kUnit});
    server.take(turn);
    server.take(turn);
    return sent + 2;
  }));
}

TEST(OwnShip, jumps_to_where_it_comes_back) {
  Server server(6);
  OwnShip own(*server.match.map);
  sim::PlayerView view = server.views.back();
  own.correct(view, kSelf, 0);
  view.ships[0].alive = false;
  view.ships[0].health = 0;
  own.correct(view, kSelf, 0);
  EXPECT_FALSE(own.ship().alive);
  view.ships[0].alive = true;
  view.ships[0].health = 100;
  view.ships[0].position += test::u(30, 40);
  own.correct(view, kSelf, 0);
  EXPECT_EQ(placed(own), units(view.ships[0].position)) << "near by, and a jump all the same";
  // Alive in both, and far away: it died and came back between two snapshots.
  view.ships[0].position += test::u(700, 300);
  own.correct(view, kSelf, 0);
  EXPECT_EQ(placed(own), units(view.ships[0].position));
}

TEST(OwnShip, waits_for_a_server_that_does_not_answer) {
  Server server(7);
  OwnShip own(*server.match.map);
  own.correct(server.views.back(), kSelf, 0);
  for (std::uint32_t n = 1; n <= 1000; ++n) own.act(n, own.tick() + 1, {.thrust_x = 127});
  EXPECT_LE(own.pending(), 120U);
  const Point stopped = placed(own);
  own.act(1001, own.tick() + 1, {.thrust_x = 127});
  EXPECT_EQ(placed(own), stopped);
}

TEST(OwnShip, is_nobodys_until_a_snapshot_has_it) {
  Server server(8);
  OwnShip own(*server.match.map);
  EXPECT_FALSE(own.act(1, own.tick() + 1, {.fire = true}).shot);
  EXPECT_EQ(own.pending(), 0U);
  EXPECT_FALSE(own.is_known());
  own.correct(server.views.back(), kSelf, 0);
  EXPECT_TRUE(own.is_known());
  own.correct(server.views.back(), 9, 0);
  EXPECT_FALSE(own.is_known()) << "it has no ship in this snapshot";
}

TEST(OwnShip, is_drawn_on_the_way_to_where_the_hands_will_take_it) {
  Server server(9);
  server.match.place(kSelf, test::u(200, 200));
  server.remember();
  OwnShip own(*server.match.map);
  own.correct(server.views.back(), kSelf, 0);
  const sim::Action ahead{.thrust_x = 127, .thrust_y = 60};
  for (std::uint32_t n = 1; n <= 30; ++n) own.act(n, own.tick() + 1, ahead);
  const Point from = placed(own);
  const Point to = own.position(1, ahead);
  EXPECT_GT(to.x, from.x);
  EXPECT_NEAR(own.position(0.25F, ahead).x, from.x + 0.25F * (to.x - from.x), 0.001F);
  const sim::Ship before = own.ship();
  const Point back = own.position(1, {.thrust_x = -127});
  EXPECT_LT(back.x, to.x) << "other hands show at once";
  EXPECT_EQ(own.ship(), before) << "to look is not to act";
  own.act(31, own.tick() + 1, ahead);
  EXPECT_EQ(placed(own), to) << "the next one begins where this one ends";
}

}  // namespace
}  // namespace game::client
