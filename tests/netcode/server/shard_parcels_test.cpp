// What is sent to a session while it moves from shard to shard: heard once, and in the order of each sender, whichever
// thread sends it and whatever each shard has done by then. The shards' loops are on threads of their own, of which one
// at a time does one step, as a seed says.
#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "engine/core/rng.hpp"
#include "field.hpp"
#include "netcode/client.hpp"
#include "netcode/server.hpp"
#include "server/server_core.hpp"
#include "simnet/manual_loop.hpp"
#include "simnet/memory_link.hpp"

using namespace std::chrono_literals;
using namespace field;

namespace {

/// In virtual time; counts what is posted to it.
class CountedLoop final : public netcode::transport::Loop {
 public:
  void post(Task task) override {
    ++posts_;
    loop_.post(std::move(task));
  }
  engine::TimePoint now() const override { return loop_.now(); }
  TimerId call_at(engine::TimePoint due, Task task) override { return loop_.call_at(due, std::move(task)); }
  void cancel(TimerId timer) override { loop_.cancel(timer); }

  void run_for(engine::Duration time) { loop_.run_for(time); }
  int posts() const { return posts_; }

 private:
  netcode::transport::ManualLoop loop_;
  std::atomic<int> posts_ = 0;
};

/// A loop and the thread that works on it, when it is told to.
class SteppedLoop {
 public:
  SteppedLoop() : thread_([this] { serve(); }) {}
  SteppedLoop(const SteppedLoop&) = delete;
  SteppedLoop& operator=(const SteppedLoop&) = delete;
  ~SteppedLoop() {
    {
      const std::lock_guard lock(mutex_);
      quits_ = true;
      wake_.notify_all();
    }
    thread_.join();
  }

  CountedLoop& loop() { return loop_; }
  /// On its thread; returns when that is done.
  void run(std::function<void()> work) {
    std::unique_lock lock(mutex_);
    work_ = std::move(work);
    wake_.notify_all();
    wake_.wait(lock, [this] { return !work_; });
  }
  void step(engine::Duration time) {
    run([this, time] { loop_.run_for(time); });
  }

 private:
  void serve() {
    std::unique_lock lock(mutex_);
    for (;;) {
      wake_.wait(lock, [this] { return work_ || quits_; });
      if (quits_) return;
      work_();
      work_ = nullptr;
      wake_.notify_all();
    }
  }

  CountedLoop loop_;
  std::mutex mutex_;  // guards the two below
  std::function<void()> work_;
  bool quits_ = false;
  std::condition_variable wake_;
  std::thread thread_;
};

class SteppedServer : public ::testing::Test {
 protected:
  static constexpr std::size_t kShards = 3;
  static constexpr int kMatches = 6;

  SteppedServer() : server_(config()) {
    server_.define<Rules>("field");
    server_.on<Ask>([](netcode::Session& session, const Ask&) { session.join("red"); });
    for (int i = 0; i < kMatches; ++i) EXPECT_TRUE(server_.open("field", match(i)));
    std::vector<netcode::transport::Loop*> loops;
    for (SteppedLoop& shard : shards_) loops.push_back(&shard.loop());
    server_.core().start(loops);
    network_.listen(server_.core().accept_handlers());
    step_all();
  }
  /// Not in a destructor: what the handlers use is still there.
  void TearDown() override {
    ada_.reset();
    server_.core().stop("test", [] {});
    for (int i = 0; i < 120; ++i) step_all(100ms);
    server_.core().tear_down();
  }

  static netcode::ServerConfig config() {
    netcode::ServerConfig out;
    out.threads = kShards;
    out.seed = 3;
    return out;
  }
  static std::string match(int i) { return fmt::format("m{}", i); }

  void step_all(engine::Duration time = 1ms) {
    clients_.run_for(time);
    for (SteppedLoop& shard : shards_) shard.step(time);
  }
  template <class Condition>
  bool until(Condition condition) {
    for (int i = 0; i < 2'000 && !condition(); ++i) step_all();
    return condition();
  }

  std::array<SteppedLoop, kShards> shards_;
  netcode::transport::ManualLoop clients_;
  netcode::transport::MemoryNetwork network_{clients_};
  netcode::Server server_;
  std::unique_ptr<netcode::Client<Rules>> ada_;
};

class ShardParcels : public SteppedServer, public ::testing::WithParamInterface<int> {
 protected:
  static constexpr std::size_t kSenders = kShards + 1;  // the shards' threads, and one that is nobody's

