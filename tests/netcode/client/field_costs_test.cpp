// What a client tells of what its packed snapshots are made of.
// Tests also: client/client.cpp.
#include "client_fixture.hpp"
#include "protocol/packed_snapshot.hpp"
#include "replication/packed_encoder.hpp"
#include "replication/plain_encoder.hpp"

namespace netcode {
namespace {

class FieldCostsTest : public ClientTest {
 protected:
  FieldCostsTest() {
    encoders_.plain = std::make_shared<PlainEncoder>(filter_, lanes_);
    encoders_.packed = std::make_shared<PackedEncoder>(lanes_, filter_, encoders_.plain);
    encoders_.packs = lanes_->hash();
  }
  void send_packed(Tick tick, std::uint32_t number) {
    const FrameView view{.frame = std::make_shared<const WorldFrame>(tick, world(number), encoders_)};
    auto encoded = encoders_.packed->encode(view, {.tick = tick}, handed_);
    handed_ = {.view = view, .chain = encoded.chain};
    const auto packed = heads_.pack({.tick = tick}, std::move(encoded.message));
    Bytes message = packed.head;
    if (packed.body)
      message.insert(message.end(), packed.body->begin() + static_cast<std::ptrdiff_t>(packed.body_offset),
                     packed.body->end());
    server.peer().send(std::move(message));
    run();
  }
  /// There is another connection.
  void begin_anew() {
    handed_ = {};
    heads_ = {};
  }

 private:
  const Schema schema_ = load_test_schema();
  const LaneLayoutPtr lanes_ = LaneLayout::find(schema_, TestClient::game().world_table);
  const std::shared_ptr<const VisibleWorld> filter_ =
      std::make_shared<const VisibleWorld>(schema_, TestClient::game().world_table);
  SnapshotEncoders encoders_;
  HandedFrame handed_;  // over this connection; none: the next builds on nothing
  protocol::SnapshotPacker heads_;
};

TEST_F(FieldCostsTest, are_measured_while_somebody_asks_for_it) {
  join();
  send_packed(102, 1);
  EXPECT_THAT(client.field_costs(), IsEmpty());
  client.measure_fields(true);
  EXPECT_THAT(client.field_costs(), IsEmpty());
  send_packed(104, 2);
  send_packed(106, 300);
  EXPECT_EQ(client.world()->number(), 300U);
  const FieldCosts costs = client.field_costs();
  ASSERT_FALSE(costs.empty());
  EXPECT_EQ(costs.front().name, "dots (who)");
  EXPECT_EQ(costs.back().name, "owner_only");
  for (const FieldCost& cost : costs) {
    if (cost.name == "the rest") {
      EXPECT_GT(cost.bits, 5) << "a number that changes";
    } else if (cost.name == "dots.x") {
      EXPECT_LT(cost.bits, 5) << "one that does not";
    }
  }
  client.measure_fields(false);
  EXPECT_THAT(client.field_costs(), IsEmpty());
  send_packed(108, 4);
  EXPECT_EQ(client.world()->number(), 4U);
  EXPECT_THAT(client.field_costs(), IsEmpty());
}

TEST_F(FieldCostsTest, begin_anew_with_another_match_and_have_nothing_of_plain_snapshots) {
  client.measure_fields(true);
  join();
  server.peer().send_snapshot({.tick = 101}, world(1));
  run();
  EXPECT_THAT(client.field_costs(), IsEmpty());
  send_packed(102, 1);
  EXPECT_THAT(client.field_costs(), IsEmpty()) << "it builds on nothing";
  send_packed(104, 2);
  EXPECT_FALSE(client.field_costs().empty());
  server.welcome_with(FakeServer::in_match("m2"));
  client.join("m2");
  run();
  begin_anew();
  send_packed(202, 1);
  EXPECT_THAT(client.field_costs(), IsEmpty());
}

}  // namespace
}  // namespace netcode
