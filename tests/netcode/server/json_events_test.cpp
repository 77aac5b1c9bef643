#include "netcode/json.hpp"

#include <boost/json/serialize.hpp>

#include "socketio_fixture.hpp"

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

namespace netcode {
namespace {

std::string text_of(const boost::json::value& value) { return boost::json::serialize(value); }

/// A server with handlers of JSON in "/" and in every namespace that begins with "/room-".
class JsonEventsTest : public SocketioTest {
 protected:
  JsonEventsTest() {
    add_to(of("/"));
    add_to(core_.add_parent([](std::string_view name) { return name.starts_with("/room-"); }).api());
    of("/").on_connect([this](Session& s) { ids_[s.name()] = s.id(); });
  }
  void add_to(Namespace& space) {
    space.on_json("echo",
                  [](Session& s, const JsonArguments& given, JsonAck) { s.emit_json("echo", given, s.space()); });
    space.on_json("sum", [](Session&, const JsonArguments& given, JsonAck ack) {
      ack({given.values.at(0).to_number<int>() + given.values.at(1).to_number<int>()});
    });
    space.on_json("throws", [](Session&, const JsonArguments& given, JsonAck) { given.values.at(7); });
    space.on_json("join", [](Session& s, const JsonArguments& given, JsonAck ack) {
      ack({s.join(std::string_view(given.values.at(0).as_string()), s.space())});
    });
  }
  Session& session_of(const std::string& name) {
    const auto place = core_.directory().find_session(ids_.at(name));
    return core_.shards()[place->shard]->session(ids_.at(name))->api();
  }

