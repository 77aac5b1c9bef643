// Tests also: match_clock.cpp, plain_encoder.cpp, visible_world.cpp.
#include "server_fixture.hpp"

using namespace field;
using ::testing::TestWithParam;

class MatchTest : public ServerTest {};
INSTANTIATE_ON_SHARDS(MatchTest);

namespace {

/// What a client was built with that is newer than the server.
class NewerRules : public Rules {
 public:
  static constexpr std::string_view kVersion = "2";
};

}  // namespace

TEST_P(MatchTest, tells_clients_whether_they_have_its_rules) {
  start();
  std::optional<bool> of_the_same, of_others;
  auto ada = client("ada");
  ada->on_joined([&](const netcode::JoinedMatch& match) { of_the_same = match.rules_differ; });
  ada->join("m");
  auto bob = bench_->client<NewerRules>("bob");
  bob->on_joined([&](const netcode::JoinedMatch& match) { of_others = match.rules_differ; });
  bob->join("m");
  ASSERT_TRUE(until([&] { return of_the_same && of_others; })) << bob->reason();
  EXPECT_EQ(of_the_same, false) << "both ends hash a version alike";
  EXPECT_EQ(of_others, true);
}

TEST_P(MatchTest, a_url_makes_the_match_and_its_player_sees_itself_move) {
  start();
  auto ada = joined("ada");
  EXPECT_EQ(ada->match()->id, "m");
  EXPECT_EQ(ada->match()->kind, "field");
  EXPECT_EQ(ada->match()->tick_hz, 60U);
  ASSERT_TRUE(until([&] { return dot_of(ada->world(), ada->player()) != nullptr; }));

  MoveT move;
  move.dx = 3;
  const std::uint32_t sequence = ada->act(move);
  ASSERT_TRUE(until([&] { return ada->snapshot()->action_sequence == sequence; }));
  EXPECT_EQ(dot_of(ada->world(), ada->player())->x(), 3);
}

TEST_P(MatchTest, sixty_ticks_and_thirty_snapshots_pass_in_a_second) {
  start();
  auto ada = joined("ada");
  ASSERT_TRUE(until([&] { return ada->snapshot().has_value(); }));
  const auto snapshots = ada->stats().snapshots;
  const auto tick = ada->snapshot()->tick;
  bench_->run_for(10s);
  EXPECT_EQ(ada->stats().snapshots - snapshots, 300U);
  EXPECT_EQ(ada->snapshot()->tick - tick, 600U);
  EXPECT_EQ(server().stats().late_ticks, 0U);
}

TEST_P(MatchTest, a_snapshot_is_encoded_once_for_all) {
  start();
  std::vector<std::unique_ptr<FieldClient>> clients;
  for (int i = 0; i < 8; ++i) clients.push_back(joined("c" + std::to_string(i)));
  const auto before = server().stats();
  bench_->run_for(1s);
  const auto after = server().stats();
  EXPECT_EQ(after.snapshots - before.snapshots, 8U * (after.snapshots_encoded - before.snapshots_encoded));
}

TEST_P(MatchTest, a_full_match_refuses_and_names_its_limit) {
  make(config(), {.players_max = 2, .spectators_max = 1});
  start();
  auto ada = joined("ada");
  auto bob = joined("bob");
  EXPECT_EQ(refusal("cyd", "m"), "match m is full: 2 players");
  auto watcher = joined("eve", "m", {.spectate = true});
  EXPECT_EQ(watcher->player(), netcode::kNoPlayer);
  EXPECT_EQ(refusal("fay", "m", {.spectate = true}), "match m has 1 spectators, its limit");
  bob->close();
  ASSERT_TRUE(until([&] { return server().list()[0].players == 1; }));
  auto cyd = joined("cyd");
}

TEST_P(MatchTest, a_password_keeps_others_out) {
  start();
  auto ada = client("ada");
  ada->connect();
  ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kConnected; }));
  std::string id;
  ada->create({.kind = "field",
               .id = "",
               .password = "sesame",
               .is_private = false,
               .options = {},
               .metadata = {{"map", "line"}}},
              [&](const auto& made) { id = made ? made->id : made.error().reason; });
  ASSERT_TRUE(until([&] { return !id.empty(); }));
  EXPECT_EQ(refusal("bob", id), "match " + id + " needs a password");
  EXPECT_EQ(refusal("bob", id, {.password = "open"}), "match " + id + ": wrong password");
  auto bob = joined("bob", id, {.password = "sesame"});

  std::vector<netcode::MatchInfo> found;
  ada->list("field", [&](const auto& list) { found = *list; });
  ASSERT_TRUE(until([&] { return !found.empty(); }));
  EXPECT_TRUE(found[0].has_password);
  EXPECT_EQ(found[0].metadata.at("map"), "line");
}

