#include <gmock/gmock.h>
#include <spdlog/sinks/ostream_sink.h>

#include <sstream>

#include "server/session_log.hpp"
#include "server_fixture.hpp"

using namespace field;
using ::testing::HasSubstr;
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
    bench_.reset();
    spdlog::set_default_logger(before_);
  }
  std::string said() const { return said_.str(); }

 private:
  std::shared_ptr<spdlog::logger> before_;
  std::ostringstream said_;
};
INSTANTIATE_TEST_SUITE_P(Shards, SessionLogTest, ::testing::Values(kOneShard));

}  // namespace

TEST_P(SessionLogTest, a_session_is_told_of_from_its_opening_to_its_close) {
  start();
  auto ada = joined("ada");
  EXPECT_THAT(said(), HasSubstr("(ada) opened from "));
  EXPECT_THAT(said(), HasSubstr("(ada) joined match m as player 1"));
  ada->drop_connection();
  ASSERT_TRUE(until([&] { return ada->stats().resumed == 1; }));
  EXPECT_THAT(said(), HasSubstr("(ada) lost its connection, in match m as player 1: code 1006: "));
  EXPECT_THAT(said(), HasSubstr("(ada) resumed from "));
  ada->close("bye");
  ASSERT_TRUE(until([&] { return said().find("(ada) closed, in match m as player 1: code 1000: ") != said().npos; }))
      << said();
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
