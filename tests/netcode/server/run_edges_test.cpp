// What may be called from anywhere, at every moment of a server's life: before run(), while it runs, while it ends and
// after it returned; from the server's own thread at that moment (the one that calls run(), or a handler on a shard's)
// and from another. On real threads and sockets: nothing crashes, and .ci/run has the thread sanitizer look.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

#include "engine/core/log.hpp"
#include "field.hpp"
#include "netcode/client.hpp"
#include "netcode/server.hpp"

using namespace std::chrono_literals;
using namespace field;

namespace {

enum class Moment { kBefore, kWhileItRuns, kWhileItEnds, kAfter };
enum class Thread { kItsOwn, kAnother };

struct Call {
  const char* name;
  std::function<void(netcode::Server&)> make;
};

/// What handlers that these calls register have heard.
struct Heard {
  std::atomic<int> lost = 0, resumed = 0, entering = 0, joined = 0;
};
Heard heard_by_calls;

/// Of every public class whose objects outlive a handler: Server, Namespace, Broadcast, Match. SessionHandle has a
/// table of its own; Ack and HandshakeAnswer are of the fixture.
const std::vector<Call>& calls() {
  const auto said = [] { return chat("hello"); };
  const auto vote = [] {
    VoteT out;
    out.weight = 1;
    return out;
  };
  static const std::vector<Call> kCalls = {
      {"emit", [said](netcode::Server& s) { s.emit(said()); }},
      {"emit to a room", [said](netcode::Server& s) { s.to("red").emit(said()); }},
      {"emit volatile to all but one",
       [said](netcode::Server& s) { s.of("/").everyone().except(netcode::SessionId{1}).as_volatile().emit(said()); }},
      {"emit to a match", [said](netcode::Server& s) { s.match("standing").emit(said()); }},
      {"post", [vote](netcode::Server& s) { static_cast<void>(s.match("standing").post(vote())); }},
      {"post to no match", [vote](netcode::Server& s) { static_cast<void>(s.match("nowhere").post(vote())); }},
      {"post what is no input", [said](netcode::Server& s) { EXPECT_FALSE(s.match("standing").post(said())); }},
      {"lock", [](netcode::Server& s) { static_cast<void>(s.match("standing").lock(false)); }},
      {"set metadata", [](netcode::Server& s) { static_cast<void>(s.match("standing").set_metadata("a", "b")); }},
      {"end no match", [](netcode::Server& s) { static_cast<void>(s.match("nowhere").end("over")); }},
      {"end", [](netcode::Server& s) { static_cast<void>(s.match("nobodys").end("over")); }},
      {"open", [](netcode::Server& s) { static_cast<void>(s.open("field", "opened")); }},
      {"list", [](netcode::Server& s) { static_cast<void>(s.list("field").size()); }},
      {"stats", [](netcode::Server& s) { static_cast<void>(s.stats().recordings.size()); }},
      {"on and off in a further namespace",
       [](netcode::Server& s) { s.of("/further").on<Chat>([](netcode::Session&, const Chat&) {}).off<Chat>(); }},
      {"once", [](netcode::Server& s) { s.of("/").once<Answer>([](netcode::Session&, const Answer&) {}); }},
      {"use", [](netcode::Server& s) { s.of("/further").use([](netcode::Handshake& h) { return h.accept(); }); }},
      {"on_any, on_connect, on_disconnect",
       [](netcode::Server& s) {
         s.of("/further")
             .on_any([](netcode::Session&, const netcode::EventView&) {})
             .on_connect([](netcode::Session&) {})
             .on_disconnect([](netcode::Session&, std::string_view) {});
       }},
      {"on_lost, on_resumed",
       [](netcode::Server& s) {
         s.of("/")
             .on_lost([](netcode::Session&, std::string_view) { ++heard_by_calls.lost; })
             .on_resumed([](netcode::Session&) { ++heard_by_calls.resumed; });
       }},
      {"on_match_...",
       [](netcode::Server& s) {
         s.on_match_opened([](const netcode::Match&) {})
             .on_match_entering([](const netcode::Match&, netcode::Session&, bool) {
               ++heard_by_calls.entering;
               return engine::Result<void>();
             })
             .on_match_joined([](const netcode::Match&, netcode::Session&) { ++heard_by_calls.joined; })
             .on_match_left([](const netcode::Match&, netcode::Session&, netcode::PlayerId) {})
             .on_match_ended([](const netcode::EndedMatch&) {});
       }},
      {"call on a match's thread",
       [](netcode::Server& s) {
         static_cast<void>(
             s.match("standing").post([match = s.match("standing")] { static_cast<void>(match.lock(false)); }));
       }},
      {"call there later",
       [](netcode::Server& s) {
         static_cast<void>(s.match("standing").after(0ms, [] {}));
         static_cast<void>(s.match("standing").after(1ms, [] {}));
         static_cast<void>(s.match("standing").after(1h, [] {}));
         static_cast<void>(s.match("nowhere").after(1ms, [] {}));
       }},
      {"players", [](netcode::Server& s) { static_cast<void>(s.match("standing").players().size()); }},
      {"emit to a player",
       [said](netcode::Server& s) {
         s.match("standing").to(netcode::PlayerId{1}).emit(said());
         s.match("standing").to(netcode::PlayerId{99}).as_volatile().emit(said());
       }},
      {"emit to a match and a room",
       [said](netcode::Server& s) { s.match("standing").everyone().to("red").emit(said()); }},
  };
  return kCalls;
}

struct SessionCall {
  const char* name;
  std::function<void(netcode::Server&, netcode::SessionId)> make;
};

/// For a session that is there, or is not yet or any more. The last one ends it.
const std::vector<SessionCall>& session_calls() {
  using netcode::Server;
  using netcode::Session;
  using netcode::SessionId;
  static const std::vector<SessionCall> kCalls = {
      {"exists", [](Server& s, SessionId id) { static_cast<void>(s.session(id).exists()); }},
      {"emit", [](Server& s, SessionId id) { s.session(id).emit(chat("hello")); }},
      {"emit volatile", [](Server& s, SessionId id) { s.session(id).emit_volatile(chat("hello")); }},
      {"emit by to", [](Server& s, SessionId id) { s.to(id).emit(chat("hello")); }},
      {"emit in a further namespace", [](Server& s, SessionId id) { s.session(id).emit(chat("hello"), "/further"); }},
      {"post", [](Server& s,
                  SessionId id) { s.session(id).post([](Session& session) { session.emit(chat(session.name())); }); }},
      {"after",
       [](Server& s, SessionId id) {
         s.session(id).after(0ms, [](Session& session) { session.emit(chat("now")); });
         s.session(id).after(1ms, [](Session& session) { session.emit(chat("soon")); });
         s.session(id).after(1h, [](Session&) {});
       }},
      {"kick", [](Server& s, SessionId id) { s.kick(id, "enough"); }},
  };
  return kCalls;
}

class RunEdges : public ::testing::TestWithParam<std::tuple<Moment, Thread>> {
 protected:
  RunEdges() {
    netcode::ServerConfig config;
    config.listen = {"127.0.0.1:0"};
    config.threads = 2;
    config.quiet = true;
    server_ = std::make_unique<netcode::Server>(config);
    server_->define<Rules>("field");
    heard_by_calls.lost = heard_by_calls.resumed = heard_by_calls.entering = heard_by_calls.joined = 0;
    for (const char* id : {"standing", "nobodys"}) EXPECT_TRUE(server_->open("field", id));
    const auto ask_later = [this](netcode::Handshake& h) {
      if (h.space() == "/" && h.name() != "waiting") return h.accept();
      auto [verdict, answer] = h.later();
      const std::lock_guard lock(acks_mutex_);
      answers_.push_back(answer);
      return verdict;
    };
    server_->use(ask_later);
    server_->of("/door").use(ask_later);
    server_->on<Ask>([this](netcode::Session&, const Ask&, netcode::Ack ack) {
      const std::lock_guard lock(acks_mutex_);
      acks_.push_back(std::move(ack));
    });
    server_->on<Chat>([this](netcode::Session&, const Chat&) {
      if (moment() == Moment::kWhileItRuns && thread() == Thread::kItsOwn) call_all();
      was_heard_ = true;
    });
    server_->of("/").on_disconnect([this](netcode::Session&, std::string_view) {
      if (moment() == Moment::kWhileItEnds && thread() == Thread::kItsOwn) call_all();
    });
  }
  ~RunEdges() override { engine::log_setup({.format = engine::LogFormat::kText, .level = "warn"}); }