TEST_P(MatchTest, a_private_match_is_not_listed) {
  make(config(), {.is_private = true});
  start();
  auto ada = joined("ada", "hidden");
  EXPECT_TRUE(server().list().empty());
  auto bob = client("bob");
  bob->quick_join("field");
  ASSERT_TRUE(until([&] { return bob->state() == netcode::ClientState::kInMatch; }));
  EXPECT_NE(bob->match()->id, "hidden");
}

TEST_P(MatchTest, a_locked_match_takes_nobody_new_and_its_own_back) {
  start();
  auto ada = joined("ada");
  server().match("m").lock();
  bench_->run_for(100ms);
  EXPECT_EQ(refusal("bob", "m"), "match m is locked");
  ada->drop_connection();
  ASSERT_TRUE(until([&] { return ada->stats().resumed == 1; }));
  EXPECT_EQ(ada->state(), netcode::ClientState::kInMatch);
}

TEST_P(MatchTest, quick_joins_fill_a_match_before_they_make_another) {
  make(config(), {.players_max = 4});
  start();
  std::vector<std::unique_ptr<FieldClient>> clients;
  for (int i = 0; i < 10; ++i) {
    clients.push_back(client("c" + std::to_string(i)));
    clients.back()->quick_join("field");  // all at once
  }
  ASSERT_TRUE(until([&] {
    return std::all_of(clients.begin(), clients.end(),
                       [](const auto& c) { return c->state() == netcode::ClientState::kInMatch; });
  }));
  std::vector<std::uint32_t> sizes;
  for (const auto& match : server().list()) sizes.push_back(match.players);
  std::sort(sizes.begin(), sizes.end());
  ASSERT_EQ(sizes.size(), 3U) << "ten, four at a time";
  // On threads somebody may be counted twice for a moment, in a seat and on the way to it, and a match taken for full.
  if (!GetParam().threads) {
    EXPECT_EQ(sizes, (std::vector<std::uint32_t>{2, 4, 4}));
  }
}

TEST_P(MatchTest, a_match_that_nobody_is_in_ends) {
  start();
  auto ada = joined("ada");
  ada->leave();
  ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kConnected; }));
  EXPECT_EQ(server().list().size(), 1U);
  bench_->run_for(netcode::limits::kMatchEmptyTimeout + 100ms);
  EXPECT_TRUE(server().list().empty());
}

TEST_P(MatchTest, a_match_that_the_rules_end_tells_everyone_the_result) {
  make(config(), {.options = {{"end_at", "90"}}});
  start();
  auto ada = joined("ada");
  auto eve = joined("eve", "m", {.spectate = true});
  std::vector<std::string> results;
  ada->on_ended([&](std::string_view result) { results.emplace_back(result); });
  eve->on_ended([&](std::string_view result) { results.emplace_back(result); });
  ASSERT_TRUE(until([&] { return results.size() == 2; }, 3s));
  EXPECT_EQ(results[0], "the end was reached");
  EXPECT_EQ(results[1], results[0]);
  EXPECT_EQ(ada->state(), netcode::ClientState::kConnected);
  EXPECT_TRUE(server().list().empty());
}

TEST_P(MatchTest, a_standing_match_that_ends_is_made_anew) {
  make(config(), {.options = {{"end_at", "60"}}});
  server().open("field", "standing");
  start();
  bench_->run_for(3500ms);
  EXPECT_EQ(server().stats().matches, 4U);
  ASSERT_EQ(server().list().size(), 1U);
  EXPECT_EQ(server().list()[0].id, "standing");
}

TEST_P(MatchTest, votes_and_posts_reach_the_rules_as_recorded_inputs) {
  start();
  auto ada = joined("ada");
  VoteT vote;
  vote.weight = 5;
  bool acknowledged = false;
  ada->emit(vote, [&](const auto& reply) { acknowledged = reply.has_value(); });
  VoteT post;
  post.weight = 7;
  server().match("m").post(post);
  ASSERT_TRUE(until([&] { return ada->world() && ada->world()->votes() == 5 && ada->world()->posted() == 7; }));
  EXPECT_TRUE(acknowledged);
}

