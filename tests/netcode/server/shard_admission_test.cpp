// Who is let in, at the level of the protocol, and who moves while handlers do what they like.
#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core_fixture.hpp"
#include "netcode/limits.hpp"
#include "server/server_core.hpp"
#include "server_fixture.hpp"
#include "transport/websocket/connector.hpp"
#include "visitor.hpp"

using namespace field;

namespace {

class AdmissionTest : public ServerTest {};
INSTANTIATE_ON_SHARDS(AdmissionTest);

TEST_P(AdmissionTest, a_client_that_would_misread_its_world_is_refused_and_stays_where_it_was) {
  start();
  netcode::ConnectorPtr connector = bench_->connector();
  const auto connect = [&](netcode::Visitor& visitor, const std::string& path) {
    connector->connect("ws://bench:1" + path, std::string(netcode::protocol::kSubprotocol), [&](auto connection) {
      visitor.connection = *connection;
      visitor.connection->start(visitor);
    });
    EXPECT_TRUE(until([&] { return visitor.closed || visitor.welcome; })) << path;
  };
  auto bob = joined("bob", "there");
  netcode::Visitor ada;
  connect(ada, "/match/home?name=ada");
  ASSERT_TRUE(ada.welcome && ada.welcome->match);
  const std::uint64_t layout = ada.welcome->match->unpacks;
  for (const char* to : {"there", "nowhere"}) {
    netcode::Visitor moving;
    connect(moving, fmt::format("/match/{}?token={}&unpacks=00ab", to, ada.welcome->token));
    ASSERT_TRUE(moving.closed) << "let into " << to;
    EXPECT_EQ(moving.closed->code, netcode::transport::CloseCode::kRefused);
    EXPECT_EQ(moving.closed->reason,
              fmt::format("field: its World is {:016x}, yours 00000000000000ab: another version of the game", layout));
  }
  const std::size_t heads = ada.heads.size();
  bench_->run_for(200ms);
  EXPECT_FALSE(ada.closed);
  EXPECT_GT(ada.heads.size(), heads) << "it is still in its match";
  const auto list = server().list();
  EXPECT_EQ(list.size(), 2U) << "none was made for it";
  EXPECT_TRUE(std::all_of(list.begin(), list.end(), [](const auto& match) { return match.players == 1; }));

  netcode::Visitor same;
  connect(same, fmt::format("/match/there?name=cyd&unpacks={:016x}", layout));
  EXPECT_TRUE(same.welcome) << "its own layout";
}

TEST_P(AdmissionTest, a_session_that_is_closed_by_who_hears_that_it_leaves_enters_nothing) {
  make();
  std::atomic<int> gone = 0, joins = 0;
  server().of("/").on_disconnect([&](netcode::Session&, std::string_view) { ++gone; });
  server().on_match_joined([&](const netcode::Match&, netcode::Session&) { ++joins; });
  server().on_match_left(
      [](const netcode::Match&, netcode::Session& session, netcode::PlayerId) { session.close("leavers end"); });
  start();
  int leavers = 0;
  for (const std::string target : {"b", "c", "d"}) {  // of several shards some are not that of "a"
    auto ada = joined("ada", "a");
    ++leavers;
    ada->join(target);
    ASSERT_TRUE(until([&] { return gone == leavers; })) << target;
    bench_->run_for(500ms);
    EXPECT_EQ(ada->state(), netcode::ClientState::kClosed);
    EXPECT_EQ(joins, leavers) << "of a, and of nothing else";
    EXPECT_TRUE(server().match(target).players().empty());
    EXPECT_TRUE(server().match("a").players().empty());
  }
  EXPECT_EQ(server().core().directory().sessions(), 0U);
}

/// What handlers say to everyone when somebody comes or goes is held against who does so.
class RestlessTest : public ServerTest {
 protected:
  void expect_to_be_refused_at_last() {
    start();
    auto ada = joined("ada", "m0");
    for (int i = 1; i < 20 && ada->stats().refused == 0; ++i) {
      const std::string target = "m" + std::to_string(i % 4);
      ada->join(target);
      ASSERT_TRUE(until([&] { return ada->stats().refused == 1 || (ada->match() && ada->match()->id == target); }));
    }
    EXPECT_EQ(ada->stats().refused, 1U);
    EXPECT_EQ(ada->reason(), "this session comes and goes faster than it may: wait a little");
    EXPECT_EQ(ada->state(), netcode::ClientState::kInMatch) << "it stays where it is";
  }
  void announce() { server().emit(chat(std::string(20'000, 'x'))); }
};
INSTANTIATE_ON_SHARDS(RestlessTest);

TEST_P(RestlessTest, a_session_pays_for_what_is_said_of_its_leaving) {
  make();
  server().on_match_left([this](const netcode::Match&, netcode::Session&, netcode::PlayerId) { announce(); });
  expect_to_be_refused_at_last();
}

TEST_P(RestlessTest, a_session_pays_for_what_is_said_of_its_coming) {
  make();
  server().on_match_joined([this](const netcode::Match&, netcode::Session&) { announce(); });
  expect_to_be_refused_at_last();
}

/// Of two shards on one loop, the second of which is told to stop while a session is on its way there.
class MovingAtTheEnd : public netcode::CoreTest {
 protected:
  MovingAtTheEnd() : CoreTest(2) {}
};

TEST_F(MovingAtTheEnd, is_ended_where_it_arrives) {
  core_.define("field", netcode::rules_type<Rules>(), {});
  bool is_stopping = false;
  std::vector<std::string> gone;
  core_.space("/").api().on_disconnect([&](netcode::Session&, std::string_view reason) { gone.emplace_back(reason); });
  core_.match_hooks().change([&](auto& table) {
    table.left.push_back([&](const auto&, auto&, netcode::PlayerId) {
      if (!std::exchange(is_stopping, true)) core_.stop("over", [] {});
    });
  });
  start();
  const auto shard_of = [&](const std::string& match) {
    return core_.shards()[0]->match(match) ? 0 : core_.shards()[1]->match(match) ? 1 : -1;
  };
  std::vector<std::unique_ptr<netcode::Visitor>> owners;
  for (int i = 0; i < 4; ++i) {
    owners.push_back(std::make_unique<netcode::Visitor>());
    connect(*owners.back(), "/match/m" + std::to_string(i) + "?name=owner");
  }
  loop_.run_for(200ms);
  ASSERT_TRUE(owners[0]->welcome);
  std::string target;
  for (int i = 1; i < 4; ++i)
    if (shard_of("m" + std::to_string(i)) != shard_of("m0")) target = "m" + std::to_string(i);
  ASSERT_FALSE(target.empty()) << "a match on the other shard";
  netcode::Visitor mover;
  connect(mover, "/match/" + target + "?token=" + owners[0]->welcome->token);
  loop_.run_for(1s);
  ASSERT_TRUE(mover.closed);
  EXPECT_EQ(mover.closed->code, netcode::transport::CloseCode::kGoingAway);
  EXPECT_EQ(gone.size(), 4U) << "the one that moved is told of too";
  EXPECT_EQ(core_.directory().sessions(), 0U);
}

/// Of matches of one seat each: where a quick join is led while ada is on her way from "home" to "away", and after it.
class KeptSeat : public ServerTest {
 protected:
  void make_matches() {
    make(config(), {.players_max = 1});
    EXPECT_TRUE(server().open("field", "away"));
  }
  std::unique_ptr<FieldClient> moving() {
    start();
    auto ada = joined("ada", "home");
    EXPECT_EQ(quick(), "away") << "the only seat that is free";
    ada->join("away");
    return ada;
  }
  std::string quick() {
    netcode::Directory& directory = server().core().directory();
    const auto pick = directory.pick({.kind = "field", .players_max = 1}, server().core().shards().front()->now());
    directory.settle(pick.match, pick.hold);
    return pick.match;
  }
  std::string meanwhile_;  // where it is led while the seat in "away" is kept
};
INSTANTIATE_ON_SHARDS(KeptSeat);

TEST_P(KeptSeat, is_promised_to_nobody_else) {
  make_matches();
  server().on_match_left([this](const netcode::Match&, netcode::Session&, netcode::PlayerId) { meanwhile_ = quick(); });
  auto ada = moving();
  ASSERT_TRUE(until([&] { return ada->match() && ada->match()->id == "away"; })) << ada->reason();
  EXPECT_EQ(meanwhile_, "home");
  EXPECT_EQ(quick(), "home");
}

TEST_P(KeptSeat, that_a_handler_refuses_is_promised_again) {
  make_matches();
  server().on_match_entering([this](const netcode::Match& match, netcode::Session&, bool) -> engine::Result<void> {
    if (match.id() != "away") return {};
    meanwhile_ = quick();
    return engine::error("members only");
  });
  auto ada = moving();
  ASSERT_TRUE(until([&] { return ada->stats().refused == 1; }));
  EXPECT_EQ(ada->match()->id, "home");
  if (GetParam().count > 1) {
    EXPECT_NE(meanwhile_, "away") << "it is kept while the session's shard is asked";
  }
  EXPECT_EQ(quick(), "away");
}

TEST_P(KeptSeat, of_a_session_that_is_closed_on_the_way_is_promised_again) {
  make_matches();
  server().on_match_left([this](const netcode::Match&, netcode::Session& session, netcode::PlayerId) {
    meanwhile_ = quick();
    session.close("leavers end");
  });
  auto ada = moving();
  ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kClosed; }));
  bench_->run_for(100ms);
  EXPECT_EQ(meanwhile_, "home");
  EXPECT_EQ(quick(), "away");
}

TEST_P(KeptSeat, that_its_rules_cannot_give_is_promised_again) {
  make_matches();
  server().use([](netcode::Handshake& h) {
    return h.name() == "eve" ? h.accept(chat(std::string(netcode::limits::kTicketBytesMax, 'x'))) : h.accept();
  });
  start();
  EXPECT_NE(refusal("eve", "away").find("the limit of a ticket"), std::string::npos);
  EXPECT_EQ(quick(), "away");
}

/// Of two shards on one loop: one that was at the door before its session moved, and is let in after it.
class LateResume : public netcode::CoreTest {
 protected:
  LateResume() : CoreTest(2) {}
  /// Who comes with resume=1 waits, open, until the test calls what is in `waiting_`.
  void hold_back_resumes() {
    using netcode::transport::HttpRequest;
    using Verdict = std::variant<netcode::transport::Upgrade, netcode::transport::HttpResponse>;
    netcode::transport::AcceptHandlers handlers = core_.accept_handlers();
    handlers.on_upgrade = [this, ask = handlers.on_upgrade](const HttpRequest& request) -> Verdict {
      Verdict verdict = ask(request);
      auto* upgrade = std::get_if<netcode::transport::Upgrade>(&verdict);
      if (upgrade && request.query.contains("resume"))
        upgrade->on_open = [this, open = upgrade->on_open](const auto& connection) {
          waiting_.push_back([open, connection] { open(connection); });
        };
      return verdict;
    };
    network_.listen(std::move(handlers));
  }
  void visit(netcode::Visitor& visitor, const std::string& path) {
    connect(visitor, path);
    loop_.run_for(100ms);
  }
  void let_in(std::size_t which) {
    ASSERT_EQ(waiting_.size(), which + 1);
    waiting_[which]();
    loop_.run_for(100ms);
  }

