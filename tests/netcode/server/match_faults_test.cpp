// What a game's own code gives and no client would take: kept back and named, and the match goes on.
#include <cmath>

#include "log_capture.hpp"
#include "netcode/limits.hpp"
#include "recorded_bench.hpp"
#include "server/server_core.hpp"

using namespace field;

namespace {

/// In the ticks from `from` to `to` it is as broken as `kind` says.
class Faulty : public field::Rules {
 public:
  enum class Kind { kNone, kNan, kTooLarge, kBadEvent, kLargeEvent, kBadResult };
  void tick(netcode::Context& ctx) override {
    const bool is_broken = ctx.tick() >= from && ctx.tick() < to;
    state.wind = is_broken && kind == Kind::kNan ? kNotFinite : 0;
    state.dots.resize(std::min<std::size_t>(state.dots.size(), 1));
    if (is_broken && kind == Kind::kTooLarge)
      for (std::uint32_t id = 1000; id < 201'000; ++id) state.dots.emplace_back(id, 0, 0);
    GustT gust;
    gust.strength = is_broken && kind == Kind::kBadEvent ? kNotFinite : 1;
    if (is_broken && kind == Kind::kLargeEvent) gust.text = std::string(netcode::limits::kEmittedBytesMax, 'x');
    ctx.emit(gust);
    if (is_broken && kind == Kind::kBadResult) ctx.end("over \xFF" + std::string(3000, 'x'));
  }
  static inline Kind kind = Kind::kNone;
  static inline netcode::Tick from = 60;
  static inline netcode::Tick to = 90;
};

class MatchFaultsTest : public RecordedTest {
 protected:
  void start_with(Faulty::Kind kind) {
    Faulty::kind = kind;
    bench_ = std::make_unique<netcode::testing::TestBench>(recorded());
    server().define<Faulty>("field");
    start();
  }
  /// A client that stays to the end of it, and is shown something again afterwards.
  void expect_goes_on() {
    auto ada = joined("ada");
    std::uint64_t gusts = 0;
    ada->on<Gust>([&](const Gust& gust) {
      EXPECT_TRUE(std::isfinite(gust.strength()));
      ++gusts;
    });
    ASSERT_TRUE(until([&] { return ada->snapshot() && ada->snapshot()->tick >= 120; }, 5s)) << ada->reason();
    EXPECT_EQ(ada->stats().disconnects, 0U);
    EXPECT_GE(gusts, 80U);
    gusts_ = gusts;
  }
  std::uint64_t gusts_ = 0;
  LogCapture log_;
};
INSTANTIATE_ON_SHARDS(MatchFaultsTest);

}  // namespace

TEST_P(MatchFaultsTest, a_world_with_a_number_that_is_none_is_kept_back_and_named) {
  start_with(Faulty::Kind::kNan);
  expect_goes_on();
  EXPECT_EQ(log_.count("match m, tick 60: a snapshot is kept back that no client would take: field.World: wind is not "
                       "finite"),
            1U)
      << log_.text();
  EXPECT_EQ(log_.count("[error]"), 1U) << "and not at every snapshot";
  const auto report = verify<Faulty>(stopped());
  EXPECT_FALSE(report.ok);
  EXPECT_EQ(report.first_bad_tick, 60U);
  EXPECT_EQ(report.reason, "a World that no client would take: field.World: wind is not finite");
}

TEST_P(MatchFaultsTest, a_world_that_is_too_large_is_kept_back_and_named) {
  start_with(Faulty::Kind::kTooLarge);
  expect_goes_on();
  EXPECT_TRUE(log_.has("bytes, " + std::to_string(netcode::limits::kWorldBytesMax) + " is the limit")) << log_.text();
}

TEST_P(MatchFaultsTest, an_event_that_no_client_would_take_goes_nowhere) {
  start_with(Faulty::Kind::kBadEvent);
  expect_goes_on();
  EXPECT_LT(gusts_, 100U);
  EXPECT_TRUE(log_.has("an event that no client would take: gust: strength is not finite")) << log_.text();
  const auto report = verify<Faulty>(stopped());
  EXPECT_EQ(report.reason, "an event that no client would take: gust: strength is not finite");
}

TEST_P(MatchFaultsTest, an_event_that_no_outbox_holds_goes_nowhere) {
  start_with(Faulty::Kind::kLargeEvent);
  expect_goes_on();
  EXPECT_TRUE(log_.has("an event that no client would take: gust: ")) << log_.text();
}

TEST_P(MatchFaultsTest, a_result_is_made_fit_for_clients) {
  start_with(Faulty::Kind::kBadResult);
  auto ada = joined("ada");
  std::string result;
  ada->on_ended([&](std::string_view line) { result = line; });
  ASSERT_TRUE(until([&] { return !result.empty(); }, 5s)) << ada->reason();
  EXPECT_EQ(result.find("over \xEF\xBF\xBD"), 0U);
  EXPECT_LE(result.size(), 1024U);
}

TEST_P(MatchFaultsTest, the_server_ends_a_match_with_any_line) {
  start_with(Faulty::Kind::kNone);
  auto ada = joined("ada");
  std::string result;
  ada->on_ended([&](std::string_view line) { result = line; });
  server().match("m").end("\xFF" + std::string(100'000, 'x'));
  ASSERT_TRUE(until([&] { return !result.empty(); }));
  const auto report = verify<Faulty>(stopped());
  EXPECT_TRUE(report.ok) << report.reason;
  EXPECT_FALSE(report.incomplete);
}

TEST_P(MatchFaultsTest, a_post_that_no_client_could_have_sent_is_left_out) {
  start_with(Faulty::Kind::kNone);
  auto ada = joined("ada");
  GustT gust;
  gust.strength = kNotFinite;
  server().match("m").post(gust);
  gust.strength = 0;
  gust.text = std::string(70'000, 'x');
  server().match("m").post(gust);
  gust.text = "\xFF";
  server().match("m").post(gust);
  bench_->run_for(200ms);
  EXPECT_EQ(log_.count("match m: a post is left out: gust: "), 3U) << log_.text();
  const auto report = verify<Faulty>(stopped());
  EXPECT_TRUE(report.ok) << report.reason;
}

namespace {

struct Broken : netcode::Bot {
  std::optional<netcode::Bytes> act(netcode::BytesView, netcode::PlayerId, netcode::Tick tick) override {
    if (tick % 3 == 0) return netcode::Bytes(64, 0xAB);
    if (tick % 3 == 1) return netcode::Bytes();
    MoveT move;
    move.tilt = kNotFinite;
    return netcode::encode(move);
  }
};

}  // namespace

TEST_P(MatchFaultsTest, what_a_bot_does_comes_in_by_the_same_door_as_what_a_client_does) {
  Faulty::kind = Faulty::Kind::kNone;
  bench_ = std::make_unique<netcode::testing::TestBench>(recorded());
  server().define<Rules>("field").bots<Broken>({.fill_to = 2, .names = {}});
  start();
  auto ada = joined("ada");
  bench_->run_for(1s);
  ASSERT_TRUE(ada->world());
  EXPECT_EQ(ada->world()->dots()->size(), 2U);
  for (const Dot* dot : *ada->world()->dots()) EXPECT_EQ(dot->actions(), 0U);
  EXPECT_TRUE(log_.has("what bot ")) << log_.text();
  const auto report = verify<Rules>(stopped());
  EXPECT_TRUE(report.ok) << report.reason << report.difference;
}

TEST_P(MatchFaultsTest, options_that_no_recording_takes_are_refused_where_they_come_in) {
  netcode::MatchOptions options;
  options.options["line"] = std::string(5000, 'x');
  make(recorded());
  EXPECT_THROW(server().core().define("other", netcode::rules_type<Rules>(), options), std::exception);
  options.options["line"] = std::string(3000, 'x');
  server().core().define("third", netcode::rules_type<Rules>(), options);
  start();
  auto ada = client("ada");
  ada->connect();
  ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kConnected; }));
  std::string answer;
  ada->create({.kind = "third", .options = {{"more", std::string(1089, 'x')}}},
              [&](const auto& made) { answer = made ? "made" : made.error().reason; });
  ASSERT_TRUE(until([&] { return !answer.empty(); }));
  EXPECT_EQ(answer, "options of 4097 bytes, 4096 is the limit") << "the host's and the client's together";
}
