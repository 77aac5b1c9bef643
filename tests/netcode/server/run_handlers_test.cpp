// Handlers that another thread adds and removes while their events arrive on those of the shards: one that stays hears
// everything, one that was removed hears nothing that is sent after that, one that is for once is called once.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <mutex>
#include <numeric>

#include "run_fixture.hpp"

using namespace field;

namespace {

class RunTestHandlers : public RunTest {
 protected:
  static constexpr std::size_t kClients = 4;
  static constexpr int kGenerations = 40;
  /// Sent and not handled yet, of one client and in one namespace.
  static constexpr int kUnderWayMax = 16;
  /// Below what one may send at once.
  static constexpr int kLinesMax = 500;

  /// What the handlers of a namespace have counted.
  struct Space {
    std::string name;
    std::array<std::atomic<int>, kClients> handled{};
    std::atomic<int> removed = 0;  // the handlers of all generations up to this one
    std::atomic<int> came = 0;
    std::atomic<int> late = 0;                     // after their handler was removed
    std::deque<std::atomic<int>> of_once{};        // calls of each; of the thread that adds them
    std::array<std::vector<int>, kClients> all{};  // by whom; guarded by mutex_
    std::array<int, kClients> any{};               // guarded by mutex_
    std::array<int, kClients> sent{};              // of the test's thread
  };

  void SetUp() override {
    spaces_[0].name = "/";
    spaces_[1].name = "/side";
    for (Space& space : spaces_) {
      add_those_that_stay(space);
      come(space, 1);
    }
    for (std::size_t i = 0; i < kClients; ++i) {
      clients_[i] = client(std::to_string(i), netcode::Links::kOne);
      clients_[i]->join(fmt::format("m{}", i));
    }
    ASSERT_TRUE(until([&] {
      return std::all_of(clients_.begin(), clients_.end(),
                         [](const auto& c) { return c->state() == netcode::ClientState::kInMatch; });
    }));
    for (const auto& one : clients_)
      one->enter("/side", [this](const auto& entered) { entered_ += entered ? 1U : 0U; });
    ASSERT_TRUE(until([&] { return entered_ == kClients; }));
  }
  void TearDown() override {
    if (other_.joinable()) other_.join();
    RunTest::TearDown();
  }

  static std::size_t index_of(const netcode::Session& session) {
    return static_cast<std::size_t>(std::stoi(session.name()));
  }
  void add_those_that_stay(Space& space) {
    server_->of(space.name)
        .on_any([this, &space](netcode::Session& session, const netcode::EventView& event) {
          const std::lock_guard lock(mutex_);
          if (event.name == "chat") ++space.any.at(index_of(session));
        })
        .on<Chat>([this, &space](netcode::Session& session, const Chat& said) {
          {
            const std::lock_guard lock(mutex_);
            space.all.at(index_of(session)).push_back(std::stoi(said.text()->str()));
          }
          ++space.handled.at(index_of(session));
        });
  }
  /// Each answer tells which generations had been removed when it was sent.
  void come(Space& space, int generation) {
    server_->of(space.name).on<Answer>([&space, generation](netcode::Session&, const Answer& answer) {
      ++space.came;
      if (std::stoi(answer.text()->str()) >= generation) ++space.late;
    });
  }
  /// On a thread of its own.
  void add_and_remove() {
    for (int generation = 1; generation <= kGenerations; ++generation) {
      for (Space& space : spaces_) {
        std::atomic<int>& calls = space.of_once.emplace_back(0);
        server_->of(space.name).once<Chat>([&calls](netcode::Session&, const Chat&) { ++calls; });
        server_->of(space.name).off<Answer>();
        come(space, generation + 1);
        space.removed = generation;
      }
      std::this_thread::sleep_for(2ms);
    }
    is_done_ = true;
  }
  /// Few answers: one that comes between two of its handlers is refused, and who is refused too often is closed.
  void send(std::size_t i, Space& space) {
    AnswerT answer;
    answer.text = std::to_string(space.removed);
    if (space.sent.at(i) % 8 == 0) clients_.at(i)->emit(answer, space.name);
    clients_.at(i)->emit(chat(std::to_string(space.sent.at(i)++)), space.name);
  }
  bool is_all_handled() const {
    return std::all_of(spaces_.begin(), spaces_.end(), [](const Space& space) {
      return std::equal(space.sent.begin(), space.sent.end(), space.handled.begin(),
                        [](int sent, const std::atomic<int>& handled) { return sent == handled; });
    });
  }
  void send_what_may_be_sent() {
    for (Space& space : spaces_)
      for (std::size_t i = 0; i < kClients; ++i)
        if (space.sent[i] - space.handled[i] < kUnderWayMax && space.sent[i] < kLinesMax) send(i, space);
  }

  std::mutex mutex_;
  std::array<Space, 2> spaces_;
  std::array<std::unique_ptr<FieldClient>, kClients> clients_;
  std::size_t entered_ = 0;
  std::thread other_;
  std::atomic<bool> is_done_ = false;
};
INSTANTIATE_TEST_SUITE_P(Shards, RunTestHandlers, ::testing::Values(3U),
                         [](const auto& shards) { return std::to_string(shards.param); });

}  // namespace

TEST_P(RunTestHandlers, that_come_and_go_while_events_arrive_hear_what_they_are_there_for) {
  other_ = std::thread([this] { add_and_remove(); });
  ASSERT_TRUE(until(
      [&] {
        send_what_may_be_sent();
        return is_done_.load();
      },
      60s));
  for (Space& space : spaces_)
    for (std::size_t i = 0; i < kClients; ++i) send(i, space);  // for the newest of those that are for once
  ASSERT_TRUE(until([&] { return is_all_handled(); }));
  other_.join();
  stop();

  const std::lock_guard lock(mutex_);
  for (const Space& space : spaces_) {
    SCOPED_TRACE(space.name);
    for (std::size_t i = 0; i < kClients; ++i) {
      std::vector<int> sent(static_cast<std::size_t>(space.sent[i]));
      std::iota(sent.begin(), sent.end(), 0);
      EXPECT_EQ(space.all[i], sent) << "client " << i;
      EXPECT_EQ(space.any[i], space.sent[i]) << "client " << i;
    }
    EXPECT_EQ(space.late, 0);
    EXPECT_GT(space.came, 0);
    for (const std::atomic<int>& calls : space.of_once) EXPECT_EQ(calls, 1);
  }
}
