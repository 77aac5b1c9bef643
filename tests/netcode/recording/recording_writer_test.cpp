// Tests also: output_file.cpp, record_writer.cpp, recorder.cpp.
#include "recording/write/recording_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <future>

#include "games/crowd.hpp"
#include "recorded.hpp"
#include "recording/write/recorder.hpp"

namespace netcode::recording {
namespace {

using test_games::counter_kind;
using test_games::Match;
using test_recordings::Disk;
using test_recordings::MemoryOutputFile;
using test_recordings::open_in_memory;
using ::testing::HasSubstr;

// A match of 300 ticks whose disk fails at the `append`-th write, after `written` bytes of it; how it was recorded.
struct Outcome {
  std::uint64_t hash = 0;  // of the match's end
  bool incomplete = false;
};

Outcome play(RecordingWriter& writer, const std::string& path, std::size_t ticks = 300) {
  Match match(counter_kind());
  auto info = Recorder::describe(*match.simulation, "counter", "test 1");
  info.keyframe_interval_ticks = 120;
  Recorder recorder(writer, {.path = path, .info = info});
  match.simulation->set_emit_sink([&](const Emitted& event) { recorder.event(event); });
  recorder.start(*match.simulation);
  test_games::Crowd crowd(match.kind, 2);
  for (std::size_t tick = 1; tick <= ticks; ++tick) {
    for (const Input& input : crowd.inputs(*match.simulation)) {
      recorder.input(input);
      test_games::apply(*match.simulation, input);
    }
    match.simulation->tick();
    recorder.tick(*match.simulation);
    if (tick % 10 == 0) recorder.end_interval();
  }
  recorder.finish("the end");
  writer.wait();
  EXPECT_TRUE(recorder.log()->closed());
  return {.hash = match.simulation->state_hash(), .incomplete = recorder.incomplete()};
}

MemoryOutputFile::Fail at_append(std::size_t wanted, std::size_t written, bool forever) {
  return [=](std::size_t append) -> std::optional<std::size_t> {
    return append == wanted || (forever && append > wanted) ? std::optional(written) : std::nullopt;
  };
}

TEST(RecordingWriter, finds_a_directory_that_was_removed_and_records_again_once_it_is_back) {
  namespace fs = std::filesystem;
  const std::string folder = ::testing::TempDir() + "scrim_writer_" + std::to_string(::getpid());
  fs::create_directory(folder);
  std::vector<std::string> lost;
  RecordingWriter::Config config;
  config.on_lost = [&lost](const std::string& path, const std::string& why) { lost.push_back(path + ": " + why); };
  RecordingWriter writer(config);
  const auto record = [&](const std::string& name) {
    auto log = std::make_shared<Log>(folder + "/" + name, 1, [](std::uint32_t) {});
    writer.write(log, {.type = RecordType::kHeader, .tick = 0, .body = Bytes(8)});
    writer.wait();
    return log;
  };
  const auto under_way = record("a");
  EXPECT_FALSE(under_way->incomplete());
  fs::remove_all(folder);
  writer.write(under_way, {.type = RecordType::kTicks, .tick = 1, .body = Bytes(8)});
  writer.wait();
  EXPECT_TRUE(under_way->incomplete());
  EXPECT_TRUE(record("b")->incomplete());
  EXPECT_THAT(lost, ::testing::ElementsAre(HasSubstr("the file was removed"), HasSubstr("No such file or directory")));
  fs::create_directory(folder);
  EXPECT_FALSE(record("c")->incomplete());
  EXPECT_TRUE(fs::exists(folder + "/c"));
  fs::remove_all(folder);
}

TEST(RecordingWriter, keeps_what_came_before_a_disk_that_is_full_at_any_write_and_the_match_goes_on) {
  Disk good;
  std::uint64_t hash = 0;
  {
    RecordingWriter writer({.open_file = open_in_memory(good)});
    const Outcome outcome = play(writer, "memory");
    EXPECT_FALSE(outcome.incomplete);
    EXPECT_TRUE(good.synced);
    hash = outcome.hash;
  }
  ASSERT_TRUE(verify_recording_bytes(good.bytes, test_games::all_types()).ok);
  constexpr std::size_t kAppends = 1 + 3 + 30 + 1;  // header, keyframes, ticks, end and footer
  Tick previous = 0;
  for (std::size_t append = 1; append <= kAppends; ++append) {
    for (const bool forever : {false, true}) {
      for (const bool can_truncate : {true, false}) {
        SCOPED_TRACE(fmt::format("append {}, forever {}, truncate {}", append, forever, can_truncate));
        Disk disk;
        RecordingWriter writer(
            {.open_file = open_in_memory(disk, at_append(append, append % 3, forever), can_truncate)});
        const Outcome outcome = play(writer, "memory");
        EXPECT_TRUE(outcome.incomplete);
        EXPECT_EQ(outcome.hash, hash);
        if (append == 1) continue;  // not even a header
        const VerifyReport report = verify_recording_bytes(disk.bytes, test_games::all_types());
        ASSERT_TRUE(report.ok) << report.reason;
        EXPECT_GE(report.ticks, previous);
        previous = report.ticks;
        // Where the end could be written, it says that ticks are missing; else it just is not there.
        const bool has_end = !forever && can_truncate && append > 2 && append < kAppends;
        EXPECT_EQ(report.incomplete, has_end);
        EXPECT_EQ(report.truncated, !has_end);
      }
    }
    previous = append < kAppends ? previous : 0;
  }
}

TEST(RecordingWriter, marks_a_recording_whose_file_cannot_be_made) {
  RecordingWriter writer;
  EXPECT_TRUE(play(writer, "/nowhere/at/all.rec").incomplete);
}

class RecordingFile : public ::testing::Test {
 protected:
  RecordingFile() { std::filesystem::create_directories(folder_); }
  ~RecordingFile() override { std::filesystem::remove_all(folder_); }

