// What the program's own code throws ends no more than what it was thrown for, and is logged under its name.
#include <spdlog/sinks/ostream_sink.h>

#include <atomic>
#include <concepts>
#include <sstream>
#include <stdexcept>

#include "server_fixture.hpp"

using namespace field;

namespace {

/// Throws where the option "throws" says.
class Throwing : public Rules {
 public:
  engine::Result<void> prepare(const netcode::MatchSetup& setup) override {
    const auto where = setup.options.find("throws");
    if (where != setup.options.end()) where_ = where->second;
    at("prepare");
    return Rules::prepare(setup);
  }
  void start(netcode::Context& ctx) override {
    at("start");
    Rules::start(ctx);
  }
  void join(netcode::Context& ctx, const netcode::Player& player) override {
    at("join");
    Rules::join(ctx, player);
  }
  void leave(netcode::Context& ctx, netcode::PlayerId player) override {
    at("leave");
    Rules::leave(ctx, player);
  }
  void act(netcode::Context& ctx, netcode::PlayerId player, const Move& move) override {
    at("action");
    Rules::act(ctx, player, move);
  }
  engine::Result<void> event(netcode::Context& ctx, netcode::PlayerId from, const netcode::EventView& event) override {
    at("event");
    return Rules::event(ctx, from, event);
  }
  void tick(netcode::Context& ctx) override {
    if (ctx.tick() == 20) at("tick");
    if (ctx.tick() == 20 && where_ == "emit") ctx.emit(WorldT());  // no event
    Rules::tick(ctx);
  }
  flatbuffers::Offset<void> write_snapshot(flatbuffers::FlatBufferBuilder& builder) const override {
    builder.StartTable();  // in the middle of something
    at("snapshot");
    builder.Clear();
    return Rules::write_snapshot(builder);
  }

 private:
  void at(std::string_view place) const {
    if (where_ == place) throw std::runtime_error("on purpose in " + where_);
  }
  std::string where_;
};

struct ThrowingBot : netcode::Bot {
  std::optional<netcode::Bytes> act(netcode::BytesView, netcode::PlayerId, netcode::Tick) override {
    throw std::runtime_error("no idea");
  }
};

class GuardedTest : public ServerTest {
 protected:
  GuardedTest() : before_(spdlog::default_logger()) {
    spdlog::set_default_logger(
        std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log_)));
    spdlog::set_level(spdlog::level::warn);
  }
  ~GuardedTest() override {
    bench_.reset();
    spdlog::set_default_logger(before_);
  }
  bool is_logged(const std::string& text) const { return log_.str().find(text) != std::string::npos; }

  /// What a chat is answered with.
  std::string answer_to_chat(FieldClient& client) {
    std::optional<std::string> answer;
    client.emit(chat("hello"), [&](const auto& reply) { answer = reply ? "" : reply.error().reason; });
    EXPECT_TRUE(until([&] { return answer.has_value(); }));
    return answer.value_or("none");
  }

  std::string left_;  // a member, since disconnects are told to the end of the bench
  std::ostringstream log_;
  std::shared_ptr<spdlog::logger> before_;
};
INSTANTIATE_ON_SHARDS(GuardedTest);

}  // namespace

TEST_P(GuardedTest, a_handler_that_throws_fails_the_ask_and_its_session_goes_on) {
  make();
  bool throws = true;
  server().on<Chat>([&](netcode::Session&, const Chat&) {
    if (throws) throw std::runtime_error("oh dear");
  });
  start();
  auto ada = joined("ada");
  EXPECT_EQ(answer_to_chat(*ada), "the handler of field.Chat failed: an error of the server's own");
  EXPECT_TRUE(is_logged("the handler of field.Chat threw: oh dear")) << log_.str();
  throws = false;
  EXPECT_EQ(answer_to_chat(*ada), "");
  EXPECT_EQ(ada->state(), netcode::ClientState::kInMatch);
}

TEST_P(GuardedTest, what_is_no_exception_is_caught_as_well) {
  make();
  server().of("/").on_any([](netcode::Session&, const netcode::EventView&) { throw 7; });
  start();
  auto ada = joined("ada");
  EXPECT_EQ(answer_to_chat(*ada), "on_any, given field.Chat failed: an error of the server's own");
  EXPECT_TRUE(is_logged("on_any, given field.Chat threw something that is no std::exception")) << log_.str();
}

