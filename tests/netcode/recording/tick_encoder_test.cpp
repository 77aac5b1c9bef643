#include "recording/format/tick_codec.hpp"

#include <gtest/gtest.h>

#include "netcode/limits.hpp"
#include "ticked.hpp"

namespace netcode::recording {
namespace {

using namespace test_recordings;

TEST(TickEncoder, codes_a_turn_of_repeated_actions_in_two_bytes) {
  TickEncoder encoder;
  encode_tick(encoder, busy_tick(1));
  const std::size_t first = encoder.bytes();
  encode_tick(encoder, busy_tick(2));
  EXPECT_EQ(encoder.bytes() - first, 2U);
}

TEST(TickEncoder, codes_a_small_change_of_one_action_in_a_few_bytes) {
  TickEncoder encoder;
  encode_tick(encoder, busy_tick(1));
  const std::size_t first = encoder.bytes();
  Ticked ticked = busy_tick(2);
  ticked.inputs[6].body[20] = 99;
  encode_tick(encoder, ticked);
  EXPECT_LE(encoder.bytes() - first, 7U);
}

TEST(TickEncoder, codes_a_player_who_is_late_in_a_byte) {
  TickEncoder encoder;
  encode_tick(encoder, busy_tick(1));
  const std::size_t first = encoder.bytes();
  Ticked ticked = busy_tick(2);
  ticked.inputs.erase(ticked.inputs.begin() + 6);
  encode_tick(encoder, ticked);
  EXPECT_EQ(encoder.bytes() - first, 4U);  // head, repeat, skip, repeat
}

TEST(TickEncoder, codes_views_that_move_on_with_the_ticks_in_nothing) {
  TickEncoder encoder(100);
  std::size_t before = 0;
  for (Tick tick = 100; tick < 110; ++tick) {
    encode_tick(encoder, seeing(busy_tick(tick), tick - 5, 77));
    if (tick >= 103) {
      EXPECT_EQ(encoder.bytes() - before, tick % kHashInterval == 0 ? 10U : 2U) << tick;
    }
    before = encoder.bytes();
  }
}

TEST(TickEncoder, codes_views_of_every_other_tick_in_nothing) {
  TickEncoder encoder(100);
  std::size_t before = 0;
  for (Tick tick = 100; tick < 110; ++tick) {
    encode_tick(encoder, seeing(busy_tick(tick), (tick - 1) / 2 * 2));
    if (tick >= 103) {
      EXPECT_EQ(encoder.bytes() - before, tick % kHashInterval == 0 ? 10U : 2U) << tick;
    }
    before = encoder.bytes();
  }
}

TEST(TickEncoder, codes_a_view_that_slips_by_a_little_in_three_bytes) {
  TickEncoder encoder(100);
  for (Tick tick = 100; tick < 104; ++tick) encode_tick(encoder, seeing(busy_tick(tick), tick - 5, 77));
  const std::size_t before = encoder.bytes();
  encode_tick(encoder, seeing(busy_tick(105), 99, 80));
  EXPECT_LE(encoder.bytes() - before, 1 + 16 * 3U);
}

TEST(TickEncoder, codes_the_two_snapshots_around_a_view_in_nothing_while_none_is_skipped) {
  TickEncoder encoder(100);
  std::size_t before = 0;
  for (Tick tick = 100; tick < 130; ++tick) {
    Ticked ticked = seeing(busy_tick(tick), tick - 5, 77);
    for (Input& input : ticked.inputs) {
      if (input.view.tick == 0) continue;
      input.view.from = (tick - 5) / 3 * 3;
      input.view.to = input.view.from + 3;
    }
    encode_tick(encoder, ticked);
    if (tick >= 103) {
      EXPECT_EQ(encoder.bytes() - before, tick % kHashInterval == 0 ? 10U : 2U) << tick;
    }
    before = encoder.bytes();
  }
}

TEST(TickEncoder, writes_the_snapshots_around_a_view_as_its_page_describes) {
  TickEncoder encoder(301);
  const auto act = [&](Tick tick, Tick from, Tick to) {
    Input one = action(1, {7});
    one.view = {.tick = tick - 3, .from = from, .to = to};
    encode_tick(encoder, {.tick = tick, .inputs = {one}});
  };
  act(301, 297, 300);
  act(302, 297, 300);  // at the age of none before: written; between the same
  act(303, 300, 302);
  act(304, 0, 0);
  act(305, 0, 0);
  EXPECT_EQ(encoder.take(), (Bytes{0xAD,   2,          5,                                // ticks 301 to 305
                                   1 << 1, 1 << 3 | 3, 0x82, 0x30, 3, 1, 1 << 1 | 1, 7,  // 768 ago; 3 apart, 1 back
                                   1 << 1, 3,          0x80, 0x30, 0,                    // 768 more
                                   1 << 1, 3,          2,    2,    0, 0,                 // 2 apart, 0 back
                                   1 << 1, 3,          2,    0,    0,                    // between none
                                   1 << 1, 0}));                                         // repeat
}

TEST(TickEncoder, writes_the_bytes_that_its_page_describes) {
  TickEncoder encoder;
  encode_tick(encoder, {.tick = 1, .inputs = {action(1, {7, 7}), action(2, {8, 8, 8, 8, 8, 8})}});
  encode_tick(encoder,
              {.tick = 2,
               .inputs = {action(1, {7, 7}),
                          {.kind = InputKind::kLeave, .player = {1}},
                          action(2, {8, 8, 8, 9, 8, 8}),
                          action(2, {8, 8, 8, 9, 8, 8})},
               .events = {{.to = Recipients::player({2}), .name = "hit", .body = {5}}, {.name = "hit", .body = {5}}}});
  encode_tick(encoder, {.tick = 3, .inputs = {action(2, {8, 8, 8, 9, 8, 8})}});
  encode_tick(encoder, {.tick = 4, .hash = 0x0807060504030201});
  EXPECT_EQ(
      encoder.take(),
      (Bytes{1,          4,                                            // ticks 1 to 4
             2 << 1,                                                   // two ops
             1 << 3 | 2, 2 << 1 | 1, 7,          7,                    // act, player 1, whole
             2 << 3 | 2, 6 << 1 | 1, 8,          8, 8,   8,   8,   8,  // act, player 2, whole
             4 << 1 | 1,                                               // four ops, then events
             0,                                                        // repeat 1
             1 << 3 | 5,                                               // leave, player 1
             2,          1 << 1,     3 << 2 | 0, 9,                    // act, next in turn: keep 3, replace 1
             2 << 3 | 2, 0,                                            // act, player 2: the same again
             2,          2,          0,          3, 'h', 'i', 't', 1 << 1 | 1, 5,     // two events: to 2, name 0 is new
             0,          0,          0,                                               // to all, name 0, the same again
             1 << 1,     0,                                                           // one op: repeat 1
             0,          1,          2,          3, 4,   5,   6,   7,          8}));  // no op; hash
}

TEST(TickEncoder, writes_views_as_its_page_describes) {
  TickEncoder encoder(300);
  for (const Tick tick : {300U, 301U, 302U, 303U, 304U}) {
    Input one = action(1, {7});
    one.view = {.tick = tick - 2, .fraction = tick == 303 ? std::uint8_t{255} : std::uint8_t{0}};
    one.ticks_late = tick == 304 ? 9 : 0;
    encode_tick(encoder,
                {.tick = tick, .inputs = {one}, .hash = tick == 300 ? std::optional<std::uint64_t>(0) : std::nullopt});
  }
  EXPECT_EQ(encoder.take(),
            (Bytes{0xAC,   2,          5,                                // ticks 300 to 304
                   1 << 1, 1 << 3 | 3, 0x80, 0x20, 1 << 1 | 1, 7,        // act seeing: 512 256ths ago, in time
                   0,      0,          0,    0,    0,          0, 0, 0,  // hash
                   1 << 1, 3,          0x80, 0x20, 0,                    // next in turn: 512 more than before the last
                   1 << 1, 0,                                            // repeat: as before the last
                   1 << 1, 3,          0xF4, 0x0F, 0,                    // 255 less
                   1 << 1, 3,          1,    9,    0}));                 // as before the last, and nine ticks late
}

TEST(TickEncoder, writes_long_operations_as_its_page_describes) {
  TickEncoder encoder;
  encode_tick(encoder, {.tick = 1,
                        .inputs = {{.kind = InputKind::kAway, .player = {300}},
                                   {.kind = InputKind::kBack, .player = {2}},
                                   {.kind = InputKind::kJoin,
                                    .player = {3},
                                    .is_bot = true,
                                    .text = "ada",
                                    .ticket_table = "t.T",
                                    .ticket = {9, 8}},
                                   {.kind = InputKind::kEnd, .text = "over"}}});
  EXPECT_EQ(encoder.take(),
            (Bytes{1,           1,  4 << 1,                                                   // four operations
                   9 << 3 | 7,  2,  0xAC,   2,                                                // away, player 300
                   10 << 3 | 7, 1,  2,                                                        // back, player 2
                   11 << 3 | 7, 12, 3,      1,   3,   'a', 'd', 'a', 3, 't', '.', 'T', 9, 8,  // join with ticket
                   8 << 3 | 7,  5,  4,      'o', 'v', 'e', 'r'}));                            // end
}

TEST(TickEncoder, says_when_a_tick_holds_more_than_a_recording_takes) {
  TickEncoder encoder;
  for (std::size_t i = 0; i < kTickInputsMax; ++i) encoder.input(action(1, {1}));
  EXPECT_TRUE(encoder.end_tick({}));
  for (std::size_t i = 0; i <= kTickInputsMax; ++i) encoder.input(action(1, {1}));
  EXPECT_FALSE(encoder.end_tick({}));
  encoder.event({.name = "big", .body = Bytes(limits::kMessageFromServerBytesMax + 1)});
  EXPECT_FALSE(encoder.end_tick({}));
  EXPECT_TRUE(encoder.end_tick({}));
}

TEST(TickEncoder, writes_recipients_as_its_page_describes) {
  const std::vector<PlayerId> players{{9}, {4}, {9}, kNoPlayer};
  const std::vector<EntityRef> entities{{"ab", 7}};
  Recipients all;
  all.is_volatile = true;
  TickEncoder encoder;
  encode_tick(encoder, {.tick = 1,
                        .events = {{.to = Recipients::of(players), .name = "e"},
                                   {.to = Recipients::viewers_of(entities), .name = "e"},
                                   {.to = all, .name = "e"}}});
  EXPECT_EQ(encoder.take(), (Bytes{1,    1,  // tick 1
                                   1,    3,  // no op, then three events
                                   0x81, 0x80, 4, 2, 4,         9,   0,   1, 'e', 0 << 1 | 1,  // to players 4 and 9
                                   0x82, 0x80, 4, 1, 2,         'a', 'b', 7, 0,   0 << 1 | 1,  // to who sees ab[7]
                                   0x84, 0x80, 4, 0, 0 << 1 | 1}));                            // to everyone, volatile
}

}  // namespace
}  // namespace netcode::recording
