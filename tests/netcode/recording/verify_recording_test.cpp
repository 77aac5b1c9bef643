// What verify says of the rules that it is given: how they are made, and whom they tell what.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "games/counter.hpp"
#include "games/crowd.hpp"
#include "netcode/limits.hpp"
#include "netcode/recording.hpp"
#include "recorded.hpp"

namespace netcode {
namespace {

using test_games::counter_kind;
using test_games::Kind;
using test_recordings::record;
using ::testing::HasSubstr;

TEST(VerifyRecording, plays_with_rules_that_a_factory_makes) {
  class Given : public counter::Game {
   public:
    explicit Given(int& made) { ++made; }
  };
  int made = 0;
  const auto type = rules_type<Given>([&made] { return std::make_unique<Given>(made); });
  const VerifyReport report = verify_recording_bytes(record(counter_kind(), {.ticks = 30}).bytes, {{"counter", type}});
  EXPECT_TRUE(report.ok) << report.reason;
  EXPECT_GT(made, 0);
}

TEST(VerifyRecording, gives_a_reason_where_the_rules_cannot_be_made) {
  const auto none = rules_type<counter::Game>([]() -> std::unique_ptr<counter::Game> { return nullptr; });
  const VerifyReport report = verify_recording_bytes(record(counter_kind(), {.ticks = 30}).bytes, {{"counter", none}});
  EXPECT_FALSE(report.ok);
  EXPECT_EQ(report.reason, "there are no rules: what makes them gave none");
}

TEST(VerifyRecording, finds_an_event_that_goes_to_others_than_it_went_to) {
  class Telling : public counter::Game {
   public:
    explicit Telling(Recipients to) : to_(std::move(to)) {}
    void tick(Context& ctx) override { Context::Emitter(ctx, to_).emit(counter::WonT()); }

   private:
    const Recipients to_;
  };
  const auto kind_of = [](const Recipients& to) {
    Kind kind = counter_kind();
    kind.type.make = [to] { return std::make_unique<Telling>(to); };
    return kind;
  };
  const std::vector<EntityRef> entities{{"counters", 3}};
  Recipients missed;
  missed.is_volatile = true;
  for (const Recipients& to : {Recipients(), Recipients::player({2}), Recipients::viewers_of(entities), missed}) {
    const Bytes bytes = record(kind_of(to), {.ticks = 30}).bytes;
    EXPECT_TRUE(verify_recording_bytes(bytes, {{"counter", kind_of(to).type}}).ok);
    const VerifyReport other = verify_recording_bytes(bytes, {{"counter", kind_of(Recipients::player({9})).type}});
    EXPECT_FALSE(other.ok);
    EXPECT_THAT(other.reason, HasSubstr("won to player 9 emitted"));
  }
}

// A small file must not cost hours.
TEST(VerifyRecording, plays_on_for_no_longer_than_a_servers_interval_whatever_the_header_says) {
  class Counted : public counter::Game {
   public:
    explicit Counted(std::uint32_t& ticks) : ticks_(ticks) {}
    void tick(Context& ctx) override {
      ++ticks_;
      counter::Game::tick(ctx);
    }

   private:
    std::uint32_t& ticks_;
  };
  std::uint32_t ticks = 0;
  const auto type = rules_type<Counted>([&ticks] { return std::make_unique<Counted>(ticks); });
  const Bytes bytes = record(counter_kind(), {.ticks = 70, .keyframe_interval_ticks = 0xFFFFFFFF}).bytes;
  const VerifyReport report = verify_recording_bytes(bytes, {{"counter", type}});
  EXPECT_TRUE(report.ok) << report.reason;
  EXPECT_EQ(report.ticks, 70U);
  EXPECT_EQ(ticks, 2 * (70 + limits::kKeyframeIntervalTicks)) << "a second match is played beside the first";
}

}  // namespace
}  // namespace netcode
