// Both ends of a link that packs its actions: what comes out is what went in, in how many bytes; and what is refused.
#include "protocol/packed_action.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "engine/core/rng.hpp"
#include "netcode/limits.hpp"
#include "protocol/packed_envelope.hpp"

using namespace netcode;
using namespace netcode::protocol;

namespace {

constexpr std::uint32_t kMax = std::numeric_limits<std::uint32_t>::max();

/// A move of the arena's, by which way it looks: 24 bytes, of which the last two are the aim.
Bytes move_of(std::uint16_t aim) {
  return {0x10,
          0,
          0,
          0,
          0,
          0,
          0x0a,
          0,
          8,
          0,
          4,
          0,
          5,
          0,
          6,
          0,
          0x0a,
          0,
          0,
          0,
          0x5a,
          0xa6,
          static_cast<std::uint8_t>(aim & 0xffU),
          static_cast<std::uint8_t>(aim >> 8U)};
}

/// As that of a client at 60 actions a second which has two links, 30 snapshots a second over each, and is drawn
/// between the two around its view.
ActionView nth(std::uint32_t n, BytesView body) {
  const Tick snapshot = (54'000 + n) / 2 * 2;
  const Tick view = 53'990 + n;
  return {.tick = 54'010 + n,
          .sequence = 900 + n,
          .snapshot_tick = snapshot,
          .received = 12,
          .body = body,
          .twin_snapshot_tick = snapshot - 2,
          .view_tick = view,
          .view_fraction = static_cast<std::uint8_t>(100 + n % 3 * 10),
          .view_from = view / 2 * 2,
          .view_to = view / 2 * 2 + 2};
}

void expect_same(const ActionView& a, const ActionView& b) {
  EXPECT_EQ(a.tick, b.tick);
  EXPECT_EQ(a.sequence, b.sequence);
  EXPECT_EQ(a.snapshot_tick, b.snapshot_tick);
  EXPECT_EQ(a.twin_snapshot_tick, b.twin_snapshot_tick);
  EXPECT_EQ(a.received, b.received);
  EXPECT_EQ(a.view_tick, b.view_tick);
  EXPECT_EQ(a.view_fraction, b.view_fraction);
  EXPECT_EQ(a.view_from, b.view_from);
  EXPECT_EQ(a.view_to, b.view_to);
  EXPECT_TRUE(std::equal(a.body.begin(), a.body.end(), b.body.begin(), b.body.end()));
}

/// A link from end to end.
class Link {
 public:
  /// Returns the size of the whole message.
  std::size_t carry(const ActionView& action) {
    const Bytes sent = packer_.pack(action);
    const auto message = decode(buffer_.copy(sent));
    EXPECT_TRUE(message) << message.error().reason;
    const auto got = unpacker_.unpack(std::get<PackedView>(*message).packed);
    EXPECT_TRUE(got) << got.error().reason;
    expect_same(*got, action);
    return sent.size();
  }

 private:
  ActionPacker packer_;
  ActionUnpacker unpacker_;
  AlignedBuffer buffer_;
};

/// Why the last of these is refused; those before it are not.
std::string problem(std::initializer_list<Bytes> packed) {
  ActionUnpacker unpacker;
  std::string why;
  for (const Bytes& one : packed) {
    EXPECT_EQ(why, "");
    const auto action = unpacker.unpack(one);
    why = action ? "" : action.error().reason;
  }
  return why;
}

}  // namespace

TEST(PackedAction, comes_out_as_it_went_in) {
  Link link;
  link.carry(nth(0, move_of(1)));
  link.carry(nth(1, move_of(2)));
  link.carry(nth(2, move_of(2)));
  link.carry(nth(9, move_of(3)));
  link.carry(nth(3, {}));
  link.carry(nth(3, {}));
  link.carry(nth(0, Bytes(limits::kActionBytesMax, 7)));
  link.carry(nth(1, Bytes(limits::kActionBytesMax, 7)));
  link.carry(nth(2, Bytes(limits::kActionBytesMax - 1, 7)));
  link.carry({});
  link.carry({.tick = kMax,
              .sequence = kMax,
              .snapshot_tick = kMax,
              .received = kMax,
              .body = move_of(9),
              .twin_snapshot_tick = kMax,
              .view_tick = kMax,
              .view_fraction = 255,
              .view_from = kMax,
              .view_to = kMax});
  link.carry({.view_fraction = 1, .view_from = kMax, .view_to = 1});
}

TEST(PackedAction, takes_24_bytes_where_it_repeats_the_one_before_and_four_more_where_it_looks_elsewhere) {
  constexpr std::size_t kEnvelopeMax = 24;
  Link link;
  const std::size_t whole = link.carry(nth(0, move_of(0)));
  EXPECT_EQ(whole - move_of(0).size(), 42U) << "of a connection's first alone: all its numbers are there";
  for (std::uint32_t n = 1; n < 60; ++n) EXPECT_LE(link.carry(nth(n, move_of(0))), kEnvelopeMax) << n;
  std::size_t most = 0;
  for (std::uint32_t n = 60; n < 120; ++n)
    most = std::max(most, link.carry(nth(n, move_of(static_cast<std::uint16_t>(n * 777)))));
  EXPECT_EQ(most, kEnvelopeMax + 4) << "two that say what stays, and the two that do not";
  EXPECT_GE(encode(nth(1, move_of(0))).size(), 120U) << "the table Action";
}

TEST(PackedAction, of_another_layout_is_whole_in_an_envelope_of_24_bytes) {
  Link link;
  const Bytes a(24, 1), b(30, 2);
  link.carry(nth(0, a));
  for (std::uint32_t n = 1; n < 60; ++n) {
    const Bytes& body = n % 2 == 1 ? b : a;
    EXPECT_LE(link.carry(nth(n, body)), body.size() + 24) << n;
  }
}

TEST(PackedAction, that_names_no_tick_number_or_view_goes_on_naming_none_for_nothing) {
  Link link;
  const Bytes body = move_of(1);
  link.carry({.body = body});
  EXPECT_EQ(link.carry({.body = body}), kPackedEnvelopeBytes + 1);
  link.carry({.tick = 5, .sequence = 1, .body = body});
  link.carry({.tick = 0, .sequence = 2, .body = body});
  EXPECT_EQ(link.carry({.tick = 0, .sequence = 3, .body = body}), kPackedEnvelopeBytes + 1);
}

TEST(PackedAction, is_the_same_for_any_numbers_and_bodies) {
  const std::uint64_t seed = 20261130;
  SCOPED_TRACE("seed " + std::to_string(seed));
  engine::Rng rng(seed);
  const auto number = [&](std::uint32_t last) {
    switch (rng.below(4)) {
      case 0:
        return static_cast<std::uint32_t>(rng.next());
      case 1:
        return last + rng.below(40) - 20;
      case 2:
        return 0U;
      default:
        return last + 1;
    }
  };
  Link link;
  ActionView action;
  Bytes body;
  for (int round = 0; round < 20'000; ++round) {
    const std::uint32_t view_from = number(action.view_from);
    action = {.tick = number(action.tick),
              .sequence = number(action.sequence),
              .snapshot_tick = number(action.snapshot_tick),
              .received = number(action.received),
              .twin_snapshot_tick = number(action.twin_snapshot_tick),
              .view_tick = number(action.view_tick),
              .view_fraction = static_cast<std::uint8_t>(rng.next()),
              .view_from = view_from,
              .view_to = number(view_from)};
    if (rng.below(4) == 0) body.resize(rng.below(300), static_cast<std::uint8_t>(rng.next()));
    for (std::uint32_t changes = rng.below(3); changes > 0 && !body.empty(); --changes)
      body[rng.below(static_cast<std::uint32_t>(body.size()))] = static_cast<std::uint8_t>(rng.next());
    action.body = body;
    ASSERT_LE(link.carry(action), kPackedEnvelopeBytes + 44 + body.size());
    if (::testing::Test::HasFailure()) return;
  }
}

TEST(PackedAction, that_goes_by_one_before_is_refused_where_none_was) {
  const std::string none = "an action that goes by the one before, and none came before over this connection";
  EXPECT_EQ(problem({{0}}), none);
  EXPECT_EQ(problem({{2, 0, 9}}), none);
  EXPECT_EQ(problem({{1, 9}, {0}}), "");
}

TEST(PackedAction, that_is_cut_off_or_too_much_is_refused_in_words) {
  const std::string cut = "a packed action that is cut off";
  const std::string large = "a packed action with a number that is too large";
  EXPECT_EQ(problem({{}}), cut);
  EXPECT_EQ(problem({{1 + 4}}), cut);
  EXPECT_EQ(problem({{1 + 4, 0x80}}), cut);
  EXPECT_EQ(problem({{1 + 16, 0xff, 1}}), cut);
  EXPECT_EQ(problem({{1, 9}, {2}}), cut);
  EXPECT_EQ(problem({{1 + 4, 0xff, 0xff, 0xff, 0xff, 0x0f}}), "") << "all 32 bits";
  EXPECT_EQ(problem({{1 + 4, 0xff, 0xff, 0xff, 0xff, 0x1f}}), large);
  EXPECT_EQ(problem({{1 + 4, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}}), large);
  EXPECT_EQ(problem({{1 + 64, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f}}), "") << "all 40 of a view";
  EXPECT_EQ(problem({{1 + 64, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f}}), large);
  EXPECT_EQ(problem({{3}}), "a packed action with a body of no kind");
  EXPECT_EQ(problem({{1, 9}, {0, 9, 9}}), "2 bytes behind a packed action");
}

TEST(PackedAction, that_keeps_more_of_the_last_body_than_there_is_or_grows_beyond_the_limit_is_refused) {
  const Bytes whole{1, 10, 11, 12, 13};
  EXPECT_EQ(problem({whole, {2, 0x22}}), "");
  EXPECT_EQ(problem({whole, {2, 0x32}}), "an action that keeps 2 bytes and 3 of the 4 of the one before");
  EXPECT_EQ(problem({whole, {2, 0x0f, 0xff, 0xff, 0xff, 0xff, 0x0f}}),
            "an action that keeps 4294967295 bytes and 0 of the 4 of the one before");
  EXPECT_EQ(problem({whole, {2, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f, 0xff, 0xff, 0xff, 0xff, 0x0f}}),
            "an action that keeps 4294967295 bytes and 4294967295 of the 4 of the one before");
  Bytes largest(1 + limits::kActionBytesMax);
  largest[0] = 1;
  EXPECT_EQ(problem({largest}), "");
  EXPECT_EQ(problem({largest, {2, 0x0f, 0x80, 0x08, 9}}), "an action of 1025 bytes, 1024 is the limit");
  largest.push_back(0);
  EXPECT_EQ(problem({largest}), "an action of 1025 bytes, 1024 is the limit");
}

TEST(PackedAction, cut_anywhere_or_mutated_at_random_is_refused_or_within_its_limits) {
  const std::uint64_t seed = 20261130;
  SCOPED_TRACE("seed " + std::to_string(seed));
  engine::Rng rng(seed);
  std::vector<Bytes> good;
  ActionPacker packer;
  for (std::uint32_t n = 0; n < 8; ++n) {
    Bytes message = packer.pack(nth(n, move_of(static_cast<std::uint16_t>(n / 2))));
    good.emplace_back(message.begin() + kPackedEnvelopeBytes, message.end());
  }
  for (const Bytes& record : good)
    for (std::size_t size = 0; size < record.size(); ++size) {
      ActionUnpacker unpacker;
      ASSERT_TRUE(unpacker.unpack(good[0]));
      (void)unpacker.unpack(Bytes(record.begin(), record.begin() + static_cast<std::ptrdiff_t>(size)));
    }
  for (int round = 0; round < 20'000; ++round) {
    ActionUnpacker unpacker;
    for (Bytes record : good) {
      for (std::uint32_t flips = rng.below(3); flips > 0; --flips)
        record[rng.below(static_cast<std::uint32_t>(record.size()))] = static_cast<std::uint8_t>(rng.next());
      const auto action = unpacker.unpack(record);
      if (!action) break;
      ASSERT_LE(action->body.size(), limits::kActionBytesMax);
    }
  }
}
