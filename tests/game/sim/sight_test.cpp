#include "game/sim/sight.hpp"

#include <gtest/gtest.h>

#include <array>

#include "support.hpp"

namespace game::sim {
namespace {

using test::Match;
using test::u;

// A screen's half, and the margins, in u.
constexpr std::int32_t kHalfWidth = kViewWidth / 2 / kUnit;
constexpr std::int32_t kHalfHeight = kViewHeight / 2 / kUnit;
constexpr std::int32_t kIn = kSightMargin / kUnit;
constexpr std::int32_t kOut = kSightMarginKept / kUnit;

Options limited(Mode mode = Mode::kFreeForAll) {
  Options options = options_of(mode);
  options.players_to_start = 1;
  options.warmup_ticks = 0;
  options.countdown_ticks = 1;
  options.time_limit_ticks = 0;
  options.visibility = Visibility::kScreen;
  return options;
}

// On bare ground; 1 in its middle, so that his camera is not kept from looking where he is.
class SightOf : public testing::Test {
 protected:
  SightOf() {
    match_.start(3);
    match_.place(1, u(1500, 1000));
    match_.place(2, u(100, 100));
    match_.place(3, u(100, 1900));
  }
  bool sees(PlayerId viewer, PlayerId other, bool was_shown = false) {
    return Sight(match_.state, *match_.map, viewer).sees(match_.player(other), was_shown);
  }
  bool sees_at(std::int32_t x, std::int32_t y, bool was_shown = false) {
    match_.place(2, u(1500 + x, 1000 + y));
    return sees(1, 2, was_shown);
  }
  Match match_{test::bare_ground(), limited()};
};

TEST_F(SightOf, a_player_is_his_screen_and_a_margin_around_it) {
  EXPECT_TRUE(sees_at(kHalfWidth + kIn, 0));
  EXPECT_FALSE(sees_at(kHalfWidth + kIn + 1, 0));
  EXPECT_TRUE(sees_at(-kHalfWidth - kIn, 0));
  EXPECT_FALSE(sees_at(-kHalfWidth - kIn - 1, 0));
  EXPECT_TRUE(sees_at(0, kHalfHeight + kIn));
  EXPECT_FALSE(sees_at(0, kHalfHeight + kIn + 1));
  EXPECT_FALSE(sees_at(kHalfWidth + kIn + 1, kHalfHeight));
}

TEST_F(SightOf, a_player_does_not_follow_his_aim) {
  for (const engine::Angle aim : std::to_array<engine::Angle>({0, 16384, 32768, 49152})) {
    match_.ship(1).held.aim = aim;
    EXPECT_TRUE(sees_at(kHalfWidth + kIn, 0)) << aim;
    EXPECT_FALSE(sees_at(-kHalfWidth - kIn - 1, 0)) << aim;
  }
}

TEST_F(SightOf, who_was_shown_stays_up_to_a_wider_margin) {
  EXPECT_TRUE(sees_at(kHalfWidth + kIn + 1, 0, true));
  EXPECT_TRUE(sees_at(kHalfWidth + kOut, 0, true));
  EXPECT_FALSE(sees_at(kHalfWidth + kOut + 1, 0, true));
  EXPECT_FALSE(sees_at(kHalfWidth + kOut, 0, false));
}

// Beside the map's edge the camera does not follow: the screen shows more of the inside.
TEST_F(SightOf, a_player_at_the_edge_is_where_his_camera_is_kept) {
  match_.place(1, u(20, 1000));
  const std::int32_t middle = kHalfWidth - kViewOutside / kUnit;
  match_.place(2, u(middle + kHalfWidth + kIn, 1000));
  EXPECT_TRUE(sees(1, 2));
  match_.place(2, u(middle + kHalfWidth + kIn + 1, 1000));
  EXPECT_FALSE(sees(1, 2));
}

TEST_F(SightOf, whoever_has_hit_somebody_and_of_him_lasts_a_second) {
  EXPECT_FALSE(sees(1, 2));
  note_encounter(match_.state, 2, 1);
  for (std::uint32_t tick = 0; tick < kEncounterTicks; ++tick) {
    ASSERT_TRUE(sees(1, 2) && sees(2, 1)) << tick;
    ASSERT_FALSE(sees(1, 3) || sees(3, 2)) << "that is nobody else's";
    match_.step();
    match_.place(1, u(1500, 1000));
    match_.place(2, u(100, 100));
    match_.place(3, u(100, 1900));
  }
  EXPECT_FALSE(sees(1, 2) || sees(2, 1));
  EXPECT_TRUE(match_.state.encounters.empty());
}

TEST_F(SightOf, a_hit_begins_with_every_hit_anew_and_ends_with_who_leaves) {
  note_encounter(match_.state, 1, 2);
  match_.run(30);
  note_encounter(match_.state, 2, 1);
  note_encounter(match_.state, 3, 2);
  EXPECT_EQ(match_.state.encounters.size(), 2U);
  match_.run(kEncounterTicks - 1);
  EXPECT_TRUE(have_met(match_.state, 1, 2));
  leave(match_.state, 2);
  EXPECT_TRUE(match_.state.encounters.empty());
}

TEST_F(SightOf, the_two_of_a_real_hit_far_beyond_the_screen) {
  match_.place(1, u(500, 1000));
  match_.place(2, u(1450, 1000));
  EXPECT_FALSE(sees(1, 2)) << "a rail reaches farther";
  match_.act(1, {.rail = true});
  match_.step();
  ASSERT_EQ(match_.all<Hit>().size(), 1U);
  EXPECT_TRUE(sees(1, 2));
  EXPECT_TRUE(sees(2, 1));
}

TEST_F(SightOf, the_dead_is_around_where_they_died_and_around_who_did_it) {
  match_.place(2, u(100, 100));
  match_.ship(1).alive = false;
  match_.player(1).nemesis = 2;
  match_.place(3, u(150, 150));
  EXPECT_TRUE(sees(1, 3)) << "around who did it";
  EXPECT_EQ(Sight(match_.state, *match_.map, 1).ear(), match_.ship(2).position);
  match_.place(3, u(1550, 1050));
  EXPECT_TRUE(sees(1, 3)) << "around where he died";
  match_.place(3, u(2900, 100));
  EXPECT_FALSE(sees(1, 3));
  match_.ship(1).alive = true;
  match_.place(3, u(150, 150));
  EXPECT_FALSE(sees(1, 3)) << "he is back";
}

TEST_F(SightOf, the_dead_is_not_around_a_killer_who_is_dead_or_gone) {
  match_.ship(1).alive = false;
  match_.player(1).nemesis = 2;
  match_.ship(2).alive = false;
  match_.place(3, u(150, 150));
  EXPECT_FALSE(sees(1, 3));
  EXPECT_EQ(Sight(match_.state, *match_.map, 1).ear(), match_.ship(1).position);
}

TEST_F(SightOf, a_player_has_his_own_ship_and_shots_always) {
  const Shot far{.id = 1, .owner = 1, .position = u(2990, 1990)};
  Shot other = far;
  other.owner = 2;
  const Sight sight(match_.state, *match_.map, 1);
  EXPECT_TRUE(sight.sees(match_.player(1)));
  EXPECT_TRUE(sight.sees(far));
  EXPECT_FALSE(sight.sees(other));
  other.position = u(1500 + kHalfWidth + kIn, 1000);
  EXPECT_TRUE(sight.sees(other));
  other.position = u(1500 + kHalfWidth + kOut, 1000);
  EXPECT_FALSE(sight.sees(other));
  EXPECT_TRUE(sight.sees(other, true));
}

TEST_F(SightOf, who_has_no_seat_is_nothing) {
  const Sight sight(match_.state, *match_.map, 9);
  EXPECT_FALSE(sight.sees(match_.player(1)));
  EXPECT_FALSE(sight.sees(PlayerId{9}));
  EXPECT_FALSE(sight.sees(Shot{.owner = 9}));
  EXPECT_FALSE(sight.seen_part(u(0, 0), u(3000, 2000)));
}

TEST(SightOfTeams, mates_see_each_other_everywhere_and_nobody_else) {
  Match match(test::bare_ground(), limited(Mode::kTeams));
  match.start(3);
  PlayerId mate = 0;
  PlayerId foe = 0;
  for (const PlayerId id : {PlayerId{2}, PlayerId{3}})
    (match.player(id).team == match.player(1).team ? mate : foe) = id;
  ASSERT_TRUE(mate != 0 && foe != 0);
  match.place(1, u(1500, 1000));
  match.place(mate, u(100, 100));
  match.place(foe, u(100, 150));
  const Sight sight(match.state, *match.map, 1);
  EXPECT_TRUE(sight.sees(mate));
  EXPECT_FALSE(sight.sees(foe)) << "a mate's eyes are his own";
  EXPECT_FALSE(sight.sees(Shot{.owner = mate, .position = u(100, 100)}));
}

TEST_F(SightOf, a_beam_is_the_part_of_it_on_the_screen) {
  const Sight sight(match_.state, *match_.map, 1);
  const auto whole = sight.seen_part(u(1400, 900), u(1600, 1100));
  ASSERT_TRUE(whole);
  EXPECT_TRUE(whole->starts && whole->ends);
  EXPECT_EQ(whole->from, u(1400, 900));
  EXPECT_EQ(whole->to, u(1600, 1100));

  const auto across = sight.seen_part(u(100, 1000), u(2900, 1000));
  ASSERT_TRUE(across);
  EXPECT_FALSE(across->starts || across->ends);
  EXPECT_NEAR(across->from.x, u(1500 - kHalfWidth - kIn, 0).x, 2 * kUnit);
  EXPECT_NEAR(across->to.x, u(1500 + kHalfWidth + kIn, 0).x, 2 * kUnit);

  const auto out = sight.seen_part(u(1500, 1000), u(1500, 1990));
  ASSERT_TRUE(out);
  EXPECT_TRUE(out->starts);
  EXPECT_FALSE(out->ends);
  EXPECT_NEAR(out->to.y, u(0, 1000 + kHalfHeight + kIn).y, 2 * kUnit);

  EXPECT_FALSE(sight.seen_part(u(100, 100), u(2900, 100)));
  EXPECT_FALSE(sight.seen_part(u(100, 100), u(100, 1900)));
}

}  // namespace
}  // namespace game::sim
