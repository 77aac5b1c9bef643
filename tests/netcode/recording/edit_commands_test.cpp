// What shrink, outcome and whatif say and return; shrink's are in replay_tool_test.cpp.
#include "recording/edit/edit_commands.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "games/counter.hpp"
#include "games/crowd.hpp"
#include "recorded.hpp"
#include "temp_recording.hpp"

namespace netcode::recording {
namespace {

using test_games::counter_kind;
using test_recordings::record;
using test_recordings::TempRecording;
using ::testing::HasSubstr;

/// Ends where its option says.
class Limited : public counter::Game {
 public:
  engine::Result<void> prepare(const MatchSetup& setup) override {
    if (const auto limit = setup.options.find("limit"); limit != setup.options.end())
      limit_ = std::stoul(limit->second);
    return counter::Game::prepare(setup);
  }
  void tick(Context& ctx) override {
    counter::Game::tick(ctx);
    if (ctx.tick() == limit_) ctx.end("the limit");
  }

 private:
  std::uint64_t limit_ = 0;
};

const RulesTypes kTypes{{"counter", rules_type<Limited>()}};

struct Said {
  int exit = -1;
  std::string out;
  std::string err;
};

Said what_if_said(const WhatIfCommand& command) {
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  Said said{.exit = what_if(command, kTypes), .out = {}, .err = {}};
  std::fflush(stdout);
  said.out = ::testing::internal::GetCapturedStdout();
  said.err = ::testing::internal::GetCapturedStderr();
  return said;
}

/// Another replay program: says this, and exits so.
class Program {
 public:
  explicit Program(const std::string& script, const std::string& name = "") : file_(Bytes(), " program" + name) {
    std::ofstream(file_.path()) << "#!/bin/sh\n" << script << "\n";
    ::chmod(file_.path().c_str(), 0700);
  }
  const std::string& path() const { return file_.path(); }

 private:
  TempRecording file_;
};

TEST(EditCommands, whatif_names_what_comes_out_otherwise_and_the_sum) {
  const TempRecording first(record(counter_kind(), {.ticks = 200, .seed = 1}).bytes, "_1");
  const TempRecording second(record(counter_kind(), {.ticks = 40, .seed = 2}).bytes, "_2");
  const Said said = what_if_said({.files = {first.path(), second.path()}, .options = {{"limit", "50"}}, .by = {}});
  EXPECT_EQ(said.exit, 0) << said.err;
  EXPECT_THAT(said.out, HasSubstr("ticks 200 -> 50, result no end -> \"the limit\"\n"));
  EXPECT_THAT(said.out, HasSubstr(second.path() + ": the same\n"));
  EXPECT_THAT(said.out, HasSubstr("1 of 2 otherwise, in all: "));
  EXPECT_THAT(said.out, HasSubstr("Players would have acted otherwise"));
}

TEST(EditCommands, whatif_says_nothing_of_players_where_all_is_the_same) {
  const TempRecording file(record(counter_kind(), {.ticks = 40}).bytes);
  EXPECT_EQ(what_if_said({.files = {file.path()}, .options = {}, .by = {}}).out,
            file.path() + ": the same\n0 of 1 otherwise\n");
}

TEST(EditCommands, whatif_asks_another_program_with_the_same_options) {
  const TempRecording file(record(counter_kind(), {.ticks = 40}).bytes, " it's");
  const Program other("test \"$1\" = outcome && test -s \"$2\" && test \"$4\" = 'limit=7 8' && echo ticks 12");
  const Said said = what_if_said({.files = {file.path()}, .options = {{"limit", "7 8"}}, .by = other.path()});
  EXPECT_EQ(said.exit, 0) << said.err;
  EXPECT_THAT(said.out, HasSubstr("ticks 40 -> 12"));
}

TEST(EditCommands, whatif_ends_with_what_the_other_program_says_is_wrong) {
  const TempRecording file(record(counter_kind(), {.ticks = 40}).bytes);
  const Program failing("echo it was recorded by others >&2; exit 1");
  const Program chatting("echo hello", "_2");
  for (const auto& [program, what] :
       {std::pair(&failing, "it was recorded by others"), std::pair(&chatting, "hello")}) {
    const Said said = what_if_said({.files = {file.path()}, .options = {}, .by = program->path()});
    EXPECT_EQ(said.exit, 1);
    EXPECT_THAT(said.err, HasSubstr(what));
  }
  EXPECT_EQ(what_if_said({.files = {file.path()}, .options = {}, .by = "/no/such/program"}).exit, 1);
}

}  // namespace
}  // namespace netcode::recording
