// Tests also: admin_ui_json.cpp, admin_ui_page.cpp, admin_ui_tap.cpp, admin_ui_telling.cpp.
#include "server/admin_ui.hpp"

#include <spdlog/fmt/fmt.h>

#include <stdexcept>

#include "admin_ui_fixture.hpp"
#include "visitor.hpp"

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

namespace netcode {
namespace {

namespace json = boost::json;

constexpr const char* kInvalidCredentials = R"(4/admin,{"message":"invalid credentials"})";

class ReadOnlyAdminUiTest : public AdminUiTest {
 protected:
  ReadOnlyAdminUiTest() : AdminUiTest(1, true) {}
};

class ShardedAdminUiTest : public AdminUiTest {
 protected:
  ShardedAdminUiTest() : AdminUiTest(3) {}
};

std::vector<std::string> keys_of(const json::value& object) {
  std::vector<std::string> out;
  for (const auto& [key, value] : object.as_object()) out.emplace_back(key);
  return out;
}

}  // namespace

// --- who comes in

TEST_F(SocketioTest, is_no_namespace_unless_a_password_is_set) {
  serve();
  const auto visitor = open();
  EXPECT_THAT(said(*visitor, R"(0/admin,{"username":"admin","password":"let me in"})"),
              ElementsAre(R"(4/admin,{"message":"Invalid namespace"})"));
}

TEST_F(AdminUiTest, refuses_whoever_does_not_know_the_password) {
  serve();
  for (const char* auth :
       {"", "{}", R"({"username":"admin"})", R"({"password":"let me in"})", R"({"sessionId":""})",
        R"({"sessionId":"0123456789abcdef"})", R"({"username":"admin","password":""})",
        R"({"username":"admin","password":"let me out"})", R"({"username":"root","password":"let me in"})"}) {
    const auto visitor = open();
    EXPECT_THAT(shown(*visitor, auth), ElementsAre(kInvalidCredentials)) << auth;
  }
}

TEST_F(AdminUiTest, lets_in_who_knows_it_and_tells_what_there_is) {
  serve();
  const auto visitor = open();
  const auto lines = shown(*visitor, kPassword);
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines[0], "0/admin,");
  EXPECT_THAT(lines[1], MatchesRegex(R"(2/admin,\["session","[0-9a-f]{16}"\])"));
  EXPECT_EQ(lines[2], R"(2/admin,["config",{"supportedFeatures":["EMIT","JOIN","LEAVE","DISCONNECT","MJOIN","MLEAVE",)"
                      R"("MDISCONNECT","AGGREGATED_EVENTS","ALL_EVENTS"]}])");
  EXPECT_THAT(lines[3], MatchesRegex(R"(2/admin,\["server_stats",\{"serverId":"[^"]+#[0-9]+","hostname":"[^"]+",)"
                                     R"("pid":[0-9]+,"uptime":[0-9.e-]+,"clientsCount":1,"pollingClientsCount":0,)"
                                     R"("aggregatedEvents":\[\],"namespaces":\[\{"name":"/","socketsCount":0\},)"
                                     R"(\{"name":"/admin","socketsCount":1\}\]\}\])"));
  EXPECT_THAT(lines[4], StartsWith(R"(2/admin,["all_sockets",[{"id":")"));
  EXPECT_EQ(sessions(), 0U) << "pages are no players";
}

TEST_F(AdminUiTest, lets_in_again_by_the_id_that_it_gave) {
  serve();
  const auto visitor = open(), again = open();
  const std::string line = shown(*visitor, kPassword).at(1);
  const auto lines = shown(*again, R"({"sessionId":")" + line.substr(20, 16) + R"("})");
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0], "0/admin,");
  EXPECT_THAT(lines[1], HasSubstr("config")) << "without another one";
}

TEST_F(AdminUiTest, compares_few_passwords_in_a_second) {
  serve();
  const auto visitor = open();
  for (int i = 0; i < 5; ++i)
    EXPECT_THAT(shown(*visitor, R"({"username":"admin","password":"x"})"), ElementsAre(kInvalidCredentials));
  EXPECT_THAT(shown(*visitor, kPassword),
              ElementsAre(R"(4/admin,{"message":"too many log-ins at once: wait a little"})"));
  loop_.run_for(1s);
  EXPECT_THAT(shown(*visitor, kPassword), Contains("0/admin,"));
}

