#include "netcode/replay_tool.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "recorded.hpp"

namespace netcode {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Ran {
  int exit = 0;
  std::string out;
  std::string err;
};

Ran run(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "replay");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  Ran ran;
  ran.exit = replay_tool(static_cast<int>(argv.size()), argv.data(), test_games::all_types());
  std::fflush(stdout);
  ran.out = ::testing::internal::GetCapturedStdout();
  ran.err = ::testing::internal::GetCapturedStderr();
  return ran;
}

class ReplayTool : public ::testing::Test {
 protected:
  std::string write(const Bytes& bytes) const {
    std::ofstream(path_, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return path_;
  }
  void TearDown() override { std::filesystem::remove(path_); }

  const std::string path_ = ::testing::TempDir() + "replay_tool_test_" +
                            ::testing::UnitTest::GetInstance()->current_test_info()->name() +
                            std::to_string(::getpid()) + ".rec";
  const Bytes good_ = test_recordings::record(test_games::counter_kind(), {.ticks = 130}).bytes;
};

TEST_F(ReplayTool, says_ok_and_exits_0) {
  const Ran ran = run({"verify", write(good_)});
  EXPECT_EQ(ran.exit, 0);
  EXPECT_THAT(ran.out, HasSubstr(": ok: 130 ticks, 2 hashes, 1 keyframes, "));
  EXPECT_EQ(ran.err, "");
}

TEST_F(ReplayTool, says_so_in_one_line_of_json) {
  const Ran ran = run({"verify", write(good_), "--json"});
  EXPECT_EQ(ran.exit, 0);
  EXPECT_THAT(ran.out,
              HasSubstr(R"("ok":true,"ticks":130,"hashes_checked":2,"keyframes_checked":1,"events_checked":)"));
  EXPECT_THAT(ran.out, HasSubstr(R"("truncated":false,"incomplete":false,"result":"the end"})"));
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 1);
}

TEST_F(ReplayTool, names_the_first_bad_tick_and_exits_1) {
  Bytes bad = good_;
  bad[bad.size() - 300] ^= 1;
  const Ran text = run({"verify", write(bad)});
  EXPECT_EQ(text.exit, 1);
  EXPECT_THAT(text.out, HasSubstr(": not ok at tick "));
  const Ran json = run({"verify", "--json", write(bad)});
  EXPECT_EQ(json.exit, 1);
  EXPECT_THAT(json.out, HasSubstr(R"("ok":false)"));
  EXPECT_THAT(json.out, HasSubstr(R"("first_bad_tick":)"));
  EXPECT_THAT(json.out, HasSubstr(R"("reason":"after tick )"));
}

TEST_F(ReplayTool, says_where_a_recording_was_cut) {
  const Ran ran = run({"verify", write({good_.begin(), good_.end() - 400})});
  EXPECT_EQ(ran.exit, 0);
  EXPECT_THAT(ran.out, HasSubstr("it has no end: cut at offset "));
}

TEST_F(ReplayTool, exits_1_where_a_file_is_no_recording) {
  EXPECT_EQ(run({"verify", write(Bytes(1000, 'x'))}).exit, 1);
  const Ran ran = run({"info", path_});
  EXPECT_EQ(ran.exit, 1);
  EXPECT_EQ(ran.err, path_ + ": not a recording\n");
}

TEST_F(ReplayTool, tells_what_a_recording_is_of) {
  const Ran ran = run({"info", write(good_)});
  EXPECT_EQ(ran.exit, 0);
  EXPECT_THAT(ran.out, HasSubstr("match      counter-1 (counter)\n"));
  EXPECT_THAT(ran.out, HasSubstr("made by    test 1, rules version 7, schema "));
  EXPECT_THAT(ran.out, HasSubstr("started    2023-11-14 22:13:20 UTC\n"));
  EXPECT_THAT(ran.out, HasSubstr("seats      16 players, 16 spectators\n"));
  EXPECT_THAT(ran.out, HasSubstr("option     rounds = 100000\n"));
  EXPECT_THAT(ran.out, HasSubstr("length     130 ticks (2.2 s), "));
  EXPECT_THAT(ran.out, HasSubstr("result     the end\n"));
}

TEST_F(ReplayTool, needs_no_rules_to_tell_what_a_recording_is_of) {
  std::string name = "replay", command = "info", file = write(good_);
  char* argv[] = {name.data(), command.data(), file.data()};
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(replay_tool(3, argv, {}), 0);
  ::testing::internal::GetCapturedStdout();
}

TEST_F(ReplayTool, exits_2_with_one_line_that_names_the_missing_file) {
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"info"}, {"verify"}, {"dump"}, {"frames", "--out", path_ + ".frames"}}) {
    std::vector<std::string> arguments = command;
    arguments.emplace_back("/nowhere/match.rec");
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.exit, 2);
    EXPECT_EQ(ran.err, "/nowhere/match.rec: no such file\n");
    EXPECT_EQ(ran.out, "");
  }
}