TEST_P(GuardedTest, middleware_that_throws_refuses_the_visitor) {
  make();
  server().use([](netcode::Handshake& handshake) {
    if (handshake.name() == "eve") throw std::runtime_error("not eve");
    return handshake.accept();
  });
  start();
  EXPECT_EQ(refusal("eve", "m"), "middleware of namespace / failed: an error of the server's own");
  joined("ada");
}

TEST_P(GuardedTest, a_session_ends_whose_on_connect_throws_and_the_others_disconnects_are_told) {
  make();
  server().of("/").on_connect([](netcode::Session& session) {
    if (session.name() == "eve") throw std::runtime_error("not eve");
  });
  server().of("/").on_disconnect([](netcode::Session&, std::string_view) { throw std::runtime_error("once more"); });
  server().of("/").on_disconnect([&](netcode::Session& session, std::string_view) { left_ = session.name(); });
  start();
  auto ada = joined("ada");
  auto eve = client("eve");
  eve->join("m");
  ASSERT_TRUE(until([&] { return eve->state() == netcode::ClientState::kClosed; }));
  EXPECT_EQ(left_, "eve");
  EXPECT_TRUE(is_logged("on_connect of namespace / threw: not eve")) << log_.str();
  EXPECT_TRUE(is_logged("on_disconnect of namespace / threw: once more")) << log_.str();
  EXPECT_EQ(ada->state(), netcode::ClientState::kInMatch);
}

TEST_P(GuardedTest, a_handler_of_a_reply_that_throws_ends_nothing) {
  make();
  server().of("/").on_connect([](netcode::Session& session) {
    session.emit(AskT(),
                 [](const engine::Result<netcode::Reply>&) { throw std::runtime_error("did not want to know"); });
  });
  start();
  auto ada = joined("ada");
  ASSERT_TRUE(until([&] { return is_logged("a handler of a reply threw: did not want to know"); }));
  bench_->run_for(100ms);
  EXPECT_EQ(ada->state(), netcode::ClientState::kInMatch);
}

TEST_P(GuardedTest, a_preparer_that_throws_makes_no_match) {
  bench_ = std::make_unique<netcode::testing::TestBench>(config(), bench_options());
  server().define<Rules>("field").prepare([](netcode::MatchOptions& options) -> engine::Result<void> {
    if (options.options.contains("bad")) throw std::runtime_error("bad is set");
    return {};
  });
  start();
  auto ada = joined("ada");
  std::string answer;
  ada->create({.kind = "field", .options = {{"bad", "1"}}},
              [&](const auto& made) { answer = made ? made->id : made.error().reason; });
  ASSERT_TRUE(until([&] { return !answer.empty(); }));
  EXPECT_EQ(answer, "the preparer of kind field failed: an error of the server's own");
}

TEST_P(GuardedTest, a_bot_that_throws_stands_still) {
  bench_ = std::make_unique<netcode::testing::TestBench>(config(), bench_options());
  server().define<Rules>("field").bots<ThrowingBot>({.fill_to = 3, .names = {}});
  start();
  auto ada = joined("ada");
  bench_->run_for(500ms);
  EXPECT_EQ(ada->world()->dots()->size(), 3U);
  const std::string line = "a bot of kind field threw: no idea";
  ASSERT_TRUE(is_logged(line)) << log_.str();
  const std::string log = log_.str();
  EXPECT_EQ(log.find(line, log.find(line, log.find(line) + 1) + 1), std::string::npos) << "more than once a bot";
}

TEST_P(GuardedTest, bots_that_cannot_be_made_stand_still_too) {
  bench_ = std::make_unique<netcode::testing::TestBench>(config(), bench_options());
  server().define<Rules>("field").bots(
      [](const netcode::BotSetup& setup) -> std::unique_ptr<netcode::Bot> {
        if (setup.index == 0) throw std::runtime_error("out of bots");
        return nullptr;
      },
      {.fill_to = 3, .names = {}});
  start();
  auto ada = joined("ada");
  bench_->run_for(200ms);
  EXPECT_EQ(ada->world()->dots()->size(), 3U);
  EXPECT_TRUE(is_logged("the maker of bots of kind field threw: out of bots")) << log_.str();
  EXPECT_TRUE(is_logged("the maker of bots of kind field made none")) << log_.str();
}