TEST_F(AdminUiTest, forgets_who_leaves_before_the_password_was_compared) {
  serve();
  {
    const auto visitor = open();
    visitor->say(std::string("0/admin,") + kPassword);
    visitor->socket->leave();
    run();
  }
  auto other = page();
  EXPECT_EQ(other.newest("all_sockets").size(), 0U) << "it was read";
}

TEST_F(AdminUiTest, is_nobody_elses_namespace) {
  of("/admin");
  core_.define("field", rules_type<field::Rules>(), {});
  EXPECT_THROW(start(), std::runtime_error);
}

// --- what pages are told

TEST_F(AdminUiTest, lists_each_socket_with_its_rooms_and_its_handshake) {
  of("/").on_connect([](Session& s) { s.join("red"); });
  of("/chat").on_connect([](Session& s) { s.join("blue", "/chat"); });
  serve();
  const auto ada = joined("ada");
  EXPECT_THAT(said(*ada, "0/chat,"), ElementsAre("0/chat,"));
  auto looker = page();
  const json::array all = sockets(looker);
  ASSERT_EQ(all.size(), 4U) << "hers in both, and two pages";
  const json::value& hers = all[0];
  EXPECT_THAT(keys_of(hers), ElementsAre("id", "clientId", "transport", "nsp", "data", "handshake", "rooms"));
  const std::string id(hers.at("id").as_string());
  EXPECT_EQ(hers.at("nsp"), "/");
  EXPECT_EQ(hers.at("clientId").as_string().size(), 12U);
  EXPECT_EQ(hers.at("transport"), "websocket");
  EXPECT_EQ(hers.at("rooms"), (json::array{id, "red"}));
  EXPECT_EQ(hers.at("data").at("name"), "ada");
  const json::value& handshake = hers.at("handshake");
  EXPECT_THAT(keys_of(handshake),
              ElementsAre("address", "headers", "query", "issued", "secure", "time", "url", "xdomain"));
  EXPECT_EQ(handshake.at("address"), "192.0.2.1");
  EXPECT_EQ(handshake.at("query"), (json::object{{"EIO", "4"}, {"name", "ada"}, {"transport", "websocket"}}));
  EXPECT_EQ(handshake.at("url"), "/socket.io/");
  EXPECT_EQ(handshake.at("secure"), false);
  EXPECT_EQ(handshake.at("xdomain"), false);
  EXPECT_THAT(json::serialize(handshake.at("time")),
              MatchesRegex(R"("[A-Z][a-z]{2} [A-Z][a-z]{2} [0-9]{2} [0-9]{4} [0-9:]{8} GMT\+0000 .*")"));
  const json::value& chat = all[3];
  EXPECT_EQ(chat.at("nsp"), "/chat");
  EXPECT_EQ(chat.at("rooms"), (json::array{chat.at("id"), "blue"}));
  EXPECT_EQ(chat.at("clientId"), hers.at("clientId"));
}

