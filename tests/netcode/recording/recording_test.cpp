// Tests also: input_file.cpp, keyframe_twin.cpp, record_reader.cpp, recording_reader.cpp, replay.cpp, resimulation.cpp.
#include "netcode/recording.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "games/counter.hpp"
#include "recorded.hpp"
#include "recording/format/format.hpp"
#include "sanitized.hpp"

namespace netcode {
namespace {

using test_games::all_types;
using test_games::counter_kind;
using test_games::Kind;
using test_games::maze_kind;
using test_recordings::Options;
using test_recordings::record;
using test_recordings::Recorded;
using ::testing::HasSubstr;

class RecordingOf : public ::testing::TestWithParam<Kind (*)()> {};
INSTANTIATE_TEST_SUITE_P(Games, RecordingOf, ::testing::Values(counter_kind, maze_kind),
                         [](const auto& kind) { return kind.param().name; });

std::unique_ptr<Replay> open(const Bytes& bytes) {
  auto replay = Replay::open_bytes(bytes, all_types());
  if (!replay) throw std::runtime_error(replay.error().reason);
  return std::move(*replay);
}

TEST_P(RecordingOf, verifies_hash_by_hash_keyframe_by_keyframe_event_by_event) {
  const Recorded recorded = record(GetParam()(), {.ticks = 1500});
  const VerifyReport report = verify_recording_bytes(recorded.bytes, all_types());
  EXPECT_TRUE(report.ok) << report.reason << " " << report.difference;
  EXPECT_EQ(report.ticks, 1500U);
  EXPECT_EQ(report.hashes_checked, 25U);
  EXPECT_EQ(report.keyframes_checked, 3U);
  EXPECT_EQ(report.events_checked, recorded.events);
  EXPECT_GT(recorded.events, 10U);
  EXPECT_FALSE(report.truncated);
  EXPECT_FALSE(report.incomplete);
  EXPECT_EQ(report.result, "the end");
}

TEST_P(RecordingOf, gives_back_what_players_were_shown) {
  const Options told{.ticks = 700, .with_views = true, .with_presence = true};
  const Recorded recorded = record(GetParam()(), told);
  const VerifyReport report = verify_recording_bytes(recorded.bytes, all_types());
  EXPECT_TRUE(report.ok) << report.reason << " " << report.difference;
  const auto replay = open(recorded.bytes);
  ASSERT_TRUE(replay->seek(650)) << "from a keyframe";
  EXPECT_EQ(replay->state_hash(), recorded.hashes[650]);
}

TEST_P(RecordingOf, plays_to_the_hash_and_world_of_every_tick) {
  const Recorded recorded = record(GetParam()(), {.ticks = 700});
  const auto replay = open(recorded.bytes);
  EXPECT_EQ(replay->state_hash(), recorded.hashes[0]);
  for (Tick tick = 1; tick <= 700; ++tick) {
    const auto stepped = replay->step();
    ASSERT_TRUE(stepped && *stepped) << tick;
    ASSERT_EQ(replay->tick(), tick);
    ASSERT_EQ(replay->state_hash(), recorded.hashes[tick]) << tick;
    ASSERT_EQ(replay->world(), recorded.worlds[tick]) << tick;
  }
  const auto stepped = replay->step();
  ASSERT_TRUE(stepped);
  EXPECT_FALSE(*stepped);
}

TEST_P(RecordingOf, seeks_to_any_tick_forwards_and_backwards_with_and_without_an_index) {
  for (const bool finish : {true, false}) {
    const Recorded recorded =
        record(GetParam()(), {.ticks = 1000, .keyframe_interval_ticks = 20, .finish = finish, .with_sessions = true});
    const auto replay = open(recorded.bytes);
    engine::Rng rng(4);
    for (int i = 0; i < 60; ++i) {
      const Tick tick = i == 0 ? 1000 : i == 1 ? 0 : rng.below(1001);
      const auto found = replay->seek(tick);
      ASSERT_TRUE(found) << found.error().reason;
      ASSERT_EQ(replay->tick(), tick);
      ASSERT_EQ(replay->state_hash(), recorded.hashes[tick]) << "tick " << tick << ", finished " << finish;
    }
    const auto beyond = replay->seek(1001);
    ASSERT_FALSE(beyond);
    EXPECT_EQ(beyond.error().reason, "tick 1001 is beyond the recording's end, tick 1000");
    EXPECT_TRUE(replay->seek(5));
  }
}

TEST_P(RecordingOf, says_what_its_match_was_made_with) {
  const Kind kind = GetParam()();
  const auto replay = open(record(kind, {.ticks = 10}).bytes);
  EXPECT_EQ(replay->info().kind, kind.name);
  EXPECT_EQ(replay->info().build, "test 1");
  EXPECT_EQ(replay->info().rules_version, kind.type.version);
  EXPECT_EQ(replay->info().setup.match_id, kind.setup.match_id);
  EXPECT_EQ(replay->info().setup.seed, kind.setup.seed);
  EXPECT_EQ(replay->info().setup.tick_hz, kind.setup.tick_hz);
  EXPECT_EQ(replay->info().setup.snapshot_hz, kind.setup.snapshot_hz);
  EXPECT_EQ(replay->info().setup.rewind_ms_max, kind.setup.rewind_ms_max);
  EXPECT_EQ(replay->info().setup.options, kind.setup.options);
  EXPECT_EQ(replay->info().setup.map != nullptr, kind.setup.map != nullptr);
  EXPECT_TRUE(std::equal(replay->info().schema.begin(), replay->info().schema.end(), kind.type.schema.begin()));
}

TEST_P(RecordingOf, does_not_depend_on_how_many_ticks_a_record_holds) {
  const Kind kind = GetParam()();
  for (const std::uint32_t ticks : {1U, 3U, 7U, 5000U}) {
    const Recorded recorded = record(kind, {.ticks = 650, .ticks_per_record = ticks});
    const VerifyReport report = verify_recording_bytes(recorded.bytes, all_types());
    EXPECT_TRUE(report.ok) << report.reason;
    EXPECT_EQ(report.ticks, 650U);
    EXPECT_EQ(report.keyframes_checked, 2U);
  }
}

TEST(Recording, of_no_tick_at_all_is_a_recording) {
  const VerifyReport report = verify_recording_bytes(record(counter_kind(), {.ticks = 0}).bytes, all_types());
  EXPECT_TRUE(report.ok) << report.reason;
  EXPECT_EQ(report.ticks, 0U);
}

TEST(Recording, names_the_tick_and_the_field_where_other_rules_lead_elsewhere) {
  class Other : public counter::Game {
    void tick(Context& ctx) override {
      counter::Game::tick(ctx);
      if (ctx.tick() == 100) ++state.total;
    }
  };
  auto types = all_types();
  types.at("counter").make = [] { return std::make_unique<Other>(); };
  const VerifyReport report = verify_recording_bytes(record(counter_kind(), {.ticks = 700}).bytes, types);
  EXPECT_FALSE(report.ok);
  EXPECT_EQ(report.first_bad_tick, 120U);  // where the next hash is
  EXPECT_THAT(report.reason, HasSubstr("the state's hash was recorded as"));
  EXPECT_THAT(report.difference, ::testing::MatchesRegex("total: [0-9]+ != [0-9]+"));  // from the keyframe of 600
}

// Rules with a field that no keyframe holds. What it leads to shows after `period` ticks.
class Forgetful : public counter::Game {
 public:
  enum class Shows { kInState, kInEvents, kInHash };
  Forgetful(std::uint32_t period, Shows shows) : period_(period), shows_(shows) {}

