// Tests also: tick_memory.cpp.
#include "recording/format/tick_codec.hpp"

#include <gtest/gtest.h>

#include "engine/core/rng.hpp"
#include "netcode/limits.hpp"
#include "ticked.hpp"

namespace netcode::recording {
namespace {

using namespace test_recordings;

TEST(TickDecoder, gives_back_that_a_player_lets_go_and_acts_again) {
  const Input release{.kind = InputKind::kRelease, .player = {2}};
  Input shown = action(2, {8, 8});
  shown.view = {.tick = 1, .fraction = 7};
  const std::vector<Ticked> all{{.tick = 1, .inputs = {action(1, {7}), action(2, {8, 8})}},
                                {.tick = 2, .inputs = {action(1, {7}), shown}},
                                {.tick = 3, .inputs = {action(1, {7}), release}},
                                {.tick = 4, .inputs = {release}, .hash = 9},
                                {.tick = 5, .inputs = {action(1, {7}), action(2, {8, 8})}}};
  TickEncoder encoder;
  for (const Ticked& ticked : all) EXPECT_TRUE(encode_tick(encoder, ticked));
  TickDecoder decoder(kHashInterval);
  EXPECT_EQ(decode_all(decoder, encoder.take()), all);
}

TEST(TickDecoder, keeps_how_late_an_action_was_and_forgets_it_with_the_next) {
  TickEncoder encoder(100);
  Ticked late = seeing(busy_tick(100), 95);
  late.inputs[3].ticks_late = 7;
  late.inputs[5].ticks_late = kTicksLateMax;
  const Ticked next = seeing(busy_tick(101), 96);
  encode_tick(encoder, late);
  encode_tick(encoder, next);
  const Bytes body = encoder.take();
  TickDecoder decoder(kHashInterval);
  Collect collect;
  ASSERT_TRUE(decoder.begin(body));
  ASSERT_TRUE(decoder.tick(collect));
  ASSERT_TRUE(decoder.tick(collect));
  EXPECT_EQ(collect.all[0].inputs, late.inputs);
  EXPECT_EQ(collect.all[1].inputs, next.inputs);
}

TEST(TickDecoder, refuses_views_before_the_first_tick_and_of_the_tick_itself) {
  const auto decodes = [](Tick tick, std::uint64_t view_age) {
    Bytes body;
    VarintWriter writer(body);
    writer.varint(tick);
    writer.varint(1);
    writer.varint(1 << 1);
    writer.varint(1 << 3 | 3);
    writer.varint(zigzag(view_age) << 2U);
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
  EXPECT_FALSE(decodes(9, ~std::uint64_t{0} >> 4U)) << "the tick itself";
  EXPECT_FALSE(decodes(1, 255));
}

TEST(TickDecoder, refuses_snapshots_around_a_view_that_are_not) {
  const auto decodes = [](std::uint64_t span, std::uint64_t back) {
    Bytes body;
    VarintWriter writer(body);
    writer.varint(9);
    writer.varint(1);
    writer.varint(1 << 1);
    writer.varint(1 << 3 | 3);
    writer.varint(zigzag(3 * 256) << 2U | 2U);  // tick 6 was shown
    writer.varint(span);
    if (span != 0) writer.varint(back);
    writer.bytes(Bytes{1 << 1 | 1, 9});
    TickDecoder decoder(kHashInterval);
    Collect collect;
    EXPECT_TRUE(decoder.begin(body));
    return decoder.tick(collect).has_value();
  };
  EXPECT_TRUE(decodes(0, 0));
  EXPECT_TRUE(decodes(2, 0));
  EXPECT_TRUE(decodes(2, 1));
  EXPECT_FALSE(decodes(2, 2)) << "the later one is not later";
  EXPECT_FALSE(decodes(3, 0)) << "the later one is of the action's own tick";
  EXPECT_TRUE(decodes(7, 5));
  EXPECT_FALSE(decodes(7, 6)) << "the earlier one is of tick 0";
  EXPECT_FALSE(decodes(0x10000, 5));
}

ViewTime view_before(Tick tick, engine::Rng& rng) {
  ViewTime view{.tick = tick - 1 - rng.below(3), .fraction = static_cast<std::uint8_t>(rng.below(2) * 99)};
  const Tick span = 1 + rng.below(4);
  const Tick from = rng.below(2) == 0 ? view.tick - view.tick % span : view.tick - rng.below(span);
  if (rng.below(3) == 0 || from + span >= tick) return view;
  view.from = from;
  view.to = from + span;
  return view;
}

// One tick with one long operation.
Bytes with_long_op(std::uint64_t number, const Bytes& bytes) {
  Bytes body;
  VarintWriter writer(body);
  writer.bytes(Bytes{1, 1, 1 << 1});
  writer.varint(number << 3U | 7U);
  writer.varint(bytes.size());
  writer.bytes(bytes);
  return body;
}

std::string refusal(const Bytes& body) {
  TickDecoder decoder(kHashInterval);
  Collect collect;
  auto done = decoder.begin(body);
  while (done && !decoder.at_end()) done = decoder.tick(collect);
  return done ? "taken" : done.error().reason;
}

TEST(TickDecoder, refuses_an_operation_that_it_does_not_know_by_its_number) {
  for (const std::uint64_t number : {0U, 7U, 12U, 13U, 14U, 63U}) {
    EXPECT_EQ(refusal(with_long_op(number, {1})),
              fmt::format("operation {}, which this program does not know: it was recorded by a newer one", number));
  }
}

TEST(TickDecoder, passes_over_an_operation_that_changes_nothing_and_that_it_does_not_know) {
  for (const std::uint64_t number : {kNotesFrom, std::uint64_t{100}, std::uint64_t{0xFFFFFFFF}}) {
    const Bytes body = with_long_op(number, Bytes(300, 7));
    TickDecoder decoder(kHashInterval);
    EXPECT_EQ(decode_all(decoder, body), std::vector{Ticked{.tick = 1}}) << number;
  }
}

TEST(TickDecoder, refuses_long_operations_whose_bytes_are_not_theirs) {
  const std::string broken = "the record does not say what its format asks for";
  EXPECT_EQ(refusal(with_long_op(9, {1})), "taken");
  EXPECT_EQ(refusal(with_long_op(9, {})), broken);
  EXPECT_EQ(refusal(with_long_op(9, {1, 2})), broken) << "a byte too many";
  EXPECT_EQ(refusal(with_long_op(8, {2, 'a'})), broken);
  EXPECT_EQ(refusal(with_long_op(11, {1, 0, 1, 'a', 0})), broken) << "a ticket of no table";
  Bytes ticket{1, 0, 1, 'a', 1, 't'};
  ticket.resize(ticket.size() + limits::kTicketBytesMax);
  EXPECT_EQ(refusal(with_long_op(11, ticket)), "taken");
  ticket.push_back(0);
  EXPECT_EQ(refusal(with_long_op(11, ticket)), broken);
  EXPECT_EQ(refusal(with_long_op(100, Bytes(kLongOpBytesMax + 1))), broken);
}

TEST(TickDecoder, does_not_repeat_what_was_refused) {
  class Refuse final : public TickSink {
   public:
    engine::Result<void> input(const Input&, bool is_new) override {
      return is_new ? engine::Result<void>(engine::error("no")) : engine::Result<void>();
    }
    engine::Result<void> run(Tick) override { return {}; }
    engine::Result<void> event(const Recipients&, std::string_view, BytesView) override { return {}; }
    engine::Result<void> end_of_tick(Tick, std::optional<std::uint64_t>) override { return {}; }
  };
  TickEncoder encoder;
  encode_tick(encoder, {.tick = 1, .inputs = {action(1, {7})}});
  const Bytes first = encoder.take();
  encode_tick(encoder, {.tick = 2, .inputs = {action(1, {7})}});
  const Bytes second = encoder.take();
  TickDecoder decoder(kHashInterval);
  Refuse refuse;
  ASSERT_TRUE(decoder.begin(first));
  EXPECT_EQ(decoder.tick(refuse).error().reason, "no");
  ASSERT_TRUE(decoder.begin(second));
  EXPECT_FALSE(decoder.tick(refuse));
}

TEST(TickDecoder, tells_bodies_that_have_been_seen_from_new_ones) {
  TickEncoder encoder;
  TickDecoder decoder(kHashInterval);
  encode_tick(encoder, busy_tick(1));
  encode_tick(encoder, busy_tick(2));
  const Bytes body = encoder.take();
  Collect collect;
  ASSERT_TRUE(decoder.begin(body));
  ASSERT_TRUE(decoder.tick(collect));
  EXPECT_EQ(collect.news, 16);
  ASSERT_TRUE(decoder.tick(collect));
  EXPECT_EQ(collect.news, 16);
}

Recipients any_recipients(engine::Rng& rng) {
  const std::vector<PlayerId> players{{1 + rng.below(4)}, {1 + rng.below(200)}, {limits::kPlayerIdMax}};
  const std::vector<EntityRef> entities{{"ships", rng.below(9)}, {"shots", 0xFFFFFFFF}};
  Recipients to;
  if (rng.below(3) == 0) to = Recipients::of(std::span(players).first(rng.below(4)));
  if (rng.below(4) == 0) to = Recipients::viewers_of(std::span(entities).first(rng.below(3)));
  to.is_volatile = rng.below(4) == 0;
  return to;
}

// One tick with one event, whose recipients are these bytes.
Bytes with_recipients(const Bytes& to) {
  Bytes body{1, 1, 1, 1};  // from tick 1 on, one tick: no op, then events, one of them
  body.insert(body.end(), to.begin(), to.end());
  for (const std::uint8_t byte : Bytes{0, 1, 'e', 0 << 1 | 1}) body.push_back(byte);  // the first name, no bytes
  return body;
}

TEST(TickDecoder, refuses_recipients_that_cannot_be) {
  const std::string broken = "the record does not say what its format asks for";
  constexpr std::uint8_t kForm = 0x80;  // 65536 + a form: its low seven bits first, then 512 as two bytes
  const auto form = [&](std::uint8_t low, const Bytes& rest) {
    Bytes to{static_cast<std::uint8_t>(kForm | low), 0x80, 4};
    to.insert(to.end(), rest.begin(), rest.end());
    return refusal(with_recipients(to));
  };
  EXPECT_EQ(refusal(with_recipients({0})), "taken");
  EXPECT_EQ(refusal(with_recipients({0xFF, 0xFF, 3})), "taken") << "player 65535";
  EXPECT_EQ(form(1, {2, 3, 7}), "taken") << "players 3 and 7";
  EXPECT_EQ(form(5, {0}), "taken") << "nobody, volatile";
  EXPECT_EQ(form(2, {1, 1, 'v', 9}), "taken") << "who sees v[9]";
  EXPECT_EQ(form(3, {}), broken);
  EXPECT_EQ(form(7, {}), broken);
  EXPECT_EQ(form(8, {}), broken);
  EXPECT_EQ(form(1, {2, 7, 3}), broken) << "not rising";
  EXPECT_EQ(form(1, {2, 3, 3}), broken) << "twice";
  EXPECT_EQ(form(1, {1, 0}), broken) << "nobody's id";
  EXPECT_EQ(form(1, {0xFF, 0x7F}), broken) << "more players than there can be";
  EXPECT_EQ(form(2, {0xFF, 0x7F}), broken) << "more entities than one event names";
  EXPECT_EQ(form(2, {1, 0xFF, 0x7F}), broken) << "a vector's name beyond its limit";
}

TEST(TickDecoder, gives_back_any_ticks_across_records_and_keyframes) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
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
        switch (rng.below(14)) {
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
                                     .text = fmt::format("table{}", rng.below(4)),
                                     .body = bytes(6000)});
            break;
          case 3:
            ticked.inputs.push_back({.kind = InputKind::kEnd, .text = "over"});
            break;
          case 4:
            ticked.inputs.push_back(
                {.kind = rng.below(2) == 0 ? InputKind::kAway : InputKind::kBack, .player = {player}});
            break;
          case 5:
            ticked.inputs.push_back({.kind = InputKind::kJoin,
                                     .player = {player},
                                     .text = "n",
                                     .ticket_table = "ticket",
                                     .ticket = bytes(limits::kTicketBytesMax)});
            break;
          default:
            ticked.inputs.push_back(action(player, bytes(5)));
            if (tick > 9 && rng.below(2) == 0) ticked.inputs.back().view = view_before(tick, rng);
        }
      }
      for (std::uint32_t i = 0; i < rng.below(4); ++i) {
        ticked.events.push_back(
            {.to = any_recipients(rng), .name = fmt::format("e{}", rng.below(5)), .body = bytes(9)});
      }
      if (tick % kHashInterval == 0) ticked.hash = rng.next();
      ASSERT_TRUE(encode_tick(encoder, ticked));
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