TEST_F(AdminUiTest, tells_of_who_comes_joins_rooms_leaves_them_and_goes) {
  of("/").on_json("go", [](Session& s, const JsonArguments& to, JsonAck) {
    s.leave("red");
    s.join(std::string_view(to.values.at(0).as_string()));
    s.join("blue");  // where it is
  });
  serve();
  auto looker = page();
  static_cast<void>(looker.told());
  const auto ada = joined("ada");
  const json::array came = looker.newest("socket_connected");
  const std::string id(came.at(1).at("id").as_string());
  EXPECT_EQ(came.at(1).at("rooms"), (json::array{id}));
  EXPECT_THAT(json::serialize(came.at(2)), MatchesRegex(R"("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z")"));

  said(*ada, R"(2["go","blue"])");
  EXPECT_THAT(looker.told(), ElementsAre(R"(["event_received","/",")" + id + R"(",["go","blue"]])",
                                         R"(["room_joined","/","blue",")" + id + R"("])"));
  said(*ada, R"(2["go","red"])");
  EXPECT_THAT(looker.told(), Contains(R"(["room_joined","/","red",")" + id + R"("])"));
  said(*ada, R"(2["go","red"])");
  EXPECT_THAT(looker.told(),
              ElementsAre(StartsWith(R"(["event_received")"), R"(["room_left","/","red",")" + id + R"("])",
                          R"(["room_joined","/","red",")" + id + R"("])"));
  said(*ada, "1");
  EXPECT_THAT(looker.told(),
              ElementsAre(R"(["socket_disconnected","/",")" + id + R"(","client namespace disconnect"])",
                          R"(["room_left","/",")" + id + R"(",")" + id + R"("])",
                          R"(["room_left","/","blue",")" + id + R"("])", R"(["room_left","/","red",")" + id + R"("])"));
  said(*ada, "0");
  EXPECT_EQ(looker.newest("socket_connected").at(1).at("rooms").as_array().size(), 1U) << "it begins anew";
  ada->socket->leave();
  run();
  EXPECT_THAT(looker.told(), Contains(AllOf(StartsWith(R"(["socket_disconnected")"), HasSubstr("transport close"))));
}