 private:
  std::vector<std::function<void()>> waiting_;
};

TEST_F(LateResume, leaves_its_session_where_that_has_moved_to_and_is_tried_again) {
  core_.define("field", netcode::rules_type<Rules>(), {});
  int leavers = 0;
  core_.match_hooks().change(
      [&](auto& table) { table.left.push_back([&](const auto&, auto&, netcode::PlayerId) { ++leavers; }); });
  start();
  hold_back_resumes();
  netcode::Visitor ada, bob, late, mover, again;
  visit(ada, "/match/home?name=ada");
  visit(bob, "/match/there?name=bob");
  ASSERT_TRUE(ada.welcome && bob.welcome);
  ASSERT_NE(core_.directory().shard_of_match("home"), core_.directory().shard_of_match("there"));
  const std::string& token = ada.welcome->token;
  ada.connection->abort();
  visit(late, fmt::format("/match/home?token={}&resume=1", token));
  visit(mover, fmt::format("/match/there?token={}", token));
  ASSERT_TRUE(mover.welcome && mover.welcome->match);
  EXPECT_EQ(leavers, 1) << "of home";

  let_in(0);
  ASSERT_TRUE(late.closed);
  EXPECT_EQ(late.closed->code, netcode::transport::CloseCode::kAbnormal) << "its client goes on trying";
  EXPECT_FALSE(mover.closed);
  EXPECT_EQ(leavers, 1) << "it is where it has moved to";
  EXPECT_EQ(core_.directory().players("there").size(), 2U);
  EXPECT_EQ(core_.directory().sessions(), 2U);
  EXPECT_EQ(core_.stats().clients, 2U);
  EXPECT_EQ(core_.stats().refusals, 0U);

  visit(again, fmt::format("/match/home?token={}&resume=1", token));
  let_in(1);
  ASSERT_TRUE(again.welcome && again.welcome->match) << "led to where the session is";
  EXPECT_EQ(again.welcome->match->id, "there");
  EXPECT_TRUE(mover.closed);
  EXPECT_EQ(leavers, 1);
  loop_.run_for(1s);
  EXPECT_FALSE(again.closed);
}

/// Of two shards: what becomes of a match on the one when ada, who is to have a place in it, has left the other.
class MatchEndsMeanwhile : public ServerTest {
 protected:
  using Happening = std::function<void(netcode::LiveMatch&, netcode::Shard&)>;
  /// ada's client, which has been in "home" and has asked for `target_`. The happening's is done by then.
  std::unique_ptr<FieldClient> moved(const Happening& happening) {
    make();
    server().on_match_left([this, happening](const netcode::Match&, netcode::Session&, netcode::PlayerId) {
      if (std::exchange(has_left_, true)) return;
      netcode::Shard& shard = shard_of(target_);
      happening(*shard.match(target_), shard);
    });
    start();
    auto ada = joined("ada", "home");
    for (int i = 0; i < 4 && target_.empty(); ++i) {
      const std::string id = fmt::format("m{}", i);
      bool is_made = false;
      ada->create({.kind = "field", .id = id}, [&](const auto& made) { is_made = made.has_value(); });
      EXPECT_TRUE(until([&] { return is_made; })) << ada->reason();
      if (&shard_of(id) != &shard_of("home")) target_ = id;
    }
    EXPECT_FALSE(target_.empty()) << "a match on the other shard";
    session_ = ada->session();
    ada->join(target_);
    EXPECT_TRUE(until([&] { return ada->stats().refused == 1 || (ada->match() && ada->match()->id == target_); }));
    EXPECT_TRUE(has_left_);
    return ada;
  }
  void expect_to_be_in_the_lobby(FieldClient& ada, const std::string& why) {
    EXPECT_EQ(ada.state(), netcode::ClientState::kConnected);
    EXPECT_EQ(ada.reason(), why);
    EXPECT_EQ(ada.stats().refused, 1U);
    EXPECT_EQ(ada.stats().disconnects, 0U);
    EXPECT_TRUE(server().match(target_).players().empty());
    bench_->run_for(netcode::limits::kResumeWindow + 1s);
    EXPECT_EQ(ada.state(), netcode::ClientState::kConnected) << "it has its connection: " << ada.reason();
    ada.join("another");
    EXPECT_TRUE(until([&] { return ada.state() == netcode::ClientState::kInMatch; })) << ada.reason();
    EXPECT_EQ(ada.session(), session_);
  }

