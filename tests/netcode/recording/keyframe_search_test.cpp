#include "recording/read/keyframe_search.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "netcode/limits.hpp"
#include "recorded.hpp"
#include "recording/read/recording_reader.hpp"

namespace netcode::recording {
namespace {

struct Cost {
  std::size_t reads = 0;
  std::size_t bytes = 0;
};

// Counts what is asked for, as a disk would see it without a window.
class CountingInputFile final : public InputFile {
 public:
  CountingInputFile(Bytes bytes, Cost& cost) : file_(memory_input_file(std::move(bytes))), cost_(cost) {}
  std::uint64_t size() const override { return file_->size(); }
  engine::Result<void> read(std::uint64_t offset, std::span<std::uint8_t> out) override {
    ++cost_.reads;
    cost_.bytes += out.size();
    return file_->read(offset, out);
  }

 private:
  std::unique_ptr<InputFile> file_;
  Cost& cost_;
};

constexpr std::uint32_t kInterval = 10;

test_recordings::Recorded long_recording(bool finish, std::size_t ticks = 12'000) {
  return test_recordings::record(
      test_games::counter_kind(),
      {.ticks = ticks, .keyframe_interval_ticks = kInterval, .hash_interval_ticks = 10, .finish = finish});
}

// Opens the file and goes to a tick, as a player of recordings does.
Cost cost_of_seek(const Bytes& file, Tick tick) {
  Cost cost;
  auto reader = RecordingReader::open(std::make_unique<CountingInputFile>(file, cost));
  EXPECT_TRUE(reader);
  const auto found = (*reader)->seek(tick);
  EXPECT_TRUE(found) << found.error().reason;
  const auto kind = (*reader)->next();
  EXPECT_TRUE(kind && *kind == RecordingReader::Kind::kKeyframe);
  EXPECT_EQ((*reader)->tick(), tick / kInterval * kInterval);
  return cost;
}

TEST(KeyframeSearch, finds_a_keyframe_of_a_file_without_its_end_about_as_fast_as_of_one_with_it) {
  const Bytes finished = long_recording(true).bytes;
  const Bytes unfinished = long_recording(false).bytes;
  const std::size_t keyframes = 12'000 / kInterval + 1;
  // From behind: at most 16 keyframes and what is between them, twice, and a chunk that is read for it.
  const std::size_t tail = 2 * (unfinished.size() / keyframes * (kKeyframesPerIndex + 1)) + 128 * 1024;
  Cost most, most_finished;
  for (Tick tick = 0; tick <= 12'000; tick += 371) {
    const Cost with_end = cost_of_seek(finished, tick);
    const Cost without = cost_of_seek(unfinished, tick);
    most_finished = {.reads = std::max(most_finished.reads, with_end.reads),
                     .bytes = std::max(most_finished.bytes, with_end.bytes)};
    most = {.reads = std::max(most.reads, without.reads), .bytes = std::max(most.bytes, without.bytes)};
  }
  RecordProperty("unfinished_bytes_max", static_cast<int>(most.bytes));
  RecordProperty("finished_bytes_max", static_cast<int>(most_finished.bytes));
  printf("a file of %zu bytes: with its end a seek takes %zu reads and %zu bytes at most, without %zu and %zu\n",
         finished.size(), most_finished.reads, most_finished.bytes, most.reads, most.bytes);
  EXPECT_LE(most.bytes, most_finished.bytes + tail);
  EXPECT_LT(most.bytes * 4, unfinished.size()) << "far less than reading it through";
}

TEST(KeyframeSearch, takes_as_many_steps_as_the_indexes_have_digits) {
  const Bytes file = long_recording(true).bytes;
  const std::size_t at_end = cost_of_seek(file, 12'000).reads;
  std::size_t most = 0;
  for (Tick tick = 0; tick <= 12'000; tick += 53) most = std::max(most, cost_of_seek(file, tick).reads);
  // 75 indexes: 7 steps at most, of two reads each.
  EXPECT_LE(most, at_end + std::size_t{2 * 7});
}

TEST(KeyframeSearch, finds_its_keyframes_wherever_a_file_was_cut) {
  const test_recordings::Recorded recorded = long_recording(false, 700);
  for (std::size_t cut = 0; cut < 3000; cut += 61) {
    SCOPED_TRACE("cut by " + std::to_string(cut));
    const Bytes file(recorded.bytes.begin(), recorded.bytes.end() - static_cast<std::ptrdiff_t>(cut));
    auto replay = Replay::open_bytes(file, test_games::all_types());
    ASSERT_TRUE(replay) << replay.error().reason;
    for (const Tick tick : {Tick{470}, Tick{0}, Tick{159}, Tick{160}, Tick{333}}) {
      const auto found = (*replay)->seek(tick);
      ASSERT_TRUE(found) << found.error().reason;
      ASSERT_EQ((*replay)->state_hash(), recorded.hashes[tick]) << tick;
    }
    const auto beyond = (*replay)->seek(9999);
    ASSERT_FALSE(beyond);
    EXPECT_THAT(beyond.error().reason, ::testing::HasSubstr("tick 9999 is beyond the recording's end, tick "));
    EXPECT_TRUE((*replay)->seek(3));
  }
}

TEST(KeyframeSearch, is_not_led_astray_by_bytes_that_look_like_an_index) {
  // A file that holds a whole recording's indexes in the tail of another one, as a map or an event may.
  Bytes file = long_recording(false, 300).bytes;
  const std::size_t whole = file.size();
  const Bytes other = long_recording(false, 500).bytes;
  file.insert(file.end(), other.end() - 2000, other.end());
  Cost cost;
  auto records = RecordReader::open(std::make_unique<CountingInputFile>(file, cost));
  ASSERT_TRUE(records);
  const auto index = last_index(*records);
  ASSERT_TRUE(index);
  EXPECT_LT(index->here.offset, whole);
  EXPECT_LE(index->keyframes.back().tick, 300U);
}

TEST(KeyframeSearch, gives_up_where_links_lead_nowhere) {
  auto records = RecordReader::open(memory_input_file(long_recording(false, 30).bytes));
  ASSERT_TRUE(records);
  KeyframeSearch search;
  search.learn_end({.here = {},
                    .keyframes = {{.tick = 500, .offset = 900, .sequence = 9}},
                    .earlier = {{.tick = 400, .offset = 100, .sequence = 3},
                                {.tick = 100, .offset = ~std::uint64_t{0}, .sequence = 1}}});
  EXPECT_EQ(search.find(*records, 600)->tick, 500U);
  EXPECT_FALSE(search.find(*records, 450));
  EXPECT_FALSE(search.find(*records, 0));
}

}  // namespace
}  // namespace netcode::recording
