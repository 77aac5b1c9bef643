#include "protocol/messages.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <variant>

#include "engine/core/rng.hpp"
#include "netcode/limits.hpp"
#include "protocol/packed_action.hpp"
#include "protocol/packed_snapshot.hpp"
#include "protocol/requests.hpp"
#include "protocol_generated.h"

using namespace netcode;
using namespace netcode::protocol;

namespace {

template <class T>
T decoded(const Bytes& bytes, AlignedBuffer& buffer) {
  const auto message = decode(buffer.copy(bytes));
  EXPECT_TRUE(message) << message.error().reason;
  return std::get<T>(*message);
}

std::string problem(const Bytes& bytes) {
  AlignedBuffer buffer;
  const auto message = decode(buffer.copy(bytes));
  return message ? "" : message.error().reason;
}

Welcome welcome() {
  Welcome out{
      .server = "s", .session = SessionId{7}, .token = "t", .resumed = true, .received = 9, .name = "ada", .epoch = 5};
  out.match = {.id = "m",
               .kind = "field",
               .player = PlayerId{3},
               .tick = 11,
               .tick_hz = 60,
               .snapshot_hz = 30,
               .schema_hash = 1,
               .unpacks = 4,
               .rules_hash = 2,
               .map_hash = 3,
               .packs = 6};
  return out;
}

Welcome refused_welcome(std::string why) {
  Welcome out = welcome();
  out.match.reset();
  out.refusal = std::move(why);
  return out;
}

const Bytes kBody{1, 2, 3, 4, 5};

/// What a receiver gets of a message whose end many share.
Bytes whole(const OutgoingMessage& frame) {
  Bytes out = frame.head;
  out.insert(out.end(), frame.body->begin() + static_cast<std::ptrdiff_t>(frame.body_offset), frame.body->end());
  return out;
}

/// One of each message, and of the bodies of netcode's own requests.
std::vector<Bytes> all_messages() {
  return {encode(welcome()),
          encode(refused_welcome("no")),
          encode(MapView{.hash = 1, .body = kBody}),
          encode(SchemaView{.hash = 1, .body = kBody}),
          whole(SharedSnapshot(kBody).frame({.tick = 5})),
          whole(SnapshotPacker().pack({.tick = 5}, {.head = kBody, .body = std::make_shared<const Bytes>(kBody)})),
          encode(ActionView{.tick = 1, .sequence = 2, .snapshot_tick = 3, .received = 4, .body = kBody}),
          ActionPacker().pack({.tick = 1, .sequence = 2, .snapshot_tick = 3, .received = 4, .body = kBody}),
          encode(EventMessage{.sequence = 1, .name = "chat", .space = "/admin", .ack = 2, .body = kBody}),
          encode(AckMessage{.sequence = 1, .id = 2, .error = "no", .table = "a.B", .body = kBody}),
          encode(Received{.snapshot_tick = 1, .received = 2}),
          encode_match_list({.matches = {{.id = "m", .kind = "k", .metadata = {{"a", "b"}}}}, .next = "m"}),
          encode_match_request({.kind = "k", .id = "m", .options = {{"a", "b"}}}),
          encode_namespace_request("/admin", Auth("a.B", kBody))};
}

}  // namespace

TEST(Messages, are_all_among_those_that_are_cut_and_mutated_here) {
  AlignedBuffer buffer;
  std::set<std::size_t> kinds;
  for (const Bytes& bytes : all_messages())
    if (const auto message = decode(buffer.copy(bytes))) kinds.insert(message->index());
  EXPECT_EQ(kinds.size(), std::variant_size_v<AnyMessage>);
}

TEST(Messages, come_out_as_they_went_in) {
  AlignedBuffer buffer;
  const Welcome w = decoded<Welcome>(encode(welcome()), buffer);
  EXPECT_EQ(w.token, "t");
  EXPECT_EQ(w.received, 9U);
  ASSERT_TRUE(w.match);
  EXPECT_EQ(w.match->player, PlayerId{3});
  EXPECT_EQ(w.match->map_hash, 3U);
  EXPECT_EQ(w.match->unpacks, 4U);
  EXPECT_EQ(w.match->packs, 6U);
  EXPECT_EQ(w.epoch, 5U);
  EXPECT_EQ(w.refusal, "");
  const Welcome refused = decoded<Welcome>(encode(refused_welcome("no")), buffer);
  EXPECT_FALSE(refused.match);
  EXPECT_EQ(refused.refusal, "no");

  const auto schema = decoded<SchemaView>(encode(SchemaView{.hash = 8, .body = kBody}), buffer);
  EXPECT_EQ(schema.hash, 8U);
  EXPECT_TRUE(std::equal(schema.body.begin(), schema.body.end(), kBody.begin(), kBody.end()));

  const auto action = decoded<ActionView>(
      encode(ActionView{.tick = 1, .sequence = 2, .snapshot_tick = 3, .received = 4, .body = kBody}), buffer);
  EXPECT_EQ(action.snapshot_tick, 3U);
  EXPECT_TRUE(std::equal(action.body.begin(), action.body.end(), kBody.begin(), kBody.end()));
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(action.body.data()) % 8, 0U) << "bodies can be read where they lie";

  const auto event =
      decoded<EventMessage>(encode(EventMessage{.sequence = 0, .name = "chat", .ack = 5, .body = kBody}), buffer);
  EXPECT_EQ(event.space, "/");
  EXPECT_EQ(event.ack, 5U);
}

