// What the program's own side gives is checked where it is given: an error at the call that names the field.
// Tests also: kind.cpp, shard.cpp.
#include "games/counter.hpp"
#include "netcode/bot.hpp"
#include "rival_bfbs_generated.h"
#include "rival_generated.h"
#include "server_fixture.hpp"

using namespace field;

namespace {

class Rival : public netcode::ObjectRules<rival::World, rival::Move, rival::WorldBinarySchema> {
 public:
  void join(netcode::Context&, const netcode::Player&) override {}
  void leave(netcode::Context&, netcode::PlayerId) override {}
  void act(netcode::Context&, netcode::PlayerId, const rival::Move&) override {}
  void tick(netcode::Context&) override {}
};

struct Mute : netcode::Bot {
  std::optional<netcode::Bytes> act(netcode::BytesView, netcode::PlayerId, netcode::Tick) override {
    return std::nullopt;
  }
};

class OwnSide : public ServerTest {
 protected:
  std::string refused(const std::string& id, const netcode::MatchOptions& options) {
    const auto opened = server().open("field", id, options);
    return opened ? "" : opened.error().reason;
  }
  template <class F>
  static std::string thrown_by(F work) {
    try {
      work();
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  }
};
INSTANTIATE_ON(OwnSide, field::kOneShard, field::kThreeThreads);

}  // namespace

TEST_P(OwnSide, a_match_that_cannot_be_is_refused_where_it_is_opened) {
  start();
  EXPECT_EQ(refused("m", {.snapshot_hz = 0}), "open: match m: snapshot_hz divides tick_hz, and 0 does not divide 60");
  EXPECT_EQ(refused("m", {.tick_hz = 0}), "open: match m: tick_hz is 1 to 240");
  EXPECT_EQ(refused("m", {.tick_hz = 1000}), "open: match m: tick_hz is 1 to 240");
  EXPECT_EQ(refused("m", {.snapshot_hz = 50}), "open: match m: snapshot_hz divides tick_hz, and 50 does not divide 60");
  EXPECT_EQ(refused("m", {.players_max = 0}), "open: match m: players_max is 1 to 1024");
  EXPECT_EQ(refused("a b", {}), "open: id: 1 to 32 of A-Z a-z 0-9 _ and -, not 'a b'");
  EXPECT_EQ(refused("", {}), "open: id: 1 to 32 of A-Z a-z 0-9 _ and -, not ''");
  EXPECT_EQ(server().open("felid", "m").error().reason, "open: kind: none is called felid");
  EXPECT_EQ(refused("fine", {}), "");
  ASSERT_TRUE(until([&] { return server().list().size() == 1; }));
}

TEST_P(OwnSide, what_is_no_input_of_the_match_is_not_posted) {
  make();
  server().define<counter::Game>("counter");
  start();
  auto ada = joined("ada");
  EXPECT_EQ(server().match("m").post(chat("no input")).error().reason,
            "post: field.Chat is no event of a defined kind that is marked (input)");
  counter::ShoutT shout;
  shout.text = "hey";
  EXPECT_EQ(server().match("m").post(shout).error().reason,
            "post: match m is of kind field, whose schema has no counter.Shout");
  EXPECT_TRUE(server().match("elsewhere").post(shout)) << "only there it is seen that there is no such match";
  EXPECT_EQ(server().match("m").post(rival::ChatT()).error().reason,
            "post: rival.Chat is no event of a defined kind that is marked (input)");
}

TEST_P(OwnSide, a_result_that_is_cut_in_a_letter_ends_the_match_all_the_same) {
  make();
  start();
  auto ada = joined("ada");
  std::string ended;
  ada->on_ended([&](std::string_view result) { ended = result; });
  EXPECT_TRUE(server().match("m").end(std::string("gr\xc3\xbc\xc3\x9f").substr(0, 5)));
  ASSERT_TRUE(until([&] { return !ended.empty(); })) << ada->reason();
  EXPECT_EQ(ended, "gr\xc3\xbc\xef\xbf\xbd");
}

TEST_P(OwnSide, bots_are_named_as_players_are) {
  make();
  const auto with_name = [](const std::string& name) {
    return thrown_by([&] {
      netcode::Server(config()).define<Rules>("field").bots<Mute>({.fill_to = 2, .names = {"fine", name}});
    });
  };
  const std::string why = "kind field: bots.names[1] is no name: 1 to 32 bytes of UTF-8 that can be shown";
  EXPECT_EQ(with_name(""), why);
  EXPECT_EQ(with_name(std::string(33, 'n')), why);
  EXPECT_EQ(with_name("a\nb"), why);
  EXPECT_EQ(with_name("\xc3"), why);
  EXPECT_EQ(with_name("also fine"), "");
}

TEST_P(OwnSide, one_name_of_an_event_means_one_table_on_the_whole_server) {
  make();
  EXPECT_EQ(thrown_by([&] { server().define<Rival>("rival"); }),
            "kind rival: event \"chat\" is rival.Chat, and in kind field it is field.Chat");
  EXPECT_EQ(thrown_by([&] { server().define<Rules>("again"); }), "") << "the same game may have several kinds";
}

TEST_P(OwnSide, a_kind_is_defined_before_the_start) {
  start();
  EXPECT_EQ(thrown_by([&] { server().define<Rules>("late"); }), "kind late: defined after run()");
}

TEST_P(OwnSide, a_match_whose_rules_end_at_once_is_made_anew_ever_more_slowly) {
  make(config(), {.options = {{"end_at", "1"}}});
  ASSERT_TRUE(server().open("field", "m"));
  start();
  bench_->run_for(10s);
  EXPECT_LE(server().stats().matches, 8U);
  EXPECT_EQ(refusal("ada", "m"), "match m keeps ending at once: it is made anew after a pause");
  bench_->run_for(5min);
  EXPECT_LE(server().stats().matches, 16U);
  EXPECT_GE(server().stats().matches, 10U);
}
