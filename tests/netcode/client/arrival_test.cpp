// How a client gets into a match: by a schema of another build and a map, which may come in any order, and need not
// come twice.
#include "../schema/compiled_build.hpp"
#include "client_fixture.hpp"
#include "engine/core/hash.hpp"
#include "replication/lane_layout.hpp"

namespace netcode {
namespace {

using testing::CompiledBuild;
using transport::CloseCode;

constexpr const char* kWorld = "clienttest.World";
/// Fields are elsewhere, wider, narrower, more and fewer.
constexpr const char* kAnotherBuild = R"(
  namespace clienttest;
  enum Color : ushort { Red, Green, Blue = 300 }
  struct Dot { y:short; id:uint (key); speed:float (quantize:"0.1"); x:long; }
  table Banner { id:uint (key); text:string; }
  table World { dots:[Dot]; sky:Color; color:Color; number:ulong; banners:[Banner]; }
)";

class Arrival : public ClientTest {
 protected:
  Arrival() : theirs(kAnotherBuild, kWorld) {}

  protocol::Welcome of_another_build() const {
    auto welcome = FakeServer::in_match();
    welcome.match->schema_hash = theirs.schema().hash();
    welcome.match->unpacks = theirs.schema().layout_hash(kWorld);
    welcome.match->packs = LaneLayout::find(theirs.schema(), kWorld)->hash();
    return welcome;
  }
  void arrive_at(const protocol::Welcome& welcome) {
    server.welcome_with(welcome);
    client.join("m1");
    run();
  }
  void send_schema(BytesView body, std::uint64_t hash) {
    server.peer().send(protocol::encode(protocol::SchemaView{.hash = hash, .body = body}));
    run();
  }
  void send_schema() { send_schema(theirs.schema().bfbs(), theirs.schema().hash()); }
  void send_world(Tick tick, const std::string& json) {
    server.peer().send_snapshot({.tick = tick}, theirs.world(json));
    run();
  }
  void expect_closed(CloseCode code, const std::string& why) {
    EXPECT_EQ(client.state(), ClientState::kClosed);
    EXPECT_THAT(client.reason(), HasSubstr(why));
    ASSERT_TRUE(server.peer().closed);
    EXPECT_EQ(server.peer().closed->code, code);
  }

