// Whom the rules' events reach: everyone, players, who is shown something; and when.
#include "netcode/recipients.hpp"

#include <gmock/gmock.h>

#include <map>
#include <string>
#include <vector>

#include "recorded_bench.hpp"

using namespace field;
using netcode::PlayerId;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace {

/// What the server posts as a Gust says whom a Chat with the same text goes to.
class Telling : public Rules {
 public:
  engine::Result<void> event(netcode::Context& ctx, PlayerId from, const netcode::EventView& event) override {
    const auto* gust = event.as<Gust>();
    if (!gust) return Rules::event(ctx, from, event);
    tell(ctx, gust->text()->str());
    return {};
  }

 private:
  void tell(netcode::Context& ctx, const std::string& whom) {
    const ChatT said = chat(whom);
    if (whom == "everyone") ctx.emit(said);
    if (whom == "volatile") ctx.everyone().as_volatile().emit(said);
    if (whom == "bob") ctx.to(PlayerId{2}).emit(said);
    if (whom == "eve and ada") ctx.to(std::vector<PlayerId>{{3}, {1}}).emit(said);
    if (whom == "nobody") ctx.to(netcode::kNoPlayer).emit(said);
    if (whom == "viewers of 1") ctx.to_viewers_of({"dots", 1}).emit(said);
    if (whom == "viewers of 2") ctx.to_viewers_of({"dots", 2}).emit(said);
    if (whom == "viewers of 1 or 3") ctx.to_viewers_of({{"dots", 1}, {"dots", 3}}).emit(said);
    if (whom == "viewers of 99 or 3") ctx.to_viewers_of({{"dots", 99}, {"dots", 3}}).emit(said);
    if (whom == "viewers of 99") ctx.to_viewers_of({"dots", 99}).emit(said);
    if (whom == "viewers of nothing") ctx.to_viewers_of({"no such vector", 2}).emit(said);
    if (whom == "in order") {
      ctx.to_viewers_of({"dots", 2}).emit(chat("first"));
      ctx.emit(chat("second"));
      ctx.to_viewers_of({"dots", 1}).emit(chat("third"));
    }
    if (whom == "what goes") {
      ctx.to_viewers_of({"dots", 3}).emit(said);
      std::erase_if(state.dots, [](const Dot& dot) { return dot.id() == 3; });
    }
    if (whom == "what comes") {
      state.dots.emplace_back(8, 0, 0);
      ctx.to_viewers_of({"dots", 8}).emit(said);
    }
  }
};

class RecipientsTest : public RecordedTest {
 protected:
  using Heard = std::vector<std::string>;
  ~RecipientsTest() override { clients_.clear(); }  // before their bench

  /// ada, bob and eve have the seats 1, 2 and 3, and are shown their own dot and those of even ids; sam watches.
  void make(netcode::MatchOptions options = {.options = {{"hidden", "1"}}}) {
    bench_ = std::make_unique<netcode::testing::TestBench>(recorded(), bench_options());
    server().define<Telling>("field", std::move(options));
    start();
    for (const std::string name : {"ada", "bob", "eve"}) join(name);
    join("sam", {.spectate = true});
    ASSERT_TRUE(until([&] { return clients_["ada"]->world() && clients_["sam"]->world(); }));
    ASSERT_EQ(clients_["eve"]->player(), PlayerId{3});
    bench_->run_for(100ms);
  }
  void join(const std::string& name, netcode::JoinOptions options = {}) {
    clients_[name] = joined(name, "m", std::move(options));
    clients_[name]->on<Chat>([this, name](const Chat& chat) { heard_[name].push_back(chat.text()->str()); });
  }
  void tell(const std::string& whom) {
    GustT gust;
    gust.text = whom;
    EXPECT_TRUE(server().match("m").post(gust));
  }
  /// Who hears of it.
  Heard hear(const std::string& whom) {
    heard_.clear();
    tell(whom);
    bench_->run_for(200ms);
    Heard out;
    for (const auto& [name, lines] : heard_) {
      EXPECT_EQ(lines, Heard{whom}) << name;
      out.push_back(name);
    }
    return out;
  }

  std::map<std::string, std::unique_ptr<FieldClient>> clients_;
  std::map<std::string, Heard> heard_;
};
INSTANTIATE_ON_SHARDS(RecipientsTest);

}  // namespace

TEST_P(RecipientsTest, are_everyone_or_those_who_are_named) {
  make();
  EXPECT_THAT(hear("everyone"), ElementsAre("ada", "bob", "eve", "sam"));
  EXPECT_THAT(hear("volatile"), ElementsAre("ada", "bob", "eve", "sam"));
  EXPECT_THAT(hear("bob"), ElementsAre("bob"));
  EXPECT_THAT(hear("eve and ada"), ElementsAre("ada", "eve"));
  EXPECT_THAT(hear("nobody"), IsEmpty());
}

TEST_P(RecipientsTest, are_the_players_who_are_shown_an_entity_and_who_watches) {
  make();
  EXPECT_THAT(hear("viewers of 1"), ElementsAre("ada", "sam"));
  EXPECT_THAT(hear("viewers of 2"), ElementsAre("ada", "bob", "eve", "sam"));
  EXPECT_THAT(hear("viewers of 1 or 3"), ElementsAre("ada", "eve", "sam"));
}

