// Clients of another build of a game, who are sent the match's schema and convert its snapshots.
// Tests also: kind.cpp.
#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>

#include <memory>
#include <string>
#include <utility>

#include "../schema/compiled_build.hpp"
#include "replication/lane_layout.hpp"
#include "server_fixture.hpp"
#include "transport/websocket/connector.hpp"
#include "visitor.hpp"

using namespace field;

namespace {

constexpr const char* kWorld = "field.World";
constexpr const char* kAnotherBuild = R"(
  namespace field;
  struct Dot { x:short; team:ubyte; id:ushort (key); }
  table Banner { id:uint (key); text:string; }
  table World { title:string; votes:ulong = 3; dots:[Dot]; wind:double; banners:[Banner]; }
)";

/// Its Worlds are bytes of that build.
class OtherClient final : public netcode::ClientCore {
 public:
  OtherClient(netcode::ClientConfig config, const netcode::Schema& schema, netcode::ConnectorPtr connector)
      : ClientCore(std::move(config),
                   {.schema = schema.bfbs(), .world_table = kWorld, .version = std::string(Rules::kVersion)},
                   std::move(connector)) {}

  void move(std::int8_t dx) {
    MoveT out;
    out.dx = dx;
    act_bytes(0, netcode::encode(out), {});
  }
};

class OtherBuildTest : public ServerTest {
 protected:
  std::unique_ptr<OtherClient> other(const std::string& name, netcode::Links links = netcode::Links::kAuto) {
    netcode::ClientConfig config;
    config.url = "ws://bench:1";
    config.name = name;
    config.jitter_seed = 5;
    config.links = links;
    auto out = std::make_unique<OtherClient>(std::move(config), build.schema(), bench_->connector());
    out->join("m");
    EXPECT_TRUE(until([&] { return out->state() == netcode::ClientState::kInMatch; })) << out->reason();
    return out;
  }
  /// What another build is to see of this.
  netcode::Bytes seen(const World& world) {
    std::string dots;
    for (const Dot* dot : *world.dots())
      dots += fmt::format("{}{{x: {}, team: 0, id: {}}}", dots.empty() ? "" : ", ", dot->x(), dot->id());
    return build.world(
        fmt::format("{{votes: {}, dots: [{}], wind: {}, banners: []}}", world.votes(), dots, world.wind()));
  }
  /// Both play for a while. Returns how often they had the World of one tick, and saw the same.
  int play(FieldClient& ada, OtherClient& bob) {
    int same = 0;
    for (int i = 0; i < 40; ++i) {
      MoveT move;
      move.dx = static_cast<std::int8_t>(i % 7 - 2);
      ada.act_at(0, move);
      bob.move(static_cast<std::int8_t>(2 - i % 5));
      bench_->run_for(50ms);
      if (!ada.snapshot() || !bob.snapshot() || ada.snapshot()->tick != bob.snapshot()->tick) continue;
      EXPECT_EQ(build.schema().first_difference(kWorld, bob.world_bytes(), seen(*ada.world())), "");
      ++same;
    }
    return same;
  }
  void connect(netcode::Visitor& visitor, const std::string& target) {
    if (!bench_connector_) bench_connector_ = bench_->connector();
    bench_connector_->connect(fmt::format("ws://bench:1{}", target), std::string(netcode::protocol::kSubprotocol),
                              [&visitor](auto connection) {
                                visitor.connection = *connection;
                                visitor.connection->start(visitor);
                              });
    EXPECT_TRUE(until([&] { return visitor.closed || visitor.welcome; })) << target;
    bench_->run_for(200ms);
  }

  netcode::testing::CompiledBuild build{kAnotherBuild, kWorld};

 private:
  netcode::ConnectorPtr bench_connector_;
};
INSTANTIATE_ON_SHARDS(OtherBuildTest);

