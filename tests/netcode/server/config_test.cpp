#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "server/config_file.hpp"

using namespace netcode;

namespace {

class Config : public ::testing::Test {
 protected:
  ~Config() override { std::remove(path_.c_str()); }
  const std::string& file(const std::string& text) {
    path_ = ::testing::TempDir() + "scrim_config_" + ::testing::UnitTest::GetInstance()->current_test_info()->name() +
            ".toml";
    std::ofstream(path_) << text;
    return path_;
  }
  static engine::Result<Arguments> parse(std::vector<std::string> arguments, const std::vector<ExtraFlag>& extra = {}) {
    return parse_arguments("server", arguments, "a server", extra);
  }
  static std::string problem(std::vector<std::string> arguments) {
    const auto parsed = parse(std::move(arguments));
    return parsed ? "" : parsed.error().reason;
  }
  std::string path_ = "none";
};

}  // namespace

TEST_F(Config, has_defaults_that_work) {
  const auto parsed = parse({});
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->config.listen, (std::vector<std::string>{"127.0.0.1:8787"}));
  EXPECT_FALSE(parsed->config.problem());
}

TEST_F(Config, takes_every_flag_the_file_has_and_flags_win) {
  file(
      "listen = ['127.0.0.1:1', '127.0.0.1:2']\nthreads = 3\nbots = 5\nduration = 9\njson = "
      "true\n[options]\nfrag_limit = 7\n");
  const auto parsed = parse({"--config", path_, "--threads", "2", "--set", "frag_limit=9", "--set", "x=y"});
  ASSERT_TRUE(parsed) << parsed.error().reason;
  EXPECT_EQ(parsed->config.listen.size(), 2U);
  EXPECT_EQ(parsed->config.threads, 2U);
  EXPECT_EQ(parsed->config.bots, 5U);
  EXPECT_EQ(parsed->config.duration, std::chrono::seconds(9));
  EXPECT_TRUE(parsed->config.json);
  EXPECT_EQ(parsed->config.options, (Fields{{"frag_limit", "9"}, {"x", "y"}}));
}

TEST_F(Config, takes_second_connections_unless_the_file_says_not_to) {
  EXPECT_TRUE(ServerConfig().twin_links);
  file("twin_links = false\n");
  const auto parsed = parse({"--config", path_, "--check-config"});
  ASSERT_TRUE(parsed);
  EXPECT_FALSE(parsed->config.twin_links);
  file("twin_links = 2\n");
  EXPECT_EQ(problem({"--config", path_}), "--config " + path_ + ":1: twin_links is true or false");
}

TEST_F(Config, refuses_an_unknown_key_with_the_nearest_name) {
  file("\nthread = 3\n");
  EXPECT_EQ(problem({"--config", path_}), "--config " + path_ + ":2: unknown key thread, did you mean threads?");
}

TEST_F(Config, names_the_line_of_a_value_that_cannot_be) {
  file("threads = 'many'\n");
  EXPECT_EQ(problem({"--config", path_}), "--config " + path_ + ":1: threads is a whole number");
  file("threads = 0\n");
  EXPECT_EQ(problem({"--config", path_}), "--config " + path_ + ":1: threads is 1 to 256");
  file("threads = \n");
  EXPECT_EQ(problem({"--config", path_}).rfind("--config " + path_ + ":1:", 0), 0U);
}

TEST_F(Config, says_in_one_line_what_is_wrong_with_a_flag) {
  EXPECT_EQ(problem({"--config", "/nowhere/x.toml"}), "--config /nowhere/x.toml: cannot be read");
  EXPECT_NE(problem({"--bogus"}).find("--bogus"), std::string::npos);
  EXPECT_EQ(problem({"--listen", "8787"}), "--listen 8787: HOST:PORT, please");
  EXPECT_EQ(problem({"--listen", "a:99999"}), "--listen a:99999: the port is 0 to 65535");
  EXPECT_EQ(problem({"--threads", "0"}), "--threads: 1 to 256");
  EXPECT_EQ(problem({"--set", "x"}), "--set x: KEY=VALUE, please");
  EXPECT_EQ(problem({"--tick-rate", "60", "--snapshot-rate", "25"}),
            "--snapshot-rate 25 does not divide --tick-rate 60");
  EXPECT_EQ(problem({"--rewind-ms", "1001"}), "--rewind-ms: at most 1000");
  EXPECT_EQ(problem({"--bogus"}).find('\n'), std::string::npos);
}

TEST_F(Config, takes_how_far_shots_are_judged_back_from_the_line_and_from_the_file) {
  EXPECT_FALSE(parse({})->config.rewind_ms_max);
  file("rewind_ms = 250\n");
  EXPECT_EQ(parse({"--config", path_})->config.rewind_ms_max, 250U);
  EXPECT_EQ(parse({"--config", path_, "--rewind-ms", "0"})->config.rewind_ms_max, 0U);
  file("rewind_ms = 2000\n");
  EXPECT_EQ(problem({"--config", path_}), "--config " + path_ + ":1: rewind_ms is 0 to 1000");
}

TEST_F(Config, knows_a_games_own_flags_on_the_line_and_in_the_file) {
  std::string map = "foundry";
  file("map = 'duel'\n");
  ASSERT_TRUE(parse({"--config", path_}, {{"map", "NAME", "a map", &map}}));
  EXPECT_EQ(map, "duel");
  ASSERT_TRUE(parse({"--config", path_, "--map", "large"}, {{"map", "NAME", "a map", &map}}));
  EXPECT_EQ(map, "large");
}
