// Seats, ids and bots of a match that many come to.
// Tests also: bot_seats.cpp, match_clock.cpp.
#include <set>

#include "netcode/limits.hpp"
#include "protocol/messages.hpp"
#include "recorded_bench.hpp"
#include "sanitized.hpp"
#include "server/server_core.hpp"
#include "simnet/manual_loop.hpp"
#include "simnet/memory_link.hpp"

using namespace field;

namespace {

/// Counts what is seated at any moment.
class Counted : public field::Rules {
 public:
  void join(netcode::Context& ctx, const netcode::Player& player) override {
    most = std::max(most, ctx.players().size());
    joins += 1;
    field::Rules::join(ctx, player);
  }
  static inline std::size_t most = 0;
  static inline std::size_t joins = 0;
};

struct Idle : netcode::Bot {
  std::optional<netcode::Bytes> act(netcode::BytesView, netcode::PlayerId, netcode::Tick) override {
    ++asked;
    return netcode::encode(MoveT());
  }
  static inline std::uint64_t asked = 0;
};

class MatchBotsTest : public RecordedTest {
 protected:
  void make_counted(netcode::MatchOptions options, std::uint32_t fill_to) {
    Counted::most = Counted::joins = 0;
    Idle::asked = 0;
    bench_ = std::make_unique<netcode::testing::TestBench>(recorded());
    server().define<Counted>("field", std::move(options)).bots<Idle>({.fill_to = fill_to, .names = {}});
    server().open("field", "m");
    start();
  }
  /// The shard of "m".
  netcode::Shard& home() {
    netcode::ServerCore& core = server().core();
    return *core.shards()[core.directory().shard_of_match("m")];
  }
};
INSTANTIATE_ON_SHARDS(MatchBotsTest);

}  // namespace

TEST_P(MatchBotsTest, bots_make_room_before_people_are_seated) {
  make_counted({.players_max = 16}, 16);
  std::vector<std::unique_ptr<FieldClient>> clients;
  for (int i = 0; i < 16; ++i) {
    clients.push_back(client("c" + std::to_string(i)));
    clients.back()->join("m");  // all at once
  }
  ASSERT_TRUE(until([&] {
    return std::all_of(clients.begin(), clients.end(),
                       [](const auto& c) { return c->state() == netcode::ClientState::kInMatch; });
  }));
  bench_->run_for(100ms);
  EXPECT_EQ(Counted::most, 16U);
  EXPECT_EQ(server().list()[0].bots, 0U);
  EXPECT_EQ(clients[0]->world()->dots()->size(), 16U);
  clients.resize(8);
  ASSERT_TRUE(until([&] { return clients[0]->world()->dots()->size() == 16U && server().list()[0].bots == 8; }));
  bench_->run_for(100ms);
  EXPECT_EQ(Counted::most, 16U);
  const auto report = verify<Counted>(stopped());
  EXPECT_TRUE(report.ok) << report.reason << report.difference;
}

TEST_P(MatchBotsTest, people_come_to_the_largest_match_that_bots_fill) {
  make_counted({.players_max = netcode::limits::kPlayersPerMatchMax}, netcode::limits::kPlayersPerMatchMax);
  auto ada = joined("ada");
  ASSERT_TRUE(until([&] { return ada->world() && dot_of(ada->world(), ada->player()); }));
  EXPECT_EQ(Counted::most, netcode::limits::kPlayersPerMatchMax);
}

TEST_P(MatchBotsTest, who_comes_and_goes_between_two_ticks_is_never_heard_of) {
  make_counted({.players_max = 4}, 4);
  auto ada = joined("ada");
  bench_->run_for(100ms);
  const std::size_t joins = Counted::joins;
  netcode::LiveMatch* match = home().match("m");
  ASSERT_TRUE(match);
  for (int i = 0; i < 5; ++i) {
    netcode::SessionCore session(home(),
                                 {.id = netcode::SessionId{1000}, .token = "t", .name = "eve", .remote_address = ""});
    ASSERT_TRUE(match->join(session, {}));
    match->leave(session);
  }
  bench_->run_for(100ms);
  EXPECT_EQ(Counted::joins, joins);
}

TEST_P(MatchBotsTest, one_of_two_candidates_who_leaves_before_the_tick_does_not_keep_the_other_from_a_seat) {
  make_counted({.players_max = 4}, 0);
  auto ada = joined("ada");
  bench_->run_for(100ms);
  netcode::LiveMatch* match = home().match("m");
  ASSERT_TRUE(match);
  const std::size_t joins = Counted::joins;
  netcode::SessionCore eve(home(), {.id = netcode::SessionId{1000}, .token = "e", .name = "eve", .remote_address = ""});
  netcode::SessionCore fay(home(), {.id = netcode::SessionId{1001}, .token = "f", .name = "fay", .remote_address = ""});
  ASSERT_TRUE(match->join(eve, {}));
  ASSERT_TRUE(match->join(fay, {}));
  match->leave(eve);
  bench_->run_for(100ms);
  EXPECT_EQ(Counted::joins, joins + 1);
  match->leave(fay);
  bench_->run_for(100ms);
}

