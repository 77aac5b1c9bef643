#include "recording/read/export_frames.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "recorded.hpp"

namespace netcode::recording {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

Bytes read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

void write(const std::string& path, BytesView bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

// What a program of another language does with the file.
std::vector<Bytes> frames_in(const Bytes& bytes) {
  std::vector<Bytes> frames;
  for (std::size_t at = 0; at < bytes.size();) {
    if (bytes.size() - at < 4) {
      ADD_FAILURE() << "half a size at " << at;
      break;
    }
    std::size_t size = 0;
    for (std::size_t i = 4; i-- > 0;) size = size << 8 | bytes[at + i];
    if (size > bytes.size() - at - 4) {
      ADD_FAILURE() << "half a frame at " << at;
      break;
    }
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(at + 4);
    frames.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(size));
    at += 4 + size;
  }
  return frames;
}

// A file that takes its first `appends`, and is then on a full disk.
class FillingFile final : public OutputFile {
 public:
  FillingFile(std::unique_ptr<OutputFile> file, int appends) : file_(std::move(file)), appends_(appends) {}
  engine::Result<void> append(BytesView bytes) override {
    if (appends_-- > 0) return file_->append(bytes);
    if (auto half = file_->append(bytes.first(bytes.size() / 2)); !half) return half;
    return engine::error("write: No space left on device");
  }
  engine::Result<void> truncate(std::uint64_t bytes) override { return file_->truncate(bytes); }
  engine::Result<void> sync() override { return file_->sync(); }

 private:
  std::unique_ptr<OutputFile> file_;
  int appends_;
};

OpenOutputFile full_after(int appends) {
  return [appends](const std::string& path) -> engine::Result<std::unique_ptr<OutputFile>> {
    auto file = create_output_file(path);
    if (!file) return file.error();
    return std::unique_ptr<OutputFile>(std::make_unique<FillingFile>(std::move(*file), appends));
  };
}

class ExportFrames : public ::testing::Test {
 protected:
  ExportFrames() {
    std::filesystem::create_directory(folder_);
    write(recording_, recorded_.bytes);
  }
  ~ExportFrames() override { std::filesystem::remove_all(folder_); }

  engine::Result<Exported> run(const ExportOptions& options) const {
    return export_frames(recording_, test_games::all_types(), options);
  }
  /// All that is there but the recording.
  std::vector<std::string> left() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_))
      if (entry.path() != recording_) names.push_back(entry.path().filename());
    return names;
  }

  const std::string folder_ = ::testing::TempDir() + "export_frames_test_" +
                              ::testing::UnitTest::GetInstance()->current_test_info()->name() +
                              std::to_string(::getpid());
  const std::string recording_ = folder_ + "/match.scrim";
  const std::string frames_ = folder_ + "/frames";
  const std::string schema_ = folder_ + "/game.bfbs";
  const test_recordings::Recorded recorded_ =
      test_recordings::record(test_games::counter_kind(), {.ticks = 130, .keyframe_interval_ticks = 60});
};

TEST_F(ExportFrames, writes_the_world_after_every_tick_of_a_snapshot) {
  const auto done = run({.frames_path = frames_});
  ASSERT_TRUE(done) << done.error().reason;
  EXPECT_EQ(done->every_ticks, 2U) << "30 snapshots and 60 ticks a second";
  EXPECT_EQ(done->last_tick, 130U);
  EXPECT_EQ(done->truncated_reason, "");
  const Bytes bytes = read(frames_);
  EXPECT_EQ(done->bytes, bytes.size());
  const std::vector<Bytes> frames = frames_in(bytes);
  ASSERT_EQ(frames.size(), 65U);
  EXPECT_EQ(done->frames, 65U);
  for (std::size_t i = 0; i < frames.size(); ++i) EXPECT_EQ(frames[i], recorded_.worlds[2 * (i + 1)]) << i;
  EXPECT_THAT(left(), ::testing::ElementsAre("frames"));
}

TEST_F(ExportFrames, leaves_out_what_the_caller_does_not_want) {
  const auto done = run({.frames_path = frames_, .every_ticks = 60});
  ASSERT_TRUE(done) << done.error().reason;
  EXPECT_THAT(frames_in(read(frames_)), ::testing::ElementsAre(recorded_.worlds[60], recorded_.worlds[120]));
}

TEST_F(ExportFrames, writes_the_embedded_schema) {
  ASSERT_TRUE(run({.frames_path = frames_, .schema_path = schema_}));
  const auto summary = summarize_recording(recording_);
  ASSERT_TRUE(summary) << summary.error().reason;
  EXPECT_EQ(read(schema_), summary->info.schema);
}

TEST_F(ExportFrames, writes_what_there_is_of_a_recording_without_its_end) {
  write(recording_, BytesView(recorded_.bytes).first(recorded_.bytes.size() - 400));
  const auto done = run({.frames_path = frames_});
  ASSERT_TRUE(done) << done.error().reason;
  EXPECT_THAT(done->truncated_reason, HasSubstr("cut at offset "));
  EXPECT_LE(done->last_tick, 130U);
  const std::vector<Bytes> frames = frames_in(read(frames_));
  EXPECT_EQ(frames.size(), done->last_tick / 2);
  ASSERT_FALSE(frames.empty());
  EXPECT_EQ(frames.back(), recorded_.worlds[2 * frames.size()]);
}

TEST_F(ExportFrames, leaves_nothing_of_a_damaged_recording) {
  Bytes bad = recorded_.bytes;
  bad[bad.size() - 300] ^= 1;
  write(recording_, bad);
  const auto done = run({.frames_path = frames_, .schema_path = schema_});
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().reason, HasSubstr("after tick "));
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(ExportFrames, leaves_nothing_on_a_full_disk) {
  for (const int appends : {0, 1, 20}) {
    const auto done = run({.frames_path = frames_, .schema_path = schema_, .open_file = full_after(appends)});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().reason, "write: No space left on device");
    EXPECT_THAT(left(), IsEmpty());
  }
}

TEST_F(ExportFrames, writes_over_nothing) {
  write(frames_, BytesView(recorded_.bytes).first(3));
  const auto frames = run({.frames_path = frames_});
  ASSERT_FALSE(frames);
  EXPECT_EQ(frames.error().reason, "create " + frames_ + ": it exists");
  EXPECT_EQ(read(frames_).size(), 3U);
  const auto itself = run({.frames_path = recording_});
  ASSERT_FALSE(itself);
  EXPECT_EQ(read(recording_), recorded_.bytes);
  const auto twice = run({.frames_path = schema_, .schema_path = schema_});
  ASSERT_FALSE(twice);
  EXPECT_THAT(left(), ::testing::ElementsAre("frames"));
}

TEST_F(ExportFrames, says_which_path_cannot_be) {
  const auto nowhere = run({.frames_path = folder_ + "/none/frames"});
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().reason, "create " + folder_ + "/none/frames.part: No such file or directory");
  const auto schema = run({.frames_path = frames_, .schema_path = folder_ + "/none/game.bfbs"});
  ASSERT_FALSE(schema);
  EXPECT_THAT(schema.error().reason, HasSubstr("/none/game.bfbs.part"));
  const auto empty = run({.frames_path = ""});
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().reason, "create: the path is empty");
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(ExportFrames, needs_the_rules_of_the_recordings_kind) {
  const auto done = export_frames(recording_, {}, {.frames_path = frames_});
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().reason, HasSubstr("no rules of kind counter"));
  EXPECT_THAT(left(), IsEmpty());
}

}  // namespace
}  // namespace netcode::recording
