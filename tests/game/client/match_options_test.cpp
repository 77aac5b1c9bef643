// What was chosen in the menu is what a server makes of it, in virtual time.
// Tests also: arena.cpp.
#include "game/apps/scrim/match_options.hpp"

#include <gtest/gtest.h>

#include "game/server/arena.hpp"
#include "game/server/arena_rules.hpp"
#include "netcode/testing.hpp"

namespace game::apps {
namespace {

using namespace std::chrono_literals;

class MatchOptions : public testing::Test {
 protected:
  MatchOptions() : bench_(netcode::ServerConfig{.seed = 3}) {
    const auto defined = server::define_arena(bench_.server(), {});
    EXPECT_TRUE(defined) << defined.error().reason;
    bench_.start();
    client_ = bench_.client<server::ArenaRules>("Ada");
    client_->connect();
    EXPECT_TRUE(bench_.run_until([&] { return client_->state() == netcode::ClientState::kConnected; }, 5s));
  }
  /// As the list shows it once its maker has entered.
  netcode::MatchInfo made(const client::MatchSetup& match) {
    std::optional<engine::Result<netcode::MatchInfo>> answer;
    client_->create({.kind = std::string(server::kArenaKind), .options = match_options(match)},
                    [&](const engine::Result<netcode::MatchInfo>& info) { answer = info; });
    EXPECT_TRUE(bench_.run_until([&] { return answer.has_value(); }, 5s));
    if (!answer || !*answer) {
      ADD_FAILURE() << (answer ? answer->error().reason : "no answer");
      return {};
    }
    client_->join((*answer)->id);
    EXPECT_TRUE(bench_.run_until([&] { return client_->world() != nullptr; }, 5s)) << client_->reason();
    bench_.run_for(500ms);
    for (const netcode::MatchInfo& info : bench_.server().list())
      if (info.id == (*answer)->id) return info;
    ADD_FAILURE() << "it is not in the list";
    return {};
  }
  arena::Phase phase() const { return client_->world()->match()->phase(); }

  netcode::testing::TestBench bench_;
  std::unique_ptr<netcode::Client<server::ArenaRules>> client_;
};

TEST_F(MatchOptions, of_a_match_on_a_server_are_its_bots_and_its_seats) {
  const auto info = made({.map = "foundry", .mode = "ffa", .bots = 3, .players_max = 6});
  EXPECT_EQ(info.bots, 3U);
  EXPECT_EQ(info.players, 4U);
  EXPECT_EQ(info.players_max, 6U);
}

TEST_F(MatchOptions, of_a_match_without_bots_bring_none) { EXPECT_EQ(made({.bots = 0, .players_max = 6}).bots, 0U); }

TEST_F(MatchOptions, of_a_match_with_one_bot_let_its_round_begin) {
  EXPECT_EQ(made({.bots = 1, .players_max = 8}).bots, 1U);
  EXPECT_TRUE(bench_.run_until([&] { return phase() == arena::Phase::Round; }, 60s));
}

TEST_F(MatchOptions, of_one_who_plays_alone_have_a_seat_for_each_bot_whatever_was_hosted_before) {
  const client::MatchSetup hosted{.map = "foundry", .bots = 9, .players_max = 2, .is_private = true};
  const auto info = made(played_alone(hosted));
  EXPECT_EQ(info.bots, 9U);
  EXPECT_EQ(info.players_max, 10U);
}

TEST_F(MatchOptions, of_one_who_plays_without_anybody_let_the_round_begin) {
  EXPECT_EQ(made(played_alone({.bots = 0})).players_max, 1U);
  EXPECT_TRUE(bench_.run_until([&] { return phase() == arena::Phase::Round; }, 60s));
}

}  // namespace
}  // namespace game::apps
