#include "recording/format/tick_codec.hpp"

#include <gtest/gtest.h>

#include "engine/core/rng.hpp"
#include "netcode/limits.hpp"
#include "recording/format/body_diff.hpp"

namespace netcode::recording {
namespace {

struct Ticked {
  Tick tick = 0;
  std::vector<Input> inputs;
  std::vector<Emitted> events;
  std::optional<std::uint64_t> hash;

  friend bool operator==(const Ticked& a, const Ticked& b) {
    const auto same = [](const Emitted& x, const Emitted& y) {
      return x.to == y.to && x.name == y.name && x.body == y.body;
    };
    return a.tick == b.tick && a.inputs == b.inputs && a.hash == b.hash &&
           std::equal(a.events.begin(), a.events.end(), b.events.begin(), b.events.end(), same);
  }
};

class Collect final : public TickSink {
 public:
  engine::Result<void> input(const Input& input, bool is_new) override {
    current.inputs.push_back(input);
    news += is_new ? 1 : 0;
    return {};
  }
  engine::Result<void> run(Tick tick) override {
    current.tick = tick;
    return {};
  }
  engine::Result<void> event(PlayerId to, std::string_view name, BytesView body) override {
    current.events.push_back({.to = to, .name = std::string(name), .body = {body.begin(), body.end()}});
    return {};
  }
  engine::Result<void> end_of_tick(Tick, std::optional<std::uint64_t> hash) override {
    current.hash = hash;
    all.push_back(std::exchange(current, {}));
    return {};
  }