TEST_P(OtherBuildTest, see_and_do_what_both_builds_have) {
  start();
  auto ada = joined("ada");
  auto bob = other("bob");
  ASSERT_TRUE(bob->match());
  EXPECT_TRUE(bob->match()->converted);
  EXPECT_TRUE(bob->match()->schema_differs);
  EXPECT_FALSE(bob->match()->rules_differ) << "another schema is one thing, other rules another";
  EXPECT_FALSE(ada->match()->converted);
  VoteT vote;
  vote.weight = 5;
  ada->emit(vote);
  EXPECT_GT(play(*ada, *bob), 20);
  ASSERT_NE(ada->world(), nullptr);
  EXPECT_EQ(ada->world()->votes(), 5U);
  const Dot* dot = dot_of(ada->world(), bob->player());
  ASSERT_NE(dot, nullptr);
  EXPECT_GT(dot->actions(), 30U) << "its actions are the server's";
}

TEST_P(OtherBuildTest, go_on_over_two_links_and_when_each_of_them_was_cut) {
  start();
  auto ada = joined("ada");
  auto bob = other("bob", netcode::Links::kTwo);
  ASSERT_TRUE(until([&] { return bob->stats().links == 2; })) << bob->reason();
  EXPECT_GT(play(*ada, *bob), 20);
  for (const std::uint8_t link : {std::uint8_t{0}, std::uint8_t{1}}) {
    bench_->cut_link(link);
    EXPECT_GT(play(*ada, *bob), 20) << "link " << int{link};
  }
  const std::uint64_t resumed = bob->stats().resumed;
  bench_->cut_all();
  ASSERT_TRUE(until([&] { return bob->stats().resumed > resumed && bob->state() == netcode::ClientState::kInMatch; }));
  ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kInMatch; }));
  EXPECT_GT(play(*ada, *bob), 20);
}

TEST_P(OtherBuildTest, are_sent_the_schema_once_and_packed_snapshots_if_they_can_read_them) {
  start();
  const std::string converts = fmt::format("&converts={}&codec={}", kWorld, netcode::kPackedVersion);
  const std::string takes = fmt::format("&unpacks=ab{}", converts);
  netcode::Visitor first, holding, of_other_codec, of_ours;
  connect(first, fmt::format("/match/m?name=first{}", takes));
  ASSERT_TRUE(first.welcome && first.welcome->match);
  const auto& match = *first.welcome->match;
  EXPECT_TRUE(match.is_packed);
  ASSERT_EQ(first.schemas.size(), 1U);
  EXPECT_EQ(first.schemas[0], match.schema_hash);
  EXPECT_GT(first.packed, 0);
  EXPECT_TRUE(first.heads.empty()) << "none came plain";

  connect(holding, fmt::format("/match/m?name=holding{}&holds={:016x}", takes, match.schema_hash));
  EXPECT_TRUE(holding.schemas.empty());
  EXPECT_GT(holding.packed, 0);

  connect(of_other_codec, fmt::format("/match/m?name=old&unpacks=ab&converts={}&codec=99999", kWorld));
  ASSERT_TRUE(of_other_codec.welcome && of_other_codec.welcome->match);
  EXPECT_FALSE(of_other_codec.welcome->match->is_packed);
  EXPECT_EQ(of_other_codec.schemas.size(), 1U);
  EXPECT_EQ(of_other_codec.packed, 0);
  EXPECT_FALSE(of_other_codec.heads.empty());

  connect(of_ours, fmt::format("/match/m?name=ours{}&packs={:016x}", converts, match.packs));
  EXPECT_TRUE(of_ours.schemas.empty()) << "what it packs by is all that it needs";
  EXPECT_GT(of_ours.packed, 0);
}

TEST_P(OtherBuildTest, of_another_game_are_refused_and_those_in_the_lobby_need_no_schema) {
  start();
  netcode::Visitor stranger, waiting;
  connect(stranger, "/match/m?name=stranger&unpacks=ab&converts=other.World");
  ASSERT_TRUE(stranger.closed) << "let in";
  EXPECT_EQ(stranger.closed->code, netcode::transport::CloseCode::kRefused);
  EXPECT_TRUE(server().list().empty()) << "no match is made for it";
  connect(waiting, fmt::format("/?name=waiting&converts={}&codec={}", kWorld, netcode::kPackedVersion));
  ASSERT_TRUE(waiting.welcome);
  EXPECT_FALSE(waiting.welcome->match);
  EXPECT_TRUE(waiting.schemas.empty());
}

}  // namespace