TEST_P(MatchTest, an_input_that_is_the_servers_is_refused_to_clients_and_ends_nothing) {
  start();
  auto ada = joined("ada");
  std::string answer;
  ada->emit(GustT(), [&](const auto& reply) { answer = reply ? "taken" : reply.error().reason; });
  ASSERT_TRUE(until([&] { return !answer.empty(); }));
  EXPECT_EQ(answer, "gust is for the server alone to post");
  EXPECT_EQ(ada->state(), netcode::ClientState::kInMatch);
  EXPECT_TRUE(server().match("m").post(GustT()));
}

TEST_P(MatchTest, a_session_moves_to_another_match_wherever_that_lives) {
  start();
  auto ada = joined("ada", "m0");
  const auto session = ada->session();
  for (int i = 1; i < 6; ++i) {
    const std::string next = "m" + std::to_string(i);
    ada->join(next);
    ASSERT_TRUE(until([&] { return ada->match() && ada->match()->id == next; })) << ada->reason();
    EXPECT_EQ(ada->session(), session);
    ASSERT_TRUE(until([&] { return dot_of(ada->world(), ada->player()) != nullptr; }));
  }
  ASSERT_TRUE(until([&] {
    const auto list = server().list();
    return std::count_if(list.begin(), list.end(), [](const auto& m) { return m.players > 0; }) == 1;
  }));
  EXPECT_EQ(ada->stats().disconnects, 0U);
}

TEST_P(MatchTest, a_move_that_is_refused_leaves_the_session_where_it_was) {
  make(config(), {.players_max = 1});
  start();
  for (int round = 0; round < 8; ++round) {
    const std::string from = "from" + std::to_string(round);
    const std::string to = "to" + std::to_string(round);
    auto ada = joined("ada", from);
    auto bob = client("bob");
    if (round % 2 == 0) ada->join(to);
    bob->join(to);
    if (round % 2 == 1) ada->join(to);
    bench_->run_for(2s);
    const bool ada_is_there = ada->match() && ada->match()->id == to;
    const bool bob_is_there = bob->match() && bob->match()->id == to;
    EXPECT_NE(ada_is_there, bob_is_there) << "there is one seat";
    ASSERT_TRUE(ada->match()) << round << ": " << ada->reason();
    EXPECT_EQ(ada->match()->id, ada_is_there ? to : from);
    EXPECT_NE(ada->player(), netcode::kNoPlayer);
    const auto list = server().list();
    EXPECT_EQ(std::count_if(list.begin(), list.end(), [](const auto& m) { return m.players == 1; }),
              ada_is_there ? 1 : 2);
    ada->close();
    bob->close();
    bench_->run_for(100ms);
  }
}

TEST_P(MatchTest, who_watches_by_a_quick_join_is_shown_the_match_with_people_in_it) {
  make(config(), {.players_max = 2});
  start();
  auto ada = joined("ada", "full");
  auto bob = joined("bob", "full");
  auto eve = client("eve");
  eve->quick_join("field", {.spectate = true});
  ASSERT_TRUE(until([&] { return eve->state() == netcode::ClientState::kInMatch; })) << eve->reason();
  EXPECT_EQ(eve->match()->id, "full");
  EXPECT_EQ(eve->player(), netcode::kNoPlayer);
  EXPECT_EQ(server().list().size(), 1U);
}

TEST_P(MatchTest, a_household_of_quick_joins_makes_as_many_matches_as_it_fills) {
  make(config(), {.players_max = 2});
  start();
  std::vector<std::unique_ptr<FieldClient>> clients;
  for (int i = 0; i < 70; ++i) {
    clients.push_back(client("c" + std::to_string(i)));
    clients.back()->quick_join("field");
    ASSERT_TRUE(until([&] { return clients.back()->state() == netcode::ClientState::kInMatch; }))
        << i << ": " << clients.back()->reason();
  }
  EXPECT_EQ(server().list().size(), 35U);
}

TEST_P(MatchTest, a_match_whose_rules_refuse_its_options_is_refused_with_their_reason) {
  make(config(), {.options = {{"broken", "1"}}});
  start();
  EXPECT_EQ(refusal("ada", "m"), "broken is set");
}