TEST(Messages, share_a_snapshots_bytes_behind_a_head_of_ones_own) {
  const Bytes world(1000, 42);
  const SharedSnapshot shared(world);
  const auto first = shared.frame({.tick = 1, .action_sequence = 2, .action_tick = 3, .received = 4, .slack_ms = -5});
  const auto second = shared.frame({.tick = 9});
  EXPECT_EQ(first.body, second.body) << "one buffer, not two";
  EXPECT_LT(first.head.size(), 120U);
  EXPECT_EQ(first.size(), shared.size());

  AlignedBuffer buffer;
  for (const auto& [frame, tick] : {std::pair(first, 1U), std::pair(second, 9U)}) {
    const auto snapshot = decoded<SnapshotView>(whole(frame), buffer);
    EXPECT_EQ(snapshot.head.tick, tick);
    EXPECT_TRUE(std::equal(snapshot.world.begin(), snapshot.world.end(), world.begin(), world.end()));
  }
  const auto snapshot = decoded<SnapshotView>(whole(first), buffer);
  EXPECT_EQ(snapshot.head.action_sequence, 2U);
  EXPECT_EQ(snapshot.head.slack_ms, -5);
}

TEST(Messages, are_a_body_whatever_stands_beside_it_or_something_packed) {
  using namespace netcode::fb;
  flatbuffers::FlatBufferBuilder builder;
  const auto finished = [&](bool has_packed, bool has_body) {
    builder.Clear();
    const auto packed = builder.CreateVector(kBody);
    const auto body = CreateReceived(builder, 1, 2).Union();
    MessageBuilder message(builder);
    if (has_packed) message.add_packed(packed);
    if (has_body) message.add_body(body);
    if (has_body) message.add_body_type(Body::Received);
    builder.Finish(message.Finish());
    return Bytes(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
  };
  EXPECT_EQ(problem(finished(false, true)), "");
  EXPECT_EQ(problem(finished(true, true)), "") << "as flatc's objects for JavaScript are written";
  AlignedBuffer buffer;
  const auto packed = decoded<PackedView>(finished(true, false), buffer);
  EXPECT_TRUE(std::equal(packed.packed.begin(), packed.packed.end(), kBody.begin(), kBody.end()));
  EXPECT_EQ(problem(finished(false, false)), "a message with neither a body nor anything packed");
}

TEST(Messages, take_a_new_sequence_in_place) {
  AlignedBuffer buffer;
  Bytes event = encode(EventMessage{.sequence = 1, .name = "chat", .body = kBody});
  patch_sequence(event, 123456);
  EXPECT_EQ(decoded<EventMessage>(event, buffer).sequence, 123456U);
  Bytes ack = encode(AckMessage{.sequence = 1, .id = 2});
  patch_sequence(ack, 77);
  EXPECT_EQ(decoded<AckMessage>(ack, buffer).sequence, 77U);
}

TEST(Messages, shared_by_many_have_each_receivers_sequence) {
  AlignedBuffer buffer;
  const SharedMessage event(EventMessage{.name = "chat", .body = kBody, .tick = 7});
  const SharedMessage ack(AckMessage{.id = 2, .error = "no"});
  for (const std::uint32_t sequence : {1U, 7U, 123456U}) {
    const Bytes sent = whole(event.frame({.sequence = sequence, .ack = sequence + 1}));
    EXPECT_EQ(sent.size(), event.size());
    const auto got = decoded<EventMessage>(sent, buffer);
    EXPECT_EQ(got.sequence, sequence);
    EXPECT_EQ(got.ack, sequence + 1);
    EXPECT_EQ(got.tick, 7U);
    EXPECT_EQ(got.name, "chat");
    EXPECT_TRUE(std::equal(got.body.begin(), got.body.end(), kBody.begin(), kBody.end()));
    const auto answer = decoded<AckMessage>(whole(ack.frame({.sequence = sequence})), buffer);
    EXPECT_EQ(answer.sequence, sequence);
    EXPECT_EQ(answer.id, 2U) << "of the ask, the same for all";
  }
  const OutgoingMessage first = event.frame({.sequence = 1});
  EXPECT_EQ(first.body, event.frame({.sequence = 2}).body) << "the bytes behind the head are there once";
  EXPECT_EQ(decoded<EventMessage>(whole(event.frame({})), buffer).sequence, 0U) << "volatile: it has none";
}

TEST(Messages, are_refused_in_words_beyond_their_limits) {
  EXPECT_EQ(problem(encode(EventMessage{.name = std::string(65, 'x'), .body = kBody})),
            "event name is 65 bytes long, 64 is the limit");
  EXPECT_EQ(problem(encode(EventMessage{.name = "a\xff", .body = kBody})), "event name is not UTF-8");
  EXPECT_EQ(problem(encode(ActionView{.body = Bytes(limits::kActionBytesMax + 1)})),
            "an action of 1025 bytes, 1024 is the limit");
  EXPECT_EQ(problem(encode(SchemaView{.body = Bytes(limits::kSchemaBytesMax + 1)})),
            "a schema of 1048577 bytes, 1048576 is the limit");
  EXPECT_EQ(problem({}), "not a valid message of scrim.v1");
  EXPECT_EQ(problem(Bytes(100, 0xff)), "not a valid message of scrim.v1");
  Welcome no_rate = welcome();
  no_rate.match->tick_hz = 0;
  EXPECT_EQ(problem(encode(no_rate)), "a tick rate of 0 Hz");
  EXPECT_EQ(problem(encode(refused_welcome(std::string(124, 'x')))), "refusal is 124 bytes long, 123 is the limit");
  Welcome both = welcome();
  both.refusal = "no";
  EXPECT_EQ(problem(encode(both)), "a Welcome into a match with a refusal");
}

TEST(Messages, cut_anywhere_are_refused_and_never_read_beyond_their_end) {
  for (const Bytes& message : all_messages()) {
    for (std::size_t size = 0; size < message.size(); ++size) {
      const Bytes cut(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(size));
      problem(cut);  // under the address sanitizer a read beyond the end is the failure
      AlignedBuffer buffer;
      const BytesView aligned_cut = buffer.copy(cut);
      static_cast<void>(decode_match_list(aligned_cut));
      static_cast<void>(decode_match_request(aligned_cut));
    }
    EXPECT_NE(problem(Bytes(message.begin(), message.begin() + 7)), "");
  }
}

TEST(Messages, mutated_at_random_are_refused_or_within_their_limits) {
  const std::uint64_t seed = 20261120;
  SCOPED_TRACE("seed " + std::to_string(seed));
  engine::Rng rng(seed);
  AlignedBuffer buffer;
  for (const Bytes& good : all_messages()) {
    for (int round = 0; round < 4000; ++round) {
      Bytes bytes = good;
      for (std::uint32_t flips = 1 + rng.below(4); flips > 0; --flips)
        bytes[rng.below(static_cast<std::uint32_t>(bytes.size()))] = static_cast<std::uint8_t>(rng.next());
      const auto message = decode(buffer.copy(bytes));
      if (!message) continue;
      if (const auto* event = std::get_if<EventMessage>(&*message)) {
        EXPECT_LE(event->name.size(), limits::kEventNameBytesMax);
        EXPECT_LE(event->body.size(), bytes.size());
      }
      if (const auto* action = std::get_if<ActionView>(&*message)) {
        EXPECT_LE(action->body.size(), limits::kActionBytesMax);
      }
    }
  }
}

TEST(Requests, come_out_as_they_went_in_and_are_checked) {
  AlignedBuffer buffer;
  const MatchRequest asked{.kind = "field",
                           .id = "my-match",
                           .password = "p",
                           .is_private = true,
                           .options = {{"frag_limit", "3"}},
                           .metadata = {{"map", "line"}}};
  const auto request = decode_match_request(buffer.copy(encode_match_request(asked)));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->id, "my-match");
  EXPECT_TRUE(request->is_private);
  EXPECT_EQ(request->options, asked.options);
  EXPECT_EQ(request->metadata, asked.metadata);

  const auto refused = [&](MatchRequest wrong) {
    const auto result = decode_match_request(buffer.copy(encode_match_request(wrong)));
    return result ? "" : result.error().reason;
  };
  EXPECT_EQ(refused({.kind = "k", .id = "a b"}), "a match id is 1 to 32 of A-Z a-z 0-9 _ and -");
  EXPECT_EQ(refused({.kind = "k", .password = std::string(65, 'x')}), "password is 65 bytes long, 64 is the limit");
  EXPECT_EQ(refused({.kind = "k", .options = {{"a", std::string(5000, 'x')}}}), "options are longer than 4096 bytes");
}
