// What leaves a match whose audience holds: nothing that a client could learn of an interval, whatever kind of message
// would tell it, before the interval is released; then all of it, in order.
#include "server/match_audience.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spdlog/spdlog.h>

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "core_fixture.hpp"
#include "field.hpp"
#include "netcode/limits.hpp"
#include "netcode/server.hpp"
#include "protocol/requests.hpp"
#include "server/session_core.hpp"

using namespace std::chrono_literals;
using namespace netcode;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace {

/// A client that writes down every message, in words.
class Tap final : public transport::ConnectionHandler {
 public:
  ~Tap() override {
    if (connection) connection->detach();
  }
  void on_message(transport::MessageKind, BytesView bytes) override {
    const auto message = protocol::decode(buffer_.copy(bytes));
    ASSERT_TRUE(message) << message.error().reason;
    if (const auto* got = std::get_if<protocol::Welcome>(&*message)) {
      welcome = *got;
      heard.push_back("welcome received=" + std::to_string(got->received));
    }
    if (const auto* got = std::get_if<protocol::SnapshotView>(&*message)) {
      heads.push_back(got->head);
      heard.push_back("snapshot " + std::to_string(got->head.tick));
    }
    if (const auto* got = std::get_if<protocol::EventMessage>(&*message)) {
      heard.push_back("event " + std::string(got->name) + (got->sequence == 0 ? ", volatile" : ""));
      ticks.push_back(got->tick);
    }
    if (const auto* got = std::get_if<protocol::AckMessage>(&*message))
      heard.push_back("ack " + std::to_string(got->id) + (got->error ? ": " + std::string(*got->error) : ""));
    if (const auto* got = std::get_if<protocol::Received>(&*message))
      heard.push_back("received " + std::to_string(got->received));
  }
  void on_writable() override {}
  void on_closed(const transport::CloseInfo&) override {}

  void send(Bytes message) const {
    connection->write({transport::OutgoingMessage{.head = std::move(message), .body = nullptr, .body_offset = 0}});
  }

  std::shared_ptr<transport::Connection> connection;
  std::optional<protocol::Welcome> welcome;
  std::vector<std::string> heard;
  std::vector<protocol::SnapshotHead> heads;
  std::vector<Tick> ticks;  // of events

 private:
  protocol::AlignedBuffer buffer_;
};

template <class T>
Bytes event(const std::string& name, const T& table, std::uint32_t sequence, std::uint32_t ack) {
  const Bytes body = encode(table);
  return protocol::encode(protocol::EventMessage{.sequence = sequence, .name = name, .ack = ack, .body = body});
}

class Audience : public CoreTest {
 public:
  /// What on_ask does, by the program itself: no client's answer is under way that the rest would wait behind.
  void do_by_timer(const std::string& question) {
    match().call_after(
        1ms, [this, question] { on_ask(core_.shards()[0]->session(tap_.welcome->session)->api(), question); });
  }

 protected:
  explicit Audience(Fields options = {{"numbered", "1"}}) {
    spdlog::set_level(spdlog::level::warn);
    core_.define("field", rules_type<field::Rules>(), {.spectators_max = 64, .options = std::move(options)});
    Namespace& root = core_.space("/").api();
    root.on<field::Ask>([this](Session& session, const field::Ask& ask, Ack ack) {
      on_ask(session, ask.question() ? ask.question()->str() : "");
      ack(field::AnswerT());
    });
    start();
    visit(tap_, "/match/m?name=ada");
    EXPECT_TRUE(tap_.welcome);
  }
  void visit(Tap& tap, const std::string& target) {
    connect(tap, target);
    loop_.run_for(100ms);
  }
  LiveMatch& match() { return *core_.shards()[0]->match("m"); }
  MatchAudience& audience() { return match().audience(); }
  /// From here on everything is held, and what was said before has arrived.
  void hold() {
    gate_ = audience().hold();
    loop_.run_for(100ms);
    gate_->release(audience().interval() - 1);
    loop_.run_for(5ms);
    tap_.heard.clear();
    tap_.heads.clear();
    tap_.ticks.clear();
  }
  void ask(const std::string& question, std::uint32_t ack = 7) {
    field::AskT table;
    table.question = question;
    tap_.send(event("ask", table, 0, ack));
  }
  /// A handler of the server's, which may have looked at the match.
  void on_ask(Session& session, const std::string& question) {
    const auto chat = field::chat("tick " + std::to_string(match().current_tick()));
    if (question == "emit") session.emit(chat);
    if (question == "volatile") session.emit_volatile(chat);
    if (question == "match") session.match()->everyone().emit(chat);
    if (question == "with ack") session.emit(chat, [](const auto&) {});
    if (question == "end") match().request_end("because");
  }

  std::shared_ptr<ReleaseGate> gate_;
  Tap tap_;
};

/// Something that makes the server say something, and how that begins.
struct Way {
  std::string name;
  std::function<void(Audience&, Tap&, const std::function<void(const std::string&)>& ask)> act;
  std::string says;
  friend void PrintTo(const Way& way, std::ostream* out) { *out << way.name; }
};

class EveryWay : public Audience, public ::testing::WithParamInterface<Way> {
 public:
  EveryWay() : Audience(GetParam().name == "rules" ? Fields{{"numbered", "1"}} : Fields{}) {}
};

std::vector<Way> ways() {
  using Ask = std::function<void(const std::string&)>;
  const auto vote = [](std::uint32_t weight, std::uint32_t sequence, std::uint32_t ack) {
    field::VoteT table;
    table.weight = weight;
    return event("vote", table, sequence, ack);
  };
  return {
      {"rules", [](Audience&, Tap&, const Ask&) {}, "event numbered"},
      {"snapshot", [](Audience&, Tap&, const Ask&) {}, "snapshot "},
      {"input_taken", [=](Audience&, Tap& tap, const Ask&) { tap.send(vote(3, 0, 5)); }, "ack 5"},
      {"input_refused", [=](Audience&, Tap& tap, const Ask&) { tap.send(vote(field::kRefusedWeight, 0, 5)); },
       "ack 5: a vote of 1000000 is too much"},
      {"received",
       [=](Audience&, Tap& tap, const Ask&) {
         for (std::uint32_t i = 1; i <= 40; ++i) tap.send(vote(1, i, 0));
       },
       "snapshot "},
      {"handlers_answer", [](Audience&, Tap&, const Ask& ask) { ask("nothing"); }, "ack 7"},
      {"handlers_emit", [](Audience&, Tap&, const Ask& ask) { ask("emit"); }, "event chat"},
      {"handlers_volatile", [](Audience&, Tap&, const Ask& ask) { ask("volatile"); }, "event chat, volatile"},
      {"handlers_emit_with_ack", [](Audience&, Tap&, const Ask& ask) { ask("with ack"); }, "event chat"},
      {"matchs_broadcast", [](Audience&, Tap&, const Ask& ask) { ask("match"); }, "event chat"},
      {"end", [](Audience&, Tap&, const Ask& ask) { ask("end"); }, "event scrim:ended"},
      {"timers_emit", [](Audience& audience, Tap&, const Ask&) { audience.do_by_timer("emit"); }, "event chat"},
      {"timers_volatile", [](Audience& audience, Tap&, const Ask&) { audience.do_by_timer("volatile"); },
       "event chat, volatile"},
      {"timers_emit_with_ack", [](Audience& audience, Tap&, const Ask&) { audience.do_by_timer("with ack"); },
       "event chat"},
      {"timers_broadcast", [](Audience& audience, Tap&, const Ask&) { audience.do_by_timer("match"); }, "event chat"},
      {"timers_end", [](Audience& audience, Tap&, const Ask&) { audience.do_by_timer("end"); }, "event scrim:ended"},
      {"request",
       [](Audience&, Tap& tap, const Ask&) {
         tap.send(protocol::encode(protocol::EventMessage{
             .name = protocol::kListEvent, .ack = 9, .body = protocol::encode_list_request({})}));
       },
       "ack 9"},
  };
}
INSTANTIATE_TEST_SUITE_P(Of, EveryWay, ::testing::ValuesIn(ways()), [](const auto& way) { return way.param.name; });

}  // namespace

