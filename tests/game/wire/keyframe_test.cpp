#include "game/wire/keyframe.hpp"

#include <gtest/gtest.h>

#include "crowd.hpp"
#include "mutate.hpp"
#include "support.hpp"

namespace game::wire {
namespace {

std::vector<std::uint8_t> keyframe_bytes(const sim::State& state) {
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(write_keyframe(state, builder));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

engine::Result<sim::State> restored(const std::vector<std::uint8_t>& bytes, const sim::Map& map) {
  flatbuffers::Verifier verifier(bytes.data(), bytes.size(), 8, 4096);
  if (!verifier.VerifyBuffer<arena::Keyframe>(nullptr)) return engine::error("not a keyframe");
  return read_keyframe(*flatbuffers::GetRoot<arena::Keyframe>(bytes.data()), map);
}

// A fight with everything in it: shots, pickups, deaths, and somebody who leaves.
sim::State fought(int ticks) {
  test::Crowd crowd(8, 4, 5);
  for (int i = 0; i < ticks; ++i) crowd.step();
  return crowd.state;
}

TEST(Keyframe, holds_the_whole_state) {
  test::Crowd crowd(8, 4, 11);
  for (int i = 0; i < 3000; ++i) {
    crowd.step();
    if (i % 50 != 0) continue;
    const auto state = restored(keyframe_bytes(crowd.state), *crowd.map);
    ASSERT_TRUE(state) << state.error().reason;
    ASSERT_EQ(*state, crowd.state) << "tick " << crowd.state.tick;
  }
}

TEST(Keyframe, holds_sides_their_scores_and_the_vote) {
  sim::Options options = sim::options_of(sim::Mode::kTeams);
  options.maps = {"bare", "attic"};
  test::Match match(test::bare_ground(), options);
  for (sim::PlayerId id = 1; id <= 4; ++id) sim::join(match.state, id, "x");
  match.run(10);
  match.state.flow.team_scores = {3, -1};
  match.state.flow.leading_team = 1;
  match.state.flow.phase = sim::Phase::kPodium;
  sim::vote(match.state, 2, "attic");
  auto state = restored(keyframe_bytes(match.state), *match.map);
  ASSERT_TRUE(state) << state.error().reason;
  EXPECT_EQ(*state, match.state);
  EXPECT_EQ(sim::hash(*state), sim::hash(match.state));

  sim::State broken = match.state;
  broken.players[0].vote = 3;
  EXPECT_FALSE(restored(keyframe_bytes(broken), *match.map));
  broken = match.state;
  broken.players[0].team = sim::kNoTeam;
  EXPECT_FALSE(restored(keyframe_bytes(broken), *match.map));
}

TEST(Keyframe, holds_who_sees_whom_for_a_hit) {
  sim::Options options = test::at_once();
  options.visibility = sim::Visibility::kScreen;
  test::Match match(test::bare_ground(), options);
  match.start(4);
  const std::uint32_t now = match.state.tick;
  match.state.encounters = {sim::Encounter{.a = 1, .b = 2, .tick = now}, sim::Encounter{.a = 1, .b = 4, .tick = 1},
                            sim::Encounter{.a = 3, .b = 4, .tick = now}};
  const auto state = restored(keyframe_bytes(match.state), *match.map);
  ASSERT_TRUE(state) << state.error().reason;
  EXPECT_EQ(*state, match.state);
  const auto reason_for = [&](auto change) {
    sim::State broken = match.state;
    change(broken.encounters);
    const auto result = restored(keyframe_bytes(broken), *match.map);
    return result ? std::string() : result.error().reason;
  };
  using Encounters = std::vector<sim::Encounter>;
  EXPECT_EQ(reason_for([](Encounters& all) { all[0].a = 2; }), "encounters[0].a is 2, not below b, 2");
  EXPECT_EQ(reason_for([](Encounters& all) { all[1].b = 9; }), "encounters[1]: 9 is not a player");
  EXPECT_EQ(reason_for([](Encounters& all) { all[0].a = 0; }), "encounters[0]: 0 is not a player");
  EXPECT_EQ(reason_for([](Encounters& all) { all[2].tick += 1; }).substr(0, 21), "encounters[2].tick is");
  EXPECT_EQ(reason_for([](Encounters& all) { std::swap(all[0], all[1]); }), "encounters[1] is out of order");
  EXPECT_EQ(reason_for([](Encounters& all) { all[1] = all[0]; }), "encounters[1] is out of order");
  EXPECT_EQ(reason_for([](Encounters& all) { all.resize(2017); }), "encounters has 2017 elements, at most 2016");
  match.state.tick += sim::kEncounterTicks;
  EXPECT_NE(reason_for([](Encounters& all) { all.resize(1); }), "") << "over a second ago";
}

TEST(Keyframe, of_instarail_has_no_pickups) {
  test::Match match(test::bare_ground(), sim::options_of(sim::Mode::kInstarail));
  match.run(10);
  const auto state = restored(keyframe_bytes(match.state), *match.map);
  ASSERT_TRUE(state) << state.error().reason;
  EXPECT_EQ(*state, match.state);
}

// From every 7th tick of a match: restore there, go on with the same actions, and every hash up to the end is equal. To
// keep it quick each is compared for its next 60 ticks, and every 20th of them to the end.
TEST(Keyframe, a_match_restored_at_any_7th_tick_goes_on_with_equal_hashes) {
  constexpr std::size_t kTicks = 1500;
  test::Crowd crowd(8, 4, 12);
  std::vector<std::vector<sim::Action>> actions;
  std::vector<std::uint64_t> hashes;
  std::vector<std::pair<std::vector<std::uint8_t>, engine::Rng>> keyframes;
  for (std::size_t i = 0; i < kTicks; ++i) {
    if (i % 7 == 0) keyframes.emplace_back(keyframe_bytes(crowd.state), crowd.rng);
    actions.push_back(crowd.think());
    crowd.advance(actions.back());
    hashes.push_back(sim::hash(crowd.state));
  }
  for (std::size_t k = 0; k < keyframes.size(); ++k) {
    const auto state = restored(keyframes[k].first, *crowd.map);
    ASSERT_TRUE(state) << state.error().reason;
    crowd.state = *state;
    crowd.rng = keyframes[k].second;
    const std::size_t end = k % 20 == 0 ? kTicks : std::min(kTicks, k * 7 + 60);
    for (std::size_t i = k * 7; i < end; ++i) {
      crowd.advance(actions[i]);
      ASSERT_EQ(sim::hash(crowd.state), hashes[i])
          << "restored before tick " << k * 7 + 1 << ", differs at tick " << i + 1;
    }
  }
}

// As matches on a server have it: every other tick is shown, and the restored one is asked for what was before.
TEST(Keyframe, a_shot_after_it_is_judged_by_what_was_shown_before_it) {
  test::Match match;
  match.start(2);
  while (match.state.tick % 2 != 0) match.step();
  match.place(2, test::u(900, 500));
  match.run(2);
  const std::uint32_t shown = match.state.tick;
  match.place(2, test::u(900, 900));
  match.run(5);
  match.place(1, test::u(500, 500));
  match.act(1, {.rail = true}, {.tick = shown, .fraction = 3, .from = shown, .to = shown + 2});
  match.act(1, {.aim = 20000}, {.tick = shown + 1, .from = shown, .to = shown + 4});
  const auto state = restored(keyframe_bytes(match.state), *match.map);
  ASSERT_TRUE(state) << state.error().reason;
  ASSERT_EQ(*state, match.state);
  match.state = *state;
  match.step();
  ASSERT_EQ(match.all<sim::Judged>().size(), 1U);
  EXPECT_EQ(match.all<sim::Judged>()[0].view,
            (sim::ViewTime{.tick = shown, .fraction = 3, .from = shown, .to = shown + 2}));
  EXPECT_EQ(match.all<sim::Judged>()[0].victim, 2);
}

TEST(Keyframe, an_unanswered_press_is_kept) {
  test::Match match;
  match.start(1);
  match.act(1, {.dash = true});
  match.act(1, {});
  const auto state = restored(keyframe_bytes(match.state), *match.map);
  ASSERT_TRUE(state);
  match.state = *state;
  match.step();
  EXPECT_TRUE(sim::is_dashing(match.ship(1), match.state.tick));
}

TEST(Keyframe, names_the_field_that_is_wrong) {
  const sim::State good = fought(400);
  ASSERT_FALSE(good.shots.empty());
  const auto reason_for = [&](auto change) {
    sim::State state = good;
    change(state);
    const auto result = restored(keyframe_bytes(state), *test::foundry());
    return result ? std::string() : result.error().reason;
  };
  EXPECT_EQ(reason_for([](sim::State&) {}), "");
  EXPECT_EQ(reason_for([](sim::State& s) { s.next_shot_id = 0; }), "next_shot_id is 0");
  EXPECT_EQ(reason_for([](sim::State& s) { s.options.frag_limit = 0; }), "options.frag_limit is 0");
  EXPECT_EQ(reason_for([](sim::State& s) { s.flow.phase = static_cast<sim::Phase>(7); }), "phase is 7, at most 4");
  EXPECT_EQ(reason_for([](sim::State& s) { s.flow.leader = 77; }), "leader 77 is not a player");
  EXPECT_EQ(reason_for([](sim::State& s) { s.players[3].name = "\xC3"; }), "players[3].name is not UTF-8");
  EXPECT_EQ(reason_for([](sim::State& s) { s.players[3].ship.energy = 301; }),
            "players[3].ship.energy is 301, at most 300");
  EXPECT_EQ(reason_for([](sim::State& s) { s.players[3].ship.position.x = -9; }),
            "players[3].ship.x or y is outside the map");
  EXPECT_EQ(reason_for([](sim::State& s) { s.players[3].ship.velocity.y = 7000; }),
            "players[3].ship.vy is 7000, at most 6144");
  EXPECT_EQ(reason_for([](sim::State& s) { s.players[3].ship.held.thrust_x = -128; }),
            "players[3].ship.thrust is -128, at least -127");
  EXPECT_EQ(reason_for([](sim::State& s) { std::swap(s.players[0], s.players[1]); }), "players[1].id is out of order");
  EXPECT_EQ(reason_for([](sim::State& s) { s.players[0].nemesis = 99; }), "players: nemesis 99 of 1 is not a player");
  EXPECT_EQ(reason_for([](sim::State& s) { s.shots[0].owner = 99; }), "shots[0].owner 99 is not a player");
  EXPECT_EQ(reason_for([](sim::State& s) { s.shots[0].weapon = sim::Weapon::kRail; }),
            "shots[0].weapon is 2, at most 1");
  EXPECT_EQ(reason_for([](sim::State& s) { s.shots[0].end_tick = 1; }), "shots[0].end_tick is 1 at tick 400");
  EXPECT_EQ(reason_for([](sim::State& s) { s.pickups.pop_back(); }).substr(0, 12), "pickups has ");
  EXPECT_EQ(reason_for([](sim::State& s) { s.pickups[1].id = 0; }), "pickups[1].id is 0");
  EXPECT_EQ(reason_for([](sim::State& s) { s.options.snapshot_interval_ticks = 0; }),
            "options.snapshot_interval_ticks is 0, from 1 to 60");
  EXPECT_EQ(reason_for([](sim::State& s) { s.options.visibility = static_cast<sim::Visibility>(2); }),
            "options.visibility is 2, at most 1");
  EXPECT_EQ(reason_for([](sim::State& s) { s.options.rewind_ticks = 61; }), "options.rewind_ticks is 61, at most 60");
  EXPECT_EQ(reason_for([](sim::State& s) { s.position_history[3].id = 99; }), "sights[3].id 99 is not a player");
  EXPECT_EQ(reason_for([](sim::State& s) { s.position_history.back().tick = 401; }).substr(10),
            "].tick is 401 at tick 400");
  EXPECT_EQ(reason_for([](sim::State& s) { s.position_history[0].tick = 0; }), "sights[0].tick is 0 at tick 400");
  EXPECT_EQ(reason_for([](sim::State& s) { s.options.snapshot_interval_ticks = 3; }).substr(0, 7), "sights[");
  EXPECT_EQ(reason_for([](sim::State& s) { s.position_history[2].at.y = -1; }), "sights[2].x or y is outside the map");
  EXPECT_EQ(reason_for([](sim::State& s) { std::swap(s.position_history[2], s.position_history[3]); }),
            "sights[3] is out of order");
  EXPECT_EQ(reason_for([](sim::State& s) { s.position_history[3] = s.position_history[2]; }),
            "sights[3] is out of order");
  EXPECT_EQ(reason_for([](sim::State& s) { s.position_history.resize(5000); }),
            "sights has 5000 elements, at most 2432");
}

TEST(Keyframe, survives_truncated_and_mutated_bytes_and_what_it_reads_can_be_played) {
  const sim::Map& map = *test::foundry();
  const auto bytes = keyframe_bytes(fought(400));
  const int accepted = test::for_each_mutation(bytes, 3000, [&map](const test::AlignedBytes& broken) {
    flatbuffers::Verifier verifier(broken.data(), broken.size(), 8, 4096);
    if (!verifier.VerifyBuffer<arena::Keyframe>(nullptr)) return false;
    auto state = read_keyframe(*flatbuffers::GetRoot<arena::Keyframe>(broken.data()), map);
    if (!state) return false;
    engine::Rng rng(1);
    std::vector<sim::Event> events;
    if (state->tick > 0xFFFFFF00U) return true;  // the end of time
    for (int i = 0; i < 60; ++i) sim::step(*state, map, rng, state->tick + 1, events);
    return true;
  });
  EXPECT_GT(accepted, 100);
}

}  // namespace
}  // namespace game::wire