TEST_P(MatchBotsTest, a_match_that_nobody_is_in_asks_no_bot_and_sleeps_if_it_stands) {
  make_counted({.players_max = 4}, 4);
  bench_->run_for(netcode::limits::kMatchEmptyTimeout + 1s);
  EXPECT_EQ(Idle::asked, 0U);
  const auto ticks = server().stats().ticks;
  bench_->run_for(60s);
  EXPECT_EQ(server().stats().ticks, ticks);
  EXPECT_EQ(server().list()[0].bots, 4U) << "they are there, and wait";

  auto ada = joined("ada");
  ASSERT_TRUE(until([&] { return ada->world() && ada->world()->dots()->size() == 4; }));
  bench_->run_for(1s);
  EXPECT_NEAR(static_cast<double>(server().stats().ticks - ticks), 65, 10);
  EXPECT_EQ(server().stats().skipped_ticks, 0U) << "no tick was due while it slept";
  ada->close();
  bench_->run_for(60s);
  VoteT vote;
  vote.weight = 9;
  const auto asleep = server().stats().ticks;
  server().match("m").post(vote);
  bench_->run_for(1s);
  EXPECT_NEAR(static_cast<double>(server().stats().ticks - asleep), 60, 3) << "what is posted wakes it";
  const auto report = verify<Counted>(stopped());
  EXPECT_TRUE(report.ok) << report.reason << report.difference;
}

TEST_P(MatchBotsTest, a_match_that_is_set_to_ticks_when_nobody_is_in_it) {
  make_counted({.ticks_when_empty = true}, 0);
  bench_->run_for(20s);
  EXPECT_NEAR(static_cast<double>(server().stats().ticks), 1200, 3);
}

namespace {

/// One who comes, is welcomed and goes.
class Visitor final : public netcode::transport::ConnectionHandler {
 public:
  void on_message(netcode::transport::MessageKind, netcode::BytesView bytes) override {
    const auto message = netcode::protocol::decode(buffer_.copy(bytes));
    ASSERT_TRUE(message) << message.error().reason;
    if (const auto* hello = std::get_if<netcode::protocol::Welcome>(&*message)) player = hello->match->player;
  }
  void on_writable() override {}
  void on_closed(const netcode::transport::CloseInfo& info) override { closed = info.reason; }

  std::shared_ptr<netcode::transport::Connection> connection;
  netcode::PlayerId player = netcode::kNoPlayer;
  std::string closed;

 private:
  netcode::protocol::AlignedBuffer buffer_;
};

}  // namespace

// More visits than there are ids, faster than ids rest: those of people and of the bots that make room for them.
TEST(MatchVisits, sixty_thousand_to_a_standing_match_of_bots_leave_it_as_it_was) {
  constexpr int kAtOnce = 12;
  constexpr int kVisits = kSanitized ? 6'000 : 60'000;
  netcode::transport::ManualLoop loop;
  netcode::transport::MemoryNetwork network(loop);
  netcode::ServerConfig config;
  config.seed = 5;
  netcode::ServerCore core(config);
  core.define("field", netcode::rules_type<Counted>(), {.players_max = 16});
  core.define_bots("field", [](const netcode::BotSetup&) { return std::make_unique<Idle>(); }, {.fill_to = 8});
  core.open("field", "m", std::nullopt);
  core.start({&loop});
  network.listen(core.accept_handlers());
  const auto connector = network.connector();
  std::set<netcode::PlayerId> ids;
  int refused = 0;
  for (int done = 0; done < kVisits; done += kAtOnce) {
    std::vector<std::unique_ptr<Visitor>> visitors;
    for (int i = 0; i < kAtOnce; ++i) {
      visitors.push_back(std::make_unique<Visitor>());
      connector->connect("ws://bench:1/quick/field?name=v", "scrim.v1", [visitor = visitors.back().get()](auto result) {
        ASSERT_TRUE(result);
        visitor->connection = *result;
        visitor->connection->start(*visitor);
      });
    }
    loop.run_for(34ms);
    for (const auto& visitor : visitors) {
      refused += visitor->player == netcode::kNoPlayer ? 1 : 0;
      ids.insert(visitor->player);
      visitor->connection->close(netcode::transport::CloseCode::kNormal, "");
    }
    loop.run_for(17ms);
  }
  EXPECT_EQ(refused, 0);
  if (!kSanitized) {
    EXPECT_LT(ids.size(), 60'000U) << "they come back";
  }
  EXPECT_LE(ids.rbegin()->value, netcode::limits::kPlayerIdMax);
  loop.run_for(1s);
  const auto list = core.directory().list("field");
  ASSERT_EQ(list.size(), 1U) << "no quick join was sent elsewhere";
  EXPECT_EQ(list[0].bots, 8U);
  EXPECT_EQ(core.directory().sessions(), 0U);
  core.stop("test", [] {});
  loop.run_for(10s);
  core.tear_down();
}