  std::string target_;

 private:
  netcode::Shard& shard_of(const std::string& match) {
    netcode::ServerCore& core = server().core();
    return *core.shards()[core.directory().shard_of_match(match)];
  }
  bool has_left_ = false;
  netcode::SessionId session_;
};
INSTANTIATE_ON(MatchEndsMeanwhile, field::Shards{2, false});

TEST_P(MatchEndsMeanwhile, who_was_on_the_way_there_arrives_in_the_lobby_and_is_told_why) {
  auto ada = moved([](netcode::LiveMatch& match, netcode::Shard&) { match.end_now("over"); });
  expect_to_be_in_the_lobby(*ada, fmt::format("match {} is over", target_));
}

TEST_P(MatchEndsMeanwhile, and_is_gone_when_it_arrives) {
  auto ada = moved([](netcode::LiveMatch& match, netcode::Shard& shard) { shard.drop_match(match, std::nullopt); });
  expect_to_be_in_the_lobby(*ada, fmt::format("match {} is over", target_));
}

TEST_P(MatchEndsMeanwhile, one_that_goes_on_in_its_place_is_entered) {
  auto ada = moved([](netcode::LiveMatch& match, netcode::Shard& shard) { shard.drop_match(match, match.options()); });
  EXPECT_EQ(ada->state(), netcode::ClientState::kInMatch) << ada->reason();
  EXPECT_EQ(server().match(target_).players().size(), 1U);
}

TEST_P(MatchEndsMeanwhile, a_place_that_was_kept_in_it_opens_no_other_one) {
  auto ada = moved([](netcode::LiveMatch& match, netcode::Shard& shard) {
    netcode::MatchOptions next = match.options();
    next.password = "secret";
    shard.drop_match(match, std::move(next));
  });
  expect_to_be_in_the_lobby(*ada, fmt::format("match {} needs a password", target_));
}

}  // namespace
