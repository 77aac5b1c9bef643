// Tests also: shared_event.cpp.
#include "server/socketio_form.hpp"

#include <boost/json/parse.hpp>

#include "protocol/requests.hpp"
#include "server/shared_event.hpp"
#include "socketio/json_text.hpp"
#include "socketio_fixture.hpp"

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace netcode {
namespace {

namespace json = boost::json;

class SocketioFormTest : public SocketioTest {
 protected:
  SocketioFormTest() { serve(); }
  engine::Result<SocketioForm> form(const protocol::EventMessage& event) const {
    return socketio_form(protocol::encode(event), core_);
  }
  engine::Result<SocketioForm> form(const protocol::AckMessage& answer) const {
    return socketio_form(protocol::encode(answer), core_);
  }
};

/// The body of a request, or "none", or why it is none.
std::string request(std::string_view name, std::string_view argument) {
  const auto made = request_of_json(name, json::parse(argument));
  if (!made) return "none";
  return *made ? text_of(**made) : made->error().reason;
}

}  // namespace

TEST_F(SocketioFormTest, an_event_is_its_name_and_its_table_in_its_namespace) {
  const Bytes body = encode(field::chat("gg"));
  const auto made = form(protocol::EventMessage{.name = "chat", .space = "/custom", .body = body});
  ASSERT_TRUE(made) << made.error().reason;
  EXPECT_EQ(made->space, "/custom");
  EXPECT_EQ(made->arguments(), R"(["chat",{"text":"gg"})");
  EXPECT_THAT(made->attachments, IsEmpty());
  EXPECT_EQ(made->kind, SocketioForm::Kind::kMessage);
}

TEST_F(SocketioFormTest, an_event_that_is_in_no_schema_has_none) {
  const auto made = form(protocol::EventMessage{.name = "nothing", .body = {}});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().reason, "event nothing is of no kind");
  EXPECT_FALSE(socketio_form(Bytes{1, 2, 3}, core_));
}

TEST_F(SocketioFormTest, the_end_of_a_match_and_of_a_namespace_have_one_of_their_own) {
  const Bytes ended = protocol::encode_match_ended({.match = "m", .result = "over", .next = "n"});
  const auto end = form(protocol::EventMessage{.name = protocol::kEndedEvent, .body = ended});
  ASSERT_TRUE(end) << end.error().reason;
  EXPECT_EQ(end->space, "/");
  EXPECT_EQ(end->arguments(), R"(["ended",{"match":"m","result":"over","next":"n"})");
  const Bytes left = protocol::encode_namespace_left({.space = "/custom", .reason = "so"});
  const auto out = form(protocol::EventMessage{.name = protocol::kLeftNamespaceEvent, .body = left});
  ASSERT_TRUE(out) << out.error().reason;
  EXPECT_EQ(out->space, "/custom");
  EXPECT_EQ(out->kind, SocketioForm::Kind::kLeft);
}

TEST_F(SocketioFormTest, an_answer_is_a_table_or_nothing_or_an_error) {
  field::AnswerT table;
  table.text = "yes";
  const Bytes body = encode(table);
  const auto answered = form(protocol::AckMessage{.id = 7, .table = "field.Answer", .body = body});
  ASSERT_TRUE(answered) << answered.error().reason;
  EXPECT_EQ(answered->id, 7U);
  EXPECT_EQ(answered->space, "");
  EXPECT_EQ(answered->arguments(), R"([{"text":"yes"})");
  EXPECT_EQ(form(protocol::AckMessage{.id = 7})->arguments(), "[");
  EXPECT_EQ(form(protocol::AckMessage{.id = 7, .error = "no"})->error, "no");
  EXPECT_FALSE(form(protocol::AckMessage{.id = 7, .table = "field.Nothing", .body = body}));
}

