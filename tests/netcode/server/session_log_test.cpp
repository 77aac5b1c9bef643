#include <gmock/gmock.h>
#include <spdlog/sinks/ostream_sink.h>

#include <algorithm>
#include <sstream>
#include <vector>

#include "server/session_log.hpp"
#include "server_fixture.hpp"

using namespace field;
using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

namespace {

class SessionLogTest : public ServerTest {
 protected:
  SessionLogTest() : before_(spdlog::default_logger()) {
    auto logger = std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::ostream_sink_mt>(said_));
    logger->set_pattern("%l %v");
    spdlog::set_default_logger(logger);
  }
  ~SessionLogTest() override {
    ada_.reset();
    bench_.reset();
    spdlog::set_default_logger(before_);
  }
  std::string said() const { return said_.str(); }
  /// Those about sessions.
  std::vector<std::string> lines() const {
    std::istringstream stream(said());
    std::vector<std::string> out;
    for (std::string line; std::getline(stream, line);)
      if (line.find(" session ") != line.npos) out.push_back(line);
    return out;
  }
  std::size_t count(const std::string& text) const {
    const std::vector<std::string> all = lines();
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](const std::string& line) { return line.find(text) != line.npos; }));
  }
  /// One action over two connections, and an event that nobody handles.
  void act_twice_and_ask_nobody() {
    netcode::ClientConfig config;
    config.name = "ada";
    config.links = netcode::Links::kTwo;
    ada_ = bench_->client<Rules>(std::move(config));
    ada_->join("m");
    ASSERT_TRUE(until([&] { return ada_->stats().links == 2; })) << ada_->reason();
    const std::uint32_t sequence = ada_->act(MoveT());
    ASSERT_TRUE(until([&] { return ada_->snapshot() && ada_->snapshot()->action_sequence == sequence; }));
    bool is_answered = false;
    ada_->emit(AskT(), [&](const auto&) { is_answered = true; });
    ASSERT_TRUE(until([&] { return is_answered; }));
    bench_->run_for(1s);
  }

 private:
  std::shared_ptr<spdlog::logger> before_;
  std::ostringstream said_;
  std::unique_ptr<FieldClient> ada_;
};
INSTANTIATE_TEST_SUITE_P(Shards, SessionLogTest, ::testing::Values(kOneShard));

}  // namespace

TEST_P(SessionLogTest, a_session_is_told_of_from_its_opening_to_its_close) {
  start();
  auto ada = joined("ada");
  ada->drop_connection();
  ASSERT_TRUE(until([&] { return ada->stats().resumed == 1; }));
  ada->close("bye");
  ASSERT_TRUE(until([&] { return count(": closed: ") == 1; })) << said();
  const std::string known = "info session 1 \\(ada\\) from memory, match m as player 1: ";
  EXPECT_THAT(lines(), ElementsAre(MatchesRegex(known + "opened"),  //
                                   MatchesRegex(known + "lost its connection: code 1006: .*"),
                                   MatchesRegex(known + "resumed"),  //
                                   MatchesRegex(known + "closed: code 1000: .*")));
}

TEST_P(SessionLogTest, one_that_comes_to_another_match_or_to_none_is_told_of_where_it_is) {
  start();
  auto ada = joined("ada");
  ada->join("n");
  ASSERT_TRUE(until([&] { return ada->match() && ada->match()->id == "n"; }));
  auto bob = joined("bob", "n", {.spectate = true});
  auto eve = client("eve");
  eve->connect();
  ASSERT_TRUE(until([&] { return eve->state() == netcode::ClientState::kConnected; }));
  EXPECT_THAT(said(), HasSubstr(", match m as player 1: opened"));
  EXPECT_THAT(said(), ContainsRegex("session 1 .ada. from memory, match n as player 1: joined"));
  EXPECT_THAT(said(), ContainsRegex("session 2 .bob. from memory, match n as a spectator: opened"));
  EXPECT_THAT(said(), ContainsRegex("session 3 .eve. from memory, no match: opened"));
}

TEST_P(SessionLogTest, what_was_refused_or_dropped_is_told_at_debug) {
  spdlog::default_logger()->set_level(spdlog::level::debug);
  start();
  act_twice_and_ask_nobody();
  const std::string known = "debug session 1 (ada) from memory, match m as player 1: ";
  EXPECT_EQ(count(known + "opened link 1 from "), 1U) << said();
  EXPECT_EQ(count(known + "dropped action "), 1U) << said();
  EXPECT_EQ(count(": it came before"), 1U) << said();
  EXPECT_EQ(count(known + "refused: nobody here handles ask"), 1U) << said();
}

TEST_P(SessionLogTest, what_was_refused_or_dropped_is_not_told_at_info) {
  start();
  act_twice_and_ask_nobody();
  EXPECT_THAT(lines(), ElementsAre("info session 1 (ada) from memory, match m as player 1: opened"));
}

TEST_P(SessionLogTest, a_refusal_is_told_with_its_code_and_its_reason) {
  make();
  server().use([](netcode::Handshake& h) { return h.name() == "it" ? h.refuse("not\nyou") : h.accept(); });
  start();
  refusal("it", "m");
  EXPECT_THAT(said(), HasSubstr("info refused "));
  EXPECT_THAT(said(), HasSubstr(": code 4000: not"));
  EXPECT_THAT(said(), Not(HasSubstr("not\nyou"))) << "what somebody chose breaks no line";
}

TEST(LineBudget, lets_a_burst_through_and_counts_the_rest) {
  const engine::TimePoint begin{std::chrono::hours(1)};
  netcode::LineBudget budget(2, 10);
  int lines = 0;
  for (int i = 0; i < 1000; ++i) lines += budget.take(begin);
  EXPECT_EQ(lines, 10);
  EXPECT_EQ(budget.take_left_out(begin), 0U) << "the flood goes on";
  EXPECT_EQ(budget.take_left_out(begin + 3s), 990U);
  EXPECT_EQ(budget.take_left_out(begin + 9s), 0U) << "said once";
  lines = 0;
  for (int second = 1; second <= 100; ++second)
    for (int i = 0; i < 1000; ++i) lines += budget.take(begin + std::chrono::seconds(10 + second));
  EXPECT_LE(lines, 2 * 100 + 10);
}
