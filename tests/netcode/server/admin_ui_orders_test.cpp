#include "server/admin_ui_orders.hpp"

#include <spdlog/fmt/fmt.h>

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "admin_ui_fixture.hpp"
#include "visitor.hpp"

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

namespace netcode {
namespace {

/// ada and bob are in "/", bob in the room "red", ada in "/chat" too.
class AdminOrdersTest : public AdminUiTest {
 protected:
  explicit AdminOrdersTest(std::uint32_t shards = 1) : AdminUiTest(shards) {
    of("/").on_connect([](Session& s) {
      if (s.name() == "bob") s.join("red");
    });
    of("/chat");
    serve();
    ada_ = joined("ada");
    bob_ = joined("bob");
    EXPECT_THAT(said(*ada_, "0/chat,"), ElementsAre("0/chat,"));
    page_.emplace(page());
    ada_id_ = id_of(*page_, "ada");
    bob_id_ = id_of(*page_, "bob");
  }
  void order(const std::string& text) { AdminUiTest::order(*page_, text); }

  std::unique_ptr<SocketioVisitor> ada_, bob_;
  std::optional<AdminPageVisitor> page_;
  std::string ada_id_, bob_id_;
};

class ShardedAdminOrdersTest : public AdminOrdersTest {
 protected:
  ShardedAdminOrdersTest() : AdminOrdersTest(3) {}
};

}  // namespace

TEST_F(AdminOrdersTest, emits_to_a_namespace_a_room_or_one_socket) {
  order(R"(["emit","/",null,"news",1,{"x":"y"}])");
  EXPECT_THAT(ada_->heard(), ElementsAre(R"(2["news",1,{"x":"y"}])"));
  EXPECT_THAT(bob_->heard(), ElementsAre(R"(2["news",1,{"x":"y"}])"));
  order(R"(["emit","/","red","news"])");
  EXPECT_THAT(ada_->heard(), IsEmpty());
  EXPECT_THAT(bob_->heard(), ElementsAre(R"(2["news"])"));
  order(fmt::format(R"(["emit","/","{}","news"])", ada_id_));
  EXPECT_THAT(ada_->heard(), ElementsAre(R"(2["news"])"));
  EXPECT_THAT(bob_->heard(), IsEmpty());
  order(R"(["emit","/chat",null,"news"])");
  EXPECT_THAT(ada_->heard(), ElementsAre(R"(2/chat,["news"])"));
  order(R"(["emit","/","nobody's","news"])");
  EXPECT_THAT(ada_->heard(), IsEmpty());
}

TEST_F(AdminOrdersTest, makes_a_table_of_an_event_of_the_schema_for_every_client) {
  Visitor nat;
  connect(nat, "/match/m?name=nat");
  EXPECT_TRUE(loop_.run_until([&] { return nat.welcome.has_value(); }, std::chrono::seconds(1)));
  said(*ada_, R"(21["join",{"match":"m"}])");
  order(R"(["emit","/",null,"chat",{"text":"hello"}])");
  EXPECT_THAT(bob_->heard(), ElementsAre(R"(2["chat",{"text":"hello"}])"));
  EXPECT_EQ(nat.events.size(), 1U);
  order(R"(["emit","/","match:m","chat",{"text":"you there"}])");
  EXPECT_THAT(ada_->heard(), Contains(R"(2["chat",{"text":"you there"}])"));
  EXPECT_EQ(nat.events.size(), 2U);
  EXPECT_THAT(bob_->heard(), IsEmpty());
  EXPECT_THAT(asked(*page_, R"(["emit","/",null,"chat",{"txt":"hello"}])"), ElementsAre(HasSubstr("txt")));
  EXPECT_THAT(asked(*page_, R"(["emit","/",null,"chat",{},{}])"), ElementsAre(HasSubstr("one argument")));
  EXPECT_THAT(bob_->heard(), IsEmpty());
}

TEST_F(AdminOrdersTest, has_sockets_join_rooms_and_leave_them) {
  static_cast<void>(page_->told());
  order(fmt::format(R"(["join","/","blue","{}"])", ada_id_));
  EXPECT_THAT(page_->told(), ElementsAre(fmt::format(R"(["room_joined","/","blue","{}"])", ada_id_)));
  order(R"(["join","/","blue"])");
  EXPECT_THAT(page_->told(), ElementsAre(fmt::format(R"(["room_joined","/","blue","{}"])", bob_id_)));
  order(R"(["join","/","green","red"])");
  EXPECT_THAT(page_->told(), ElementsAre(fmt::format(R"(["room_joined","/","green","{}"])", bob_id_)));
  order(fmt::format(R"(["leave","/","blue","{}"])", bob_id_));
  EXPECT_THAT(page_->told(), ElementsAre(fmt::format(R"(["room_left","/","blue","{}"])", bob_id_)));
  order(R"(["leave","/","blue"])");
  EXPECT_THAT(page_->told(), ElementsAre(fmt::format(R"(["room_left","/","blue","{}"])", ada_id_)));
}

TEST_F(AdminOrdersTest, puts_a_socket_out_of_its_namespace_alone) {
  order(fmt::format(R"(["_disconnect","/","x","{}"])", ada_id_));
  EXPECT_THAT(ada_->heard(), ElementsAre("1"));
  EXPECT_FALSE(ada_->socket->is_closed);
  EXPECT_THAT(bob_->heard(), IsEmpty());
  EXPECT_EQ(id_of(*page_, "ada"), "none");
  EXPECT_NE(id_of(*page_, "ada", "/chat"), "none");
  EXPECT_THAT(said(*ada_, "0"), ElementsAre("0")) << "it may come again";
  order(R"(["_disconnect","/chat",false])");
  EXPECT_THAT(ada_->heard(), ElementsAre("1/chat,"));
}

TEST_F(AdminOrdersTest, puts_a_socket_off_the_server) {
  order(fmt::format(R"(["_disconnect","/","x",null])"));  // not this one: it is no yes
  EXPECT_EQ(sessions(), 2U);
  EXPECT_THAT(said(*ada_, "0"), ElementsAre("1", "0"));
  EXPECT_THAT(said(*bob_, "0"), ElementsAre("1", "0"));
  order(fmt::format(R"(["_disconnect","/",true,"{}"])", id_of(*page_, "ada")));
  EXPECT_THAT(ada_->heard(), ElementsAre("1", "1/chat,"));
  EXPECT_TRUE(ada_->socket->is_closed);
  EXPECT_FALSE(bob_->socket->is_closed);
  EXPECT_EQ(sessions(), 1U);
  order(R"(["_disconnect","/",true])");
  EXPECT_TRUE(bob_->socket->is_closed);
  EXPECT_EQ(sessions(), 0U);
}

TEST_F(AdminOrdersTest, puts_a_client_of_the_game_off_the_server) {
  Visitor nat;
  connect(nat, "/match/m?name=nat");
  EXPECT_TRUE(loop_.run_until([&] { return nat.welcome.has_value(); }, std::chrono::seconds(1)));
  order(fmt::format(R"(["_disconnect","/",false,"{}"])", id_of(*page_, "nat")));
  ASSERT_TRUE(nat.closed);
  EXPECT_EQ(nat.closed->code, transport::CloseCode::kKicked);
  EXPECT_EQ(nat.closed->reason, "disconnected by an administrator");
}

TEST_F(AdminOrdersTest, puts_another_page_out) {
  const auto pages = [this] {
    std::set<std::string> ids;
    for (const boost::json::value& socket : sockets(*page_))
      if (socket.at("nsp") == "/admin") ids.emplace(socket.at("id").as_string());
    return ids;
  };
  const std::set<std::string> before = pages();
  auto other = page();
  for (const std::string& id : pages())
    if (!before.contains(id)) order(fmt::format(R"(["_disconnect","/admin",false,"{}"])", id));
  EXPECT_THAT(other.visitor().heard(), Contains("1/admin,"));
  EXPECT_FALSE(other.visitor().socket->is_closed);
  EXPECT_THAT(asked(*page_, R"(["emit","/",null,"news"])"), ElementsAre("[]")) << "this one is still there";
}

TEST_F(AdminOrdersTest, says_what_is_wrong_with_an_order_and_does_nothing) {
  for (const auto& [text, why] : std::vector<std::pair<std::string, std::string>>{
           {R"(["dance","/"])", "no such order"},
           {R"([7,"/"])", "no such order"},
           {R"(["emit"])", "namespace: expected text"},
           {R"(["emit",7,null,"news"])", "namespace: expected text"},
           {R"(["emit","/nowhere",null,"news"])", "there is no namespace /nowhere"},
           {R"(["emit","/admin",null,"news"])", "there is no namespace /admin"},
           {R"(["emit","/",7,"news"])", "filter: expected text"},
           {R"(["emit","/",{"x":1},"news"])", "filter: expected text"},
           {R"(["emit","/",")" + std::string(71, 'x') + R"(","news"])", "filter: 71 bytes"},
           {R"(["emit","/","match:","news"])", "filter: expected the id of a match"},
           {R"(["emit","/",null])", "event: expected text"},
           {R"(["emit","/",null,7])", "event: expected text"},
           {R"(["emit","/",null,"connect"])", "event: connect is reserved"},
           {R"(["emit","/",null,"disconnect"])", "event: disconnect is reserved"},
           {R"(["emit","/",null,"news",")" + std::string(80'000, 'x') + R"("])", "more than an event may take"},
           {R"(["join","/"])", "room: expected text"},
           {R"(["join","/",""])", "room: expected text"},
           {R"(["join","/",")" + std::string(65, 'x') + R"("])", "room: 65 bytes, 64 is the limit"},
           {R"(["leave","/",{}])", "room: expected text"},
           {R"(["_disconnect"])", "namespace: expected text"},
           {R"(["_disconnect","/",true,[]])", "filter: expected text"}})
    EXPECT_THAT(asked(*page_, text), ElementsAre(HasSubstr(why))) << text.substr(0, 80);
  EXPECT_THAT(asked(*page_, R"(["emit","/",null,"news"])"), ElementsAre("[]"));
  EXPECT_THAT(ada_->heard(), ElementsAre(R"(2["news"])"));
  EXPECT_FALSE(page_->visitor().socket->is_closed);
  EXPECT_EQ(sessions(), 2U);
}

TEST_F(ShardedAdminOrdersTest, reach_every_shard) {
  std::vector<std::unique_ptr<SocketioVisitor>> crowd;
  for (int i = 0; i < 9; ++i) crowd.push_back(joined("visitor " + std::to_string(i)));
  order(R"(["join","/","blue"])");
  order(R"(["emit","/","blue","news"])");
  for (const auto& one : crowd) EXPECT_THAT(one->heard(), ElementsAre(R"(2["news"])"));
  order(R"(["_disconnect","/",true,"blue"])");
  for (const auto& one : crowd) EXPECT_TRUE(one->socket->is_closed);
}

}  // namespace netcode
