// What leaves a match whose audience holds, to a client of Socket.IO: nothing of an interval before it is released.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "audience_fixture.hpp"
#include "netcode/json.hpp"
#include "socketio_fixture.hpp"

using namespace std::chrono_literals;

namespace netcode {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class JsonAudience;

struct JsonWay {
  std::string name;
  std::string packet;  // that eve sends; empty: none
  std::string says;    // what comes of it, once it may
  AudienceSetup setup{};
  friend void PrintTo(const JsonWay& way, std::ostream* out) { *out << way.name; }
};

/// Of "m" with eve in it too, who plays over Socket.IO.
class JsonAudience : public Audience, public ::testing::WithParamInterface<JsonWay> {
 public:
  JsonAudience() : Audience(GetParam().setup), eve(core_, {{"name", "eve"}}) {
    Namespace& root = core_.space("/").api();
    root.on_json("look", [this](Session& session, const JsonArguments& what, JsonAck ack) {
      const std::string question(what.values.at(0).as_string());
      const JsonArguments seen{fmt::format("tick {}", match().current_tick()), 0};
      if (question == "answer") ack(seen);
      if (question == "fail") ack.fail(fmt::format("tick {}", match().current_tick()));
      if (question == "emit") session.emit_json("seen", seen);
      if (question == "volatile") session.emit_json_volatile("seen", seen);
      if (question == "with ack") session.emit_json("seen", seen, [](const auto&) {});
      if (question == "everyone") core_.space("/").api().everyone().emit_json("seen", seen);
      if (question == "ask all") core_.space("/").api().everyone().emit_json("seen", seen, 1s, [](auto, auto) {});
      if (question == "close") session.close(fmt::format("tick {}", match().current_tick()));
    });
    root.use_json([this](Session&, std::string_view name, const JsonArguments&, JsonAck) {
      if (name != "never") return engine::Result<void>();
      return engine::Result<void>(engine::error("at tick {}", match().current_tick()));
    });
    eve.say("0");
    loop_.run_for(100ms);
    eve.say("0/team,");
    eve.say(R"(21["join",{"match":"m"}])");
    loop_.run_for(300ms);
    EXPECT_THAT(eve.heard(), Contains(HasSubstr(R"("match":"m")")));
    EXPECT_THAT(eve.snapshots(), Not(IsEmpty()));
  }
  /// In words.
  std::vector<std::string> heard() {
    std::vector<std::string> all = eve.heard();
    for (const auto& snapshot : eve.snapshots()) all.push_back("snapshot " + snapshot.head);
    if (eve.socket->is_closed) all.emplace_back("closed");
    return all;
  }

  SocketioVisitor eve;
};

std::string way_name(const ::testing::TestParamInfo<JsonWay>& way) { return way.param.name; }

std::string ask_packet(const std::string& question) { return R"(27["ask",{"question":")" + question + "\"}]"; }
std::string look_packet(const std::string& what) { return R"(27["look",")" + what + "\"]"; }

std::vector<JsonWay> of_tables() {
  return {
      {"rules", "", R"(2["numbered",)", {.options = {{"numbered", "1"}}}},
      {"snapshot", "", "snapshot "},
      {"input_taken", R"(25["vote",{"weight":3}])", "35["},
      {"input_refused", R"(25["vote",{"weight":1000000}])", "35[{\"error\":"},
      {"action_refused", R"(2["action",{},{"tick":4000000000,"sequence":1}])", "the match is at "},
      {"action_refused_with_ack", R"(25["action",{},{"tick":4000000000,"sequence":1}])", "the match is at "},
      {"answer", ask_packet("nothing"), "37["},
      {"emit", ask_packet("emit"), R"(2["chat",{"text":"tick )"},
      {"emit_in_a_namespace", ask_packet("emit in a namespace"), R"(2/team,["chat",{"text":"tick )"},
      {"volatile", ask_packet("volatile"), R"(2["chat",{"text":"tick )"},
      {"with_ack", ask_packet("with ack"), R"(["chat",{"text":"tick )"},
      {"broadcast", ask_packet("match"), R"(2["chat",{"text":"tick )"},
      {"to_the_player", ask_packet("player"), R"(2["chat",{"text":"tick )"},
      {"to_a_room", ask_packet("room"), R"(2["chat",{"text":"tick )"},
      {"to_everyone", ask_packet("everyone"), R"(2["chat",{"text":"tick )"},
      {"end", ask_packet("end"), R"(2["ended",{"match":"m")"},
      {"list", R"(29["list"])", "39["},
      {"leave_space", ask_packet("leave space"), "1/team,"},
      {"close", ask_packet("close"), "closed"},
      {"kick", ask_packet("kick"), "closed"},
  };
}
INSTANTIATE_TEST_SUITE_P(OfTables, JsonAudience, ::testing::ValuesIn(of_tables()), way_name);

std::vector<JsonWay> of_json() {
  return {
      {"look_answer", look_packet("answer"), R"(37["tick )"},
      {"look_fail", look_packet("fail"), "tick "},
      {"look_emit", look_packet("emit"), R"(2["seen","tick )"},
      {"look_volatile", look_packet("volatile"), R"(2["seen","tick )"},
      {"look_with_ack", look_packet("with ack"), R"(["seen","tick )"},
      {"look_everyone", look_packet("everyone"), R"(2["seen","tick )"},
      {"look_ask_all", look_packet("ask all"), R"(["seen","tick )"},
      {"look_close", look_packet("close"), "closed"},
      {"middleware_refuses", R"(27["never"])", "at tick "},
  };
}
INSTANTIATE_TEST_SUITE_P(OfJson, JsonAudience, ::testing::ValuesIn(of_json()), way_name);

}  // namespace

TEST_P(JsonAudience, is_told_nothing_of_an_interval_before_its_release) {
  hold();
  heard();
  if (!GetParam().packet.empty()) eve.say(GetParam().packet);
  loop_.run_for(300ms);
  EXPECT_THAT(heard(), IsEmpty()) << "it left before its interval was released";
  gate->release(100);
  loop_.run_for(1s);
  EXPECT_THAT(heard(), Contains(HasSubstr(GetParam().says)));
}

}  // namespace netcode