TEST_F(AdminUiTest, tells_of_events_both_ways) {
  of("/").on_json("ping", [](Session& s, const JsonArguments& given, JsonAck ack) {
    s.emit_json("pong", given);
    ack({"answered"});
  });
  serve();
  const auto ada = joined("ada");
  auto looker = page();
  static_cast<void>(looker.told());
  said(*ada, R"(21["ping",{"n":[1,"x"]}])");
  EXPECT_THAT(looker.told(), ElementsAre(MatchesRegex(R"(\["event_received","/","[^"]+",\["ping",\{"n":\[.*\]\}\]\])"),
                                         MatchesRegex(R"(\["event_sent","/","[^"]+",\["pong",\{"n":\[.*\]\}\]\])")))
      << "no answers";
  said(*ada, R"(51-["ping",{"a":{"_placeholder":true,"num":0}}])", {"12345"});
  EXPECT_THAT(looker.told(), ElementsAre(HasSubstr(R"-({"a":"(5 bytes)"})-"), HasSubstr(R"-({"a":"(5 bytes)"})-")));
  said(*ada, R"(2["ping",")" + std::string(5000, 'x') + R"("])");
  EXPECT_THAT(looker.told(), Each(HasSubstr(R"-(ng","(5011 characters)"])-")));
}

TEST_F(AdminUiTest, counts_events_that_are_too_many_to_be_shown) {
  of("/").on_json("ping", [](Session&, const JsonArguments&, JsonAck) {});
  serve();
  const auto ada = joined("ada");
  auto looker = page();
  static_cast<void>(looker.told());
  std::size_t shown_events = 0;
  for (int second = 0; second < 4; ++second) {
    for (int i = 0; i < 400; ++i) ada->say(R"(2["ping",")" + std::string(400, 'x') + R"("])");
    loop_.run_for(1s);
    shown_events += looker.told().size();
  }
  EXPECT_GT(shown_events, 300U);
  EXPECT_LT(shown_events, 700U);
}

TEST_F(AdminUiTest, leaves_snapshots_out) {
  serve();
  const auto ada = joined("ada");
  said(*ada, R"(21["join",{"match":"m","snapshots":"json"}])");
  auto looker = page();
  loop_.run_for(1s);
  EXPECT_THAT(looker.told(), Each(Not(HasSubstr("snapshot"))));
}

TEST_F(AdminUiTest, tells_the_sums_every_two_seconds) {
  serve();
  const auto ada = joined("ada");
  auto looker = page();
  loop_.run_for(2s);
  static_cast<void>(looker.events());
  said(*ada, R"(2["x",1])");
  auto bob = open();
  said(*bob, R"(0{"name":"bob"})");
  bob->socket->leave();
  std::vector<json::array> stats;
  for (int i = 0; i < 40; ++i) {
    loop_.run_for(100ms);
    for (json::array& event : looker.events())
      if (event.front() == "server_stats") stats.push_back(std::move(event));
  }
  ASSERT_EQ(stats.size(), 2U);
  std::map<std::string, std::int64_t> sums;
  for (const json::value& sum : stats[0].at(1).at("aggregatedEvents").as_array()) {
    sums[std::string(sum.at("type").as_string())] += sum.at("count").to_number<std::int64_t>();
    EXPECT_EQ(sum.at("timestamp").to_number<std::int64_t>() % 1000, 0);
    EXPECT_EQ(sum.as_object().contains("subType"), sum.at("type") == "rawDisconnection");
  }
  EXPECT_EQ(sums["rawConnection"], 1);
  EXPECT_EQ(sums["rawDisconnection"], 1);
  EXPECT_EQ(sums["packetsIn"], 2);
  EXPECT_EQ(sums["bytesIn"], static_cast<std::int64_t>(std::string(R"(2["x",1]0{"name":"bob"})").size()));
  EXPECT_GT(sums["packetsOut"], 2);
  EXPECT_EQ(stats[0].at(1).at("namespaces"), (json::array{json::object{{"name", "/"}, {"socketsCount", 1}},
                                                          json::object{{"name", "/admin"}, {"socketsCount", 1}}}));
}

TEST_F(AdminUiTest, tells_nothing_while_nobody_looks) {
  serve();
  { page().visitor().socket->leave(); }
  run();
  loop_.run_for(10s);
  const auto ada = joined("ada");
  auto looker = page();
  EXPECT_EQ(sockets(looker).size(), 3U);
}

TEST_F(AdminUiTest, tells_of_a_connection_that_becomes_a_websocket) {
  serve();
  PollingVisitor ada(core_);
  ada.say("0");
  ada.poll();
  auto looker = page();
  EXPECT_EQ(sockets(looker)[0].at("transport"), "polling");
  const auto socket = std::make_shared<socketio::TestSocket>();
  auto answer =
      core_.accept_handlers().on_upgrade(socketio_request("GET", {{"transport", "websocket"}, {"sid", ada.sid()}}));
  std::get<transport::Upgrade>(answer).on_open(socket);
  socket->say("2probe");
  socket->say("5");
  loop_.run_for(1s);
  EXPECT_THAT(looker.told(),
              Contains(MatchesRegex(R"(\["socket_updated",\{"id":"[^"]+","nsp":"/","transport":"websocket"\}\])")));
}

TEST_F(AdminUiTest, tells_the_sums_alone_past_so_many_sockets) {
  serve();
  auto looker = page();
  std::vector<std::unique_ptr<SocketioVisitor>> crowd;
  while (crowd.size() < AdminUi::kSocketsListedMax - 1) crowd.push_back(joined("one"));
  static_cast<void>(looker.told());
  crowd.push_back(joined("one too many"));
  EXPECT_THAT(looker.told(), ElementsAre(AllOf(StartsWith(R"(["config")"), Not(HasSubstr("ALL_EVENTS")))));
  crowd.push_back(joined("more"));
  said(*crowd.back(), R"(2["x"])");
  EXPECT_THAT(looker.told(), IsEmpty());
  auto late = open();
  for (const std::string& line : shown(*late, kPassword)) EXPECT_THAT(line, Not(HasSubstr("all_sockets")));
  while (crowd.size() > AdminUi::kSocketsListedMax / 2) {
    crowd.back()->socket->leave();
    crowd.pop_back();
    run();
  }
  std::vector<std::string> names;
  for (const json::array& event : looker.events()) names.emplace_back(event.front().as_string());
  EXPECT_THAT(names, Contains("all_sockets").Times(1)) << "few enough again: all of it anew";
}

TEST_F(AdminUiTest, keeps_little_for_a_page_that_does_not_read_and_tells_it_all_anew) {
  of("/").on_json("ping", [](Session& s, const JsonArguments&, JsonAck) {
    for (int i = 0; i < 8; ++i) {
      s.join("room " + std::string(50, 'x'));
      s.leave("room " + std::string(50, 'x'));
    }
  });
  serve();
  auto looker = page();
  const auto ada = joined("ada");
  static_cast<void>(looker.told());
  looker.visitor().socket->is_stuck = true;
  for (int i = 0; i < 2000; ++i) {
    ada->say(R"(2["ping"])");
    if (i % 4 == 0) run();
  }
  looker.visitor().socket->drain();
  run();
  std::size_t bytes = 0;
  std::vector<std::string> names;
  for (const json::array& event : looker.events()) {
    bytes += json::serialize(event).size();
    names.emplace_back(event.front().as_string());
  }
  EXPECT_LT(bytes, 300U * 1024);
  EXPECT_THAT(names, Contains("all_sockets").Times(1));
  said(*ada, R"(2["ping"])");
  EXPECT_THAT(looker.told(), Contains(StartsWith(R"(["room_joined")")));
}

// --- clients of other protocols, and other shards

TEST_F(AdminUiTest, shows_clients_of_the_game_too_with_their_matches_as_rooms) {
  serve();
  auto looker = page();
  static_cast<void>(looker.told());
  Visitor nat;
  connect(nat, "/match/m?name=nat");
  EXPECT_TRUE(loop_.run_until([&] { return nat.welcome.has_value(); }, 1s));
  json::array all = sockets(looker);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].at("rooms"), (json::array{all[0].at("id"), "match:m"}));
  EXPECT_EQ(all[0].at("data").at("name"), "nat");
  EXPECT_EQ(all[0].at("data").at("protocol"), "scrim.v1");
  const std::string id(all[0].at("id").as_string());
  loop_.run_for(2s);
  EXPECT_EQ(looker.newest("server_stats").at(1).at("clientsCount"), 2);
  nat.connection->close(transport::CloseCode::kNormal, "");
  run();
  EXPECT_THAT(looker.told(), ElementsAre(R"(["socket_disconnected","/",")" + id + R"(","left"])",
                                         R"(["room_left","/",")" + id + R"(",")" + id + R"("])",
                                         R"(["room_left","/","match:m",")" + id + R"("])"));
}

TEST_F(AdminUiTest, shows_the_match_of_a_client_of_socketio) {
  serve();
  const auto ada = joined("ada");
  auto looker = page();
  static_cast<void>(looker.told());
  said(*ada, R"(21["join",{"match":"m"}])");
  EXPECT_THAT(looker.told(), Contains(StartsWith(R"(["room_joined","/","match:m",)")));
  said(*ada, R"(22["leave"])");
  EXPECT_THAT(looker.told(), Contains(StartsWith(R"(["room_left","/","match:m",)")));
}

TEST_F(ShardedAdminUiTest, hears_from_every_shard) {
  of("/").on_connect([](Session& s) { s.join("red"); });
  serve();
  std::vector<std::unique_ptr<SocketioVisitor>> crowd;
  for (int i = 0; i < 9; ++i) crowd.push_back(joined("visitor " + std::to_string(i)));
  auto looker = page();
  const json::array all = sockets(looker);
  ASSERT_EQ(all.size(), 11U);
  for (std::size_t i = 0; i < 9; ++i) EXPECT_EQ(all[i].at("rooms"), (json::array{all[i].at("id"), "red"}));
  for (const auto& visitor : crowd) said(*visitor, R"(21["join",{"match":"m"}])");
  const json::array moved = sockets(looker);
  for (std::size_t i = 0; i < 9; ++i)
    EXPECT_EQ(moved[i].at("rooms"), (json::array{moved[i].at("id"), "match:m", "red"}));
}

TEST_F(ReadOnlyAdminUiTest, lets_pages_look_on_alone) {
  serve();
  const auto ada = joined("ada");
  auto visitor = open();
  EXPECT_THAT(shown(*visitor, kPassword),
              Contains(R"(2/admin,["config",{"supportedFeatures":["AGGREGATED_EVENTS","ALL_EVENTS"]}])"));
  AdminPageVisitor looker(std::move(visitor));
  EXPECT_THAT(asked(looker, R"(["emit","/",null,"news"])"),
              ElementsAre(R"([{"error":"pages may only look on here"}])"));
  EXPECT_THAT(asked(looker, R"(["_disconnect","/",true,null])"), ElementsAre(HasSubstr("error")));
  EXPECT_THAT(ada->heard(), IsEmpty());
  EXPECT_EQ(sessions(), 1U);
}

}  // namespace netcode