TEST_F(ReplayTool, exits_2_with_one_line_at_wrong_usage) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{},
                                             {"verify"},
                                             {"play", "x"},
                                             {"verify", path_, "--fast"},
                                             {"info", path_, "--json"},
                                             {"dump", path_, "--tick", "x"},
                                             {"dump", path_, "--tick", "9-"},
                                             {"dump", path_, "--tick", "9-8"},
                                             {"dump", path_, "--tick", "-3"},
                                             {"dump", path_, "--player", "x"},
                                             {"frames", path_},
                                             {"frames", path_, "--out", "x", "--every", "0"},
                                             {"frames", path_, "--out", "x", "--every", "4294967296"},
                                             {"diff", path_},
                                             {"verify", "a", "b"}}) {
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.exit, 2);
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
    EXPECT_EQ(ran.out, "");
  }
}

TEST_F(ReplayTool, says_where_two_recordings_part_and_exits_1) {
  const std::string other = path_ + ".other";
  const Bytes longer = test_recordings::record(test_games::counter_kind(), {.ticks = 140}).bytes;
  std::ofstream(other, std::ios::binary)
      .write(reinterpret_cast<const char*>(longer.data()), static_cast<std::streamsize>(longer.size()));
  const Ran ran = run({"diff", write(good_), other});
  EXPECT_EQ(ran.exit, 1);
  EXPECT_EQ(ran.out, "tick 131: its end != a tick\nno later keyframe is in both: the field is not known\n");
  const Ran json = run({"diff", "--json", path_, other});
  EXPECT_EQ(json.exit, 1);
  EXPECT_EQ(json.out, R"({"same":false,"ticks":130,"setup":[],"tick":131,"what":"its end != a tick",)"
                      R"("remarks":["no later keyframe is in both: the field is not known"]})"
                      "\n");
  std::filesystem::remove(other);
  EXPECT_EQ(run({"diff", path_, other}).err, other + ": no such file\n");
}

TEST_F(ReplayTool, exits_0_where_two_recordings_are_the_same) {
  const Ran ran = run({"diff", write(good_), path_});
  EXPECT_EQ(ran.exit, 0);
  EXPECT_EQ(ran.out, "the same: 130 ticks\n");
}

TEST_F(ReplayTool, dumps_a_recording_line_by_line_and_exits_0) {
  const Ran ran = run({"dump", write(good_)});
  EXPECT_EQ(ran.exit, 0);
  EXPECT_EQ(ran.err, "");
  EXPECT_THAT(ran.out, StartsWith("tick 0: keyframe: 0 players, "));
  EXPECT_THAT(ran.out, HasSubstr("\ntick 60: hash "));
  EXPECT_THAT(ran.out, ::testing::EndsWith("\ntick 130: end: the end\n"));
  EXPECT_EQ(run({"dump", path_, "--tick", "60-61"}).exit, 0);
  EXPECT_EQ(run({"dump", path_, "--player", "1", "--tick", "60"}).exit, 0);
}

TEST_F(ReplayTool, dumps_what_comes_before_damage_and_exits_1) {
  Bytes bad = good_;
  bad[bad.size() - 300] ^= 1;
  const Ran ran = run({"dump", write(bad)});
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.out, HasSubstr("\ntick 60: hash "));
  EXPECT_THAT(ran.err, HasSubstr(": after tick "));
  EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1);
  const Ran beyond = run({"dump", write(good_), "--tick", "131"});
  EXPECT_EQ(beyond.exit, 1);
  EXPECT_THAT(beyond.err, HasSubstr("tick 131 is beyond the recording's end, tick 130"));
}