  std::vector<Ticked> all;
  Ticked current;
  int news = 0;
};

constexpr std::uint32_t kHashInterval = 4;

// Without a body it is none: the player lets go.
Input action(std::uint32_t player, Bytes body) {
  const InputKind kind = body.empty() ? InputKind::kRelease : InputKind::kAction;
  return {.kind = kind, .player = {player}, .body = std::move(body)};
}

bool encode(TickEncoder& encoder, const Ticked& ticked) {
  for (const Input& input : ticked.inputs) encoder.input(input);
  for (const Emitted& event : ticked.events) encoder.event(event);
  return encoder.end_tick(ticked.hash);
}

std::vector<Ticked> decode_all(TickDecoder& decoder, BytesView body) {
  Collect collect;
  auto done = decoder.begin(body);
  EXPECT_TRUE(done);
  while (done && !decoder.at_end()) done = decoder.tick(collect);
  EXPECT_TRUE(done) << done.error().reason;
  return collect.all;
}

// One tick of 16 players who each act with 24 bytes.
Ticked busy_tick(Tick tick, std::uint8_t value = 1) {
  Ticked ticked{.tick = tick};
  for (std::uint32_t player = 1; player <= 16; ++player) {
    Bytes body(24, static_cast<std::uint8_t>(player));
    body[7] = value;
    ticked.inputs.push_back(action(player, body));
  }
  if (tick % kHashInterval == 0) ticked.hash = tick * 3;
  return ticked;
}

TEST(TickCodec, codes_a_turn_of_repeated_actions_in_two_bytes) {
  TickEncoder encoder;
  encode(encoder, busy_tick(1));
  const std::size_t first = encoder.bytes();
  encode(encoder, busy_tick(2));
  EXPECT_EQ(encoder.bytes() - first, 2U);
}

TEST(TickCodec, codes_a_small_change_of_one_action_in_a_few_bytes) {
  TickEncoder encoder;
  encode(encoder, busy_tick(1));
  const std::size_t first = encoder.bytes();
  Ticked ticked = busy_tick(2);
  ticked.inputs[6].body[20] = 99;
  encode(encoder, ticked);
  EXPECT_LE(encoder.bytes() - first, 7U);
}

TEST(TickCodec, codes_a_player_who_is_late_in_a_byte) {
  TickEncoder encoder;
  encode(encoder, busy_tick(1));
  const std::size_t first = encoder.bytes();
  Ticked ticked = busy_tick(2);
  ticked.inputs.erase(ticked.inputs.begin() + 6);
  encode(encoder, ticked);
  EXPECT_EQ(encoder.bytes() - first, 4U);  // head, repeat, skip, repeat
}

TEST(TickCodec, gives_back_that_a_player_lets_go_and_acts_again) {
  const Input release{.kind = InputKind::kRelease, .player = {2}};
  Input shown = action(2, {8, 8});
  shown.view = {.tick = 1, .fraction = 7};
  const std::vector<Ticked> all{{.tick = 1, .inputs = {action(1, {7}), action(2, {8, 8})}},
                                {.tick = 2, .inputs = {action(1, {7}), shown}},
                                {.tick = 3, .inputs = {action(1, {7}), release}},
                                {.tick = 4, .inputs = {release}, .hash = 9},
                                {.tick = 5, .inputs = {action(1, {7}), action(2, {8, 8})}}};
  TickEncoder encoder;
  for (const Ticked& ticked : all) EXPECT_TRUE(encode(encoder, ticked));
  TickDecoder decoder(kHashInterval);
  EXPECT_EQ(decode_all(decoder, encoder.take()), all);
}

Ticked seeing(Ticked ticked, Tick from, std::uint8_t fraction = 0) {
  for (Input& input : ticked.inputs) input.view = {.tick = from, .fraction = fraction};
  return ticked;
}

TEST(TickCodec, codes_views_that_move_on_with_the_ticks_in_nothing) {
  TickEncoder encoder(100);
  std::size_t before = 0;
  for (Tick tick = 100; tick < 110; ++tick) {
    encode(encoder, seeing(busy_tick(tick), tick - 5, 77));
    if (tick >= 103) {
      EXPECT_EQ(encoder.bytes() - before, tick % kHashInterval == 0 ? 10U : 2U) << tick;
    }
    before = encoder.bytes();
  }
}

TEST(TickCodec, codes_views_of_every_other_tick_in_nothing) {
  TickEncoder encoder(100);
  std::size_t before = 0;
  for (Tick tick = 100; tick < 110; ++tick) {
    encode(encoder, seeing(busy_tick(tick), (tick - 1) / 2 * 2));
    if (tick >= 103) {
      EXPECT_EQ(encoder.bytes() - before, tick % kHashInterval == 0 ? 10U : 2U) << tick;
    }
    before = encoder.bytes();
  }
}

TEST(TickCodec, codes_a_view_that_slips_by_a_little_in_three_bytes) {
  TickEncoder encoder(100);
  for (Tick tick = 100; tick < 104; ++tick) encode(encoder, seeing(busy_tick(tick), tick - 5, 77));
  const std::size_t before = encoder.bytes();
  encode(encoder, seeing(busy_tick(105), 99, 80));
  EXPECT_LE(encoder.bytes() - before, 1 + 16 * 3U);
}

TEST(TickCodec, keeps_how_late_an_action_was_and_forgets_it_with_the_next) {
  TickEncoder encoder(100);
  Ticked late = seeing(busy_tick(100), 95);
  late.inputs[3].ticks_late = 7;
  late.inputs[5].ticks_late = kTicksLateMax;
  const Ticked next = seeing(busy_tick(101), 96);
  encode(encoder, late);
  encode(encoder, next);
  const Bytes body = encoder.take();
  TickDecoder decoder(kHashInterval);
  Collect collect;
  ASSERT_TRUE(decoder.begin(body));
  ASSERT_TRUE(decoder.tick(collect));
  ASSERT_TRUE(decoder.tick(collect));
  EXPECT_EQ(collect.all[0].inputs, late.inputs);
  EXPECT_EQ(collect.all[1].inputs, next.inputs);
}

TEST(TickCodec, refuses_views_before_the_first_tick_and_of_the_tick_itself) {
  const auto decodes = [](Tick tick, std::uint64_t view_age) {
    Bytes body;
    VarintWriter writer(body);
    writer.varint(tick);
    writer.varint(1);
    writer.varint(1 << 1);
    writer.varint(1 << 3 | 7);
    writer.varint(zigzag(view_age) << 1U);
    writer.bytes(Bytes{1 << 1 | 1, 9});
    TickDecoder decoder(kHashInterval);
    Collect collect;
    EXPECT_TRUE(decoder.begin(body));
    return decoder.tick(collect).has_value();
  };
  EXPECT_TRUE(decodes(9, 1));
  EXPECT_TRUE(decodes(9, 8 * 256));
  EXPECT_FALSE(decodes(9, 8 * 256 + 1)) << "within tick 0, which nobody is shown";
  EXPECT_FALSE(decodes(9, 9 * 256));
  EXPECT_FALSE(decodes(9, ~std::uint64_t{0})) << "the tick itself";
  EXPECT_FALSE(decodes(1, 255));
}

TEST(TickCodec, writes_the_bytes_that_its_page_describes) {
  TickEncoder encoder;
  encode(encoder, {.tick = 1, .inputs = {action(1, {7, 7}), action(2, {8, 8, 8, 8, 8, 8})}});
  encode(encoder, {.tick = 2,
                   .inputs = {action(1, {7, 7}),
                              {.kind = InputKind::kLeave, .player = {1}},
                              action(2, {8, 8, 8, 9, 8, 8}),
                              action(2, {8, 8, 8, 9, 8, 8})},
                   .events = {{.to = {2}, .name = "hit", .body = {5}}, {.to = {0}, .name = "hit", .body = {5}}}});
  encode(encoder, {.tick = 3, .inputs = {action(2, {8, 8, 8, 9, 8, 8})}});
  encode(encoder, {.tick = 4, .hash = 0x0807060504030201});
  EXPECT_EQ(
      encoder.take(),
      (Bytes{1,          4,                                            // ticks 1 to 4
             2 << 1,                                                   // two ops
             1 << 3 | 2, 2 << 1 | 1, 7,          7,                    // act, player 1, whole
             2 << 3 | 2, 6 << 1 | 1, 8,          8, 8,   8,   8,   8,  // act, player 2, whole
             4 << 1 | 1,                                               // four ops, then events
             0,                                                        // repeat 1
             1 << 3 | 4,                                               // leave, player 1
             2,          1 << 1,     3 << 2 | 0, 9,                    // act, next in turn: keep 3, replace 1
             2 << 3 | 2, 0,                                            // act, player 2: the same again
             2,          2,          0,          3, 'h', 'i', 't', 1 << 1 | 1, 5,     // two events: to 2, name 0 is new
             0,          0,          0,                                               // to all, name 0, the same again
             1 << 1,     0,                                                           // one op: repeat 1
             0,          1,          2,          3, 4,   5,   6,   7,          8}));  // no op; hash
}

TEST(TickCodec, writes_views_as_its_page_describes) {
  TickEncoder encoder(300);
  for (const Tick tick : {300U, 301U, 302U, 303U, 304U}) {
    Input one = action(1, {7});
    one.view = {.tick = tick - 2, .fraction = tick == 303 ? std::uint8_t{255} : std::uint8_t{0}};
    one.ticks_late = tick == 304 ? 9 : 0;
    encode(encoder,
           {.tick = tick, .inputs = {one}, .hash = tick == 300 ? std::optional<std::uint64_t>(0) : std::nullopt});
  }
  EXPECT_EQ(encoder.take(),
            (Bytes{0xAC,   2,          5,                                // ticks 300 to 304
                   1 << 1, 1 << 3 | 7, 0x80, 0x10, 1 << 1 | 1, 7,        // act seeing: 512 256ths ago, in time
                   0,      0,          0,    0,    0,          0, 0, 0,  // hash
                   1 << 1, 7,          0x80, 0x10, 0,                    // next in turn: 512 more than before the last
                   1 << 1, 0,                                            // repeat: as before the last
                   1 << 1, 7,          0xFA, 7,    0,                    // 255 less
                   1 << 1, 7,          1,    9,    0}));                 // as before the last, and nine ticks late
}

TEST(TickCodec, does_not_repeat_what_was_refused) {
  class Refuse final : public TickSink {
   public:
    engine::Result<void> input(const Input&, bool is_new) override {
      return is_new ? engine::Result<void>(engine::error("no")) : engine::Result<void>();
    }
    engine::Result<void> run(Tick) override { return {}; }
    engine::Result<void> event(PlayerId, std::string_view, BytesView) override { return {}; }
    engine::Result<void> end_of_tick(Tick, std::optional<std::uint64_t>) override { return {}; }
  };
  TickEncoder encoder;
  encode(encoder, {.tick = 1, .inputs = {action(1, {7})}});
  const Bytes first = encoder.take();
  encode(encoder, {.tick = 2, .inputs = {action(1, {7})}});
  const Bytes second = encoder.take();
  TickDecoder decoder(kHashInterval);
  Refuse refuse;
  ASSERT_TRUE(decoder.begin(first));
  EXPECT_EQ(decoder.tick(refuse).error().reason, "no");
  ASSERT_TRUE(decoder.begin(second));
  EXPECT_FALSE(decoder.tick(refuse));
}

TEST(TickCodec, tells_bodies_that_have_been_seen_from_new_ones) {
  TickEncoder encoder;
  TickDecoder decoder(kHashInterval);
  encode(encoder, busy_tick(1));
  encode(encoder, busy_tick(2));
  const Bytes body = encoder.take();
  Collect collect;
  ASSERT_TRUE(decoder.begin(body));
  ASSERT_TRUE(decoder.tick(collect));
  EXPECT_EQ(collect.news, 16);
  ASSERT_TRUE(decoder.tick(collect));
  EXPECT_EQ(collect.news, 16);
}

TEST(TickCodec, gives_back_any_ticks_across_records_and_keyframes) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    engine::Rng rng(seed);
    const auto bytes = [&rng](std::uint32_t max) {
      Bytes some(rng.below(max));
      for (std::uint8_t& byte : some) byte = static_cast<std::uint8_t>(rng.below(3));
      return some;
    };
    TickEncoder encoder;
    TickDecoder decoder(kHashInterval);
    std::vector<Ticked> sent;
    Tick first = 1;
    for (Tick tick = 1; tick <= 200; ++tick) {
      Ticked ticked{.tick = tick};
      for (std::uint32_t i = 0; i < rng.below(12); ++i) {
        const std::uint32_t player = 1 + rng.below(9);
        switch (rng.below(12)) {
          case 0:
            ticked.inputs.push_back(
                {.kind = InputKind::kJoin, .player = {player}, .is_bot = rng.below(2) == 0, .text = "n"});
            break;
          case 1:
            ticked.inputs.push_back({.kind = InputKind::kLeave, .player = {player}});
            break;
          case 2:
            ticked.inputs.push_back({.kind = InputKind::kEvent,
                                     .player = {rng.below(3)},
                                     .text = "table" + std::to_string(rng.below(4)),
                                     .body = bytes(6000)});
            break;
          case 3:
            ticked.inputs.push_back({.kind = InputKind::kEnd, .text = "over"});
            break;
          default:
            ticked.inputs.push_back(action(player, bytes(5)));
            if (tick > 9 && rng.below(2) == 0)
              ticked.inputs.back().view = {.tick = tick - 1 - rng.below(3),
                                           .fraction = static_cast<std::uint8_t>(rng.below(2) * 99)};
        }
      }
      for (std::uint32_t i = 0; i < rng.below(4); ++i) {
        ticked.events.push_back({.to = {rng.below(5)}, .name = "e" + std::to_string(rng.below(5)), .body = bytes(9)});
      }
      if (tick % kHashInterval == 0) ticked.hash = rng.next();
      ASSERT_TRUE(encode(encoder, ticked));
      sent.push_back(std::move(ticked));
      if (rng.below(3) != 0 && tick != 200) continue;
      const Bytes body = encoder.take();
      const auto span = tick_span(body);
      ASSERT_TRUE(span);
      EXPECT_EQ(span->first, first);
      EXPECT_EQ(span->last(), tick);
      ASSERT_EQ(decode_all(decoder, body), sent);
      sent.clear();
      first = tick + 1;
      if (rng.below(4) == 0) {
        encoder.reset();
        decoder.reset();
      }
    }
  }
}

