// Packed actions from a client's link to the rules: what each link goes by, and that a match which is played with them,
// and once more with the same actions in full, comes to one state.
// Tests also: scrim_link.cpp.
#include <string>
#include <vector>

#include "core_fixture.hpp"
#include "protocol/messages.hpp"
#include "protocol/packed_action.hpp"
#include "protocol/requests.hpp"
#include "recorded_bench.hpp"
#include "transport/websocket/connector.hpp"
#include "visitor.hpp"

using namespace field;
using netcode::Tick;

namespace {

/// Of a recording, at a tick after the last action.
struct Played {
  std::uint64_t state = 0;
  netcode::Bytes world;
  std::size_t bytes = 0;  // of the messages that held the actions
};

class PackedActions : public RecordedTest {
 protected:
  Played play(bool packed) {
    make(recorded());
    start();
    netcode::Visitor ada;
    const netcode::ConnectorPtr connector = bench_->connector();
    connector->connect("ws://bench:1/match/m?name=ada", "scrim.v1", [&ada](auto result) {
      ASSERT_TRUE(result) << result.error().reason;
      ada.connection = *result;
      ada.connection->start(ada);
    });
    EXPECT_TRUE(until([&] { return !ada.heads.empty() && ada.heads.back().tick >= 60; }));
    netcode::protocol::ActionPacker packer;
    Played out;
    const Tick first = ada.heads.back().tick + 8;
    for (std::uint32_t n = 0; n < 300; ++n) {
      MoveT move;
      move.dx = static_cast<std::int8_t>(n / 10 % 3);
      move.tilt = static_cast<float>(n / 20) / 4;
      const netcode::Bytes body = netcode::encode(move);
      const Tick view = ada.heads.back().tick - 5;
      const netcode::protocol::ActionView action{.tick = first + n,
                                                 .sequence = n + 1,
                                                 .snapshot_tick = ada.heads.back().tick,
                                                 .received = ada.events.empty() ? 0 : ada.events.back(),
                                                 .body = body,
                                                 .view_tick = view,
                                                 .view_fraction = static_cast<std::uint8_t>(n * 40),
                                                 .view_from = view / 2 * 2,
                                                 .view_to = view / 2 * 2 + 2};
      netcode::Bytes message = packed ? packer.pack(action) : netcode::protocol::encode(action);
      out.bytes += message.size();
      ada.send(std::move(message));
      bench_->run_for(engine::Duration(1s) / 60);
    }
    bench_->run_for(500ms);
    EXPECT_TRUE(ada.refusals.empty());
    EXPECT_EQ(ada.heads.back().action_sequence, 300U);
    const std::string path = stopped();
    const auto report = verify<Rules>(path);
    EXPECT_TRUE(report.ok) << report.reason;
    const auto replay = netcode::Replay::open(path, {{"field", netcode::rules_type<Rules>()}});
    EXPECT_TRUE(replay);
    if (!replay) return out;
    const auto sought = (*replay)->seek(first + 310);
    EXPECT_TRUE(sought) << sought.error().reason;
    out.state = (*replay)->state_hash();
    out.world = (*replay)->world();
    return out;
  }
};
INSTANTIATE_ON(PackedActions, kOneShard);

constexpr std::string_view kNoneBefore =
    "an action that goes by the one before, and none came before over this connection";

/// Of a session, at the level of the protocol.
class PackedLinks : public netcode::CoreTest {
 protected:
  using Visitor = netcode::Visitor;
  using ActionPacker = netcode::protocol::ActionPacker;

  PackedLinks() {
    core_.define("field", netcode::rules_type<Rules>(), {.options = {{"numbered", "1"}}});
    start();
  }
  void visit(Visitor& visitor, const std::string& target) {
    connect(visitor, target);
    loop_.run_for(100ms);
  }
  void join(Visitor& visitor) {
    visit(visitor, "/match/m?name=ada");
    ASSERT_TRUE(visitor.welcome);
    token_ = visitor.welcome->token;
  }
  /// To come in to `number` after all that `before` has had.
  std::string link(const std::string& number, const Visitor& before) const {
    return "/match/m?resume=1&token=" + token_ + "&link=" + number +
           "&received=" + std::to_string(before.events.back());
  }
  /// For as soon as possible.
  static netcode::Bytes packed(ActionPacker& packer, std::uint32_t sequence, Tick tick = 0) {
    MoveT move;
    move.dx = 5;
    const netcode::Bytes body = netcode::encode(move);
    return packer.pack({.tick = tick, .sequence = sequence, .body = body});
  }
  const netcode::ShardStats& stats() { return core_.shards()[0]->stats(); }

  std::string token_;
};

}  // namespace

TEST_P(PackedActions, play_a_match_to_the_state_to_which_actions_in_full_play_it) {
  const Played in_full = play(false);
  const Played packed = play(true);
  EXPECT_EQ(packed.state, in_full.state);
  EXPECT_EQ(packed.world, in_full.world);
  const auto* world = flatbuffers::GetRoot<World>(packed.world.data());
  ASSERT_TRUE(world->dots());
  ASSERT_EQ(world->dots()->size(), 1U);
  EXPECT_EQ(world->dots()->Get(0)->actions(), 300U);
  EXPECT_EQ(world->dots()->Get(0)->x(), 300);
  EXPECT_LT(packed.bytes, 300U * 28);
  EXPECT_GT(in_full.bytes, 300U * 100);
}