TEST_P(MatchTest, bots_make_room_for_people_and_come_back) {
  struct Walker : netcode::BotFor<World, Move> {
    bool think(const World&, netcode::PlayerId, netcode::Tick, MoveT& action) override {
      action.dx = 1;
      return true;
    }
  };
  make(config(), {.players_max = 3});
  netcode::Server::Kind(server(), "field").bots<Walker>({.fill_to = 3, .names = {"Zed"}});
  server().open("field", "m");
  start();
  EXPECT_EQ(server().list()[0].bots, 3U);
  auto ada = joined("ada");
  EXPECT_EQ(server().list()[0].bots, 2U);
  EXPECT_EQ(server().list()[0].players, 3U);
  ASSERT_TRUE(until([&] { return ada->world() && ada->world()->dots()->size() == 3; }));
  const auto before = ada->world()->dots()->Get(1)->x();
  bench_->run_for(1s);
  EXPECT_EQ(ada->world()->dots()->Get(1)->x() - before, 60) << "a bot acts at every tick";
  ada->close();
  ASSERT_TRUE(until([&] { return server().list()[0].bots == 3U; }));
}

TEST_P(MatchTest, fills_itself_with_bots_as_its_own_options_say_before_its_kinds) {
  struct Sleeper : netcode::BotFor<World, Move> {
    bool think(const World&, netcode::PlayerId, netcode::Tick, MoveT&) override { return false; }
  };
  make(config(), {.players_max = 4});
  std::vector<std::string> colors;
  const netcode::BotMaker maker = [&colors](const netcode::BotSetup& setup) {
    if (const auto color = setup.options.find("color"); color != setup.options.end()) colors.push_back(color->second);
    return std::make_unique<Sleeper>();
  };
  netcode::Server::Kind(server(), "field").bots(maker, {.fill_to = 3});
  server().open("field", "a", netcode::MatchOptions{.players_max = 4, .bots = 2, .options = {{"color", "red"}}});
  server().open("field", "b", netcode::MatchOptions{.players_max = 4, .bots = 0});
  server().open("field", "c");
  start();
  ASSERT_TRUE(until([&] {
    const auto list = server().list();
    return list.size() == 3 && list[0].bots == 2U && list[1].bots == 0U && list[2].bots == 3U;
  }));
  ASSERT_TRUE(until([&] { return colors.size() == 2; }));
  EXPECT_EQ(colors, (std::vector<std::string>{"red", "red"})) << "a bot is told of its match's options";
}

TEST_P(MatchTest, shows_each_player_only_what_its_rules_let_it_see) {
  make(config(), {.options = {{"hidden", "1"}}});
  start();
  auto one = joined("one");
  auto two = joined("two");
  auto three = joined("three");
  auto four = joined("four");
  auto watcher = joined("watcher", "m", {.spectate = true});
  const auto ids = [](const FieldClient& client) {
    std::vector<std::uint32_t> out;
    for (const Dot* dot : *client.world()->dots()) out.push_back(dot->id());
    return out;
  };
  ASSERT_TRUE(until([&] { return watcher->world() && watcher->world()->dots()->size() == 4; }));
  bench_->run_for(100ms);
  EXPECT_EQ(ids(*one), (std::vector<std::uint32_t>{1, 2, 4}));
  EXPECT_EQ(ids(*two), (std::vector<std::uint32_t>{2, 4}));
  EXPECT_EQ(ids(*three), (std::vector<std::uint32_t>{2, 3, 4}));
  EXPECT_EQ(ids(*four), ids(*two));
  EXPECT_EQ(ids(*watcher), (std::vector<std::uint32_t>{1, 2, 3, 4}));

  const auto before = server().stats();
  bench_->run_for(1s);
  const auto after = server().stats();
  EXPECT_EQ(after.snapshots_encoded - before.snapshots_encoded, 4U * 30U) << "one a visible set: 1, 2=4, 3, all";
}

TEST_P(MatchTest, players_and_bots_of_one_name_are_told_apart) {
  make(config(), {.options = {{"greet", "1"}}});
  start();
  std::vector<std::string> names;
  auto first = client("ada");
  first->on<Chat>([&](const Chat& chat) { names.push_back(chat.text()->str()); });
  first->join("m");
  ASSERT_TRUE(until([&] { return names.size() == 1; }));
  auto second = joined("ada");
  auto third = joined("bob");
  ASSERT_TRUE(until([&] { return names.size() == 3; }));
  EXPECT_EQ(names, (std::vector<std::string>{"ada", "ada (2)", "bob"}));
  second->close();
  ASSERT_TRUE(until([&] { return server().list()[0].players == 2; }));
  auto fourth = joined("ada");
  ASSERT_TRUE(until([&] { return names.size() == 4; }));
  EXPECT_EQ(names.back(), "ada (2)");
}
