// Tests also: config_file.cpp, options.cpp.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "server/config_file.hpp"

namespace netcode {
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

TEST_F(Config, takes_a_bcrypt_hash_for_the_admin_ui_and_never_says_it_again) {
  EXPECT_TRUE(ServerConfig().admin_ui.password_hash.empty()) << "it is off";
  const std::string hash = "$2y$10$abcdefghijklmnopqrstuuTnc8amReAFiMHxaSoW9U22KarbWnkSm";
  file("admin_ui_password_hash = '" + hash + "'\nadmin_ui_user = 'ada'\nadmin_ui_read_only = true\n");
  const auto parsed = parse({"--config", path_});
  ASSERT_TRUE(parsed) << parsed.error().reason;
  EXPECT_EQ(parsed->config.admin_ui.password_hash, hash);
  EXPECT_EQ(parsed->config.admin_ui.user, "ada");
  EXPECT_TRUE(parsed->config.admin_ui.is_read_only);
  EXPECT_EQ(problem({"--admin-ui-password-hash", "let me in"}),
            "--admin-ui-password-hash: expected a bcrypt hash, $2y$10$..., of a cost of at most 15");
  EXPECT_EQ(problem({"--admin-ui-password-hash", hash, "--admin-ui-user", ""}), "--admin-ui-user: expected a name");
  EXPECT_EQ(problem({"--admin-ui-password-hash", hash, "--socketio=false"}),
            "--admin-ui-password-hash: the Admin UI needs --socketio");
}

TEST_F(Config, takes_second_connections_unless_the_file_says_not_to) {
  EXPECT_TRUE(ServerConfig().twin_links);
  file("twin_links = false\n");
  const auto parsed = parse({"--config", path_, "--check-config"});
  ASSERT_TRUE(parsed);
  EXPECT_FALSE(parsed->config.twin_links);
  file("twin_links = 2\n");
  EXPECT_EQ(problem({"--config", path_}),
            "--config " + path_ + ":1: twin_links: expected true or false, without quotes");
}

TEST_F(Config, refuses_an_unknown_key_with_the_nearest_name) {
  file("\nthread = 3\n");
  EXPECT_EQ(problem({"--config", path_}), "--config " + path_ + ":2: unknown key thread, did you mean threads?");
}

TEST_F(Config, names_the_line_of_a_value_that_cannot_be) {
  file("threads = 'many'\n");
  EXPECT_EQ(problem({"--config", path_}), "--config " + path_ + ":1: threads: expected a whole number, 1 to 256");
  file("threads = 0\n");
  EXPECT_EQ(problem({"--config", path_}), "--config " + path_ + ":1: threads: expected a whole number, 1 to 256");
  file("threads = \n");
  EXPECT_EQ(problem({"--config", path_}).rfind("--config " + path_ + ":1:", 0), 0U);
}

TEST_F(Config, says_in_one_line_what_is_wrong_with_a_flag) {
  EXPECT_EQ(problem({"--config", "/nowhere/x.toml"}), "--config /nowhere/x.toml: cannot be read");
  EXPECT_NE(problem({"--bogus"}).find("--bogus"), std::string::npos);
  EXPECT_EQ(problem({"--listen", "8787"}), "--listen 8787: expected HOST:PORT");
  EXPECT_EQ(problem({"--listen", "a:99999"}), "--listen a:99999: expected a port, 0 to 65535");
  EXPECT_EQ(problem({"--threads", "0"}), "--threads 0: expected a whole number, 1 to 256");
  EXPECT_EQ(problem({"--set", "x"}), "--set x: expected KEY=VALUE");
  EXPECT_EQ(problem({"--tick-rate", "60", "--snapshot-rate", "25"}),
            "--snapshot-rate 25 does not divide --tick-rate 60");
  EXPECT_EQ(problem({"--rewind-ms", "1001"}), "--rewind-ms 1001: expected a whole number, 0 to 1000");
  EXPECT_EQ(problem({"--bogus"}).find('\n'), std::string::npos);
}

TEST_F(Config, takes_how_far_shots_are_judged_back_from_the_line_and_from_the_file) {
  EXPECT_FALSE(parse({})->config.rewind_ms_max);
  file("rewind_ms = 250\n");
  EXPECT_EQ(parse({"--config", path_})->config.rewind_ms_max, 250U);
  EXPECT_EQ(parse({"--config", path_, "--rewind-ms", "0"})->config.rewind_ms_max, 0U);
  file("rewind_ms = 2000\n");
  EXPECT_EQ(problem({"--config", path_}), "--config " + path_ + ":1: rewind_ms: expected a whole number, 0 to 1000");
}

TEST_F(Config, takes_a_budget_of_snapshots_that_is_none_or_enough_to_be_of_use) {
  EXPECT_EQ(parse({})->config.snapshot_bytes_per_second, 0U);
  file("snapshot_bytes_per_second = 20000\n");
  EXPECT_EQ(parse({"--config", path_})->config.snapshot_bytes_per_second, 20'000U);
  EXPECT_EQ(parse({"--config", path_, "--snapshot-bytes-per-second", "0"})->config.snapshot_bytes_per_second, 0U);
  EXPECT_EQ(problem({"--snapshot-bytes-per-second", "1000"}), "");
  EXPECT_EQ(problem({"--snapshot-bytes-per-second", "999"}),
            "--snapshot-bytes-per-second 999: expected 0, or at least 1000");
  EXPECT_EQ(problem({"--snapshot-bytes-per-second", "1000000001"}),
            "--snapshot-bytes-per-second 1000000001: expected a whole number, 0 to 1000000000");
}

TEST_F(Config, knows_a_games_own_flags_on_the_line_and_in_the_file) {
  std::string map = "foundry";
  file("map = 'duel'\n");
  ASSERT_TRUE(parse({"--config", path_}, {{"map", "NAME", "a map", &map}}));
  EXPECT_EQ(map, "duel");
  ASSERT_TRUE(parse({"--config", path_, "--map", "large"}, {{"map", "NAME", "a map", &map}}));
  EXPECT_EQ(map, "large");
}

TEST_F(Config, takes_a_games_flag_in_either_spelling_and_in_its_own_type) {
  int level = 0;
  const std::vector<ExtraFlag> extra{{"bot-level", "N", "how good", &level, 0, 5}};
  for (const char* key : {"bot_level", "bot-level"}) {
    level = 0;
    file(std::string(key) + " = 3\n");
    const auto parsed = parse({"--config", path_}, extra);
    ASSERT_TRUE(parsed) << parsed.error().reason;
    EXPECT_EQ(level, 3) << key;
  }
  file("bot_level = '3'\n");
  EXPECT_EQ(parse({"--config", path_}, extra).error().reason,
            "--config " + path_ + ":1: bot_level: expected a whole number, 0 to 5");
  file("bot_level = 1\nbot-level = 2\n");
  EXPECT_EQ(parse({"--config", path_}, extra).error().reason, "--config " + path_ + ":1: bot_level is given twice");
  EXPECT_EQ(parse({"--bot-level", "6"}, extra).error().reason, "--bot-level 6: expected a whole number, 0 to 5");
}

TEST_F(Config, takes_every_key_as_a_flag_and_every_flag_as_a_key) {
  ServerConfig config;
  for (const Option& option : server_options(config)) {
    EXPECT_FALSE(option.key.empty()) << option.flag;
    if (!std::holds_alternative<NumberOption>(option.target)) continue;
    const std::string max = std::to_string(std::get<NumberOption>(option.target).max);
    EXPECT_EQ(problem({"--" + option.flag, max}), "") << "its own bound";
    file(option.key + " = " + max + "\n");
    EXPECT_EQ(problem({"--config", path_}), "") << "its own bound";
  }
  const auto parsed = parse({"--sessions-max", "7", "--twin-links=false", "--create-by-url=false", "--origin", "a",
                             "--origin", "b", "--resume-window-ms", "1000", "--matches-max", "8",
                             "--matches-created-per-minute", "9", "--log-level", "debug"});
  ASSERT_TRUE(parsed) << parsed.error().reason;
  EXPECT_EQ(parsed->config.sessions_max, 7U);
  EXPECT_FALSE(parsed->config.twin_links);
  EXPECT_FALSE(parsed->config.create_by_url);
  EXPECT_EQ(parsed->config.origins, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(parsed->config.resume_window, std::chrono::seconds(1));
  EXPECT_EQ(parsed->config.matches_max, 8U);
  EXPECT_EQ(parsed->config.matches_created_per_minute, 9U);
  EXPECT_EQ(parsed->config.log_level, "debug");
}

TEST_F(Config, takes_a_certificate_with_its_key_and_neither_alone) {
  const auto parsed = parse({"--tls-cert", "cert.pem", "--tls-key", "key.pem"});
  ASSERT_TRUE(parsed) << parsed.error().reason;
  EXPECT_EQ(parsed->config.tls_cert, "cert.pem");
  EXPECT_EQ(parsed->config.tls_key, "key.pem");
  EXPECT_EQ(problem({"--tls-cert", "cert.pem"}), "--tls-cert and --tls-key: expected both or neither");
  EXPECT_EQ(problem({"--tls-key", "key.pem"}), "--tls-cert and --tls-key: expected both or neither");
}

TEST_F(Config, takes_a_path_that_all_others_are_below) {
  EXPECT_EQ(parse({"--path-prefix", "/games"})->config.path_prefix, "/games");
  file("path_prefix = '/a/b-c_d.e~1'\n");
  EXPECT_EQ(parse({"--config", path_})->config.path_prefix, "/a/b-c_d.e~1");
  EXPECT_EQ(problem({"--path-prefix", "/" + std::string(255, 'x')}), "");
  for (const std::string& path :
       {std::string("games"), std::string("/"), std::string("/games/"), std::string("//games"), std::string("/a//b"),
        std::string("/../b"), std::string("/a/./b"), std::string("/a b"), std::string("/a?b"), std::string("/a#b"),
        std::string("/%20"), std::string("/\xFF"), std::string("/a\nb"), "/" + std::string(256, 'x')}) {
    const std::string why = problem({"--path-prefix", path});
    EXPECT_TRUE(why.starts_with("--path-prefix ") &&
                why.find(": expected a path as /games, of at most 256 bytes") != std::string::npos)
        << path << ": " << why;
    EXPECT_EQ(why.find('\n'), std::string::npos);
  }
}

TEST_F(Config, bounds_every_number_before_it_is_converted) {
  for (const char* number :
       {"9999999999", "-1", "99999999999999999999", "1e9", "nan", "0x10", "", " 1", "1 ", "18446744073709551617"}) {
    ServerConfig config;
    for (const Option& option : server_options(config)) {
      if (!std::holds_alternative<NumberOption>(option.target) || option.key == "seed") continue;
      EXPECT_EQ(problem({"--" + option.flag + "=" + number}).find('\n'), std::string::npos);
      EXPECT_NE(problem({"--" + option.flag + "=" + number}), "") << option.flag << " " << number;
    }
  }
  for (const char* number : {"9999999999", "-1", "99999999999999999999", "1e9", "nan", "18446744073709551617"}) {
    ServerConfig config;
    for (const Option& option : server_options(config)) {
      if (!std::holds_alternative<NumberOption>(option.target) || option.key == "seed") continue;
      file(option.key + " = " + number + "\n");
      EXPECT_NE(problem({"--config", path_}), "") << option.key << " " << number;
    }
  }
  EXPECT_EQ(problem({"--duration", "9999999999"}), "--duration 9999999999: expected a whole number, 0 to 315360000");
}

TEST_F(Config, bounds_what_a_program_says_as_well) {
  ServerConfig config;
  config.duration = std::chrono::seconds::max();
  EXPECT_EQ(config.problem().value_or("").rfind("--duration 9223372036854775807: expected", 0), 0U);
  config = {};
  config.resume_window = std::chrono::milliseconds(-1);
  EXPECT_TRUE(config.problem());
  config = {};
  config.log_level = "loud";
  EXPECT_EQ(config.problem(), "--log-level loud: expected one of trace, debug, info, warn, error, off");
}

TEST_F(Config, takes_a_flag_of_one_value_once) {
  EXPECT_EQ(problem({"--threads", "1", "--threads", "2"}), "--threads is given 2 times, and takes one value");
}

}  // namespace netcode
