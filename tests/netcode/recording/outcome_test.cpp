// What comes of a match's inputs, as these rules play them.
#include "recording/edit/outcome.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "games/counter.hpp"
#include "games/crowd.hpp"
#include "recorded.hpp"
#include "temp_recording.hpp"

namespace netcode::recording {
namespace {

using test_games::counter_kind;
using test_recordings::record;
using test_recordings::Recorded;
using test_recordings::TempRecording;
using ::testing::HasSubstr;

std::uint64_t events_in(const Outcome& outcome) {
  std::uint64_t sum = 0;
  for (const auto& [name, count] : outcome.events) sum += count;
  return sum;
}

class OfAnotherVersion : public counter::Game {
 public:
  static constexpr std::string_view kVersion = "another";
  void tick(Context& ctx) override {
    counter::Game::tick(ctx);
    if (ctx.tick() == 70) ctx.end("enough");
  }
};

TEST(Outcome, counts_the_events_that_were_recorded) {
  const Recorded recorded = record(counter_kind(), {.ticks = 1300});
  const TempRecording file(recorded.bytes);
  const auto outcome = outcome_of(file.path(), test_games::all_types());
  ASSERT_TRUE(outcome) << outcome.error().reason;
  EXPECT_EQ(outcome->ticks, 1300U);
  EXPECT_GT(events_in(*outcome), 0U);
  EXPECT_EQ(events_in(*outcome), recorded.events);
}

TEST(Outcome, is_that_of_other_rules_whatever_their_version) {
  const TempRecording file(record(counter_kind(), {.ticks = 130}).bytes);
  const auto outcome = outcome_of(file.path(), {{"counter", rules_type<OfAnotherVersion>()}});
  ASSERT_TRUE(outcome) << outcome.error().reason;
  EXPECT_EQ(outcome->result, "enough");
  EXPECT_EQ(outcome->ticks, 70U);
}

TEST(Outcome, is_of_the_options_that_are_given_in_place_of_the_recorded_ones) {
  class Picky : public counter::Game {
   public:
    engine::Result<void> prepare(const MatchSetup& setup) override {
      const auto limit = setup.options.find("limit");
      if (limit != setup.options.end() && limit->second == "none") return engine::error("there is no such limit");
      return counter::Game::prepare(setup);
    }
  };
  const TempRecording file(record(counter_kind(), {.ticks = 30}).bytes);
  const RulesTypes types{{"counter", rules_type<Picky>()}};
  EXPECT_TRUE(outcome_of(file.path(), types));
  const auto refused = outcome_of(file.path(), types, {{"limit", "none"}});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().reason, HasSubstr("there is no such limit"));
}

TEST(Outcome, goes_through_its_lines) {
  const Outcome all{.ticks = 12, .events = {{"hit", 3}, {"a name with blanks", 4}}, .result = "red wins"};
  EXPECT_EQ(as_lines(all), "ticks 12\nevent a name with blanks 4\nevent hit 3\nresult red wins\n");
  EXPECT_EQ(*outcome_from_lines(as_lines(all)), all);
  EXPECT_EQ(*outcome_from_lines(as_lines(Outcome())), Outcome());
}

TEST(Outcome, takes_no_other_lines) {
  for (const char* line : {"tick 3", "ticks", "ticks x", "ticks 99999999999999999999", "event hit", "event  3x",
                           "event hit -1", "\n", "what?"})
    EXPECT_FALSE(outcome_from_lines(line)) << line;
}

}  // namespace
}  // namespace netcode::recording
