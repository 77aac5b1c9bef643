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

/// Of every public class whose objects outlive a handler: Server, Namespace, Broadcast, Match. Acks are of the fixture.
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
    for (const char* id : {"standing", "nobodys"}) EXPECT_TRUE(server_->open("field", id));
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
    const std::lock_guard lock(acks_mutex_);
    for (netcode::Ack& ack : acks_) ack.fail("no answer");
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
  std::mutex acks_mutex_;
  std::vector<netcode::Ack> acks_;
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
  clients[0]->emit(chat("now"));
  ASSERT_TRUE(until([&] { return was_heard_.load(); }));
  if (moment() == Moment::kWhileItRuns && thread() == Thread::kAnother) call_all();
  ASSERT_TRUE(until([&] { return clients[0]->world() != nullptr; }));

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
  server_.reset();
  for (netcode::Ack& ack : acks_) ack();
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