  void tick(Context& ctx) override {
    counter::Game::tick(ctx);
    if (++since_ < period_) return;
    since_ = 0;
    if (shows_ == Shows::kInState) state.total += 1000;
    if (shows_ == Shows::kInEvents) ctx.emit(counter::WonT{});
  }
  std::uint64_t state_hash() const override {
    return counter::Game::state_hash() + (shows_ == Shows::kInHash ? since_ : 0);
  }

 private:
  const std::uint32_t period_;
  const Shows shows_;
  std::uint32_t since_ = 0;
};

VerifyReport verify_forgetful(std::uint32_t period, Forgetful::Shows shows, std::size_t ticks) {
  Kind kind = counter_kind();
  kind.type.make = [=] { return std::make_unique<Forgetful>(period, shows); };
  return verify_recording_bytes(record(kind, {.ticks = ticks}).bytes, {{"counter", kind.type}});
}

TEST(Recording, of_rules_whose_keyframe_leaves_something_out_is_not_ok) {
  using Shows = Forgetful::Shows;
  const auto is_named = HasSubstr("the keyframe of tick 600 leaves something out");
  const VerifyReport state = verify_forgetful(250, Shows::kInState, 1500);
  EXPECT_FALSE(state.ok);
  EXPECT_THAT(state.reason, is_named);
  EXPECT_EQ(state.first_bad_tick, 750U) << "restored at 600 it would come at 850";
  const VerifyReport events = verify_forgetful(250, Shows::kInEvents, 1500);
  EXPECT_FALSE(events.ok);
  EXPECT_THAT(events.reason, is_named);
  EXPECT_EQ(events.first_bad_tick, 750U);
  const VerifyReport hash = verify_forgetful(10'000, Shows::kInHash, 1500);
  EXPECT_FALSE(hash.ok);
  EXPECT_THAT(hash.reason, is_named);
  EXPECT_EQ(hash.first_bad_tick, 600U);
}

TEST(Recording, of_rules_whose_keyframe_leaves_something_out_is_not_ok_even_if_that_shows_much_later) {
  const VerifyReport far = verify_forgetful(1'700, Forgetful::Shows::kInState, 2'000);
  EXPECT_FALSE(far.ok) << "two intervals after the keyframe that forgot it first";
  EXPECT_EQ(far.first_bad_tick, 1'700U);
  const VerifyReport beyond = verify_forgetful(300, Forgetful::Shows::kInState, 100);
  EXPECT_FALSE(beyond.ok) << "after the recording's end: played on from a keyframe of its last tick";
  EXPECT_EQ(beyond.first_bad_tick, 101U);
  EXPECT_THAT(beyond.reason, HasSubstr("the keyframe of tick 100 leaves something out"));
}

TEST(Recording, names_an_event_that_is_not_emitted_again) {
  class Silent : public counter::Game {
    void join(Context& ctx, const Player& player) override {
      counter::Game::join(ctx, player);
      ctx.emit(counter::WonT{});
    }
  };
  auto types = all_types();
  types.at("counter").make = [] { return std::make_unique<Silent>(); };
  const VerifyReport report = verify_recording_bytes(record(counter_kind(), {.ticks = 700}).bytes, types);
  EXPECT_FALSE(report.ok);
  EXPECT_EQ(report.reason, "the event won was not recorded");
}

TEST(Recording, of_another_kind_schema_or_version_is_refused_in_words) {
  const Bytes bytes = record(counter_kind(), {.ticks = 10}).bytes;
  auto types = all_types();
  types.erase("counter");
  EXPECT_EQ(verify_recording_bytes(bytes, types).reason, "there are no rules of kind counter here (known: maze)");

  types = all_types();
  types.at("counter").version = "8";
  EXPECT_EQ(verify_recording_bytes(bytes, types).reason,
            "it was recorded with version 7 of the rules of counter, here is version 8");

  types = all_types();
  types["counter"] = types.at("maze");
  EXPECT_THAT(verify_recording_bytes(bytes, types).reason, HasSubstr("it was recorded with another schema of counter"));
  EXPECT_FALSE(Replay::open_bytes(bytes, types));
}

TEST(Recording, that_is_not_there_is_named) {
  EXPECT_EQ(verify_recording("/nowhere/x.rec", all_types()).reason, "/nowhere/x.rec: No such file or directory");
  EXPECT_EQ(verify_recording("/tmp", all_types()).reason, "/tmp: not a file");
}

// From one byte of a file that is cut off or changed to the next: with sanitizers a seventh of all, other ones in each
// record.
constexpr std::size_t kByteStep = kSanitized ? 7 : 1;

// docs/recording.md: what a whole record is, found here by walking from head to head.
std::vector<std::size_t> record_ends(const Bytes& bytes) {
  std::vector<std::size_t> ends;
  std::size_t at = recording::kHeadBytes;
  while (at + recording::kRecordHeadBytes <= bytes.size() - recording::kFooterBytes) {
    const auto head = recording::parse_record_head(BytesView(bytes).subspan(at, recording::kRecordHeadBytes));
    if (!head) break;
    at += recording::kRecordHeadBytes + head->length;
    ends.push_back(at);
  }
  return ends;
}

TEST_P(RecordingOf, cut_at_every_byte_plays_to_its_last_whole_record_and_says_so) {
  constexpr std::uint32_t kTicksPerRecord = 3;
  const Recorded recorded = record(GetParam()(), {.ticks = 60,
                                                  .ticks_per_record = kTicksPerRecord,
                                                  .keyframe_interval_ticks = kTicksPerRecord,
                                                  .hash_interval_ticks = 20,
                                                  .players_max = 3,
                                                  .with_views = true,
                                                  .with_presence = true,
                                                  .with_sessions = true});
  const std::vector<std::size_t> ends = record_ends(recorded.bytes);
  ASSERT_EQ(ends.size(), 1 + 21 + 21 + 20 + 1 + 1U);  // header, keyframes, sessions, ticks, index, end
  for (std::size_t size = 0; size < recorded.bytes.size(); size += kByteStep) {
    const BytesView cut = BytesView(recorded.bytes).first(size);
    const VerifyReport report = verify_recording_bytes(cut, all_types());
    SCOPED_TRACE("cut at " + std::to_string(size) + ": " + report.reason);
    if (size < ends[0]) {
      ASSERT_FALSE(report.ok);  // nothing to play: no header
      ASSERT_NE(report.reason, "");
      continue;
    }
    // Ticks in whole records: those of ticks before the cut, 3 ticks each.
    const auto whole = static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), size) - ends.begin());
    Tick ticks = 0;
    std::size_t at = recording::kHeadBytes;
    for (std::size_t i = 0; i < whole; ++i) {
      const auto type = static_cast<recording::RecordType>(recorded.bytes[at + 4]);
      if (type == recording::RecordType::kTicks) ticks += kTicksPerRecord;
      at = ends[i];
    }
    ASSERT_TRUE(report.ok) << report.difference;
    ASSERT_TRUE(report.truncated);
    ASSERT_EQ(report.ticks, ticks);
    ASSERT_THAT(report.reason,
                HasSubstr("cut at offset " + std::to_string(at) + ", after tick " + std::to_string(ticks)));
  }
}

TEST_P(RecordingOf, with_any_one_byte_changed_is_not_ok) {
  const Recorded recorded = record(GetParam()(), {.ticks = 65,
                                                  .ticks_per_record = 10,
                                                  .keyframe_interval_ticks = 4,
                                                  .hash_interval_ticks = 20,
                                                  .players_max = 3,
                                                  .with_presence = true,
                                                  .with_sessions = true});
  const std::size_t header_end = record_ends(recorded.bytes)[0];
  ASSERT_TRUE(verify_recording_bytes(recorded.bytes, all_types()).ok);
  Bytes changed = recorded.bytes;
  for (std::size_t at = 0; at < changed.size(); at += kByteStep) {
    changed[at] = static_cast<std::uint8_t>(changed[at] ^ (1U << at % 8));
    const VerifyReport report = verify_recording_bytes(changed, all_types());
    changed[at] = recorded.bytes[at];
    ASSERT_FALSE(report.ok) << "byte " << at;
    if (at >= sizeof(recording::kHeadMagic)) {
      ASSERT_THAT(report.reason, HasSubstr("offset ")) << "byte " << at;
    }
    if (at >= header_end) {
      ASSERT_TRUE(report.first_bad_tick) << "byte " << at;
    }
  }
}

TEST(Recording, of_a_long_match_is_not_ok_with_a_byte_changed_wherever_it_is) {
  const Recorded recorded = record(counter_kind(), {.ticks = 3000});
  Bytes changed = recorded.bytes;
  engine::Rng rng(9);
  for (int i = 0; i < 60; ++i) {
    const std::size_t at = i < 24 ? changed.size() - 1 - static_cast<std::size_t>(i)
                                  : rng.below(static_cast<std::uint32_t>(changed.size()));
    changed[at] ^= 0x10;
    EXPECT_FALSE(verify_recording_bytes(changed, all_types()).ok) << at;
    changed[at] = recorded.bytes[at];
  }
}

TEST(Recording, without_its_end_is_not_ok_with_a_bad_record_in_the_middle_of_good_ones) {
  const Recorded recorded = record(counter_kind(), {.ticks = 120, .ticks_per_record = 10, .finish = false});
  const std::vector<std::size_t> ends = record_ends(recorded.bytes);
  Bytes changed = recorded.bytes;
  // Every byte of a record in the middle, its length too: that makes it reach beyond the end of the file.
  for (std::size_t at = ends[6]; at < ends[7]; ++at) {
    changed[at] ^= 0x40;
    const VerifyReport report = verify_recording_bytes(changed, all_types());
    ASSERT_FALSE(report.ok) << at;
    ASSERT_THAT(report.reason, HasSubstr("offset " + std::to_string(ends[6]))) << at;
    ASSERT_EQ(report.first_bad_tick, 51U);
    changed[at] = recorded.bytes[at];
  }
}

TEST(Recording, is_not_ok_with_records_left_out_doubled_or_swapped) {
  const Recorded recorded = record(counter_kind(), {.ticks = 120, .ticks_per_record = 10, .finish = false});
  const std::vector<std::size_t> ends = record_ends(recorded.bytes);
  const auto part = [&](std::size_t from, std::size_t to) {
    return Bytes(recorded.bytes.begin() + static_cast<std::ptrdiff_t>(from),
                 recorded.bytes.begin() + static_cast<std::ptrdiff_t>(to));
  };
  const auto joined = [](std::initializer_list<Bytes> parts) {
    Bytes all;
    for (const Bytes& one : parts) all.insert(all.end(), one.begin(), one.end());
    return all;
  };
  const Bytes start = part(0, ends[4]);
  const Bytes fifth = part(ends[4], ends[5]);
  const Bytes sixth = part(ends[5], ends[6]);
  const Bytes rest = part(ends[6], recorded.bytes.size());
  ASSERT_TRUE(verify_recording_bytes(joined({start, fifth, sixth, rest}), all_types()).ok);
  EXPECT_FALSE(verify_recording_bytes(joined({start, sixth, rest}), all_types()).ok);
  EXPECT_FALSE(verify_recording_bytes(joined({start, fifth, fifth, sixth, rest}), all_types()).ok);
  EXPECT_FALSE(verify_recording_bytes(joined({start, sixth, fifth, rest}), all_types()).ok);
}

TEST(Recording, with_bytes_after_its_footer_is_not_ok) {
  Bytes bytes = record(counter_kind(), {.ticks = 30}).bytes;
  bytes.push_back(0);
  const VerifyReport report = verify_recording_bytes(bytes, all_types());
  EXPECT_FALSE(report.ok);
  EXPECT_THAT(report.reason, HasSubstr("what follows the end is not the footer"));
}

}  // namespace
}  // namespace netcode
