// A client that is told to simulate a network: what of it the game notices.
#include <algorithm>

#include "server_fixture.hpp"
#include "testing/lockstep_loops.hpp"

using namespace field;
using netcode::Links;

namespace {

class SimulateTest : public ServerTest {
 protected:
  std::unique_ptr<FieldClient> over(const std::string& profile, Links links) {
    start();
    auto out = bench_->client<Rules>(netcode::ClientConfig{
        .name = "ada", .jitter_seed = 5, .simulate = *netcode::network_profile(profile), .links = links});
    out->on_snapshot([this](const auto&, const netcode::SnapshotInfo& info) {
      if (last_ != engine::TimePoint{}) gap_ = std::max(gap_, info.arrived - last_);
      last_ = info.arrived;
    });
    out->join("m");
    EXPECT_TRUE(until([&] { return out->world() != nullptr; }, 5s)) << out->reason();
    return out;
  }
  void play(FieldClient& client, engine::Duration time) {
    const auto end = bench_->now() + time;
    while (bench_->now() < end) {
      while (client.action_due()) client.act({});
      bench_->run_for(16ms);
    }
  }

  /// How far two threads of a bench may be apart in virtual time.
  static engine::Duration agreement() {
    return GetParam().threads ? netcode::testing::LockstepLoops::kStep : engine::Duration::zero();
  }

  engine::TimePoint last_{};
  engine::Duration gap_{};
};
INSTANTIATE_ON_SHARDS(SimulateTest);

TEST_P(SimulateTest, its_round_trip_is_what_the_client_measures) {
  const auto ada = over("good", Links::kOne);
  play(*ada, 4s);
  EXPECT_GE(ada->network().rtt_smooth, 40ms - 2 * agreement()) << "there and back";
  EXPECT_LT(ada->network().rtt_smooth, 75ms) << "40 ms, a frame, and half the time between two snapshots";
  EXPECT_EQ(ada->stats().disconnects, 0U);
}

TEST_P(SimulateTest, its_stalls_hold_both_links_of_a_session) {
  const auto ada = over("spikes", Links::kTwo);
  play(*ada, 8s);
  EXPECT_EQ(ada->stats().links, 2U);
  EXPECT_EQ(ada->stats().disconnects, 0U);
  EXPECT_GE(gap_, 250ms - agreement());
  EXPECT_LT(gap_, 400ms);
}

TEST_P(SimulateTest, its_outage_of_two_seconds_is_survived) {
  const auto ada = over("outage", Links::kAuto);
  play(*ada, 16s);
  EXPECT_GE(gap_, 2s);
  EXPECT_EQ(ada->state(), netcode::ClientState::kInMatch);
  EXPECT_LT(bench_->now() - last_, 200ms);
}

}  // namespace