TEST_P(GuardedTest, rules_that_throw_end_their_match_and_no_other) {
  bench_ = std::make_unique<netcode::testing::TestBench>(config(), bench_options());
  server().define<Throwing>("field");
  start();
  auto ada = joined("ada", "safe");
  for (const std::string where : {"join", "action", "event", "tick", "leave", "emit", "snapshot"}) {
    auto bob = joined("bob", "safe");
    std::string id, ended;
    bob->create({.kind = "field", .options = {{"throws", where}}},
                [&](const auto& made) { id = made ? made->id : "-"; });
    ASSERT_TRUE(until([&] { return !id.empty(); }));
    bob->on_ended([&](std::string_view result) { ended = result; });
    bob->join(id);
    ASSERT_TRUE(until([&] { return bob->match() && bob->match()->id == id; })) << where << ": " << bob->reason();
    bob->act({});
    bob->emit(VoteT());
    bench_->run_for(500ms);
    if (where == "leave") {
      bob->leave();
    } else {
      EXPECT_EQ(ended, "the match's rules failed") << where;
    }
    ASSERT_TRUE(until([&] { return server().list().size() == 1; })) << where;
    const std::string who =
        where == "snapshot" ? "the snapshot of match " + id : "Rules::" + (where == "emit" ? "tick" : where);
    EXPECT_TRUE(is_logged(who + " threw: ")) << log_.str();
  }
  EXPECT_EQ(ada->state(), netcode::ClientState::kInMatch);
}

TEST_P(GuardedTest, rules_that_throw_while_they_are_made_refuse_the_match) {
  bench_ = std::make_unique<netcode::testing::TestBench>(config(), bench_options());
  server().define<Throwing>("field");
  start();
  auto ada = joined("ada", "safe");
  std::string answer;
  ada->create({.kind = "field", .options = {{"throws", "prepare"}}},
              [&](const auto& made) { answer = made ? made->id : made.error().reason; });
  ASSERT_TRUE(until([&] { return !answer.empty(); }));
  EXPECT_EQ(answer, "the rules threw while they were made: on purpose in prepare");
}

namespace {

/// Votes count for as much as its game was told, and nobody makes it without.
class Weighted : public Rules {
 public:
  explicit Weighted(std::uint32_t weight) : weight_(weight) {}
  void tick(netcode::Context& ctx) override {
    state.votes = weight_;
    Rules::tick(ctx);
  }

 private:
  const std::uint32_t weight_;
};

}  // namespace

TEST_P(GuardedTest, rules_are_made_by_what_the_game_gives_for_it) {
  static_assert(!std::default_initializable<Weighted>);
  bench_ = std::make_unique<netcode::testing::TestBench>(config(), bench_options());
  server().define<Weighted>("field", {}, [weight = 7U] { return std::make_unique<Weighted>(weight); });
  start();
  auto ada = joined("ada");
  EXPECT_TRUE(until([&] { return ada->world() && ada->world()->votes() == 7; }));
}

TEST_P(GuardedTest, a_factory_that_throws_or_makes_nothing_refuses_its_match_and_no_other) {
  bench_ = std::make_unique<netcode::testing::TestBench>(config(), bench_options());
  std::atomic<int> made = 0;
  server().define<Weighted>("field", {}, [&made]() -> std::unique_ptr<Weighted> {
    const int number = ++made;
    if (number == 2) throw std::runtime_error("out of weights");
    if (number == 3) throw 3;
    return number == 4 ? nullptr : std::make_unique<Weighted>(1);
  });
  start();
  auto ada = joined("ada", "safe");
  std::vector<std::string> answers;
  for (int i = 0; i < 4; ++i) {
    std::string answer;
    ada->create({.kind = "field"}, [&](const auto& match) { answer = match ? "made" : match.error().reason; });
    ASSERT_TRUE(until([&] { return !answer.empty(); }));
    answers.push_back(answer);
  }
  EXPECT_EQ(answers, (std::vector<std::string>{"the rules threw while they were made: out of weights",
                                               "the rules threw while they were made: no std::exception",
                                               "there are no rules: what makes them gave none", "made"}));
  EXPECT_EQ(ada->state(), netcode::ClientState::kInMatch);
}

TEST_P(GuardedTest, a_kind_that_nothing_makes_is_refused_when_it_is_defined) {
  bench_ = std::make_unique<netcode::testing::TestBench>(config(), bench_options());
  try {
    server().define<Weighted>("field", {}, nullptr);
    FAIL() << "it was defined";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "kind field: nothing makes its rules");
  }
}
