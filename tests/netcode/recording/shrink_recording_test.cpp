// What is left of a match in which something goes wrong.
#include "recording/edit/shrink_recording.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "games/counter.hpp"
#include "games/crowd.hpp"
#include "recorded.hpp"
#include "recording/edit/match_inputs.hpp"
#include "temp_recording.hpp"

namespace netcode::recording {
namespace {

using test_games::counter_kind;
using test_recordings::record;
using test_recordings::TempRecording;
using ::testing::HasSubstr;

/// Goes wrong when somebody pushes up after somebody else has shouted.
class Brittle : public counter::Game {
 public:
  explicit Brittle(bool& has_failed) : has_failed_(has_failed) {}
  void act(Context& ctx, PlayerId player, const counter::Move& move) override {
    counter::Game::act(ctx, player, move);
    has_failed_ |= shouted_ != kNoPlayer && shouted_ != player && move.buttons() == counter::Buttons::Up;
  }
  engine::Result<void> event(Context& ctx, PlayerId from, const EventView& event) override {
    if (event.as<counter::Shout>() && from != kNoPlayer && ctx.tick() > 100) shouted_ = from;
    return counter::Game::event(ctx, from, event);
  }

 private:
  bool& has_failed_;
  PlayerId shouted_ = kNoPlayer;
};

/// Is it played to the end, and has it gone wrong by then?
bool fails(const std::string& path) {
  bool has_failed = false;
  const RulesTypes types{{"counter", rules_type<Brittle>([&] { return std::make_unique<Brittle>(has_failed); })}};
  auto replay = Replay::open(path, types);
  if (!replay) return false;
  for (;;) {
    const auto stepped = (*replay)->step();
    if (!stepped) return false;
    if (!*stepped) return has_failed;
  }
}

TEST(ShrinkRecording, leaves_the_two_inputs_and_two_players_that_it_takes) {
  const TempRecording file(record(counter_kind(), {.ticks = 1500, .with_views = true, .with_presence = true}).bytes);
  const TempRecording out(Bytes(), "_out");
  const auto shrunk = shrink_recording(file.path(), {.out = out.path(), .fails = fails});
  ASSERT_TRUE(shrunk) << shrunk.error().reason;
  EXPECT_EQ(shrunk->players, 2U);
  EXPECT_EQ(shrunk->inputs, 4U) << "two who join, a shout and a push";
  EXPECT_LE(shrunk->ticks, 102U) << "before tick 100 nothing goes wrong";
  EXPECT_LT(std::filesystem::file_size(out.path()), 4096U);
  EXPECT_TRUE(fails(out.path()));
  const auto left = read_match_inputs(out.path());
  ASSERT_TRUE(left);
  EXPECT_EQ(left->inputs.size(), 4U);
}

TEST(ShrinkRecording, leaves_nothing_alone_that_needs_another) {
  const TempRecording file(record(counter_kind(), {.ticks = 600, .with_presence = true}).bytes);
  const TempRecording out(Bytes(), "_out");
  std::size_t unplayable = 0;
  const auto shrunk = shrink_recording(file.path(), {.out = out.path(), .fails = [&](const std::string& path) {
                                                       const auto report =
                                                           verify_recording(path, test_games::all_types());
                                                       unplayable += report.ok ? 0U : 1U;
                                                       return fails(path);
                                                     }});
  ASSERT_TRUE(shrunk) << shrunk.error().reason;
  EXPECT_EQ(unplayable, 0U);
}

TEST(ShrinkRecording, keeps_what_is_smallest_when_it_is_to_end) {
  const TempRecording file(record(counter_kind(), {.ticks = 1500}).bytes);
  const TempRecording out(Bytes(), "_out");
  std::uint64_t asked = 0;
  const auto shrunk = shrink_recording(
      file.path(),
      {.out = out.path(), .fails = fails, .may_go_on = [&](const ShrinkProgress&) { return ++asked < 12; }});
  ASSERT_TRUE(shrunk) << shrunk.error().reason;
  EXPECT_LT(shrunk->ticks, 1500U);
  EXPECT_TRUE(fails(out.path()));
  EXPECT_EQ(read_match_inputs(out.path())->inputs.size(), shrunk->inputs);
}

TEST(ShrinkRecording, is_refused_what_does_not_fail_or_cannot_be_read_or_written) {
  const TempRecording file(record(counter_kind(), {.ticks = 60}).bytes);
  const TempRecording out(Bytes(), "_out");
  const auto well = shrink_recording(file.path(), {.out = out.path(), .fails = fails});
  ASSERT_FALSE(well);
  EXPECT_EQ(well.error().reason, "played from its inputs alone it does not fail");
  const auto nowhere = shrink_recording(file.path(), {.out = "/no/such/folder.scrim", .fails = fails});
  ASSERT_FALSE(nowhere);
  EXPECT_THAT(nowhere.error().reason, HasSubstr("/no/such/folder.scrim"));
  EXPECT_FALSE(shrink_recording("/no/such.scrim", {.out = out.path(), .fails = fails}));
}

TEST(ShrinkRecording, leaves_the_recording_itself_and_what_was_in_its_place_alone) {
  const Bytes bytes = record(counter_kind(), {.ticks = 60}).bytes;
  const TempRecording file(bytes);
  const TempRecording out({1, 2, 3}, "_out");
  const auto itself = shrink_recording(file.path(), {.out = file.path(), .fails = fails});
  ASSERT_FALSE(itself);
  EXPECT_EQ(itself.error().reason, "it would be written over: give another file");
  EXPECT_FALSE(shrink_recording(file.path(), {.out = out.path(), .fails = fails}));
  EXPECT_EQ(std::filesystem::file_size(file.path()), bytes.size());
  EXPECT_EQ(std::filesystem::file_size(out.path()), 3U);
  EXPECT_FALSE(std::filesystem::exists(out.path() + ".part"));
}

}  // namespace
}  // namespace netcode::recording