TEST_F(SocketioFormTest, an_answer_may_be_a_table_of_netcodes_own) {
  const MatchInfo info{.id = "m", .kind = "field", .players = 2, .players_max = 4, .metadata = {{"level", "3"}}};
  const std::string one = R"({"id":"m","kind":"field","players":2,"bots":0,"spectators":0,"players_max":4,)"
                          R"("locked":false,"has_password":false,"metadata":{"level":"3"}})";
  const Bytes alone = protocol::encode_match_info(info);
  EXPECT_EQ(form(protocol::AckMessage{.id = 1, .table = protocol::kMatchInfoTable, .body = alone})->arguments(),
            "[" + one);
  const Bytes list = protocol::encode_match_list({.matches = {info}, .next = "m"});
  EXPECT_EQ(form(protocol::AckMessage{.id = 1, .table = protocol::kMatchListTable, .body = list})->arguments(),
            R"([{"matches":[)" + one + R"(],"next":"m"})");
}

TEST(SocketioRequests, are_known_with_and_without_their_prefix) {
  for (const char* name : {"list", "scrim:list"})
    EXPECT_EQ(request(name, R"({"kind":"field","after":"m"})"),
              text_of(protocol::encode_list_request({.kind = "field", .after = "m"})));
  EXPECT_EQ(request("list", "null"), text_of(protocol::encode_list_request({})));
  EXPECT_EQ(request("leave", "{}"), "");
  EXPECT_EQ(request("list", "7"), "list: expected an object");
  for (const char* name : {"chat", "join", "action", "scrim:namespace", "namespace", "scrim:leave_namespace"})
    EXPECT_EQ(request(name, "{}"), "none") << name;
}

TEST(SocketioRequests, of_a_match_have_options_of_texts_numbers_and_switches) {
  EXPECT_EQ(request("create", R"({"kind":"field","id":"m","password":"x","private":true,)"
                              R"("options":{"a":"text","b":20,"c":true},"metadata":{"d":1.5}})"),
            text_of(protocol::encode_match_request({.kind = "field",
                                                    .id = "m",
                                                    .password = "x",
                                                    .is_private = true,
                                                    .options = {{"a", "text"}, {"b", "20"}, {"c", "true"}},
                                                    .metadata = {{"d", "1.5"}}})));
  EXPECT_EQ(request("create", R"({"options":[]})"), "options: expected an object");
  EXPECT_EQ(request("create", R"({"metadata":{"a":{}}})"), "metadata.a: expected a text, a number or a switch");
}

TEST(SocketioErrors, say_what_of_what_and_why) {
  EXPECT_EQ(socketio::json_text(error_json("wrong_type", "chat", "text", "expected a string")),
            R"({"error":{"code":"wrong_type","event":"chat","field":"text","message":"expected a string"}})");
}

TEST(SocketioWelcome, says_who_one_is_and_where_one_plays) {
  protocol::Welcome welcome{.name = "ada"};
  EXPECT_EQ(socketio::json_text(welcome_json(welcome)), R"({"name":"ada"})");
  welcome.match = {.id = "m", .kind = "field", .player = PlayerId{3}, .tick = 9, .tick_hz = 60, .snapshot_hz = 30};
  EXPECT_EQ(socketio::json_text(welcome_json(welcome)),
            R"({"name":"ada","match":"m","kind":"field","player":3,"tick":9,"tick_hz":60,"snapshot_hz":30})");
}

TEST_F(SocketioFormTest, an_event_to_many_is_made_once_for_all_of_them) {
  std::vector<std::unique_ptr<SocketioVisitor>> members;
  for (int i = 0; i < 64; ++i) members.push_back(joined(fmt::format("m{}", i)));
  const std::uint64_t before = core_.stats().events_encoded;
  of("/").everyone().emit(field::chat("gg"));
  run();
  for (const auto& member : members) EXPECT_THAT(member->heard(), ElementsAre(R"(2["chat",{"text":"gg"}])"));
  EXPECT_EQ(core_.stats().events_encoded - before, 2U) << "as bytes and as JSON";
}

TEST_F(SocketioFormTest, an_event_that_nobody_is_sent_as_json_is_not_made_so) {
  const auto event = core_.make_event({.name = "chat", .body = encode(field::chat("gg"))});
  const std::uint64_t before = core_.stats().events_encoded;
  const SocketioForm* form = event->socketio(core_);
  ASSERT_TRUE(form);
  EXPECT_EQ(core_.stats().events_encoded - before, 1U);
  EXPECT_EQ(event->socketio(core_), form);
  EXPECT_EQ(core_.stats().events_encoded - before, 1U);
}

}  // namespace netcode