TEST_P(RecipientsTest, are_nobody_for_an_entity_that_is_not_there) {
  make();
  EXPECT_THAT(hear("viewers of 99"), ElementsAre("sam"));
  EXPECT_THAT(hear("viewers of nothing"), ElementsAre("sam"));
  EXPECT_THAT(hear("viewers of 99 or 3"), ElementsAre("eve", "sam"));
}

TEST_P(RecipientsTest, see_what_comes_or_goes_in_the_same_tick) {
  make();
  EXPECT_THAT(hear("what goes"), ElementsAre("eve", "sam")) << "who was shown it";
  EXPECT_THAT(hear("what comes"), ElementsAre("ada", "bob", "eve", "sam")) << "who will be";
}

TEST_P(RecipientsTest, are_everyone_where_the_rules_hide_nothing) {
  make({});
  EXPECT_THAT(hear("viewers of 1"), ElementsAre("ada", "bob", "eve", "sam"));
  EXPECT_THAT(hear("viewers of 99"), ElementsAre("ada", "bob", "eve", "sam"));
}

TEST_P(RecipientsTest, hear_everything_in_order) {
  make();
  tell("in order");
  bench_->run_for(200ms);
  EXPECT_THAT(heard_["ada"], ElementsAre("first", "second", "third"));
  EXPECT_THAT(heard_["bob"], ElementsAre("first", "second"));
  EXPECT_THAT(heard_["sam"], ElementsAre("first", "second", "third"));
}

TEST_P(RecipientsTest, that_come_later_are_not_told_what_waits_for_its_snapshot) {
  make({.snapshot_hz = 1, .options = {{"hidden", "1"}}});
  tell("viewers of 2");
  tell("everyone");
  bench_->run_for(100ms);
  EXPECT_THAT(heard_["ada"], IsEmpty()) << "there is one snapshot a second";
  join("zoe");
  bench_->run_for(2s);
  EXPECT_THAT(heard_["ada"], ElementsAre("viewers of 2", "everyone"));
  EXPECT_THAT(heard_["zoe"], IsEmpty());
}

TEST_P(RecipientsTest, that_leave_are_told_first_what_waits_and_nobody_else_is_yet) {
  make({.snapshot_hz = 1, .options = {{"hidden", "1"}}});
  for (const std::string whom : {"viewers of 2", "everyone", "what comes"}) tell(whom);
  bench_->run_for(100ms);
  EXPECT_THAT(heard_["ada"], IsEmpty());
  clients_["ada"]->leave();
  bench_->run_for(100ms);
  EXPECT_THAT(heard_["ada"], ElementsAre("viewers of 2", "everyone")) << "of what comes she was shown nothing";
  EXPECT_THAT(heard_["bob"], IsEmpty());
  bench_->run_for(2s);
  EXPECT_THAT(heard_["ada"], ElementsAre("viewers of 2", "everyone"));
  EXPECT_THAT(heard_["bob"], ElementsAre("viewers of 2", "everyone", "what comes"));
  EXPECT_THAT(heard_["sam"], ElementsAre("viewers of 2", "everyone", "what comes"));
}

TEST_P(RecipientsTest, are_told_what_waits_before_the_match_is_over) {
  make({.snapshot_hz = 1, .options = {{"hidden", "1"}}});
  std::vector<std::string>& heard = heard_["ada"];
  clients_["ada"]->on_ended([&heard](std::string_view result) { heard.emplace_back(result); });
  tell("viewers of 1");
  EXPECT_TRUE(server().match("m").end("over"));
  ASSERT_TRUE(until([&] { return heard.size() == 2; }));
  EXPECT_THAT(heard, ElementsAre("viewers of 1", "over"));
  EXPECT_THAT(heard_["bob"], IsEmpty());
}

TEST_P(RecipientsTest, are_told_what_waits_before_the_server_stops) {
  make({.snapshot_hz = 1, .options = {{"hidden", "1"}}});
  tell("viewers of 1");
  bench_->run_for(100ms);
  EXPECT_THAT(heard_["ada"], IsEmpty());
  bench_->stop();
  EXPECT_THAT(heard_["ada"], ElementsAre("viewers of 1"));
}

TEST_P(RecipientsTest, that_are_away_go_without_what_is_volatile) {
  make();
  bench_->refuse_connections(true);
  bench_->cut_all();
  bench_->run_for(50ms);
  tell("volatile");
  tell("everyone");
  bench_->run_for(200ms);
  bench_->refuse_connections(false);
  ASSERT_TRUE(until([&] { return !heard_["ada"].empty(); }, 20s));
  bench_->run_for(200ms);
  EXPECT_THAT(heard_["ada"], ElementsAre("everyone"));
}

TEST_P(RecipientsTest, are_recorded_and_compared) {
  make();
  for (const std::string whom : {"volatile", "bob", "eve and ada", "viewers of 1 or 3", "in order"}) tell(whom);
  bench_->run_for(500ms);
  const auto report = verify<Telling>(stopped());
  EXPECT_TRUE(report.ok) << report.reason << report.difference;
  EXPECT_GE(report.events_checked, 7U);
}