  void join() {
    ada_ = std::make_unique<netcode::Client<Rules>>(
        netcode::ClientConfig{.url = "ws://bench:1", .name = "ada", .jitter_seed = 1}, network_.connector());
    ada_->on<Chat>([this](const Chat& said) {
      const std::string text = said.text()->str();
      heard_.at(static_cast<std::size_t>(text.at(0) - '0')).push_back(std::stoi(text.substr(2)));
    });
    ada_->join(match(0));
    ASSERT_TRUE(until([&] { return is_in(match(0)); })) << ada_->reason();
    bool is_in_room = false;
    ada_->emit(AskT(), [&](const engine::Result<netcode::Reply>& reply) { is_in_room = reply.has_value(); });
    ASSERT_TRUE(until([&] { return is_in_room; }));
  }
  bool is_in(const std::string& id) const { return ada_->match() && ada_->match()->id == id; }

  /// The next line of this sender, on its thread: to the session, to all, or to the session's room.
  void say(std::size_t sender) {
    const int number = said_.at(sender)++;
    const auto emit = [&] {
      const ChatT line = chat(fmt::format("{}:{}", sender, number));
      if (number % 3 == 0) return server_.session(ada_->session()).emit(line);
      if (number % 3 == 1) return server_.emit(line);
      server_.to("red").emit(line);
    };
    if (sender == kShards) return emit();
    shards_.at(sender).run(emit);
  }
  void do_something() {
    const std::size_t what = rng_.next() % (2 * kSenders);
    if (what < kSenders) return say(what);
    if (what - kSenders < kShards) return shards_.at(what - kSenders).step(1ms);
    clients_.run_for(1ms);
  }

  engine::Rng rng_{static_cast<std::uint64_t>(GetParam()), 0};
  std::array<int, kSenders> said_{};
  std::array<std::vector<int>, kSenders> heard_;
};
INSTANTIATE_TEST_SUITE_P(Seeds, ShardParcels, ::testing::Range(1, 9),
                         [](const auto& seed) { return std::to_string(seed.param); });

class ShardParcelsCount : public SteppedServer {
 protected:
  using Posts = std::array<int, kShards>;
  /// What this posts to each shard's loop, from a thread that is none of theirs.
  Posts posted_by(const std::function<void()>& work) {
    Posts out{};
    for (std::size_t i = 0; i < kShards; ++i) out.at(i) = -shards_.at(i).loop().posts();
    work();
    for (std::size_t i = 0; i < kShards; ++i) out.at(i) += shards_.at(i).loop().posts();
    return out;
  }
};

}  // namespace

TEST_F(ShardParcelsCount, is_one_for_a_match_on_its_own_shard_and_else_one_for_each) {
  std::array<int, kShards> matches_of_shard{};
  for (int i = 0; i < kMatches; ++i) {
    Posts own{};
    const std::size_t home = server_.core().directory().shard_of_match(match(i));
    own.at(home) = 1;
    ++matches_of_shard.at(home);
    const netcode::Match to = server_.match(match(i));
    EXPECT_EQ(posted_by([&] { to.emit(chat("to the match")); }), own) << match(i);
    EXPECT_EQ(posted_by([&] { to.to(netcode::PlayerId{1}).emit(chat("to a player of it")); }), own) << match(i);
    EXPECT_EQ(posted_by([&] { to.everyone().to("red").emit(chat("to a room as well")); }), (Posts{1, 1, 1}));
    EXPECT_EQ(posted_by([&] { to.everyone().to(netcode::SessionId{1}).emit(chat("to a session")); }), (Posts{1, 1, 1}));
  }
  EXPECT_EQ(posted_by([&] { server_.emit(chat("to all")); }), (Posts{1, 1, 1}));
  EXPECT_LT(*std::max_element(matches_of_shard.begin(), matches_of_shard.end()), kMatches) << "or it shows nothing";
}

TEST_P(ShardParcels, reach_a_session_that_moves_once_and_in_order) {
  join();
  for (int move = 1; move <= 30; ++move) {
    ada_->join(match(move % kMatches));
    for (int i = 0; i < 40; ++i) do_something();
    ASSERT_TRUE(until([&] { return is_in(match(move % kMatches)); })) << ada_->reason();
  }
  const int said = std::accumulate(said_.begin(), said_.end(), 0);
  const auto heard = [this] {
    std::size_t sum = 0;
    for (const auto& of_sender : heard_) sum += of_sender.size();
    return static_cast<int>(sum);
  };
  EXPECT_TRUE(until([&] { return heard() >= said; })) << heard() << " of " << said;
  for (int i = 0; i < 50; ++i) step_all();
  for (std::size_t sender = 0; sender < kSenders; ++sender) {
    std::vector<int> all(static_cast<std::size_t>(said_.at(sender)));
    std::iota(all.begin(), all.end(), 0);
    EXPECT_EQ(heard_.at(sender), all) << "of sender " << sender;
  }
  EXPECT_EQ(ada_->stats().events_missed, 0U);
}