TEST_P(PackedActions, repeat_nothing_of_the_match_before) {
  start();
  auto ada = joined("ada");
  MoveT move;
  move.dx = 3;
  for (const char* match : {"n", "m", "n"}) {
    for (int i = 0; i < 5; ++i) {
      ada->act(move);
      bench_->run_for(20ms);
    }
    ada->join(match);
    ASSERT_TRUE(until([&] { return ada->match() && ada->match()->id == match; })) << ada->reason();
    ASSERT_TRUE(until([&] { return ada->world() != nullptr && dot_of(ada->world(), ada->player()) != nullptr; }));
    EXPECT_EQ(dot_of(ada->world(), ada->player())->x(), 0);
    const std::uint32_t sequence = ada->act(move);
    ASSERT_TRUE(until([&] { return ada->snapshot()->action_sequence == sequence; }));
    EXPECT_EQ(dot_of(ada->world(), ada->player())->x(), 3);
  }
}

TEST_F(PackedLinks, unpack_actions_each_by_what_it_has_carried_itself) {
  Visitor first, second;
  join(first);
  visit(second, link("1", first));
  ActionPacker over_first, over_second;
  first.send(packed(over_first, 1));
  loop_.run_for(100ms);
  std::vector<netcode::Bytes> faster, slower;
  for (const std::uint32_t sequence : {1U, 2U, 3U}) faster.push_back(packed(over_second, sequence));
  for (const std::uint32_t sequence : {2U, 3U}) slower.push_back(packed(over_first, sequence));
  second.send(std::move(faster));
  loop_.run_for(100ms);
  first.send(std::move(slower));
  loop_.run_for(100ms);
  EXPECT_TRUE(first.refusals.empty());
  EXPECT_EQ(first.heads.back().action_sequence, 3U);
  EXPECT_EQ(stats().actions, 3U);
  EXPECT_EQ(stats().actions_dropped, 3U) << "copies";
}

TEST_F(PackedLinks, end_their_session_over_an_action_that_repeats_what_only_the_other_has_carried) {
  Visitor first, second;
  join(first);
  visit(second, link("1", first));
  ActionPacker packer;
  first.send(packed(packer, 1));
  loop_.run_for(100ms);
  second.send(packed(packer, 2));
  loop_.run_for(100ms);
  ASSERT_TRUE(second.closed);
  EXPECT_EQ(second.closed->code, netcode::transport::CloseCode::kBadPayload);
  EXPECT_EQ(second.closed->reason, kNoneBefore);
  EXPECT_EQ(core_.directory().sessions(), 0U);
}

TEST_F(PackedLinks, begin_their_actions_anew_when_a_session_comes_back) {
  Visitor first, back, again;
  join(first);
  ActionPacker packer;
  first.send(packed(packer, 1));
  loop_.run_for(100ms);
  first.connection->abort();
  loop_.run_for(100ms);
  visit(back, link("0", first));
  ActionPacker anew;
  back.send(packed(anew, 2));
  loop_.run_for(100ms);
  EXPECT_EQ(back.heads.back().action_sequence, 2U);
  back.connection->abort();
  loop_.run_for(100ms);
  visit(again, link("0", back));
  again.send(packed(anew, 3));
  loop_.run_for(100ms);
  ASSERT_TRUE(again.closed);
  EXPECT_EQ(again.closed->reason, kNoneBefore);
}

TEST_F(PackedLinks, unpack_an_action_by_the_one_before_whatever_has_become_of_that) {
  Visitor first, moved;
  join(first);
  ActionPacker packer;
  first.send(packed(packer, 1, 4'000'000'000));
  first.send(packed(packer, 2));
  loop_.run_for(100ms);
  ASSERT_EQ(first.refusals.size(), 1U);
  EXPECT_EQ(first.refusals[0].find("an action for tick 4000000000, but the match is at "), 0U);
  EXPECT_EQ(first.heads.back().action_sequence, 2U);

  first.send(netcode::protocol::encode(
      netcode::protocol::EventMessage{.name = netcode::protocol::kLeaveEvent, .ack = 1, .body = {}}));
  loop_.run_for(100ms);
  first.send(packed(packer, 3));
  first.send(packed(packer, 4));
  loop_.run_for(100ms);
  ASSERT_EQ(first.refusals.size(), 3U);
  EXPECT_EQ(first.refusals[1], "actions are for players, and this session has no seat");
  EXPECT_FALSE(first.closed);

  visit(moved, "/match/n?token=" + token_);
  ASSERT_TRUE(moved.welcome);
  ASSERT_TRUE(moved.welcome->match);
  ActionPacker in_another;
  moved.send(packed(in_another, 1));
  moved.send(packed(in_another, 2));
  loop_.run_for(100ms);
  EXPECT_EQ(moved.heads.back().action_sequence, 2U);
  EXPECT_TRUE(moved.refusals.empty());
}

TEST_F(PackedLinks, take_actions_in_full_between_packed_ones) {
  Visitor first;
  join(first);
  ActionPacker packer;
  MoveT other;
  other.dx = 7;
  const netcode::Bytes body = netcode::encode(other);
  first.send({packed(packer, 1), netcode::protocol::encode(netcode::protocol::ActionView{.sequence = 2, .body = body}),
              packed(packer, 3)});
  loop_.run_for(100ms);
  EXPECT_TRUE(first.refusals.empty());
  EXPECT_EQ(first.heads.back().action_sequence, 3U);
  EXPECT_EQ(stats().actions, 3U);
}
