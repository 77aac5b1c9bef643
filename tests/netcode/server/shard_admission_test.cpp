// Who is let in, seen at the level of the protocol: what a URL says that netcode's own client would not.
#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "server_fixture.hpp"
#include "transport/websocket/connector.hpp"
#include "visitor.hpp"

using namespace field;

class AdmissionTest : public ServerTest {};
INSTANTIATE_ON_SHARDS(AdmissionTest);

TEST_P(AdmissionTest, a_client_that_would_misread_its_world_is_refused_and_stays_where_it_was) {
  start();
  netcode::ConnectorPtr connector = bench_->connector();
  const auto connect = [&](netcode::Visitor& visitor, const std::string& path) {
    connector->connect("ws://bench:1" + path, std::string(netcode::protocol::kSubprotocol), [&](auto connection) {
      visitor.connection = *connection;
      visitor.connection->start(visitor);
    });
    EXPECT_TRUE(until([&] { return visitor.closed || visitor.welcome; })) << path;
  };
  auto bob = joined("bob", "there");
  netcode::Visitor ada;
  connect(ada, "/match/home?name=ada");
  ASSERT_TRUE(ada.welcome && ada.welcome->match);
  const std::uint64_t layout = ada.welcome->match->unpacks;
  for (const char* to : {"there", "nowhere"}) {
    netcode::Visitor moving;
    connect(moving, fmt::format("/match/{}?token={}&unpacks=00ab", to, ada.welcome->token));
    ASSERT_TRUE(moving.closed) << "let into " << to;
    EXPECT_EQ(moving.closed->code, netcode::transport::CloseCode::kRefused);
    EXPECT_EQ(moving.closed->reason,
              fmt::format("field: its World is {:016x}, yours 00000000000000ab: another version of the game", layout));
  }
  const std::size_t heads = ada.heads.size();
  bench_->run_for(200ms);
  EXPECT_FALSE(ada.closed);
  EXPECT_GT(ada.heads.size(), heads) << "it is still in its match";
  const auto list = server().list();
  EXPECT_EQ(list.size(), 2U) << "none was made for it";
  EXPECT_TRUE(std::all_of(list.begin(), list.end(), [](const auto& match) { return match.players == 1; }));

  netcode::Visitor same;
  connect(same, fmt::format("/match/there?name=cyd&unpacks={:016x}", layout));
  EXPECT_TRUE(same.welcome) << "its own layout";
}
