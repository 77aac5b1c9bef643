// What a client is told of what its packed snapshots are made of.
#include "replication/field_meter.hpp"

#include <numeric>

#include "packed_stream.hpp"
#include "replication/packed/packed_codec.hpp"

namespace netcode {
namespace {

using testing::kStreamedWorld;
using testing::PackedStream;
using Client = PackedStream::Client;

double sum_of(const FieldCosts& costs) {
  return std::accumulate(costs.begin(), costs.end(), 0.0,
                         [](double sum, const FieldCost& cost) { return sum + cost.bits; });
}

/// A stream of packed Worlds, both ends.
class FieldMeterTest : public ::testing::Test {
 protected:
  /// Returns how many bytes it took.
  std::size_t take(std::size_t own_bytes = 0) {
    const WorldFramePtr frame = stream_.next();
    auto world = std::make_shared<const LaneWorld>(*read_world(stream_.layout(), frame->world()));
    packed::State before = state_;
    Bytes bytes;
    EXPECT_TRUE(packed::encode(stream_.layout(), state_, frame->tick(), std::move(world), bytes));
    meter_.add(stream_.layout_ptr(), std::move(before), state_);
    meter_.add_own(own_bytes);
    return bytes.size();
  }

  PackedStream stream_{1, kStreamedWorld};
  packed::State state_{stream_.layout()};
  FieldMeter meter_;
};

TEST_F(FieldMeterTest, has_nothing_to_tell_of_the_first_snapshot_of_a_stream) {
  EXPECT_TRUE(meter_.means().empty());
  take();
  EXPECT_TRUE(meter_.means().empty());
  take();
  EXPECT_FALSE(meter_.means().empty());
  state_ = packed::State(stream_.layout());
  take();
  EXPECT_TRUE(meter_.means().empty()) << "nor of what came before it";
}

TEST_F(FieldMeterTest, names_each_field_of_the_layout_and_last_what_is_for_the_owner_alone) {
  take();
  take(5);
  const FieldCosts costs = meter_.means();
  const std::vector<std::string> names = packed::field_names(stream_.layout());
  ASSERT_EQ(costs.size(), names.size() + 1);
  for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(costs[i].name, names[i]);
  EXPECT_EQ(costs.back().name, "owner_only");
  EXPECT_EQ(costs.back().bits, 40);
}

TEST_F(FieldMeterTest, finds_as_many_bits_as_the_snapshots_have) {
  take();
  double bytes = 0;
  for (std::size_t i = 0; i < FieldMeter::kSnapshotsMax; ++i) bytes += static_cast<double>(take());
  const double count = FieldMeter::kSnapshotsMax;
  EXPECT_NEAR(sum_of(meter_.means()), 8 * bytes / count, 12) << "whole bytes are written";
}

TEST_F(FieldMeterTest, forgets_all_but_the_last_snapshots) {
  for (int i = 0; i < 10; ++i) take(1'000'000);
  for (std::size_t i = 0; i < FieldMeter::kSnapshotsMax; ++i) take(3);
  EXPECT_EQ(meter_.means().back().bits, 24);
}

TEST(UnpackerThatMeasures, gives_the_same_worlds) {
  PackedStream stream(2, kStreamedWorld);
  FieldMeter meter;
  Client client(stream, PlayerId{1});
  client.unpacker.measure(&meter);
  std::size_t bytes = 0;
  for (std::size_t i = 0; i <= FieldMeter::kSnapshotsMax; ++i) {
    const WorldFramePtr frame = stream.next();
    client.take(frame);
    ASSERT_EQ(client.shown, client.expected(frame));
    if (i > 0) bytes += client.packed.size();
  }
  const double measured = sum_of(meter.means()) * FieldMeter::kSnapshotsMax / 8;
  EXPECT_LT(measured, static_cast<double>(bytes));
  EXPECT_GT(measured, static_cast<double>(bytes) - 4.0 * FieldMeter::kSnapshotsMax) << "without flags and hashes";
}

}  // namespace
}  // namespace netcode