TEST(TickDecoder, goes_on_when_there_are_more_names_than_it_remembers) {
  TickEncoder encoder;
  TickDecoder decoder(kHashInterval);
  Ticked ticked{.tick = 1};
  for (std::size_t i = 0; i < kNamesMax + 50; ++i) {
    ticked.events.push_back({.name = "event" + std::to_string(i), .body = {1, 2}});
  }
  ticked.events.push_back(ticked.events.back());
  ASSERT_TRUE(encode_tick(encoder, ticked));
  EXPECT_EQ(decode_all(decoder, encoder.take()), std::vector{ticked});
}

TEST(TickDecoder, refuses_every_cut_and_every_byte_too_many) {
  TickEncoder encoder;
  Ticked ticked = busy_tick(1);
  ticked.events.push_back({.to = Recipients::player({3}), .name = "hit", .body = {1, 2, 3}});
  const std::vector<EntityRef> seen{{"ships", 300}, {"shots", 1}};
  ticked.events.push_back({.to = Recipients::viewers_of(seen), .name = "seen", .body = {4}});
  const std::vector<PlayerId> some{{1}, {300}};
  ticked.events.push_back({.to = Recipients::of(some), .name = "hit", .body = {1, 2, 3}});
  encode_tick(encoder, ticked);
  encode_tick(encoder, busy_tick(2));
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

TEST(TickDecoder, refuses_ticks_beyond_the_last_there_can_be) {
  Bytes body;
  VarintWriter writer(body);
  writer.varint(0xFFFFFFFEU);
  writer.varint(3);
  writer.bytes(Bytes(3));
  EXPECT_FALSE(tick_span(body));
}

}  // namespace
}  // namespace netcode::recording