TEST(TickCodec, goes_on_when_there_are_more_names_than_it_remembers) {
  TickEncoder encoder;
  TickDecoder decoder(kHashInterval);
  Ticked ticked{.tick = 1};
  for (std::size_t i = 0; i < kNamesMax + 50; ++i) {
    ticked.events.push_back({.to = kNoPlayer, .name = "event" + std::to_string(i), .body = {1, 2}});
  }
  ticked.events.push_back(ticked.events.back());
  ASSERT_TRUE(encode(encoder, ticked));
  EXPECT_EQ(decode_all(decoder, encoder.take()), std::vector{ticked});
}

TEST(TickCodec, says_when_a_tick_holds_more_than_a_recording_takes) {
  TickEncoder encoder;
  for (std::size_t i = 0; i < kTickInputsMax; ++i) encoder.input(action(1, {1}));
  EXPECT_TRUE(encoder.end_tick({}));
  for (std::size_t i = 0; i <= kTickInputsMax; ++i) encoder.input(action(1, {1}));
  EXPECT_FALSE(encoder.end_tick({}));
  encoder.event({.to = kNoPlayer, .name = "big", .body = Bytes(limits::kMessageFromServerBytesMax + 1)});
  EXPECT_FALSE(encoder.end_tick({}));
  EXPECT_TRUE(encoder.end_tick({}));
}

