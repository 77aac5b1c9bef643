// A server that grants snapshots a number of bytes for each client and second, and a World that needs three times as
// much: from match to client.
#include <cstdint>
#include <memory>
#include <string>

#include "server_fixture.hpp"

using namespace field;
using netcode::Links;
using netcode::SnapshotInfo;
using netcode::Tick;

namespace {

constexpr std::uint32_t kStrangers = 200;
constexpr std::uint32_t kFirstStranger = 1000;

/// Where a dot is at a tick: anywhere.
std::int32_t place_of(Tick tick, std::uint32_t dot) {
  std::uint32_t mixed = tick * 2654435761U + dot * 2246822519U;
  mixed = (mixed ^ (mixed >> 15)) * 3266489917U;
  return static_cast<std::int32_t>((mixed ^ (mixed >> 13)) & 0x3FFFFU);
}

/// A dot for each player and many that are nobody's; all of them jump in every tick, up to that of the option stop_at.
class Swarm : public Rules {
 public:
  engine::Result<void> prepare(const netcode::MatchSetup& setup) override {
    for (std::uint32_t i = 0; i < kStrangers; ++i) state.dots.emplace_back(kFirstStranger + i, 0, 0);
    if (const auto stop = setup.options.find("stop_at"); stop != setup.options.end())
      stop_at_ = static_cast<Tick>(std::stoul(stop->second));
    return Rules::prepare(setup);
  }
  void tick(netcode::Context& ctx) override {
    if (ctx.tick() > stop_at_) return;
    for (Dot& dot : state.dots) dot.mutate_x(place_of(ctx.tick(), dot.id()));
  }

 private:
  Tick stop_at_ = UINT32_MAX;
};
using SwarmClient = netcode::Client<Swarm>;

class BoundedSnapshots : public ServerTest {
 protected:
  void start_swarm(std::uint32_t bytes_per_second, netcode::Fields options = {}) {
    netcode::ServerConfig bounded = config();
    bounded.snapshot_bytes_per_second = bytes_per_second;
    bench_ = std::make_unique<netcode::testing::TestBench>(std::move(bounded), bench_options());
    bench_->server().define<Swarm>("swarm", {.options = std::move(options)});
    bench_->start();
  }
  std::unique_ptr<SwarmClient> join_swarm(Links links = Links::kOne) {
    netcode::ClientConfig config;
    config.name = "ada";
    config.links = links;
    auto out = bench_->client<Swarm>(std::move(config));
    out->join("m");
    EXPECT_TRUE(until([&] { return out->world() != nullptr; })) << out->reason();
    return out;
  }
  /// Bytes of snapshots in so many seconds, once it has run for two.
  std::uint64_t bytes_in(SwarmClient& client, int seconds) {
    bench_->run_for(2s);
    const std::uint64_t before = client.stats().snapshot_bytes;
    bench_->run_for(std::chrono::seconds(seconds));
    return client.stats().snapshot_bytes - before;
  }
  /// ... of a server with this budget.
  std::uint64_t bytes_with(std::uint32_t bytes_per_second, int seconds) {
    start_swarm(bytes_per_second);
    std::uint64_t bytes = 0;
    {
      const auto client = join_swarm();
      bytes = bytes_in(*client, seconds);
    }
    bench_->stop();
    bench_.reset();
    return bytes;
  }
  std::uint32_t third_of_what_is_needed() { return static_cast<std::uint32_t>(bytes_with(0, 4) / 4 / 3); }

  static std::uint32_t late(const World& world, Tick tick) {
    std::uint32_t count = 0;
    for (const Dot* dot : *world.dots()) count += dot->x() != place_of(tick, dot->id()) ? 1U : 0U;
    return count;
  }
};
INSTANTIATE_ON(BoundedSnapshots, kOneShard, kThreeShards);

}  // namespace

TEST_P(BoundedSnapshots, are_what_they_were_where_there_is_enough) {
  EXPECT_EQ(bytes_with(1'000'000'000, 5), bytes_with(0, 5));
}

TEST_P(BoundedSnapshots, keep_to_their_bytes_and_never_delay_the_players_own) {
  const std::uint32_t budget = third_of_what_is_needed();
  ASSERT_GE(budget, 1000U);
  start_swarm(budget);
  const auto ada = join_swarm();
  std::uint32_t late_own = 0;
  std::uint32_t late_others = 0;
  ada->on_snapshot([&](const World& world, const SnapshotInfo& info) {
    const Dot* own = dot_of(&world, ada->player());
    late_own += !own || own->x() != place_of(info.tick, ada->player().value) ? 1U : 0U;
    late_others += late(world, info.tick);
  });
  const std::uint64_t before = ada->stats().snapshots;
  const std::uint64_t bytes = bytes_in(*ada, 10);
  EXPECT_LE(bytes, budget * 11ULL);
  EXPECT_GE(bytes, budget * 7ULL) << "they use what they may";
  EXPECT_GE(ada->stats().snapshots - before, 320U) << "in 12 s: made smaller, not left out";
  EXPECT_EQ(late_own, 0U);
  EXPECT_GT(late_others, 0U);
}

TEST_P(BoundedSnapshots, share_it_between_the_two_connections_of_a_session) {
  const std::uint32_t budget = third_of_what_is_needed();
  start_swarm(budget);
  const auto ada = join_swarm(Links::kTwo);
  ASSERT_TRUE(until([&] { return ada->stats().links == 2; }));
  EXPECT_LE(bytes_in(*ada, 10), budget * 11ULL);
  EXPECT_EQ(ada->stats().links, 2U);
}

TEST_P(BoundedSnapshots, show_all_as_it_is_once_nothing_changes_after_a_stall_and_a_new_connection) {
  const std::uint32_t budget = third_of_what_is_needed();
  constexpr Tick kStop = 600;
  start_swarm(budget, {{"stop_at", std::to_string(kStop)}});
  const auto ada = join_swarm();
  bench_->run_for(3s);
  bench_->pause_link(0, true);
  bench_->run_for(700ms);
  bench_->pause_link(0, false);
  bench_->run_for(2s);
  bench_->cut_all();
  EXPECT_TRUE(until([&] { return ada->stats().reconnects == 1; }));
  ASSERT_TRUE(until([&] { return ada->snapshot()->tick >= kStop - 60; }, 8s));
  EXPECT_GT(late(*ada->world(), ada->snapshot()->tick), 0U);
  ASSERT_TRUE(until([&] { return ada->snapshot()->tick >= kStop + 300; }, 10s));
  EXPECT_EQ(late(*ada->world(), kStop), 0U);
}
