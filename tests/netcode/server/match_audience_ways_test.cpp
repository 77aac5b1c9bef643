// What leaves a match whose audience holds: nothing that a client could learn of an interval, whatever would tell it,
// before the interval is released.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "audience_fixture.hpp"
#include "netcode/limits.hpp"

using namespace std::chrono_literals;

namespace netcode {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

/// Something that makes the server say something to ada, and how that begins.
struct Way {
  std::string name;
  std::function<void(Audience&)> act;
  std::string says;
  AudienceSetup setup{};
  std::function<void(Audience&)> before = [](Audience&) {};  // it is held
  friend void PrintTo(const Way& way, std::ostream* out) { *out << way.name; }
};

class EveryWay : public Audience, public ::testing::WithParamInterface<Way> {
 public:
  EveryWay() : Audience(GetParam().setup) {}
};

std::string instance(const ::testing::TestParamInfo<Way>& way) { return way.param.name; }

void nothing(Audience&) {}
std::function<void(Audience&)> ask(const std::string& question, const std::string& space = "/") {
  return [=](Audience& audience) { audience.ask(question, space); };
}
std::function<void(Audience&)> timer(const std::string& question) {
  return [=](Audience& audience) { audience.do_by_timer(question); };
}
std::function<void(Audience&)> send(Bytes message) {
  return [message = std::move(message)](Audience& audience) { audience.tap.send(message); };
}
std::function<void(Audience&)> bob_comes() {
  return [](Audience& audience) { audience.visit(audience.other, "/match/m?name=bob"); };
}

std::vector<Way> of_the_match() {
  return {
      {"rules", nothing, "event numbered", {.options = {{"numbered", "1"}}}},
      {"snapshot", nothing, "snapshot "},
      {"input_taken", send(vote(3, 0, 5)), "ack 5"},
      {"input_refused", send(vote(field::kRefusedWeight, 0, 5)), "ack 5: a vote of 1000000 is too much"},
      {"action_refused", send(action_far_ahead(1)), "ack 0: an action for tick 4000000000, but the match is at "},
      {"received",
       [](Audience& audience) {
         for (std::uint32_t i = 1; i <= 40; ++i) audience.tap.send(vote(1, i, 0));
       },
       "snapshot "},
      {"a_player_joins", bob_comes(), "event chat: bob", {.options = {{"greet", "1"}}}},
      {"a_bot_joins",
       [](Audience& audience) { audience.other.send(request(protocol::kLeaveEvent)); },
       "event chat: bot ",
       {.options = {{"greet", "1"}}, .bots = 2},
       bob_comes()},
      {"end", ask("end"), "event scrim:ended"},
      {"timers_end", timer("end"), "event scrim:ended"},
      {"request", send(request(protocol::kListEvent, protocol::encode_list_request({}))), "ack 9"},
  };
}
INSTANTIATE_TEST_SUITE_P(OfTheMatch, EveryWay, ::testing::ValuesIn(of_the_match()), instance);

std::vector<Way> of_handlers() {
  return {
      {"answer", ask("nothing"), "ack 7"},
      {"answer_in_a_namespace", ask("nothing", "/team"), "ack 7"},
      {"emit", ask("emit"), "event chat: tick "},
      {"emit_in_a_namespace", ask("emit in a namespace"), "event chat: tick "},
      {"volatile", ask("volatile"), "event chat, volatile: tick "},
      {"emit_with_ack", ask("with ack"), "event chat: tick "},
      {"broadcast", ask("match"), "event chat: tick "},
      {"left_namespace", ask("leave space"), "event scrim:left_namespace"},
      {"timers_emit", timer("emit"), "event chat: tick "},
      {"timers_emit_in_a_namespace", timer("emit in a namespace"), "event chat: tick "},
      {"timers_volatile", timer("volatile"), "event chat, volatile: tick "},
      {"timers_emit_with_ack", timer("with ack"), "event chat: tick "},
      {"timers_broadcast", timer("match"), "event chat: tick "},
      {"timers_emit_to_the_player", timer("player"), "event chat: tick "},
      {"timers_emit_to_a_room", timer("room"), "event chat: tick "},
      {"timers_emit_to_everyone", timer("everyone"), "event chat: tick "},
      {"timers_left_namespace", timer("leave space"), "event scrim:left_namespace"},
      {"handles_emit", timer("handle"), "event chat: tick "},
      {"handles_post", timer("post"), "event chat: tick "},
  };
}
INSTANTIATE_TEST_SUITE_P(OfHandlers, EveryWay, ::testing::ValuesIn(of_handlers()), instance);

std::vector<Way> of_leaving() {
  const auto left = [](const std::string& question) {
    return [=](Audience& audience) {
      audience.in_left = question;
      audience.tap.send(request(protocol::kLeaveEvent));
    };
  };
  const auto ended = [](const std::string& question) {
    return [=](Audience& audience) {
      audience.in_ended = question;
      audience.do_by_timer("end");
    };
  };
  return {
      {"closed_by_a_handler", ask("close"), "closed 4002: tick "},
      {"closed_by_a_timer", timer("close"), "closed 4002: tick "},
      {"kicked", timer("kick"), "closed 4002: tick "},
      {"refused_too_often",
       [](Audience& audience) {
         for (std::uint32_t i = 0; i <= limits::kRefusalsMax; ++i) audience.tap.send(action_far_ahead(i + 1));
       },
       "closed 1008: refused too often, at last: an action for tick 4000000000, but the match is at "},
      {"left_hooks_emit", left("emit"), "event chat: tick "},
      {"left_hooks_volatile", left("volatile"), "event chat, volatile: tick "},
      {"left_hooks_close", left("close"), "closed 4002: tick "},
      {"ended_hooks_emit", ended("emit"), "event chat: tick "},
      {"ended_hooks_volatile", ended("volatile"), "event chat, volatile: tick "},
      {"ended_hooks_close", ended("close"), "closed 4002: tick "},
  };
}
INSTANTIATE_TEST_SUITE_P(OfLeaving, EveryWay, ::testing::ValuesIn(of_leaving()), instance);

/// Who comes hears nothing but what its hooks say.
class AudienceOfHooks : public Audience, public ::testing::WithParamInterface<Way> {
 public:
  AudienceOfHooks() : Audience(AudienceSetup()) {}
};
INSTANTIATE_TEST_SUITE_P(Ways, AudienceOfHooks,
                         ::testing::Values(Way{"emit", nothing, "event chat: tick "},
                                           Way{"close", nothing, "closed 4002: tick "}),
                         instance);

class QuietAudience : public Audience {
 public:
  QuietAudience() : Audience(AudienceSetup()) {}
};

}  // namespace