  static Moment moment() { return std::get<0>(GetParam()); }
  static Thread thread() { return std::get<1>(GetParam()); }

  void call_all() {
    for (const Call& call : calls()) {
      SCOPED_TRACE(call.name);
      call.make(*server_);
    }
    for (const SessionCall& call : session_calls()) {
      SCOPED_TRACE(call.name);
      call.make(*server_, someone_);
    }
    const std::lock_guard lock(acks_mutex_);
    for (netcode::Ack& ack : acks_) ack.fail("no answer");
    for (const netcode::HandshakeAnswer& answer : answers_) answer.accept(chat("a ticket"));
  }
  /// Two clients whose middleware has not answered: one at the first door, and one that is in already.
  std::unique_ptr<netcode::Client<Rules>> have_two_wait(const std::string& url, netcode::Client<Rules>& inside) {
    auto waiting =
        std::make_unique<netcode::Client<Rules>>(netcode::ClientConfig{.url = url, .name = "waiting"}, loop_);
    waiting->join("standing");
    inside.enter("/door");
    EXPECT_TRUE(until([&] {
      const std::lock_guard lock(acks_mutex_);
      return answers_.size() == 2;
    }));
    return waiting;
  }
  /// From the thread that is meant, for the moments at which the server's own is the test's.
  void call_all_on_thread() {
    if (thread() == Thread::kItsOwn) return call_all();
    std::thread([this] { call_all(); }).join();
  }
  template <class Condition>
  bool until(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      loop_.wait(5ms);
    }
    return true;
  }

