// Matches that the program opens and calls, while their places change: nothing of a shard is touched on the loop of
// another one.
#include "server/server_core.hpp"

#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>

#include "field.hpp"
#include "log_capture.hpp"
#include "simnet/manual_loop.hpp"

namespace netcode {
namespace {

/// Two shards on a loop each, of which a test runs one at a time: what happens on which can be seen.
class OnTwoLoops : public ::testing::Test {
 protected:
  OnTwoLoops() : core_(config()) { core_.define("field", rules_type<field::Rules>(), {}); }
  void TearDown() override {
    core_.stop("test", [] {});
    for (transport::ManualLoop* loop : {&first_, &second_, &first_}) loop->run_ready();
    core_.tear_down();
  }
  void start() { core_.start({&first_, &second_}); }
  void open(std::string_view id) { EXPECT_TRUE(core_.open("field", id, std::nullopt)); }
  LiveMatch* match(std::uint32_t shard, std::string_view id) { return core_.shards()[shard]->match(id); }
  /// From now on the second shard is where a match is made.
  void load_the_first() { core_.directory().place("a load"); }
  ServerCore::MatchWork count() {
    return [this](LiveMatch&) -> engine::Result<void> {
      ++called_;
      return {};
    };
  }

  transport::ManualLoop first_;
  transport::ManualLoop second_;
  ServerCore core_;
  int called_ = 0;

 private:
  static ServerConfig config() {
    ServerConfig out;
    out.threads = 2;
    out.seed = 3;
    return out;
  }
};

TEST_F(OnTwoLoops, a_call_before_the_start_comes_to_a_match_that_is_made_elsewhere_meanwhile) {
  ASSERT_TRUE(core_.with_match("late", count()));
  start();  // and it goes to where "late" would be made now: the first shard
  load_the_first();
  open("late");
  first_.run_ready();
  EXPECT_EQ(called_, 0);
  second_.run_ready();
  EXPECT_TRUE(match(1, "late"));
  EXPECT_EQ(called_, 1);
}

TEST_F(OnTwoLoops, a_call_that_arrives_where_its_match_is_not_touches_it_on_its_own_loop_alone) {
  ASSERT_TRUE(core_.with_match("late", count()));
  start();
  load_the_first();
  open("late");
  second_.run_ready();
  ASSERT_TRUE(match(1, "late"));
  first_.run_ready();
  EXPECT_EQ(called_, 0) << "this is the other shard's loop";
  second_.run_ready();
  EXPECT_EQ(called_, 1);
}

TEST_F(OnTwoLoops, a_call_for_a_match_that_is_nowhere_is_named_in_the_log) {
  const field::LogCapture log;
  ASSERT_TRUE(core_.with_match("early", count()));
  start();
  first_.run_ready();
  second_.run_ready();
  load_the_first();
  ASSERT_TRUE(core_.with_match("now", count()));
  first_.run_ready();
  second_.run_ready();
  EXPECT_EQ(called_, 0);
  for (const char* id : {"early", "now"})
    EXPECT_EQ(log.count(fmt::format("match {}: a call for it finds no such match", id)), 1U) << log.text();
}

TEST_F(OnTwoLoops, a_match_whose_place_has_changed_is_made_on_the_loop_of_the_new_one) {
  start();
  open("m");
  core_.directory().remove("m");  // as at the end of one that was there when this was called
  load_the_first();
  first_.run_ready();
  EXPECT_FALSE(match(0, "m"));
  EXPECT_FALSE(match(1, "m")) << "this is the other shard's loop";
  second_.run_ready();
  EXPECT_FALSE(match(0, "m"));
  EXPECT_TRUE(match(1, "m"));
}

TEST_F(OnTwoLoops, a_match_that_cannot_be_made_once_the_server_runs_is_an_error_in_the_log) {
  const field::LogCapture log;
  start();
  for (int i = 0; i < 2; ++i) open("m");
  first_.run_ready();
  EXPECT_TRUE(match(0, "m"));
  EXPECT_EQ(log.count("match m: there is a match m already"), 1U) << log.text();
}

}  // namespace
}  // namespace netcode
