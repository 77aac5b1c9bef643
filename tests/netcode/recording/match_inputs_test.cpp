// A recording's inputs, read, changed and written again.
#include "recording/edit/match_inputs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "recorded.hpp"
#include "temp_recording.hpp"

namespace netcode::recording {
namespace {

using test_games::Kind;
using test_recordings::record;
using test_recordings::Recorded;
using test_recordings::TempRecording;
using ::testing::HasSubstr;

const test_recordings::Options kAll{
    .ticks = 400, .keyframe_interval_ticks = 60, .with_views = true, .with_presence = true, .with_sessions = true};

class MatchInputsOf : public ::testing::TestWithParam<Kind (*)()> {};
INSTANTIATE_TEST_SUITE_P(Games, MatchInputsOf, ::testing::Values(test_games::counter_kind, test_games::maze_kind),
                         [](const auto& kind) { return kind.param().name; });

TEST_P(MatchInputsOf, lead_to_the_states_that_they_led_to) {
  const Recorded recorded = record(GetParam()(), kAll);
  const TempRecording file(recorded.bytes);
  const auto inputs = read_match_inputs(file.path());
  ASSERT_TRUE(inputs) << inputs.error().reason;
  EXPECT_EQ(inputs->last_tick, kAll.ticks);

  const TempRecording written(Bytes(), "_written");
  ASSERT_TRUE(write_match_inputs(*inputs, written.path()));
  auto replay = Replay::open(written.path(), test_games::all_types());
  ASSERT_TRUE(replay) << replay.error().reason;
  for (const Tick tick : {Tick{1}, Tick{59}, Tick{60}, Tick{399}, Tick{400}}) {
    ASSERT_TRUE((*replay)->seek(tick));
    EXPECT_EQ((*replay)->state_hash(), recorded.hashes[tick]) << "tick " << tick;
  }
}

TEST_P(MatchInputsOf, are_played_and_compared_with_nothing) {
  const TempRecording file(record(GetParam()(), kAll).bytes);
  const auto inputs = read_match_inputs(file.path());
  ASSERT_TRUE(inputs);
  const TempRecording written(Bytes(), "_written");
  ASSERT_TRUE(write_match_inputs(*inputs, written.path()));
  const VerifyReport report = verify_recording(written.path(), test_games::all_types());
  EXPECT_TRUE(report.ok) << report.reason;
  EXPECT_EQ(report.ticks, kAll.ticks);
  EXPECT_EQ(report.hashes_checked + report.events_checked, 0U);
  const auto summary = summarize_recording(written.path());
  ASSERT_TRUE(summary);
  EXPECT_TRUE(summary->info.inputs_alone);
  EXPECT_TRUE(summary->info.schema.empty());
  EXPECT_FALSE(summary->end.truncated);
}

TEST_P(MatchInputsOf, are_read_and_written_without_a_difference) {
  const TempRecording file(record(GetParam()(), kAll).bytes);
  const auto first = read_match_inputs(file.path());
  ASSERT_TRUE(first);
  const TempRecording written(Bytes(), "_written");
  ASSERT_TRUE(write_match_inputs(*first, written.path()));
  const auto second = read_match_inputs(written.path());
  ASSERT_TRUE(second);
  ASSERT_EQ(second->inputs.size(), first->inputs.size());
  for (std::size_t i = 0; i < first->inputs.size(); ++i) {
    EXPECT_EQ(second->inputs[i].tick, first->inputs[i].tick);
    EXPECT_EQ(second->inputs[i].view, first->inputs[i].view);
    EXPECT_EQ(*second->inputs[i].input, *first->inputs[i].input);
  }
}

TEST(MatchInputs, of_a_match_that_was_cut_go_as_far_as_it_does) {
  auto options = kAll;
  options.finish = false;
  const TempRecording file(record(test_games::counter_kind(), options).bytes);
  const auto inputs = read_match_inputs(file.path());
  ASSERT_TRUE(inputs) << inputs.error().reason;
  EXPECT_EQ(inputs->last_tick, options.ticks);
}

TEST(MatchInputs, name_what_they_cannot_be_read_from_or_written_to) {
  EXPECT_FALSE(read_match_inputs("/no/such.scrim"));
  Bytes damaged = record(test_games::counter_kind(), kAll).bytes;
  damaged[damaged.size() / 2] ^= 1;
  const TempRecording file(damaged);
  const auto inputs = read_match_inputs(file.path());
  ASSERT_FALSE(inputs);
  EXPECT_THAT(inputs.error().reason, HasSubstr("offset"));

  const TempRecording whole(record(test_games::counter_kind(), kAll).bytes, "_whole");
  const auto written = write_match_inputs(*read_match_inputs(whole.path()), "/no/such/folder.scrim");
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().reason, HasSubstr("/no/such/folder.scrim"));
}

TEST(MatchInputs, are_no_recording_where_one_tick_has_more_than_it_takes) {
  const TempRecording file(record(test_games::counter_kind(), kAll).bytes);
  auto inputs = read_match_inputs(file.path());
  ASSERT_TRUE(inputs);
  for (MatchInputs::Timed& one : inputs->inputs) one = {.tick = 1, .input = one.input};
  while (inputs->inputs.size() <= 20'000) inputs->inputs.push_back(inputs->inputs.back());
  const TempRecording written(Bytes(), "_written");
  const auto done = write_match_inputs(*inputs, written.path());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().reason, "tick 1 has more inputs than a recording takes");
}

}  // namespace
}  // namespace netcode::recording