  const std::string folder_ = ::testing::TempDir() + "writer_test_" + std::to_string(::getpid()) + "_" +
                              ::testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(RecordingFile, is_written_to_the_disk_and_verifies_there) {
  const std::string path = folder_ + "/match.rec";
  RecordingWriter writer;
  EXPECT_FALSE(play(writer, path, 700).incomplete);
  const VerifyReport report = verify_recording(path, test_games::all_types());
  EXPECT_TRUE(report.ok) << report.reason;
  EXPECT_EQ(report.ticks, 700U);
}

TEST_F(RecordingFile, is_never_written_over) {
  const std::string path = folder_ + "/match.rec";
  RecordingWriter writer;
  EXPECT_FALSE(play(writer, path, 50).incomplete);
  EXPECT_TRUE(play(writer, path, 70).incomplete);
  EXPECT_EQ(verify_recording(path, test_games::all_types()).ticks, 50U);
}

TEST_F(RecordingFile, of_many_matches_at_once_are_each_whole) {
  RecordingWriter writer;
  std::vector<std::future<Outcome>> matches;
  for (int i = 0; i < 4; ++i) {
    matches.push_back(
        std::async(std::launch::async, [&, i] { return play(writer, fmt::format("{}/{}.rec", folder_, i)); }));
  }
  for (int i = 0; i < 4; ++i) {
    EXPECT_FALSE(matches[static_cast<std::size_t>(i)].get().incomplete);
    EXPECT_TRUE(verify_recording(fmt::format("{}/{}.rec", folder_, i), test_games::all_types()).ok);
  }
}

// A file whose first write waits until it is let go, as a disk that hangs.
class HangingOutputFile final : public OutputFile {
 public:
  HangingOutputFile(Disk& disk, std::shared_future<void> go) : file_(disk), go_(std::move(go)) {}
  engine::Result<void> append(BytesView bytes) override {
    go_.wait();
    return file_.append(bytes);
  }
  engine::Result<void> truncate(std::uint64_t bytes) override { return file_.truncate(bytes); }
  engine::Result<void> sync() override { return file_.sync(); }

