// What a match is made of follows from its options, whoever asked for it; and one may go on in another.
// Tests also: kind.cpp.
#include <gtest/gtest.h>

#include "server_fixture.hpp"

namespace field {
namespace {

netcode::SharedBytes line_of(std::uint8_t number) { return std::make_shared<const netcode::Bytes>(100, number); }

// A match has the map that its option `line` names: short or long, short if there is no such option.
engine::Result<void> prepare(netcode::MatchOptions& options) {
  const std::string& line = options.options.try_emplace("line", "short").first->second;
  if (line != "short" && line != "long") return engine::error("there is no line {}: long, short", line);
  options.map = line_of(line == "long" ? 2 : 1);
  options.players_max = line == "long" ? 8 : 2;
  options.metadata["line"] = line;
  return {};
}

class PrepareTest : public ServerTest {
 protected:
  void make(netcode::MatchOptions options = {}) {
    bench_ = std::make_unique<netcode::testing::TestBench>(config(), bench_options());
    bench_->server().define<Rules>("field", std::move(options)).prepare(prepare);
  }
  // The id of what was made, or why it was not.
  std::string create(FieldClient& client, netcode::Fields options) {
    std::string answer;
    client.create({.kind = "field", .options = std::move(options)},
                  [&](const auto& made) { answer = made ? made->id : made.error().reason; });
    EXPECT_TRUE(until([&] { return !answer.empty(); }));
    return answer;
  }
  static std::uint8_t map_of(const FieldClient& client) { return client.map().empty() ? 0 : client.map()[0]; }
};
INSTANTIATE_ON_SHARDS(PrepareTest);

TEST_P(PrepareTest, a_request_picks_the_map_that_its_option_names) {
  make();
  start();
  auto ada = client("ada");
  ada->connect();
  ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kConnected; }));
  const std::string id = create(*ada, {{"line", "long"}});
  auto bob = joined("bob", id);
  EXPECT_EQ(map_of(*bob), 2);
  const auto list = server().list("field");
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].metadata.at("line"), "long");
  EXPECT_EQ(list[0].players_max, 8U);
}

TEST_P(PrepareTest, an_unknown_map_is_refused_with_its_name_and_no_match_is_made) {
  make();
  start();
  auto ada = client("ada");
  ada->connect();
  ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kConnected; }));
  EXPECT_EQ(create(*ada, {{"line", "bent"}}), "there is no line bent: long, short");
  EXPECT_TRUE(server().list().empty());
}

TEST_P(PrepareTest, a_match_that_a_url_makes_is_prepared_too) {
  make();
  start();
  auto ada = joined("ada", "by-url");
  EXPECT_EQ(map_of(*ada), 1);
  EXPECT_EQ(server().list()[0].metadata.at("line"), "short");
}

TEST_P(PrepareTest, bounds_hold_for_what_a_preparer_makes) {
  bench_ = std::make_unique<netcode::testing::TestBench>(config(), bench_options());
  bench_->server().define<Rules>("field").prepare([](netcode::MatchOptions& options) -> engine::Result<void> {
    options.players_max = 0;
    return {};
  });
  start();
  EXPECT_EQ(refusal("ada", "m").substr(0, 15), "players_max is ");
}

TEST_P(PrepareTest, clients_follow_a_match_that_goes_on_in_another) {
  make({.options = {{"end_at", "90"}, {"next", "long"}}});
  start();
  auto ada = joined("ada");
  auto eve = joined("eve", "m", {.spectate = true});
  std::vector<std::string> results;
  ada->on_ended([&](std::string_view result) { results.emplace_back(result); });
  EXPECT_EQ(map_of(*ada), 1);
  ASSERT_TRUE(until([&] { return !results.empty(); }, 3s));
  EXPECT_EQ(results[0], "on to long");
  ASSERT_TRUE(until([&] { return ada->match() && eve->match(); }));
  EXPECT_EQ(ada->match()->id, "m");
  EXPECT_EQ(map_of(*ada), 2);
  EXPECT_EQ(map_of(*eve), 2);
  EXPECT_NE(ada->player(), netcode::kNoPlayer);
  EXPECT_EQ(eve->player(), netcode::kNoPlayer);
  EXPECT_EQ(server().list()[0].metadata.at("line"), "long");
}

TEST_P(PrepareTest, a_client_that_was_away_follows_when_it_is_back) {
  make({.options = {{"end_at", "90"}, {"next", "long"}}});
  start();
  auto ada = joined("ada");
  bench_->run_until([&] { return bench_->server().stats().ticks >= 88; }, 3s);
  ada->drop_connection();
  ASSERT_TRUE(until([&] { return ada->match() && map_of(*ada) == 2; }, 5s)) << ada->reason();
  EXPECT_EQ(ada->state(), netcode::ClientState::kInMatch);
}

TEST_P(PrepareTest, a_handler_that_goes_elsewhere_is_not_led_away) {
  make({.options = {{"end_at", "90"}, {"next", "long"}}});
  start();
  auto ada = joined("ada");
  ada->on_ended([&](std::string_view) { ada->join("other"); });
  ASSERT_TRUE(until([&] { return ada->match() && ada->match()->id == "other"; }, 3s));
  bench_->run_for(500ms);
  EXPECT_EQ(ada->match()->id, "other");
}

TEST_P(PrepareTest, a_next_that_cannot_be_prepared_leaves_the_clients_in_the_lobby) {
  make({.options = {{"end_at", "90"}, {"next", "bent"}}});
  start();
  auto ada = joined("ada");
  bool has_ended = false;
  ada->on_ended([&](std::string_view) { has_ended = true; });
  ASSERT_TRUE(until([&] { return has_ended; }, 3s));
  bench_->run_for(500ms);
  EXPECT_EQ(ada->state(), netcode::ClientState::kConnected);
  EXPECT_TRUE(server().list().empty());
}

}  // namespace
}  // namespace field