  std::unique_ptr<netcode::Server> server_;
  netcode::ClientLoop loop_;
  std::mutex acks_mutex_;  // guards the two below
  std::vector<netcode::Ack> acks_;
  std::vector<netcode::HandshakeAnswer> answers_;
  std::atomic<netcode::SessionId> someone_{netcode::SessionId{1}};
  std::atomic<bool> was_heard_ = false;
};
std::string name_of(const ::testing::TestParamInfo<RunEdges::ParamType>& info) {
  const std::vector<std::string> moments = {"before", "while_it_runs", "while_it_ends", "after"};
  const bool own = std::get<1>(info.param) == Thread::kItsOwn;
  return moments.at(static_cast<std::size_t>(std::get<0>(info.param))) +
         (own ? "_from_its_own_thread" : "_from_another_thread");
}
const auto kMoments = ::testing::Values(Moment::kBefore, Moment::kWhileItRuns, Moment::kWhileItEnds, Moment::kAfter);
INSTANTIATE_TEST_SUITE_P(All, RunEdges,
                         ::testing::Combine(kMoments, ::testing::Values(Thread::kItsOwn, Thread::kAnother)), name_of);

}  // namespace

TEST_P(RunEdges, every_call_is_safe) {
  if (moment() == Moment::kBefore) call_all_on_thread();

  std::promise<std::uint16_t> port;
  server_->on_listening([&port](const std::vector<std::uint16_t>& ports) { port.set_value(ports.at(0)); });
  std::atomic<int> exit_code = -1;
  std::thread running([&] { exit_code = server_->run(); });
  const std::string url = "ws://127.0.0.1:" + std::to_string(port.get_future().get());
  std::vector<std::unique_ptr<netcode::Client<Rules>>> clients;
  for (const char* match : {"standing", "other", "third"}) {
    clients.push_back(
        std::make_unique<netcode::Client<Rules>>(netcode::ClientConfig{.url = url, .name = match}, loop_));
    clients.back()->join(match);
  }
  EXPECT_TRUE(until([&] {
    return std::all_of(clients.begin(), clients.end(), [](const auto& c) { return c->world() != nullptr; });
  }));
  for (const auto& client : clients)
    EXPECT_NE(client->world(), nullptr) << to_string(client->state()) << ": " << client->reason();
  for (const auto& client : clients) client->emit(AskT(), [](const auto&) {});
  ASSERT_TRUE(until([&] {
    const std::lock_guard lock(acks_mutex_);
    return acks_.size() == clients.size();
  }));
  const auto waiting = have_two_wait(url, *clients[1]);
  someone_ = clients[2]->session();
  clients[0]->emit(chat("now"));
  ASSERT_TRUE(until([&] { return was_heard_.load(); }));
  if (moment() == Moment::kWhileItRuns && thread() == Thread::kAnother) call_all();
  ASSERT_TRUE(until([&] { return clients[0]->world() != nullptr; }));
  clients[1]->drop_connection();
  ASSERT_TRUE(until([&] { return clients[1]->stats().resumed == 1; }));
  if (moment() == Moment::kBefore) {
    EXPECT_GE(heard_by_calls.entering, 3);
    EXPECT_GE(heard_by_calls.joined, 3);
  }
  if (moment() == Moment::kBefore || moment() == Moment::kWhileItRuns) {
    EXPECT_TRUE(until([&] { return heard_by_calls.lost > 0 && heard_by_calls.resumed > 0; }));
  }
  if (moment() == Moment::kWhileItRuns) {
    EXPECT_TRUE(until([&] { return clients[2]->state() == netcode::ClientState::kClosed; }));
    EXPECT_EQ(clients[2]->reason(), "enough");
  }

  std::atomic<bool> has_returned = false;
  std::thread hammer;
  if (moment() == Moment::kWhileItEnds && thread() == Thread::kAnother)
    hammer = std::thread([&] {
      while (!has_returned) call_all();
    });
  server_->stop();
  ASSERT_TRUE(until([&] { return exit_code != -1; }));
  running.join();
  has_returned = true;
  if (hammer.joinable()) hammer.join();
  EXPECT_EQ(exit_code, 0);

  if (moment() == Moment::kAfter) call_all_on_thread();
  EXPECT_EQ(server_->run(), 2) << "a Server runs once";
  const auto late = server_->match("standing").lock();
  EXPECT_EQ(late.error().reason, "match standing: the server has stopped");
  EXPECT_FALSE(server_->match("standing").post([] {}));
  EXPECT_FALSE(server_->match("standing").after(1ms, [] {}));
  EXPECT_FALSE(server_->session(someone_).exists());
  server_.reset();
  for (netcode::Ack& ack : acks_) ack();
  for (const netcode::HandshakeAnswer& answer : answers_) answer.refuse("too late");
}

TEST(RunEdgesOf, an_open_that_is_refused_names_the_field_and_keeps_the_server_from_starting) {
  netcode::ServerConfig config;
  config.listen = {"127.0.0.1:0"};
  config.quiet = true;
  netcode::Server server(config);
  server.define<Rules>("field");
  const auto opened = server.open("felid", "m");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().reason, "open: kind: none is called felid");
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(server.run(), 2);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "open: kind: none is called felid\n");
}

TEST(RunEdgesOf, no_threads_are_an_error_of_the_configuration) {
  netcode::ServerConfig config;
  config.listen = {"127.0.0.1:0"};
  config.threads = 0;
  netcode::Server server(config);
  server.define<Rules>("field");
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(server.run(), 2);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "--threads 0: expected a whole number, 1 to 256\n");
}