TEST_P(EveryWay, out_of_an_interval_waits_for_its_release) {
  GetParam().before(*this);
  hold();
  GetParam().act(*this);
  loop_.run_for(300ms);
  EXPECT_THAT(tap.heard, IsEmpty()) << "it left before its interval was released";
  EXPECT_THAT(other.heard, Each(StartsWith("welcome")));
  gate->release(100);
  loop_.run_for(1s);
  EXPECT_THAT(tap.heard, Contains(HasSubstr(GetParam().says)));
}

TEST_P(AudienceOfHooks, holds_what_they_say_to_one_who_joins) {
  hold();
  in_joined = GetParam().name;
  visit(other, "/match/m?name=bob");
  loop_.run_for(200ms);
  EXPECT_THAT(other.heard, ElementsAre("welcome"));
  gate->release(100);
  loop_.run_for(1s);
  EXPECT_THAT(other.heard, Contains(HasSubstr(GetParam().says)));
}

// What holds it is not its question, which is in an interval that is released by then.
TEST_F(QuietAudience, holds_an_answer_that_is_given_in_a_later_interval_than_it_was_asked_for_in) {
  hold();
  ask("later");
  ASSERT_TRUE(loop_.run_until([&] { return unanswered.is_wanted(); }, 100ms));
  const auto asked = audience().interval();
  ASSERT_TRUE(loop_.run_until([&] { return audience().interval() != asked; }, 1s));
  gate->release(asked);
  loop_.run_for(5ms);
  tap.forget();
  unanswered(field::AnswerT());
  loop_.run_for(200ms);
  EXPECT_THAT(tap.heard, IsEmpty());
  gate->release(100);
  loop_.run_for(1s);
  EXPECT_THAT(tap.heard, Contains("ack 7"));
}

