#include "recording/read/dump_recording.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "games/counter.hpp"
#include "recorded.hpp"

namespace netcode::recording {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

class DumpRecording : public ::testing::Test {
 protected:
  ~DumpRecording() override { std::filesystem::remove(path_); }

  void write(const Bytes& bytes) const {
    std::ofstream(path_, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }
  std::vector<std::string> dump(const DumpOptions& options = {}) const {
    std::vector<std::string> lines;
    const auto done = dump_recording(path_, options, [&lines](const std::string& line) { lines.push_back(line); });
    EXPECT_TRUE(done) << done.error().reason;
    return lines;
  }

  // A match of a few ticks in which everything happens once.
  Bytes everything() const {
    test_recordings::Disk disk;
    RecordingWriter writer({.open_file = test_recordings::open_in_memory(disk)});
    test_games::Match match(test_games::counter_kind());
    auto info = Recorder::describe(*match.simulation, "counter", "test 1");
    info.hash_interval_ticks = 4;
    Recorder recorder(writer, {.path = "memory", .info = info, .sessions = [&match] {
                                 return test_recordings::sessions_of(*match.simulation);
                               }});
    recorder.start(*match.simulation);
    counter::MoveT move;
    move.push = -3;
    move.buttons = counter::Buttons::Up | counter::Buttons::Turn;
    counter::ShoutT shout;
    shout.text = "he\x1B[2J \"hi\"";
    shout.tags = {"a", "b"};
    shout.mode = counter::Mode::Angry;
    const std::vector<std::vector<Input>> ticks{
        {{.kind = InputKind::kJoin,
          .player = {1},
          .text = "ada",
          .ticket_table = "counter.Shout",
          .ticket = encode(shout)},
         {.kind = InputKind::kJoin, .player = {2}, .is_bot = true, .text = "Grace"}},
        {{.kind = InputKind::kAction,
          .player = {1},
          .body = encode(move),
          .view = {.tick = 1, .fraction = 128},
          .ticks_late = 2}},
        {{.kind = InputKind::kAway, .player = {1}},
         {.kind = InputKind::kRelease, .player = {1}},
         {.kind = InputKind::kBack, .player = {1}}},
        {{.kind = InputKind::kAction,
          .player = {1},
          .body = encode(move),
          .view = {.tick = 2, .fraction = 128, .from = 1, .to = 3}},
         {.kind = InputKind::kEvent, .player = {1}, .text = "counter.Shout", .body = encode(shout)},
         {.kind = InputKind::kLeave, .player = {2}},
         {.kind = InputKind::kEnd, .text = "over"}}};
    for (const auto& inputs : ticks) {
      for (const Input& input : inputs) {
        recorder.input(input);
        test_games::apply(*match.simulation, input);
      }
      counter::WonT won;
      won.name = "ada";
      recorder.event({.to = Recipients::player({1}), .name = "won", .body = encode(won)});
      match.simulation->tick();
      recorder.tick(*match.simulation);
    }
    recorder.finish("over");
    writer.wait();
    return disk.bytes;
  }

  const std::string path_ = ::testing::TempDir() + "dump_recording_test_" +
                            ::testing::UnitTest::GetInstance()->current_test_info()->name() +
                            std::to_string(::getpid());
};

TEST_F(DumpRecording, says_each_thing_that_a_recording_holds_in_a_line) {
  write(everything());
  EXPECT_THAT(
      dump(),
      ElementsAre(
          MatchesRegex("tick 0: keyframe: 0 players, [0-9]+ bytes of counter.World, hash [0-9a-f]+"),
          MatchesRegex(R"(tick 1: player 1 "ada" joins with counter.Shout \{text: "he.*\[2J .*hi.*", .*tags: .*\})"),
          "tick 1: player 2 \"Grace\" joins, a bot",  //
          "tick 1: event to player 1 \"ada\": won {name: \"ada\"}",
          "tick 2: player 1 \"ada\" acts {buttons: Up|Turn, push: -3} view 1+128/256 late 2",
          "tick 2: event to player 1 \"ada\": won {name: \"ada\"}",
          "tick 3: player 1 \"ada\" is away",              //
          "tick 3: player 1 \"ada\" releases everything",  //
          "tick 3: player 1 \"ada\" is back", "tick 3: event to player 1 \"ada\": won {name: \"ada\"}",
          "tick 4: player 1 \"ada\" acts {buttons: Up|Turn, push: -3} view 2+128/256 between 1 and 3",
          MatchesRegex(R"(tick 4: player 1 "ada" sends counter.Shout \{.*mode: Angry, tags: \["a", "b"\]\})"),
          "tick 4: player 2 \"Grace\" leaves",  //
          "tick 4: the server ends the match: over",
          "tick 4: event to player 1 \"ada\": won {name: \"ada\"}",  //
          MatchesRegex("tick 4: hash [0-9a-f]+"),                    //
          "tick 4: end: over"));
}

TEST_F(DumpRecording, shows_no_control_characters) {
  write(everything());
  for (const std::string& line : dump()) EXPECT_EQ(line.find('\x1B'), std::string::npos) << line;
}

TEST_F(DumpRecording, says_sessions_and_shows_no_more_of_a_token_than_how_its_hash_begins) {
  write(test_recordings::record(test_games::counter_kind(),
                                {.ticks = 130, .keyframe_interval_ticks = 60, .with_sessions = true})
            .bytes);
  EXPECT_THAT(dump({.first = 60, .last = 60}),
              Contains(MatchesRegex("tick 60: session 100[0-9] of player .*: token [0-9a-f]{8}..., sent 60, "
                                    "received 30, action 180")));
}

TEST_F(DumpRecording, keeps_to_the_ticks_and_the_player_that_it_is_asked_for) {
  write(test_recordings::record(test_games::counter_kind(),
                                {.ticks = 700, .keyframe_interval_ticks = 60, .with_sessions = true})
            .bytes);
  const auto all = dump();
  std::vector<std::string> expected;
  for (const std::string& line : all) {
    const auto tick = std::stoul(line.substr(5));
    if (tick >= 333 && tick <= 401) expected.push_back(line);
  }
  EXPECT_GT(expected.size(), 100U);
  EXPECT_EQ(dump({.first = 333, .last = 401}), expected);
  const auto of_one = dump({.first = 333, .last = 401, .player = PlayerId{1}});
  EXPECT_THAT(of_one, Not(IsEmpty()));
  EXPECT_THAT(of_one, Each(HasSubstr("player 1 ")));
  EXPECT_LT(of_one.size(), expected.size());
}

TEST_F(DumpRecording, says_where_a_recording_without_its_end_was_cut) {
  write(test_recordings::record(test_games::counter_kind(), {.ticks = 130, .finish = false}).bytes);
  EXPECT_THAT(dump().back(), StartsWith("tick 130: no end: cut at offset "));
}

TEST_F(DumpRecording, says_whom_an_event_went_to) {
  test_recordings::Disk disk;
  RecordingWriter writer({.open_file = test_recordings::open_in_memory(disk)});
  test_games::Match match(test_games::counter_kind());
  Recorder recorder(writer, {.path = "memory", .info = Recorder::describe(*match.simulation, "counter", "test 1")});
  recorder.start(*match.simulation);
  const std::vector<PlayerId> players{{2}, {1}};
  const std::vector<EntityRef> entities{{"counters", 1}, {"scores\x1B", 2}};
  Recipients everyone;
  everyone.is_volatile = true;
  for (const Recipients& to : {everyone, Recipients::of(players), Recipients::of({}), Recipients::viewers_of(entities),
                               Recipients::viewers_of({})})
    recorder.event({.to = to, .name = "won", .body = encode(counter::WonT())});
  match.simulation->tick();
  recorder.tick(*match.simulation);
  recorder.finish(std::nullopt);
  writer.wait();
  write(disk.bytes);
  EXPECT_THAT(
      dump({.first = 1, .last = 1}),
      ElementsAre("tick 1: volatile event to everyone: won {}", "tick 1: event to player 1, player 2: won {}",
                  "tick 1: event to nobody: won {}",
                  MatchesRegex("tick 1: event to the viewers of counters\\[1\\], scores[^\x1B]*\\[2\\]: won .*"),
                  "tick 1: event to spectators: won {}", StartsWith("tick 1: end")));
  EXPECT_THAT(dump({.first = 1, .last = 1, .player = PlayerId{2}}), Contains(HasSubstr("event to player 1, player 2")));
}

}  // namespace
}  // namespace netcode::recording
