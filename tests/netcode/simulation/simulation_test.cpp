#include "simulation/simulation.hpp"

#include <gtest/gtest.h>

#include "games/counter.hpp"
#include "games/crowd.hpp"
#include "games/maze.hpp"
#include "netcode/limits.hpp"

namespace netcode {
namespace {

using test_games::counter_kind;
using test_games::Crowd;
using test_games::Kind;
using test_games::Match;
using test_games::maze_kind;

using Inputs = std::vector<std::vector<Input>>;  // by tick, from tick 1

// Plays `ticks` ticks of a crowd and says what went in.
Inputs play(Match& match, std::uint64_t seed, std::size_t ticks) {
  Crowd crowd(match.kind, seed);
  Inputs all;
  for (std::size_t i = 0; i < ticks; ++i) {
    all.push_back(crowd.inputs(*match.simulation));
    for (const Input& input : all.back()) test_games::apply(*match.simulation, input);
    match.simulation->tick();
  }
  return all;
}

class SimulationOf : public testing::TestWithParam<Kind (*)()> {};
INSTANTIATE_TEST_SUITE_P(Games, SimulationOf, testing::Values(counter_kind, maze_kind),
                         [](const auto& kind) { return kind.param().name; });

TEST_P(SimulationOf, plays_the_same_inputs_to_the_same_hash_at_every_tick) {
  Match first(GetParam()());
  Match second(GetParam()());
  Crowd crowd(first.kind, 3);
  for (int tick = 1; tick <= 500; ++tick) {
    for (const Input& input : crowd.inputs(*first.simulation)) {
      test_games::apply(*first.simulation, input);
      test_games::apply(*second.simulation, input);
    }
    first.simulation->tick();
    second.simulation->tick();
    ASSERT_EQ(first.simulation->state_hash(), second.simulation->state_hash()) << "tick " << tick;
  }
}

TEST_P(SimulationOf, restored_at_every_7th_tick_plays_on_to_equal_hashes) {
  constexpr std::size_t kTicks = 420;
  Match match(GetParam()());
  Crowd crowd(match.kind, 8);
  Inputs inputs;
  std::vector<std::uint64_t> hashes;
  std::vector<Keyframe> keyframes;
  for (std::size_t tick = 0; tick < kTicks; ++tick) {
    if (tick % 7 == 0) keyframes.push_back(match.simulation->keyframe());
    inputs.push_back(crowd.inputs(*match.simulation));
    for (const Input& input : inputs.back()) test_games::apply(*match.simulation, input);
    match.simulation->tick();
    hashes.push_back(match.simulation->state_hash());
  }
  for (const Keyframe& keyframe : keyframes) {
    const auto again = test_games::fresh_simulation(match);
    ASSERT_TRUE(again->restore(keyframe));
    for (std::size_t tick = keyframe.tick; tick < kTicks; ++tick) {
      for (const Input& input : inputs[tick]) test_games::apply(*again, input);
      again->tick();
      ASSERT_EQ(again->state_hash(), hashes[tick]) << "restored at " << keyframe.tick << ", tick " << tick + 1;
    }
  }
}

TEST_P(SimulationOf, emits_the_same_events_in_the_same_order) {
  std::vector<std::string> first_events;
  std::vector<std::string> second_events;
  const auto collect = [](std::vector<std::string>& into) {
    return [&into](Emitted event) {
      const PlayerId to = event.to.players.empty() ? kNoPlayer : event.to.players[0];
      into.push_back(event.name + std::to_string(to.value) + std::string(event.body.begin(), event.body.end()));
    };
  };
  Match first(GetParam()(), collect(first_events));
  Match second(GetParam()(), collect(second_events));
  play(first, 5, 600);
  play(second, 5, 600);
  EXPECT_GT(first_events.size(), 3U);
  EXPECT_EQ(first_events, second_events);
}

TEST_P(SimulationOf, does_not_depend_on_who_listens) {
  int emitted = 0;
  Match live(GetParam()(), [&emitted](Emitted) { ++emitted; });
  Match again(GetParam()());
  play(live, 6, 600);
  play(again, 6, 600);
  EXPECT_GT(emitted, 0);
  EXPECT_EQ(live.simulation->state_hash(), again.simulation->state_hash());
}

TEST_P(SimulationOf, has_another_hash_after_every_tick) {
  Match match(GetParam()());
  std::uint64_t before = match.simulation->state_hash();
  for (int i = 0; i < 20; ++i) {
    match.simulation->tick();
    EXPECT_NE(match.simulation->state_hash(), before);
    before = match.simulation->state_hash();
  }
}

Input join(std::uint32_t id, std::string name = "ada") {
  return {.kind = InputKind::kJoin, .player = {id}, .text = std::move(name)};
}

TEST(Simulation, seats_players_by_rising_id_whatever_order_they_come_in) {
  Match match(counter_kind());
  Simulation& simulation = *match.simulation;
  test_games::apply(simulation, join(1));
  test_games::apply(simulation, join(2, "grace"));
  test_games::apply(simulation, join(3));
  test_games::apply(simulation, {.kind = InputKind::kLeave, .player = {2}});
  EXPECT_EQ(simulation.next_player(), PlayerId{4});
  EXPECT_EQ(simulation.player(PlayerId{2}), nullptr);
  test_games::apply(simulation, join(2, "hedy"));
  EXPECT_EQ(simulation.next_player(), PlayerId{4});
  ASSERT_EQ(simulation.players().size(), 3U);
  EXPECT_EQ(simulation.players()[1].name, "hedy");
  EXPECT_EQ(simulation.players()[2].id, PlayerId{3});
}

TEST(Simulation, lets_go_for_a_player_with_an_action_of_defaults_unless_the_rules_know_better) {
  class Holding : public counter::Game {
   public:
    void act(Context&, PlayerId player, const counter::Move& move) override {
      done.push_back({player, move.push(), move.aim()});
    }
    std::vector<std::tuple<PlayerId, int, int>> done;
  };
  test_games::Kind kind = counter_kind();
  kind.type.make = [] { return std::make_unique<Holding>(); };
  Match match(std::move(kind));
  test_games::apply(*match.simulation, join(1));
  counter::MoveT move;
  move.push = 7;
  move.aim = 9;
  test_games::apply(*match.simulation, {.kind = InputKind::kAction, .player = {1}, .body = encode(move)});
  test_games::apply(*match.simulation, {.kind = InputKind::kRelease, .player = {1}});
  const std::vector<std::tuple<PlayerId, int, int>> expected{{PlayerId{1}, 7, 9}, {PlayerId{1}, 0, 0}};
  EXPECT_EQ(dynamic_cast<const Holding&>(match.simulation->rules()).done, expected);
}

TEST(Simulation, tells_rules_who_is_away_and_back_and_nothing_else_changes) {
  class Missing : public counter::Game {
   public:
    void away(Context& ctx, PlayerId player) override { told.push_back({"away", player.value, ctx.tick()}); }
    void back(Context& ctx, PlayerId player) override { told.push_back({"back", player.value, ctx.tick()}); }
    std::vector<std::tuple<std::string, std::uint32_t, Tick>> told;
  };
  test_games::Kind kind = counter_kind();
  kind.type.make = [] { return std::make_unique<Missing>(); };
  Match match(std::move(kind));
  Simulation& simulation = *match.simulation;
  test_games::apply(simulation, join(1));
  const std::uint64_t hash = simulation.state_hash();
  test_games::apply(simulation, {.kind = InputKind::kAway, .player = {1}});
  EXPECT_EQ(simulation.state_hash(), hash);
  simulation.tick();
  test_games::apply(simulation, {.kind = InputKind::kBack, .player = {1}});
  const std::vector<std::tuple<std::string, std::uint32_t, Tick>> expected{{"away", 1, 1}, {"back", 1, 2}};
  EXPECT_EQ(dynamic_cast<const Missing&>(simulation.rules()).told, expected);
  EXPECT_FALSE(simulation.apply({.kind = InputKind::kAway, .player = {2}}));
}

TEST(Simulation, shows_rules_a_ticket_during_join_and_keeps_none) {
  class Checking : public counter::Game {
   public:
    void join(Context& ctx, const Player& player) override {
      counter::Game::join(ctx, player);
      table = player.ticket_table;
      bytes = player.ticket;
      kept = !ctx.players()[0].ticket.empty();
    }
    std::string table;
    Bytes bytes;
    bool kept = true;
  };
  test_games::Kind kind = counter_kind();
  kind.type.make = [] { return std::make_unique<Checking>(); };
  Match match(std::move(kind));
  Input with_ticket = join(1);
  with_ticket.ticket_table = "counter.Shout";
  with_ticket.ticket = encode(counter::ShoutT());
  test_games::apply(*match.simulation, with_ticket);
  const auto& rules = dynamic_cast<const Checking&>(match.simulation->rules());
  EXPECT_EQ(rules.table, "counter.Shout");
  EXPECT_EQ(rules.bytes, with_ticket.ticket);
  EXPECT_FALSE(rules.kept);
  EXPECT_TRUE(match.simulation->keyframe().players[0].ticket.empty());
}

TEST(Simulation, tells_rules_what_was_shown_during_an_action_and_at_no_other_time) {
  class Watching : public counter::Game {
   public:
    void act(Context& ctx, PlayerId, const counter::Move&) override { seen.push_back(ctx.view()); }
    engine::Result<void> event(Context& ctx, PlayerId, const EventView&) override {
      seen.push_back(ctx.view());
      return {};
    }
    void tick(Context& ctx) override { seen.push_back(ctx.view()); }
    std::vector<ViewTime> seen;
  };
  test_games::Kind kind = counter_kind();
  kind.type.make = [] { return std::make_unique<Watching>(); };
  Match match(std::move(kind));
  Simulation& simulation = *match.simulation;
  test_games::apply(simulation, join(1));
  const ViewTime view{.tick = 4, .fraction = 9};
  test_games::apply(simulation,
                    {.kind = InputKind::kAction, .player = {1}, .body = encode(counter::MoveT()), .view = view});
  test_games::apply(simulation, {.kind = InputKind::kAction, .player = {1}, .body = encode(counter::MoveT())});
  test_games::apply(
      simulation,
      {.kind = InputKind::kEvent, .text = "counter.Shout", .body = encode(counter::ShoutT()), .view = view});
  simulation.tick();
  EXPECT_EQ(dynamic_cast<const Watching&>(simulation.rules()).seen, (std::vector<ViewTime>{view, {}, {}, {}}));
}

// What applying `input` is refused with; the state must not have changed.
std::string refusal(Simulation& simulation, const Input& input) {
  const std::uint64_t before = simulation.state_hash();
  const auto applied = simulation.apply(input);
  EXPECT_EQ(simulation.state_hash(), before);
  return applied ? "applied" : applied.error().reason;
}

TEST(Simulation, leaves_out_the_ids_of_those_who_left_before_they_were_seated) {
  Match match(counter_kind());
  Simulation& simulation = *match.simulation;
  test_games::apply(simulation, join(4));
  EXPECT_EQ(simulation.next_player(), PlayerId{5});
  test_games::apply(simulation, join(2));
  EXPECT_EQ(simulation.next_player(), PlayerId{5});
}

TEST(Simulation, refuses_inputs_that_cannot_be_and_changes_nothing) {
  Match match(counter_kind());
  Simulation& simulation = *match.simulation;
  test_games::apply(simulation, join(1));
  EXPECT_EQ(refusal(simulation, join(1)), "player 1 joins and is there already");
  EXPECT_EQ(refusal(simulation, join(0)), "player 0 joins, ids are 1 to 65535");
  EXPECT_EQ(refusal(simulation, join(65'536)), "player 65536 joins, ids are 1 to 65535");
  EXPECT_EQ(refusal(simulation, join(2, "")), "player 2 has a name that no player may have");
  EXPECT_EQ(refusal(simulation, join(2, "a\nb")), "player 2 has a name that no player may have");
  EXPECT_EQ(refusal(simulation, join(2, "\xFF")), "player 2 has a name that no player may have");
  EXPECT_EQ(refusal(simulation, join(2, std::string(33, 'a'))), "player 2 has a name that no player may have");
  EXPECT_EQ(refusal(simulation, {.kind = InputKind::kLeave, .player = {2}}), "player 2 leaves and is not there");
  EXPECT_EQ(refusal(simulation, {.kind = InputKind::kRelease, .player = {9}}), "player 9 lets go and is not there");
  EXPECT_EQ(refusal(simulation, {.kind = InputKind::kAction, .player = {9}}), "player 9 acts and is not there");
  EXPECT_EQ(refusal(simulation, {.kind = InputKind::kAway, .player = {9}}), "player 9 is away and has no seat");
  EXPECT_EQ(refusal(simulation, {.kind = InputKind::kBack, .player = {9}}), "player 9 is back and has no seat");
  Input with_ticket = join(2);
  with_ticket.ticket.resize(limits::kTicketBytesMax + 1);
  EXPECT_EQ(refusal(simulation, with_ticket), "a ticket of 4097 bytes, 4096 is the limit");
  EXPECT_EQ(refusal(simulation, {.kind = InputKind::kEvent, .text = "counter.Won"}),
            "counter.Won is no event that is an input");
  EXPECT_EQ(refusal(simulation, {.kind = InputKind::kEvent, .text = "counter.Nothing"}),
            "counter.Nothing is no event that is an input");
  EXPECT_EQ(refusal(simulation, {.kind = InputKind::kEvent, .player = {4}, .text = "counter.Shout"}),
            "player 4 sends counter.Shout and is not there");
  EXPECT_EQ(refusal(simulation, {.kind = InputKind::kEnd, .text = "\xC0"}), "a result that is not UTF-8");
  EXPECT_EQ(refusal(simulation, {.kind = static_cast<InputKind>(77)}), "input of kind 77");
}

TEST(Simulation, keeps_its_first_result_and_cuts_a_long_one_between_code_points) {
  Match match(counter_kind());
  std::string text(kResultBytesMax - 1, 'a');
  text += "ž";
  test_games::apply(*match.simulation, {.kind = InputKind::kEnd, .text = text});
  test_games::apply(*match.simulation, {.kind = InputKind::kEnd, .text = "another"});
  EXPECT_EQ(match.simulation->result(), std::string(kResultBytesMax - 1, 'a'));
}

TEST(Simulation, ends_when_the_rules_say_so) {
  Kind kind = counter_kind();
  kind.setup.options["rounds"] = "2";
  Match match(std::move(kind));
  play(match, 1, 3000);
  ASSERT_TRUE(match.simulation->result());
  EXPECT_EQ(*match.simulation->result(), "round 2");
}

TEST(Simulation, tells_why_the_rules_cannot_be_prepared) {
  Kind kind = maze_kind();
  kind.setup.map = std::make_shared<const Bytes>(3);
  const auto schema = Schema::load(kind.type.schema, kind.type.world_table);
  ASSERT_TRUE(schema);
  const auto made = Simulation::create(kind.type, *schema, kind.setup);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().reason, "the map is not 256 cells");
}

TEST(Simulation, refuses_a_setup_that_no_recording_takes) {
  Kind kind = counter_kind();
  const auto schema = Schema::load(kind.type.schema, kind.type.world_table);
  kind.setup.options = {{"key", std::string(limits::kMatchOptionsBytesMax - 2, 'x')}};
  EXPECT_EQ(Simulation::create(kind.type, *schema, kind.setup).error().reason,
            "options of 4097 bytes, 4096 is the limit");
  kind.setup.options = {{"key", "\xFF"}};
  EXPECT_EQ(Simulation::create(kind.type, *schema, kind.setup).error().reason, "options that are not UTF-8");
  kind.setup.options.clear();
  kind.setup.map = std::make_shared<const Bytes>(limits::kMapBytesMax + 1);
  EXPECT_EQ(Simulation::create(kind.type, *schema, kind.setup).error().reason,
            "a map of 1048577 bytes, 1048576 is the limit");
}

TEST(Simulation, names_a_table_that_the_schema_does_not_have) {
  Kind kind = counter_kind();
  const auto schema = Schema::load(kind.type.schema, kind.type.world_table);
  ASSERT_TRUE(schema);
  kind.type.action_table = "counter.Jump";
  const auto made = Simulation::create(kind.type, *schema, kind.setup);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().reason, "the schema has no table counter.Jump");
}

std::string restore_refusal(const Match& match, const Keyframe& keyframe) {
  const auto restored = test_games::fresh_simulation(match)->restore(keyframe);
  return restored ? "restored" : restored.error().reason;
}

TEST(Simulation, does_not_restore_from_a_keyframe_that_cannot_be) {
  Match match(maze_kind());
  play(match, 4, 200);
  const Keyframe good = match.simulation->keyframe();
  ASSERT_GT(good.players.size(), 1U);
  EXPECT_EQ(restore_refusal(match, good), "restored");

  Keyframe bad = good;
  std::swap(bad.players[0], bad.players[1]);
  EXPECT_EQ(restore_refusal(match, bad), "a keyframe whose player 1 is out of order");
  bad = good;
  bad.next_player = bad.players.back().id.value;
  EXPECT_NE(restore_refusal(match, bad).find("out of order"), std::string::npos);
  bad = good;
  bad.players[0].name = "\x07";
  EXPECT_EQ(restore_refusal(match, bad), "player 1 has a name that no player may have");
  bad = good;
  bad.players.resize(2000, bad.players[0]);
  EXPECT_EQ(restore_refusal(match, bad), "a keyframe of 2000 players");
  bad = good;
  bad.rules.resize(bad.rules.size() / 2);
  EXPECT_EQ(restore_refusal(match, bad), "maze.Keyframe: not a maze.Keyframe");

  maze::KeyframeT outside;
  outside.walkers.emplace_back(1, std::uint8_t{99}, std::uint8_t{0}, maze::Heading::East);
  outside.ran.push_back(0);
  outside.opened.push_back(1);
  bad.rules = encode(outside);
  EXPECT_EQ(restore_refusal(match, bad), "walkers[0] is outside the maze");
}

}  // namespace
}  // namespace netcode