// It counts as one of the match until the interval in which it left is released, wherever it is by then.
TEST_F(QuietAudience, holds_what_is_said_to_one_who_has_gone_on_to_another_match) {
  loop_.run_for(1s);  // what was said before is acknowledged
  hold();
  visit(other, "/match/n?token=" + tap.welcome->token);
  ASSERT_TRUE(other.welcome && other.welcome->match);
  EXPECT_EQ(other.welcome->match->id, "n");
  do_by_timer("emit");
  loop_.run_for(200ms);
  EXPECT_THAT(other.heard, Not(Contains(StartsWith("event chat: tick "))));
  gate->release(100);
  loop_.run_for(1s);
  EXPECT_THAT(other.heard, Contains(StartsWith("event chat: tick ")));
}

TEST_F(QuietAudience, holds_what_is_volatile_from_one_who_has_gone_on_to_another_match) {
  loop_.run_for(1s);
  hold();
  visit(other, "/match/n?token=" + tap.welcome->token);
  do_by_timer("volatile");
  loop_.run_for(200ms);
  EXPECT_THAT(other.heard, Not(Contains(StartsWith("event chat, volatile: "))));
  gate->release(100);
  do_by_timer("volatile");
  loop_.run_for(200ms);
  EXPECT_THAT(other.heard, Contains(StartsWith("event chat, volatile: ")));
}

// Whichever of the two is released first, it may tell of the other.
TEST_F(QuietAudience, shows_nothing_that_is_volatile_to_one_whom_two_matches_hold) {
  loop_.run_for(1s);
  hold();
  visit(other, "/match/n?token=" + tap.welcome->token);
  const auto other_gate = core_.shards()[0]->match("n")->audience().hold();
  loop_.run_for(100ms);
  do_by_timer("volatile");
  loop_.run_for(100ms);
  other_gate->release(100);
  loop_.run_for(200ms);
  EXPECT_THAT(other.heard, Not(Contains(StartsWith("event chat, volatile: "))));
  gate->release(100);
  loop_.run_for(200ms);
  EXPECT_THAT(other.heard, Not(Contains(StartsWith("event chat, volatile: "))));
}

TEST_F(QuietAudience, holds_what_hooks_say_to_one_who_leaves_for_another_match) {
  loop_.run_for(1s);
  hold();
  in_left = "emit";
  visit(other, "/match/n?token=" + tap.welcome->token);
  loop_.run_for(200ms);
  EXPECT_THAT(other.heard, Not(Contains(StartsWith("event chat: tick "))));
  gate->release(100);
  loop_.run_for(1s);
  EXPECT_THAT(other.heard, Contains(StartsWith("event chat: tick ")));
}

TEST_F(QuietAudience, holds_what_is_said_to_one_who_has_gone_on_twice) {
  Tap third;
  loop_.run_for(1s);
  hold();
  visit(other, "/match/n?token=" + tap.welcome->token);
  loop_.run_for(200ms);
  visit(third, "/?token=" + tap.welcome->token);
  loop_.run_for(200ms);
  do_by_timer("emit");
  do_by_timer("volatile");
  loop_.run_for(200ms);
  EXPECT_THAT(third.heard, ElementsAre("welcome"));
  gate->release(100);
  loop_.run_for(1s);
  EXPECT_THAT(third.heard, Contains(StartsWith("event chat: tick ")));
  EXPECT_THAT(third.heard, Contains(StartsWith("event chat, volatile: ")));
}

// A move is asked for at the door, by no message that what is said later would wait behind.
TEST_F(QuietAudience, holds_what_hooks_say_to_one_who_leaves_for_the_lobby) {
  loop_.run_for(1s);  // what was said before is acknowledged
  hold();
  in_left = "emit";
  visit(other, "/?token=" + tap.welcome->token);
  loop_.run_for(200ms);
  EXPECT_THAT(other.heard, ElementsAre("welcome"));
  EXPECT_THAT(tap.heard, Each(StartsWith("closed 4001: this session goes on over a newer connection")));
  gate->release(100);
  loop_.run_for(1s);
  EXPECT_THAT(other.heard, Contains(StartsWith("event chat: tick ")));
}

}  // namespace netcode