TEST_F(ReplayTool, writes_the_worlds_of_snapshots_and_exits_0) {
  const std::string frames = path_ + ".frames", schema = path_ + ".bfbs";
  const Ran ran = run({"frames", write(good_), "--out", frames, "--schema-out", schema});
  EXPECT_EQ(ran.exit, 0);
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(ran.out, fmt::format("{}: 65 frames, {} bytes, one every 2 ticks of 130\n", frames,
                                 std::filesystem::file_size(frames)));
  EXPECT_GT(std::filesystem::file_size(schema), 0U);
  const Ran again = run({"frames", path_, "--out", frames, "--every", "60"});
  EXPECT_EQ(again.exit, 1);
  EXPECT_EQ(again.err, fmt::format("{}: create {}: it exists\n", path_, frames));
  std::filesystem::remove(frames);
  EXPECT_THAT(run({"frames", path_, "--out", frames, "--every", "60"}).out, HasSubstr(": 2 frames, "));
  std::filesystem::remove(frames);
  std::filesystem::remove(schema);
}

TEST_F(ReplayTool, leaves_no_frames_beyond_a_limit_of_the_file_size) {
  write(good_);
  const std::string frames = path_ + ".frames";
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit small = before;
  small.rlim_cur = 1'000;
  const auto handler = std::signal(SIGXFSZ, SIG_DFL);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto done = run({"frames", path_, "--out", frames});
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(done.exit, 1);
  EXPECT_EQ(done.err, fmt::format("{}: write {}.part: File too large\n", path_, frames));
  EXPECT_FALSE(std::filesystem::exists(frames));
  EXPECT_FALSE(std::filesystem::exists(frames + ".part"));
}

TEST_F(ReplayTool, explains_itself) {
  const Ran ran = run({"--help"});
  EXPECT_EQ(ran.exit, 0);
  EXPECT_THAT(ran.out, HasSubstr("verify"));
  EXPECT_THAT(ran.out, HasSubstr("dump"));
  const Ran dump = run({"dump", "--help"});
  EXPECT_EQ(dump.exit, 0);
  EXPECT_THAT(dump.out, HasSubstr("--tick"));
  EXPECT_THAT(dump.out, HasSubstr("--player"));
  const Ran frames = run({"frames", "--help"});
  EXPECT_EQ(frames.exit, 0);
  EXPECT_THAT(frames.out, HasSubstr("--schema-out"));
  EXPECT_THAT(frames.out, HasSubstr("--every"));
}

TEST_F(ReplayTool, shrinks_to_what_still_fails_for_a_command) {
  const std::string out = path_ + ".out";
  // More than 2000 bytes are too many for it: that takes some inputs.
  const Ran ran =
      run({"shrink", write(good_), "--out", out, "--fails", "test $(wc -c < {}) -le 2000", "--seconds", "1"});
  EXPECT_EQ(ran.exit, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr(out + ": "));
  EXPECT_GT(std::filesystem::file_size(out), 2000U);
  EXPECT_LT(std::filesystem::file_size(out), good_.size());
  EXPECT_THAT(run({"info", out}).out, HasSubstr("inputs alone"));
  EXPECT_THAT(run({"verify", out}).out, HasSubstr(": ok: "));
  EXPECT_EQ(run({"dump", out}).exit, 0);
  std::filesystem::remove(out);
}

TEST_F(ReplayTool, shrinks_nothing_that_is_well) {
  const Ran ran = run({"shrink", write(good_), "--out", path_ + ".out"});
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.err, HasSubstr("it does not fail"));
  std::filesystem::remove(path_ + ".out");
}

TEST_F(ReplayTool, asks_what_if_only_of_something_else) {
  const Ran nothing = run({"whatif", write(good_)});
  EXPECT_EQ(nothing.exit, 2);
  EXPECT_THAT(nothing.err, HasSubstr("--set or --by"));
  const Ran bad = run({"whatif", path_, "--set", "limit"});
  EXPECT_EQ(bad.exit, 2);
  EXPECT_THAT(bad.err, HasSubstr("expected NAME=VALUE"));
  const Ran ran = run({"whatif", path_, "--set", "limit=3"});
  EXPECT_EQ(ran.exit, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr(": the same\n0 of 1 otherwise\n"));
  EXPECT_THAT(run({"outcome", path_}).out, HasSubstr("ticks 130\nevent "));
}

}  // namespace
}  // namespace netcode
