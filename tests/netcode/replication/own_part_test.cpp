#include "replication/own_part.hpp"

#include <gtest/gtest.h>

#include "engine/core/rng.hpp"
#include "random_worlds.hpp"
#include "schema_text.hpp"

namespace netcode {
namespace {

using testing::TextSchema;

const TextSchema& schema() {
  static const TextSchema kSchema(R"(
    struct Ship { id:ushort (key); x:int; energy:ushort (owner_only); ready_tick:uint (owner_only); }
    struct Shot (owner:"by") { id:ushort (key); by:ushort; secret:long (owner_only); }
    table World { ships:[Ship]; shots:[Shot]; }
  )");
  return kSchema;
}

class OwnPart : public ::testing::Test {
 protected:
  static LaneWorld shown_to(PlayerId viewer, LaneWorld world) {
    hide_owner_only(*layout(), viewer, world);
    return world;
  }
  static LaneLayoutPtr layout() { return schema().layout(); }

  LaneWorld world(std::uint64_t seed) {
    engine::Rng rng(seed);
    const LaneLayoutPtr lanes = layout();
    LaneWorld out = testing::first_world(*lanes, rng);
    out.groups[0] = {.keys = {1, 2, 5}, .values = {}};
    out.groups[1] = {.keys = {3, 4}, .values = {}};
    for (std::size_t group = 0; group < 2; ++group)
      for (std::size_t i = 0; i < out.groups[group].keys.size(); ++i)
        for (const Lane& lane : lanes->groups()[group].lanes)
          out.groups[group].values.push_back(testing::random_value(lane, rng));
    out.groups[1].values[0] = 2;  // `by` is the first lane: it says whose the shot is
    out.groups[1].values[layout()->groups()[1].lanes.size()] = 1;
    return out;
  }

  /// What the client of `viewer` makes of it, from what it had.
  static engine::Result<LaneWorld> round_trip(PlayerId viewer, const LaneWorld* before, const LaneWorld& now,
                                              Tick tick) {
    const Bytes bytes = encode_own(*layout(), viewer, before, now, tick);
    LaneWorld got = shown_to(kNoPlayer, now);
    const LaneWorld had = before ? shown_to(viewer, *before) : LaneWorld{};
    auto decoded = decode_own(*layout(), viewer, before ? &had : nullptr, bytes, tick, got);
    if (!decoded) return decoded.error();
    return got;
  }
};

TEST_F(OwnPart, is_read_as_it_was_written_by_its_owner_alone) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    const LaneWorld before = world(seed);
    const LaneWorld now = world(seed + 1000);
    for (const std::uint32_t player : {0U, 1U, 2U, 5U, 9U}) {
      const PlayerId viewer{player};
      const auto first = round_trip(viewer, nullptr, now, 77);
      ASSERT_TRUE(first) << first.error().reason;
      EXPECT_EQ(*first, shown_to(viewer, now));
      const auto next = round_trip(viewer, &before, now, 77);
      ASSERT_TRUE(next) << next.error().reason;
      EXPECT_EQ(*next, shown_to(viewer, now));
    }
  }
}

TEST_F(OwnPart, that_did_not_change_takes_no_bytes) {
  const LaneWorld before = world(1);
  LaneWorld now = before;
  now.groups[0].values[0] += 5;  // x is everybody's
  EXPECT_TRUE(encode_own(*layout(), PlayerId{1}, &before, now, 9).empty());
  EXPECT_EQ(*round_trip(PlayerId{1}, &before, now, 9), shown_to(PlayerId{1}, now));
  EXPECT_TRUE(encode_own(*layout(), kNoPlayer, nullptr, now, 9).empty()) << "a spectator owns nothing";
}

TEST_F(OwnPart, goes_by_what_it_was_only_where_it_was_the_viewers_then_too) {
  LaneWorld before = world(1);
  LaneWorld now = before;
  before.groups[1].values[0] = 5;  // somebody else's shot, which is player 2's now
  const auto got = round_trip(PlayerId{2}, &before, now, 9);
  ASSERT_TRUE(got);
  EXPECT_EQ(*got, shown_to(PlayerId{2}, now));
}

TEST_F(OwnPart, of_a_number_near_the_tick_takes_few_bytes) {
  const LaneWorld before = world(1);
  LaneWorld now = before;
  const std::size_t ready = layout()->groups()[0].lanes.size() - 1;
  ASSERT_EQ(layout()->groups()[0].lanes[ready].name, "ready_tick");
  now.groups[0].values[ready] = 1'000'008;
  EXPECT_LE(encode_own(*layout(), PlayerId{1}, &before, now, 1'000'000).size(), 4U);
}

TEST_F(OwnPart, that_is_cut_off_is_an_error) {
  const LaneWorld now = world(3);
  const Bytes bytes = encode_own(*layout(), PlayerId{1}, nullptr, now, 9);
  ASSERT_GT(bytes.size(), 2U);
  LaneWorld got = shown_to(kNoPlayer, now);
  const auto decoded = decode_own(*layout(), PlayerId{1}, nullptr, BytesView(bytes).first(1), 9, got);
  EXPECT_TRUE(!decoded || got != shown_to(PlayerId{1}, now));
}

}  // namespace
}  // namespace netcode