 private:
  MemoryOutputFile file_;
  std::shared_future<void> go_;
};

TEST(RecordingWriter, bounds_what_waits_for_a_disk_that_hangs_and_marks_the_recording) {
  for (const bool by_bytes : {false, true}) {
    Disk disk;
    std::promise<void> go;
    RecordingWriter writer({.records_queued_max = by_bytes ? 1000U : 8U,
                            .bytes_queued_max = by_bytes ? 5000U : 1U << 20U,
                            .open_file = [&](const std::string&) -> engine::Result<std::unique_ptr<OutputFile>> {
                              return std::unique_ptr<OutputFile>(
                                  std::make_unique<HangingOutputFile>(disk, go.get_future().share()));
                            }});
    Match match(counter_kind());
    Recorder recorder(writer, {.path = "memory", .info = Recorder::describe(*match.simulation, "counter", "test")});
    match.simulation->set_emit_sink([&](const Emitted& event) { recorder.event(event); });
    recorder.start(*match.simulation);
    for (Tick tick = 1; tick <= 400; ++tick) {
      const Input join{.kind = InputKind::kJoin, .player = match.simulation->next_player(), .text = "someone"};
      recorder.input(join);
      test_games::apply(*match.simulation, join);
      match.simulation->tick();
      recorder.tick(*match.simulation);
      if (tick % 5 == 0) recorder.end_interval();
    }
    EXPECT_TRUE(recorder.incomplete());
    recorder.finish("the end");
    EXPECT_FALSE(recorder.log()->closed());
    go.set_value();
    writer.wait();
    EXPECT_TRUE(recorder.log()->closed());
    const VerifyReport report = verify_recording_bytes(disk.bytes, test_games::all_types());
    EXPECT_TRUE(report.ok) << report.reason;
    EXPECT_TRUE(report.incomplete);
    EXPECT_LT(report.ticks, 400U);
  }
}

TEST(RecordingWriter, tells_when_a_record_and_all_before_it_are_written) {
  Disk disk;
  RecordingWriter writer({.open_file = open_in_memory(disk)});
  Match match(counter_kind());
  std::vector<std::uint32_t> written;
  Recorder recorder(writer, {.path = "memory",
                             .info = Recorder::describe(*match.simulation, "counter", "test"),
                             .on_written = [&](std::uint32_t sequence) { written.push_back(sequence); }});
  recorder.start(*match.simulation);
  EXPECT_EQ(recorder.end_interval(), 1U);  // header 0, keyframe 1, no tick yet
  std::vector<std::uint32_t> expected{0, 1};
  for (std::uint32_t tick = 1; tick <= 20; ++tick) {
    match.simulation->tick();
    recorder.tick(*match.simulation);
    if (tick % 2 != 0) continue;
    expected.push_back(recorder.end_interval());
    EXPECT_EQ(recorder.end_interval(), expected.back());  // nothing new
  }
  writer.wait();
  EXPECT_EQ(written, expected);
  EXPECT_EQ(expected.back(), 11U);
}

TEST(RecordingWriter, finishes_the_recording_of_a_match_that_goes_without_a_word) {
  Disk disk;
  {
    RecordingWriter writer({.open_file = open_in_memory(disk)});
    Match match(counter_kind());
    Recorder recorder(writer, {.path = "memory", .info = Recorder::describe(*match.simulation, "counter", "test")});
    recorder.start(*match.simulation);
    match.simulation->tick();
    recorder.tick(*match.simulation);
  }
  const VerifyReport report = verify_recording_bytes(disk.bytes, test_games::all_types());
  EXPECT_TRUE(report.ok);
  EXPECT_FALSE(report.truncated);
  EXPECT_EQ(report.ticks, 1U);
  EXPECT_FALSE(report.result);
}

// Bytes that do not compress, so that a keyframe which may be as large as a record becomes larger than one.
TEST(RecordingWriter, ends_a_recording_before_a_keyframe_that_does_not_fit_a_record) {
  Disk disk;
  RecordingWriter writer({.bytes_queued_max = std::size_t{64} << 20U, .open_file = open_in_memory(disk)});
  Match match(counter_kind());
  Recorder recorder(writer, {.path = "memory", .info = Recorder::describe(*match.simulation, "counter", "test")});
  recorder.start(*match.simulation);
  match.simulation->tick();
  recorder.tick(*match.simulation);
  recorder.end_interval();
  Bytes noise(limits::kRecordBytesMax);
  engine::Rng rng(3);
  for (std::uint8_t& byte : noise) byte = static_cast<std::uint8_t>(rng.next());
  EXPECT_TRUE(writer.write(recorder.log(), {.type = RecordType::kKeyframe, .tick = 1, .body = noise}));
  writer.wait();
  EXPECT_TRUE(recorder.incomplete());
  recorder.finish("the end");
  writer.wait();
  const VerifyReport report = verify_recording_bytes(disk.bytes, test_games::all_types());
  EXPECT_TRUE(report.ok) << report.reason;
  EXPECT_TRUE(report.incomplete);
  EXPECT_EQ(report.ticks, 1U);
}

}  // namespace
}  // namespace netcode::recording