  std::map<std::string, SessionId> ids_;
};

}  // namespace

TEST_F(JsonEventsTest, come_and_go_as_they_are) {
  serve();
  const auto ada = joined("ada");
  EXPECT_THAT(said(*ada, R"(2["echo",1,"2",{"3":[true,null]}])"), ElementsAre(R"(2["echo",1,"2",{"3":[true,null]}])"));
  EXPECT_THAT(said(*ada, R"(27["sum",1,2])"), ElementsAre("37[3]"));
  EXPECT_THAT(said(*ada, R"(51-["echo",{"_placeholder":true,"num":0}])", {"xyz"}),
              ElementsAre(R"(51-["echo",{"_placeholder":true,"num":0}])", "bytes xyz"));
}

TEST_F(JsonEventsTest, of_a_name_that_nobody_handles_are_refused) {
  serve();
  const auto ada = joined("ada");
  EXPECT_THAT(
      said(*ada, R"(25["nope"])"),
      ElementsAre(R"(35[{"error":{"code":"refused","event":"nope","field":"","message":"no event is called nope"}}])"));
  EXPECT_THAT(said(*ada, R"(26["throws"])"), ElementsAre(::testing::HasSubstr("an error of the server's own")));
}

TEST_F(JsonEventsTest, that_are_as_large_as_a_client_may_say_can_be_said_back) {
  serve();
  const auto ada = joined("ada");
  const std::size_t around = std::string_view(R"(2["echo",""])").size();
  const std::string largest =
      R"(2["echo",")" + std::string(core_.config().socketio.payload_bytes_max - around, 'x') + R"("])";
  EXPECT_THAT(said(*ada, largest), ElementsAre(largest));
}

TEST_F(JsonEventsTest, go_before_netcodes_own_names) {
  serve();
  const auto ada = joined("ada");
  EXPECT_THAT(said(*ada, R"(21["join","den"])"), ElementsAre("31[true]")) << "a room, and no match";
  EXPECT_THAT(said(*ada, R"(22["scrim:join",{"match":"m1"}])"), Contains(::testing::HasSubstr(R"("match":"m1")")));
}

TEST_F(JsonEventsTest, are_for_the_members_of_a_room_whoever_speaks_json) {
  serve();
  const auto ada = joined("ada");
  const auto bo = joined("bo");
  said(*ada, R"(21["join","den"])");
  Broadcast den = of("/").to("den");
  den.emit_json("news", {"x", 1});
  run();
  EXPECT_THAT(ada->heard(), ElementsAre(R"(2["news","x",1])"));
  EXPECT_THAT(bo->heard(), IsEmpty());
}

TEST_F(JsonEventsTest, can_be_answered_by_their_receiver) {
  serve();
  const auto ada = joined("ada");
  std::string answer;
  session_of("ada").emit_json("how", {1}, [&](const engine::Result<JsonArguments>& reply) {
    answer = reply ? text_of(reply->values) : reply.error().reason;
  });
  run();
  EXPECT_THAT(ada->heard(), ElementsAre(R"(20["how",1])"));
  said(*ada, R"(30["so",2])");
  EXPECT_EQ(answer, R"(["so",2])");
  session_of("ada").emit_json(
      "how", {2},
      [&](const engine::Result<JsonArguments>& reply) { answer = reply ? "answered" : reply.error().reason; }, 100ms);
  loop_.run_for(2s);
  EXPECT_EQ(answer, "timed out after 100 ms");
}

TEST_F(JsonEventsTest, can_be_answered_by_many_and_those_who_do_not_are_counted) {
  serve();
  const auto ada = joined("ada");
  const auto bo = joined("bo");
  const auto cy = joined("cy");
  std::vector<std::string> answers;
  std::size_t missing = 99;
  of("/").everyone().emit_json("vote", {}, 200ms, [&](std::vector<JsonArguments> given, std::size_t silent) {
    for (const JsonArguments& one : given) answers.push_back(text_of(one.values));
    missing = silent;
  });
  run();
  said(*ada, R"(30["yes"])");
  said(*bo, R"(30["no"])");
  EXPECT_EQ(missing, 99U) << "cy may answer still";
  loop_.run_for(2s);
  EXPECT_THAT(answers, UnorderedElementsAre(R"(["yes"])", R"(["no"])"));
  EXPECT_EQ(missing, 1U);
}

TEST_F(JsonEventsTest, pass_a_middleware_that_may_keep_them) {
  of("/").use_json([](Session&, std::string_view name, const JsonArguments&, JsonAck) {
    return name == "sum" ? engine::Result<void>(engine::error("not today")) : engine::Result<void>();
  });
  serve();
  const auto ada = joined("ada");
  EXPECT_THAT(said(*ada, R"(21["sum",1,2])"), ElementsAre(::testing::HasSubstr("not today")));
  EXPECT_THAT(said(*ada, R"(2["echo",1])"), ElementsAre(R"(2["echo",1])"));
}

TEST_F(JsonEventsTest, are_heard_in_namespaces_that_are_made_when_somebody_asks) {
  serve();
  const auto ada = joined("ada", "/room-1");
  EXPECT_THAT(said(*ada, R"(2/room-1,["echo",1])"), ElementsAre(R"(2/room-1,["echo",1])"));
  EXPECT_THAT(said(*ada, "0/hall-1,"), ElementsAre(R"(4/hall-1,{"message":"Invalid namespace"})"));
}

TEST_F(JsonEventsTest, no_more_namespaces_are_made_than_may_be) {
  serve();
  for (std::size_t i = 0; i < limits::kSpacesMadeMax; ++i)
    ASSERT_TRUE(core_.find_or_make_space("/room-" + std::to_string(i)));
  EXPECT_FALSE(core_.find_or_make_space("/room-x"));
  EXPECT_TRUE(core_.find_or_make_space("/room-7")) << "it is there";
}

TEST_F(JsonEventsTest, a_function_is_called_for_each_session_of_a_room_and_one_after_the_last) {
  serve();
  const auto ada = joined("ada");
  const auto bo = joined("bo");
  const auto cy = joined("cy");
  said(*ada, R"(21["join","den"])");
  said(*bo, R"(21["join","den"])");
  std::vector<std::string> names;
  bool is_done = false;
  of("/").to("den").for_each(
      [&](Session& s) {
        EXPECT_FALSE(is_done);
        names.push_back(s.name());
        s.join("attic");
      },
      [&] { is_done = true; });
  run();
  EXPECT_TRUE(is_done);
  EXPECT_THAT(names, UnorderedElementsAre("ada", "bo"));
  of("/").to("attic").emit_json("up", {});
  run();
  EXPECT_THAT(bo->heard(), ElementsAre(R"(2["up"])"));
  EXPECT_THAT(cy->heard(), IsEmpty());
}

TEST_F(JsonEventsTest, a_refusal_brings_its_data_and_a_handler_sees_what_was_shown) {
  of("/").use([](Handshake& h) {
    const auto* auth = h.auth_json().if_object();
    return auth && auth->contains("key") ? h.accept() : h.refuse("no key", boost::json::object{{"retry", 5}});
  });
  std::string shown;
  of("/").on_connect([&](Session& s) { shown = text_of(s.auth_json()); });
  serve();
  const auto ada = open();
  EXPECT_THAT(said(*ada, "0"), ElementsAre(R"(4{"message":"no key","data":{"retry":5}})"));
  EXPECT_THAT(said(*ada, R"(0{"key":1})"), ElementsAre("0"));
  EXPECT_EQ(shown, R"({"key":1})");
}

TEST_F(JsonEventsTest, what_was_shown_at_a_door_that_stayed_shut_is_not_kept) {
  of("/shut").use([](Handshake& h) { return h.refuse("no"); });
  of("/").on_connect([](Session&) {});
  serve();
  const auto ada = joined("ada");
  said(*ada, R"(0/shut,{"much":"xxxxxxxx"})");
  said(*ada, R"(0/room-1,{"key":2})");
  const auto place = core_.directory().find_session(ids_.at("ada"));
  SessionSpaces& spaces = core_.shards()[place->shard]->session(ids_.at("ada"))->spaces();
  EXPECT_TRUE(spaces.auth_json("/shut").is_null());
  EXPECT_EQ(text_of(spaces.auth_json("/room-1")), R"({"key":2})");
}

TEST_F(JsonEventsTest, asked_of_many_by_a_handler_are_charged_to_whose_event_it_was) {
  of("/").on_json("ask_all", [this](Session&, const JsonArguments&, JsonAck) {
    of("/").everyone().emit_json("how", {std::string(1000, 'x')}, 100ms,
                                 [](std::vector<JsonArguments>, std::size_t) {});
  });
  serve();
  const auto ada = joined("ada");
  const auto bo = joined("bo");
  bool was_refused = false;
  for (int i = 0; i < 2000 && !was_refused; ++i) {
    for (const std::string& line : said(*ada, R"(2["ask_all"])"))
      was_refused = was_refused || line.find("faster than they may") != std::string::npos;
    bo->heard();
  }
  EXPECT_TRUE(was_refused);
  EXPECT_FALSE(bo->socket->is_closed);
}

TEST_F(JsonEventsTest, a_handshake_keeps_each_table_that_was_read_of_what_was_shown) {
  bool was_seen = false;
  of("/").use([&](Handshake& h) {
    const auto* chat = h.auth<field::Chat>();
    const auto* ask = h.auth<field::Ask>();
    was_seen = chat && !ask && h.auth<field::Chat>() == chat && chat->text()->str() == "hi";
    return h.accept();
  });
  serve();
  const auto ada = open();
  said(*ada, R"(0{"text":"hi"})");
  EXPECT_TRUE(was_seen);
}

TEST_F(JsonEventsTest, what_matches_a_name_may_look_for_namespaces_itself) {
  core_.add_parent([this](std::string_view name) { return name == "/twin" && core_.find_space("/"); });
  serve();
  EXPECT_TRUE(core_.find_or_make_space("/twin"));
  EXPECT_THROW(core_.add_parent([](std::string_view) { return true; }), std::runtime_error);
}

}  // namespace netcode