TEST_P(EveryWay, out_of_an_interval_waits_for_its_release) {
  hold();
  GetParam().act(*this, tap_, [this](const std::string& question) { ask(question); });
  loop_.run_for(300ms);
  EXPECT_THAT(tap_.heard, IsEmpty()) << "it left before its interval was released";
  gate_->release(100);
  loop_.run_for(1s);
  EXPECT_THAT(tap_.heard, Contains(HasSubstr(GetParam().says)));
}

TEST_F(Audience, hears_of_each_interval_as_it_was_at_its_end) {
  hold();
  std::vector<std::uint64_t> ended;
  for (int i = 0; i < 5; ++i) {
    field::MoveT move;
    move.dx = 1;
    const Bytes body = encode(move);
    tap_.send(protocol::encode(protocol::ActionView{.sequence = static_cast<std::uint32_t>(i + 1), .body = body}));
    tap_.send(event("vote", field::VoteT(), static_cast<std::uint32_t>(i + 1), 0));
    const auto interval = audience().interval();
    ASSERT_TRUE(loop_.run_until([&] { return audience().interval() != interval; }, 1s));
    ended.push_back(interval);
  }
  EXPECT_THAT(tap_.heard, IsEmpty());
  std::uint32_t taken = 0;
  for (const std::uint64_t interval : ended) {
    tap_.heads.clear();
    tap_.ticks.clear();
    gate_->release(interval);
    loop_.run_for(5ms);
    ASSERT_EQ(tap_.heads.size(), 1U) << "the frame of this interval and of no other";
    const protocol::SnapshotHead& head = tap_.heads[0];
    for (const Tick tick : tap_.ticks) EXPECT_LE(tick, head.tick);
    EXPECT_LE(head.action_tick, head.tick);
    EXPECT_GE(head.action_sequence, taken);
    EXPECT_LE(head.received, head.action_sequence) << "what was handled later is not said yet";
    taken = head.action_sequence;
  }
  EXPECT_GE(taken, 4U);
}