TEST(TickCodec, refuses_every_cut_and_every_byte_too_many) {
  TickEncoder encoder;
  Ticked ticked = busy_tick(1);
  ticked.events.push_back({.to = {3}, .name = "hit", .body = {1, 2, 3}});
  encode(encoder, ticked);
  encode(encoder, busy_tick(2));
  const Bytes body = encoder.take();
  const auto decodes = [](BytesView bytes) {
    TickDecoder decoder(kHashInterval);
    Collect collect;
    auto done = decoder.begin(bytes);
    while (done && !decoder.at_end()) done = decoder.tick(collect);
    return done.has_value();
  };
  EXPECT_TRUE(decodes(body));
  for (std::size_t size = 0; size < body.size(); ++size) EXPECT_FALSE(decodes(BytesView(body).first(size))) << size;
  Bytes longer = body;
  longer.push_back(0);
  EXPECT_FALSE(decodes(longer));
}

TEST(TickCodec, refuses_ticks_beyond_the_last_there_can_be) {
  Bytes body;
  VarintWriter writer(body);
  writer.varint(0xFFFFFFFEU);
  writer.varint(3);
  writer.bytes(Bytes(3));
  EXPECT_FALSE(tick_span(body));
}

TEST(BodyDiff, gives_back_any_bytes_from_any_base) {
  engine::Rng rng(5);
  for (int round = 0; round < 3000; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    Bytes base(rng.below(40));
    for (std::uint8_t& byte : base) byte = static_cast<std::uint8_t>(rng.next());
    Bytes bytes = base;
    if (rng.below(4) == 0) bytes.resize(rng.below(40));
    for (std::uint32_t i = 0; i < rng.below(6) && !bytes.empty(); ++i) {
      bytes[rng.below(static_cast<std::uint32_t>(bytes.size()))] = static_cast<std::uint8_t>(rng.next());
    }
    Bytes out;
    VarintWriter writer(out);
    Bytes encoder_base = base;
    encode_diff(writer, bytes, encoder_base);
    EXPECT_EQ(encoder_base, bytes);
    EXPECT_LE(out.size(), bytes.size() + 2);
    VarintReader reader(out);
    ASSERT_TRUE(decode_diff(reader, base, 40));
    EXPECT_EQ(base, bytes);
    EXPECT_TRUE(reader.at_end());
  }
}

TEST(BodyDiff, refuses_more_bytes_than_it_may_give) {
  Bytes out;
  VarintWriter writer(out);
  Bytes base;
  encode_diff(writer, Bytes(41, 1), base);
  VarintReader reader(out);
  base.clear();
  EXPECT_FALSE(decode_diff(reader, base, 40));
  EXPECT_TRUE(base.empty());
}

TEST(Wire, refuses_varints_that_do_not_end_or_are_too_large) {
  for (const Bytes& bad : {Bytes{}, Bytes{0x80}, Bytes(11, 0x80),
                           Bytes{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02}, Bytes{0x81, 0x01}}) {
    VarintReader reader(bad);
    EXPECT_EQ(reader.varint(128), 0U);
    EXPECT_FALSE(reader.ok());
  }
  const Bytes largest{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01};
  VarintReader reader(largest);
  EXPECT_EQ(reader.varint(~std::uint64_t{0}), ~std::uint64_t{0});
}

}  // namespace
}  // namespace netcode::recording
