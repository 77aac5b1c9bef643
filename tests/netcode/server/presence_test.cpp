// What rules and recordings learn of a player whose connection is lost: away, back, and the sessions that are kept.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "recorded_bench.hpp"
#include "recording/read/dump_recording.hpp"
#include "recording/read/recording_reader.hpp"
#include "transport/websocket/connector.hpp"

using namespace field;

namespace {

/// Says what it heard.
class Watcher : public field::Rules {
 public:
  void join(netcode::Context& ctx, const netcode::Player& player) override {
    field::Rules::join(ctx, player);
    told.push_back(fmt::format("join {}", player.id.value));
  }
  void leave(netcode::Context& ctx, netcode::PlayerId player) override {
    field::Rules::leave(ctx, player);
    told.push_back(fmt::format("leave {}", player.value));
  }
  void away(netcode::Context&, netcode::PlayerId player) override {
    told.push_back(fmt::format("away {}", player.value));
  }
  void back(netcode::Context&, netcode::PlayerId player) override {
    told.push_back(fmt::format("back {}", player.value));
  }
  /// Outlives the match, which ends when nobody is left.
  static inline std::vector<std::string> told;
};

/// Reads the session's token from the URL of the connection that resumes it.
class Eavesdropper final : public netcode::transport::Connector {
 public:
  Eavesdropper(netcode::ConnectorPtr below, std::string& token) : below_(std::move(below)), token_(token) {}
  void connect(const std::string& url, const std::string& subprotocol, Done done) override {
    constexpr std::string_view kToken = "token=";
    if (const auto at = url.find(kToken); at != std::string::npos)
      token_ = url.substr(at + kToken.size(), url.find('&', at) - at - kToken.size());
    below_->connect(url, subprotocol, std::move(done));
  }
  netcode::transport::Loop& loop() override { return below_->loop(); }

 private:
  netcode::ConnectorPtr below_;
  std::string& token_;
};

class PresenceTest : public RecordedTest {
 protected:
  void start_recorded() {
    Watcher::told.clear();
    bench_ = std::make_unique<netcode::testing::TestBench>(recorded());
    bench_->server().define<Watcher>("field");
    start();
  }
  static const std::vector<std::string>& told() { return Watcher::told; }
};
INSTANTIATE_ON_SHARDS(PresenceTest);

using Told = std::vector<std::string>;

}  // namespace

TEST_P(PresenceTest, rules_hear_that_a_player_is_away_and_back_once_each) {
  start_recorded();
  auto ada = joined("ada");
  bench_->run_for(1s);
  EXPECT_EQ(told(), (Told{"join 1"})) << "who has just come is not back";
  bench_->refuse_connections(true);
  bench_->cut_all();
  bench_->run_for(3s);
  EXPECT_EQ(told(), (Told{"join 1", "away 1"}));
  bench_->refuse_connections(false);
  ASSERT_TRUE(until([&] { return ada->stats().resumed == 1; }, 10s));
  bench_->run_for(500ms);
  EXPECT_EQ(told(), (Told{"join 1", "away 1", "back 1"}));
  bench_->cut_link(1);
  bench_->run_for(500ms);
  EXPECT_EQ(told().size(), 3U) << "one of two connections is no news";
  ada.reset();
  bench_->run_for(500ms);
  EXPECT_EQ(told(), (Told{"join 1", "away 1", "back 1", "leave 1"})) << "a goodbye is no loss";
  const std::string path = stopped();
  const auto report = verify<Watcher>(path);
  EXPECT_TRUE(report.ok) << report.reason << report.difference;
  std::vector<std::string> lines;
  ASSERT_TRUE(netcode::recording::dump_recording(path, {}, [&](const std::string& line) { lines.push_back(line); }));
  const auto count = [&lines](const std::string& what) {
    return std::ranges::count_if(lines, [&](const std::string& line) { return line.ends_with(what); });
  };
  EXPECT_EQ(count("player 1 \"ada\" is away"), 1);
  EXPECT_EQ(count("player 1 \"ada\" is back"), 1);
}

TEST_P(PresenceTest, a_player_who_does_not_come_back_is_away_and_then_gone) {
  start_recorded();
  auto ada = joined("ada");
  bench_->run_for(100ms);
  bench_->refuse_connections(true);
  bench_->cut_all();
  bench_->run_for(40s);
  EXPECT_EQ(told(), (Told{"join 1", "away 1", "leave 1"}));
}

TEST_P(PresenceTest, a_recording_keeps_sessions_by_the_hash_of_their_token_and_never_the_token) {
  start_recorded();
  std::string token;
  netcode::ClientConfig config;
  config.name = "ada";
  config.url = "ws://bench:1";
  config.jitter_seed = 1;
  auto ada = std::make_unique<FieldClient>(config, netcode::ConnectorPtr(new Eavesdropper(bench_->connector(), token)));
  ada->join("m");
  ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kInMatch; }));
  bench_->cut_all();
  ASSERT_TRUE(until([&] { return ada->stats().resumed == 1; }, 10s));
  MoveT move;
  move.dx = 1;
  for (int i = 0; i < 12; ++i) {
    ada->act(move);
    bench_->run_for(1s);
  }
  ASSERT_GE(token.size(), 16U);
  const std::string path = stopped();
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  EXPECT_EQ(bytes.find(token), std::string::npos);
  EXPECT_EQ(bytes.find(token.substr(0, 16)), std::string::npos);

  auto input = netcode::recording::open_input_file(path);
  ASSERT_TRUE(input);
  auto reader = netcode::recording::RecordingReader::open(std::move(*input));
  ASSERT_TRUE(reader) << reader.error().reason;
  const auto sessions = (*reader)->sessions_at(700);
  ASSERT_TRUE(sessions) << sessions.error().reason;
  ASSERT_TRUE(*sessions);
  EXPECT_EQ((*sessions)->tick, 600U);
  ASSERT_EQ((*sessions)->sessions.size(), 1U);
  const netcode::recording::SessionRecord& one = (*sessions)->sessions[0];
  EXPECT_EQ(one.token_hash, netcode::recording::hash_token(token));
  EXPECT_EQ(one.player, netcode::PlayerId{1});
  EXPECT_GT(one.session.value, 0U);
  EXPECT_GT(one.action, 5U);
}
