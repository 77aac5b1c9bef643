#include "recording/format/record_bodies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "games/crowd.hpp"
#include "netcode/limits.hpp"
#include "recording/write/recorder.hpp"

namespace netcode::recording {
namespace {

using ::testing::HasSubstr;

RecordingInfo info_of(const MatchSetup& setup, const HostingOptions& hosting = {}) {
  test_games::Kind kind = test_games::counter_kind();
  kind.setup = setup;
  const test_games::Match match(std::move(kind));
  return Recorder::describe(*match.simulation, "counter", "test 1", 17, hosting);
}

void expect_given_back(const RecordingInfo& info) {
  const auto read = decode_header(encode_header(info));
  ASSERT_TRUE(read) << read.error().reason;
  EXPECT_EQ(read->kind, info.kind);
  EXPECT_EQ(read->build, info.build);
  EXPECT_EQ(read->rules_version, info.rules_version);
  EXPECT_EQ(read->schema_hash, info.schema_hash);
  EXPECT_EQ(read->schema, info.schema);
  EXPECT_EQ(read->world_table, info.world_table);
  EXPECT_EQ(read->action_table, info.action_table);
  EXPECT_EQ(read->keyframe_table, info.keyframe_table);
  EXPECT_EQ(read->started_unix_ms, info.started_unix_ms);
  EXPECT_EQ(read->setup.match_id, info.setup.match_id);
  EXPECT_EQ(read->setup.seed, info.setup.seed);
  EXPECT_EQ(read->setup.tick_hz, info.setup.tick_hz);
  EXPECT_EQ(read->setup.snapshot_hz, info.setup.snapshot_hz);
  EXPECT_EQ(read->setup.rewind_ms_max, info.setup.rewind_ms_max);
  EXPECT_EQ(read->setup.options, info.setup.options);
  ASSERT_EQ(read->setup.map != nullptr, info.setup.map != nullptr);
  if (info.setup.map) {
    EXPECT_EQ(*read->setup.map, *info.setup.map);
  }
  EXPECT_EQ(read->hosting, info.hosting);
}

// What leaves no room for one byte more, as few fields and as many.
std::vector<std::map<std::string, std::string>> fields_of(std::size_t bytes, std::size_t fields_max) {
  std::map<std::string, std::string> many;
  std::size_t left = bytes;
  for (int i = 0; left >= 4 && many.size() + 1 < fields_max; ++i, left -= 4) many[fmt::format("{:04}", i)] = "";
  many[""] = std::string(left, 'v');
  return {{{"key", std::string(bytes - 3, 'v')}}, {{std::string(bytes, 'k'), ""}}, many};
}

TEST(RecordingHeader, gives_back_the_options_of_a_match_at_each_of_their_bounds) {
  const MatchSetup setup = test_games::counter_kind().setup;
  expect_given_back(info_of(setup));
  for (const auto& options : fields_of(limits::kMatchOptionsBytesMax, 1024)) {
    MatchSetup full = setup;
    full.options = options;
    expect_given_back(info_of(full));
  }
  for (const auto& metadata : fields_of(limits::kMatchMetadataBytesMax, limits::kMatchMetadataFieldsMax))
    expect_given_back(info_of(setup, {.metadata = metadata}));

  MatchSetup largest = setup;
  largest.match_id = std::string(limits::kMatchIdBytesMax, 'm');
  largest.seed = ~std::uint64_t{0};
  largest.tick_hz = largest.snapshot_hz = limits::kTickHzMax;
  largest.rewind_ms_max = static_cast<std::uint32_t>(limits::kRewindMax.count());
  largest.map = std::make_shared<const Bytes>(limits::kMapBytesMax, std::uint8_t{7});
  RecordingInfo all = info_of(largest, {.players_max = static_cast<std::uint32_t>(limits::kPlayersPerMatchMax),
                                        .spectators_max = ~std::uint32_t{0},
                                        .bots = static_cast<std::uint32_t>(limits::kPlayersPerMatchMax),
                                        .keep_when_empty = true,
                                        .ticks_when_empty = true,
                                        .is_private = true,
                                        .has_password = true});
  all.kind = std::string(limits::kKindNameBytesMax, 'k');
  all.rules_version = std::string(limits::kRulesVersionBytesMax, '9');
  all.schema = Bytes(limits::kSchemaBytesMax, 1);
  EXPECT_LE(encode_header(all).size(), limits::kRecordBytesMax);
  expect_given_back(all);
  expect_given_back(info_of(setup, {.players_max = 1, .spectators_max = 0, .bots = 0}));

  MatchSetup smallest = setup;
  smallest.match_id.clear();
  smallest.tick_hz = smallest.snapshot_hz = 1;
  smallest.rewind_ms_max = 0;
  smallest.options.clear();
  smallest.map = std::make_shared<const Bytes>();
  expect_given_back(info_of(smallest));
}

TEST(RecordingHeader, refuses_what_no_match_is_made_with) {
  const RecordingInfo good = info_of(test_games::counter_kind().setup);
  const auto refusal = [&good](const std::function<void(RecordingInfo&)>& change) {
    RecordingInfo info = good;
    change(info);
    const auto read = decode_header(encode_header(info));
    return read ? "taken" : read.error().reason;
  };
  EXPECT_EQ(refusal([](RecordingInfo&) {}), "taken");
  const std::string long_text = "the header has a text that is too long or not UTF-8";
  EXPECT_EQ(refusal([](RecordingInfo& i) { i.setup.match_id.assign(limits::kMatchIdBytesMax + 1, 'a'); }), long_text);
  EXPECT_EQ(refusal([](RecordingInfo& i) { i.kind.assign(limits::kKindNameBytesMax + 1, 'a'); }), long_text);
  EXPECT_EQ(refusal([](RecordingInfo& i) { i.rules_version = "\xFF"; }), long_text);
  EXPECT_EQ(refusal([](RecordingInfo& i) { i.action_table.assign(257, 'a'); }), long_text);
  EXPECT_EQ(refusal([](RecordingInfo& i) { i.setup.options["k"].assign(limits::kMatchOptionsBytesMax, 'a'); }),
            "the header has options that are too long or not UTF-8");
  EXPECT_EQ(refusal([](RecordingInfo& i) { i.hosting.metadata["k"].assign(limits::kMatchMetadataBytesMax, 'a'); }),
            "the header has metadata that are too long or not UTF-8");
  EXPECT_EQ(refusal([](RecordingInfo& i) { i.setup.tick_hz = 0; }), "tick_hz is 1 to 240");
  EXPECT_EQ(refusal([](RecordingInfo& i) { i.setup.tick_hz = limits::kTickHzMax + 1; }), "tick_hz is 1 to 240");
  EXPECT_THAT(refusal([](RecordingInfo& i) { i.setup.snapshot_hz = 61; }), HasSubstr("snapshot_hz is 1 to"));
  EXPECT_EQ(refusal([](RecordingInfo& i) { i.setup.rewind_ms_max = 1001; }), "rewind_ms_max is at most 1000");
  EXPECT_EQ(refusal([](RecordingInfo& i) { i.hosting.players_max = 1025; }), "the header has more than 1024 players");
  EXPECT_EQ(refusal([](RecordingInfo& i) { i.hosting.bots = 1025; }), "the header has more than 1024 players");
  EXPECT_EQ(refusal([](RecordingInfo& i) { i.hash_interval_ticks = 0; }), "the header has an interval of 0");
  EXPECT_EQ(refusal([](RecordingInfo& i) { i.schema.resize(limits::kSchemaBytesMax + 1); }),
            "a schema of 1048577 bytes");
  EXPECT_EQ(refusal([](RecordingInfo& i) { i.setup.map = std::make_shared<const Bytes>(limits::kMapBytesMax + 1); }),
            "a map of 1048577 bytes");
}

}  // namespace
}  // namespace netcode::recording
