#include "recording/format/session_records.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "recorded.hpp"
#include "recording/read/recording_reader.hpp"

namespace netcode::recording {
namespace {

TEST(SessionRecords, know_a_token_by_its_sha_256) {
  // FIPS 180-4's first example.
  EXPECT_EQ(hash_token("abc"), (TokenHash{0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
                                          0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
                                          0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad}));
  EXPECT_NE(hash_token("abc"), hash_token("abd"));
}

TEST(SessionRecords, give_back_what_was_put_in_and_as_many_as_a_record_takes) {
  SessionRecords records{.tick = 77};
  EXPECT_EQ(*decode_sessions(encode_sessions(77, {})), records);
  for (std::uint32_t i = 0; i < kSessionsRecordedMax; ++i) {
    records.sessions.push_back({.session = {~std::uint64_t{0} - i},
                                .token_hash = hash_token(std::to_string(i)),
                                .player = {i % 9},
                                .sent = i,
                                .received = ~i,
                                .action = i * 7});
  }
  EXPECT_EQ(*decode_sessions(encode_sessions(77, records.sessions)), records);
  auto too_many = records.sessions;
  too_many.push_back({.session = {5}});
  EXPECT_EQ(*decode_sessions(encode_sessions(77, too_many)), records) << "the last one is left out";
}

TEST(SessionRecords, are_found_at_or_before_any_tick) {
  for (const bool finish : {true, false}) {
    // Six seats and more, so that who sits in them changes; each record holds the tick that it is of.
    const auto recorded =
        test_recordings::record(test_games::counter_kind(),
                                {.ticks = 700, .keyframe_interval_ticks = 30, .finish = finish, .with_sessions = true});
    auto reader = RecordingReader::open(memory_input_file(recorded.bytes));
    ASSERT_TRUE(reader) << reader.error().reason;
    engine::Rng rng(6);
    for (int i = 0; i < 60; ++i) {
      const Tick tick = i < 3 ? 690 + static_cast<Tick>(i) * 5 : rng.below(701);
      const auto sessions = (*reader)->sessions_at(tick);
      ASSERT_TRUE(sessions) << sessions.error().reason;
      ASSERT_TRUE(*sessions);
      EXPECT_EQ((*sessions)->tick, tick / 30 * 30);
      for (const SessionRecord& one : (*sessions)->sessions) {
        EXPECT_EQ(one.sent, (*sessions)->tick);
        EXPECT_EQ(one.session.value, one.player.value + 1000);
      }
    }
    EXPECT_FALSE((*(*reader)->sessions_at(700))->sessions.empty());
    EXPECT_FALSE((*reader)->sessions_at(701)) << "beyond the end";
  }
}

TEST(SessionRecords, are_none_where_no_server_has_recorded_any) {
  const auto recorded = test_recordings::record(test_games::counter_kind(), {.ticks = 100});
  auto reader = RecordingReader::open(memory_input_file(recorded.bytes));
  ASSERT_TRUE(reader);
  const auto sessions = (*reader)->sessions_at(100);
  ASSERT_TRUE(sessions);
  EXPECT_FALSE(*sessions);
}

TEST(SessionRecords, hold_no_token) {
  const auto recorded =
      test_recordings::record(test_games::counter_kind(), {.ticks = 100, .with_sessions = true}).bytes;
  const std::string_view token = "token of ";
  EXPECT_EQ(std::search(recorded.begin(), recorded.end(), token.begin(), token.end()), recorded.end());
}

}  // namespace
}  // namespace netcode::recording