  CompiledBuild theirs;
};

TEST_F(Arrival, a_match_of_another_build_is_joined_once_its_schema_is_there) {
  std::vector<JoinedMatch> joined;
  client.on_joined([&](const JoinedMatch& match) { joined.push_back(match); });
  arrive_at(of_another_build());
  EXPECT_EQ(client.state(), ClientState::kConnecting);
  EXPECT_EQ(server.peer().query("converts"), kWorld);
  EXPECT_EQ(server.peer().query("codec"), std::to_string(kPackedVersion));
  EXPECT_EQ(server.peer().query("holds"), "(absent)");
  send_schema();
  EXPECT_EQ(client.state(), ClientState::kInMatch) << client.reason();
  ASSERT_EQ(joined.size(), 1U);
  EXPECT_TRUE(joined[0].schema_differs);
  EXPECT_TRUE(joined[0].converted);
}

TEST_F(Arrival, its_worlds_are_shown_as_worlds_of_ours) {
  arrive_at(of_another_build());
  send_schema();
  send_world(101, "{dots: [{y: 4, id: 1, speed: 0.5, x: 3}, {y: 5, id: 70000, speed: 1, x: 6}], color: 1, number: 7}");
  ASSERT_NE(client.world(), nullptr) << client.reason();
  EXPECT_EQ(client.world()->number(), 7U);
  EXPECT_EQ(client.world()->color(), clienttest::Color::Green);
  EXPECT_EQ(client.world()->label(), nullptr);
  ASSERT_EQ(client.world()->dots()->size(), 1U) << "there is no room for a key of 70000";
  EXPECT_EQ(client.world()->dots()->Get(0)->id(), 1U);
  EXPECT_EQ(client.world()->dots()->Get(0)->x(), 3);
  EXPECT_EQ(client.world()->dots()->Get(0)->y(), 4);
  send_world(102, "{color: 300, number: 4294967296}");
  EXPECT_EQ(client.snapshot()->tick, 102U);
  EXPECT_EQ(client.world()->number(), 0U) << "there is no room for it";
  EXPECT_EQ(client.world()->color(), clienttest::Color::Red);
  EXPECT_EQ(client.world()->dots()->size(), 0U);
}

TEST_F(Arrival, a_schema_that_the_client_holds_is_named_and_not_needed_again) {
  arrive_at(of_another_build());
  send_schema();
  ASSERT_EQ(client.state(), ClientState::kInMatch);
  server.peer().cut();
  loop.run_for(1s);
  EXPECT_EQ(server.peers.size(), 2U);
  EXPECT_EQ(server.peer().query("holds"), fmt::format("{:016x}", theirs.schema().hash()));
  EXPECT_EQ(client.state(), ClientState::kInMatch) << client.reason();
  send_world(103, "{number: 9}");
  EXPECT_EQ(client.world()->number(), 9U);
  send_schema();
  EXPECT_EQ(client.state(), ClientState::kInMatch) << "one that comes all the same does no harm";
}

TEST_F(Arrival, of_our_own_build_is_read_by_our_own_schema_again) {
  arrive_at(of_another_build());
  send_schema();
  auto own = FakeServer::in_match("m2");
  own.match->packs = LaneLayout::find(load_test_schema(), kWorld)->hash();
  server.welcome_with(own);
  client.join("m2");
  run();
  ASSERT_EQ(client.state(), ClientState::kInMatch) << client.reason();
  EXPECT_FALSE(client.match()->converted);
  server.peer().send_snapshot({.tick = 101}, world(5));
  run();
  ASSERT_NE(client.world(), nullptr) << client.reason();
  EXPECT_EQ(client.world()->number(), 5U);
  EXPECT_EQ(client.world()->label()->str(), "world");
}

TEST_F(Arrival, waits_for_the_schema_and_the_map_whichever_comes_first) {
  const Bytes map = {1, 2, 3};
  engine::Hasher hasher;
  hasher.add(BytesView(map));
  auto welcome = of_another_build();
  welcome.match->map_hash = hasher.value();
  const Bytes sent = protocol::encode(protocol::MapView{.hash = hasher.value(), .body = map});
  for (const bool is_map_first : {false, true}) {
    SCOPED_TRACE(is_map_first);
    FakeServer other_server(loop);
    TestClient other(config_of_tests(), other_server.connector());
    other_server.welcome_with(welcome);
    other.join("m1");
    run();
    const Bytes schema =
        protocol::encode(protocol::SchemaView{.hash = theirs.schema().hash(), .body = theirs.schema().bfbs()});
    other_server.peer().send(is_map_first ? sent : schema);
    run();
    EXPECT_EQ(other.state(), ClientState::kConnecting);
    other_server.peer().send(is_map_first ? schema : sent);
    run();
    EXPECT_EQ(other.state(), ClientState::kInMatch) << other.reason();
  }
}

TEST_F(Arrival, a_snapshot_before_the_schema_closes) {
  arrive_at(of_another_build());
  send_world(101, "{number: 1}");
  expect_closed(CloseCode::kProtocolError, "a snapshot before the map or the schema");
}

TEST_F(Arrival, a_schema_that_is_none_closes_with_a_reason) {
  arrive_at(of_another_build());
  send_schema(Bytes(64, 0xAB), theirs.schema().hash());
  expect_closed(CloseCode::kBadPayload, "the schema of match m1: the schema is not the binary schema");
}

TEST_F(Arrival, a_schema_of_another_hash_closes_with_both) {
  const CompiledBuild third("namespace clienttest; table World { number:uint; }", kWorld);
  arrive_at(of_another_build());
  send_schema(third.schema().bfbs(), third.schema().hash());
  expect_closed(CloseCode::kBadPayload,
                fmt::format("it has the hash {:016x}, not {:016x}", third.schema().hash(), theirs.schema().hash()));
}

TEST_F(Arrival, a_schema_of_another_game_closes) {
  const CompiledBuild other("namespace other; table World { number:uint; }", "other.World");
  auto welcome = of_another_build();
  welcome.match->schema_hash = other.schema().hash();
  arrive_at(welcome);
  send_schema(other.schema().bfbs(), other.schema().hash());
  expect_closed(CloseCode::kBadPayload, "the schema has no table clienttest.World");
}

TEST_F(Arrival, snapshots_packed_by_what_their_schema_does_not_give_close_before_the_first) {
  auto welcome = of_another_build();
  welcome.match->is_packed = true;
  welcome.match->packs += 1;
  arrive_at(welcome);
  send_schema();
  expect_closed(CloseCode::kProtocolError, "and its schema gives");
}

TEST_F(Arrival, a_world_that_is_none_by_the_servers_schema_closes) {
  arrive_at(of_another_build());
  send_schema();
  server.peer().send_snapshot({.tick = 101}, Bytes(64, 0xAB));
  run();
  expect_closed(CloseCode::kBadPayload, "a bad snapshot of tick 101");
}

TEST_F(Arrival, a_server_that_does_not_say_what_it_packs_by_is_taken_at_its_layout) {
  auto welcome = of_another_build();
  welcome.match->packs = 0;
  arrive_at(welcome);
  expect_closed(CloseCode::kProtocolError, "its clienttest.World is laid out otherwise than ours");
}

}  // namespace
}  // namespace netcode