TEST_F(Audience, is_not_told_by_a_welcome_either_what_was_handled_in_a_held_interval) {
  hold();
  for (std::uint32_t i = 1; i <= 3; ++i) tap_.send(event("vote", field::VoteT(), i, 0));
  loop_.run_for(50ms);
  Tap second;
  visit(second, "/match/m?resume=1&link=1&token=" + tap_.welcome->token);
  ASSERT_TRUE(second.welcome);
  EXPECT_EQ(second.welcome->received, 0U);
}

TEST_F(Audience, that_leaves_gets_what_it_was_to_hear_when_that_is_released) {
  hold();
  tap_.send(event("vote", field::VoteT(), 0, 4));
  loop_.run_for(50ms);
  tap_.send(protocol::encode(protocol::EventMessage{.name = protocol::kLeaveEvent, .ack = 9, .body = {}}));
  loop_.run_for(50ms);
  EXPECT_THAT(tap_.heard, IsEmpty()) << "nor does what comes after it";
  gate_->release(audience().interval());
  loop_.run_for(50ms);
  std::vector<std::string> acks;
  for (const std::string& line : tap_.heard)
    if (line.starts_with("ack")) acks.push_back(line);
  EXPECT_THAT(acks, ElementsAre("ack 4", "ack 9"));
}

TEST_F(Audience, that_nobody_holds_any_more_hears_everything) {
  hold();
  tap_.send(event("vote", field::VoteT(), 0, 4));
  loop_.run_for(100ms);
  EXPECT_THAT(tap_.heard, IsEmpty());
  gate_.reset();
  loop_.run_for(100ms);
  EXPECT_THAT(tap_.heard, Contains("ack 4"));
  EXPECT_EQ(audience().open_interval(), nullptr);
}

TEST_F(Audience, that_nobody_releases_goes_out_oldest_first_when_too_much_is_held) {
  hold();
  loop_.run_for(std::chrono::seconds(limits::kIntervalsHeldMax / 30 + 2));
  EXPECT_FALSE(tap_.heads.empty()) << "a match goes on, whatever it waits for";
  EXPECT_LT(tap_.heads.back().tick, match().current_tick() - 60);
}

TEST_F(Audience, of_64_has_an_event_encoded_once) {
  std::vector<Tap> others(63);
  for (std::size_t i = 0; i < others.size(); ++i) visit(others[i], "/match/m?spectate=1&name=w" + std::to_string(i));
  const auto before = core_.stats().events_encoded;
  const Tick tick = match().current_tick();
  ASSERT_TRUE(loop_.run_until([&] { return match().current_tick() == tick + 60; }, 2s));
  EXPECT_EQ(core_.stats().events_encoded - before, 60U) << "one of the rules' at each tick, for all";
  loop_.run_for(5ms);
  EXPECT_EQ(others[62].ticks.back(), tap_.ticks.back());
}

class HiddenDots : public Audience {
 public:
  HiddenDots() : Audience({{"hidden", "1"}, {"keeps", "1"}}) {}
};

TEST_F(HiddenDots, stay_shown_where_the_rules_keep_what_was_shown_before) {
  Tap bob, eve;
  visit(bob, "/match/m?name=bob");
  Bytes scratch;
  const auto seen_by = [&](const Tap& tap) {
    const BytesView world = audience().seen_by(tap.welcome->match->player, scratch);
    return flatbuffers::GetRoot<field::World>(world.data())->dots()->size();
  };
  EXPECT_EQ(seen_by(bob), 2U) << "nobody has voted";
  field::VoteT vote;
  vote.weight = 1;
  tap_.send(event("vote", vote, 0, 0));
  loop_.run_for(100ms);
  visit(eve, "/match/m?name=eve");
  ASSERT_EQ(eve.welcome->match->player, PlayerId{3});
  EXPECT_EQ(seen_by(bob), 2U) << "ada's was shown before, eve's was not";
  EXPECT_EQ(seen_by(eve), 2U) << "bob's and her own: she was shown nothing before";
}
