// Sessions that change their matches, and with them the threads that they are on, while everything is said to them and
// by them, from other threads too: nothing is lost, nothing comes twice, nobody is left behind.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <mutex>
#include <numeric>
#include <utility>

#include "run_fixture.hpp"

using namespace field;

namespace {

std::vector<int> up_to(int count) {
  std::vector<int> out(static_cast<std::size_t>(count));
  std::iota(out.begin(), out.end(), 0);
  return out;
}

class RunTestMoves : public RunTest {
 protected:
  static constexpr int kMatches = 6;
  static constexpr int kMoves = 40;
  /// What is said and not heard yet stays far below what a server keeps of it.
  static constexpr int kRoundsAhead = 16;

  struct Mover {
    int index = 0;
    std::unique_ptr<FieldClient> client{};
    netcode::SessionId session{};
    std::string goal{};
    int moves = 0;
    int said = 0;
    std::vector<int> replies{};                       // to each question, how many
    std::vector<std::string> wrong{};                 // answers that are to no question, and reasons for none
    std::map<std::string, std::vector<int>> heard{};  // by how it was sent
  };

  void SetUp() override {
    for (int i = 0; i < kMatches; ++i) ASSERT_TRUE(server_->open("field", match(i)));
    server_->on<Chat>([this](netcode::Session& session, const Chat& said) {
      const std::lock_guard lock(mutex_);
      said_[session.name()].push_back(std::stoi(said.text()->str()));
    });
    server_->on<Ask>([this](netcode::Session&, const Ask& ask, netcode::Ack ack) {
      const std::lock_guard lock(mutex_);
      kept_.emplace_back(std::move(ack), ask.question()->str());
    });
    server_->of("/").on_disconnect([this](netcode::Session& session, std::string_view reason) {
      const std::lock_guard lock(mutex_);
      ended_.push_back(fmt::format("{}: {}", session.name(), reason));
    });
    ASSERT_TRUE(until([&] { return server_->list("field").size() == kMatches; }));
    for (Mover& mover : movers_) join(mover, static_cast<int>(&mover - movers_.data()));
    ASSERT_TRUE(until([&] { return std::all_of(movers_.begin(), movers_.end(), is_there); }, 60s));
    for (Mover& mover : movers_) mover.session = mover.client->session();
  }
  void TearDown() override {
    cease_fire();
    RunTest::TearDown();
  }

  static std::string match(int i) { return fmt::format("m{}", i % kMatches); }
  static bool is_there(const Mover& mover) {
    return mover.client->state() == netcode::ClientState::kInMatch && mover.client->match() &&
           mover.client->match()->id == mover.goal;
  }
  void join(Mover& mover, int index) {
    mover.index = index;
    mover.goal = match(index);
    mover.client = client(fmt::format("c{}", index), netcode::Links::kOne);
    mover.client->on<Chat>([&mover](const Chat& said) {
      const std::string text = said.text()->str();
      const std::size_t colon = text.find(':');
      mover.heard[text.substr(0, colon)].push_back(std::stoi(text.substr(colon + 1)));
    });
    mover.client->join(mover.goal);
  }

  // --- from threads of their own
  void open_fire() {
    fire_.emplace_back([this] { emit_on_and_on(); });
    fire_.emplace_back([this] { answer_on_and_on(); });
  }
  void cease_fire() {
    is_over_ = true;
    for (std::thread& thread : fire_) thread.join();
    fire_.clear();
  }
  void emit_on_and_on() {
    const auto line = [](std::string_view way, int number) { return chat(fmt::format("{}:{}", way, number)); };
    for (int round = 0; !is_over_; ++round) {
      while (!is_over_ && round > rounds_heard_ + kRoundsAhead) std::this_thread::sleep_for(100us);
      for (const Mover& mover : movers_) {
        server_->session(mover.session).emit(line("session", round));
        server_->to(mover.session).emit(line("to", round));
      }
      for (int i = 0; i < kMatches; ++i) server_->match(match(i)).emit(line(match(i), round));
      server_->emit(line("all", round));
      rounds_ = round + 1;
    }
  }
  /// Each one some milliseconds after it was asked for: by then its session is elsewhere, or on its way.
  void answer_on_and_on() {
    std::vector<Kept> late;
    while (!is_over_) {
      std::vector<Kept> next;
      {
        const std::lock_guard lock(mutex_);
        next.swap(kept_);
      }
      for (auto& [ack, question] : late) {
        AnswerT answer;
        answer.text = question;
        ack(answer);
        ack.fail("a second answer");
      }
      late = std::move(next);
      std::this_thread::sleep_for(2ms);
    }
  }

  // --- on the clients'
  void speak(Mover& mover) {
    for (int i = 0; i < 4; ++i) mover.client->emit(chat(std::to_string(mover.said++)));
    for (int i = 0; i < 2; ++i) {
      const std::size_t number = mover.replies.size();
      mover.replies.push_back(0);
      AskT ask;
      ask.question = std::to_string(number);
      mover.client->emit(
          ask,
          [&mover, number](const engine::Result<netcode::Reply>& reply) {
            ++mover.replies.at(number);
            const Answer* answer = reply ? reply->as<Answer>() : nullptr;
            if (!answer) return mover.wrong.push_back(reply ? "no answer" : reply.error().reason);
            if (answer->text()->str() != std::to_string(number)) mover.wrong.push_back(answer->text()->str());
          },
          60s);
    }
    MoveT move;
    move.dx = 1;
    for (int i = 0; i < 3; ++i) mover.client->act_at(0, move);
  }
  /// Who has arrived goes on to the next match. Returns whether all have made all their moves.
  bool drive() {
    int heard = std::numeric_limits<int>::max();
    for (Mover& mover : movers_) {
      heard = std::min(heard, static_cast<int>(mover.heard["all"].size()));
      if (mover.moves == kMoves || !is_there(mover)) continue;
      speak(mover);
      ++mover.moves;
      mover.goal = match(mover.index + mover.moves);
      mover.client->join(mover.goal);
      speak(mover);
    }
    rounds_heard_ = heard;
    return std::all_of(movers_.begin(), movers_.end(),
                       [](const Mover& mover) { return mover.moves == kMoves && is_there(mover); });
  }
  bool all_answered() {
    drive();
    return std::all_of(movers_.begin(), movers_.end(), [](const Mover& mover) {
      return std::find(mover.replies.begin(), mover.replies.end(), 0) == mover.replies.end();
    });
  }
  bool all_heard() {
    const auto rounds = static_cast<std::size_t>(rounds_);
    return std::all_of(movers_.begin(), movers_.end(), [rounds](Mover& mover) {
      return mover.heard["session"].size() >= rounds && mover.heard["to"].size() >= rounds &&
             mover.heard["all"].size() >= rounds;
    });
  }
  bool all_said() {
    const std::lock_guard lock(mutex_);
    return std::all_of(movers_.begin(), movers_.end(), [this](const Mover& mover) {
      return said_[mover.client->name()].size() >= static_cast<std::size_t>(mover.said);
    });
  }
  std::string where_all_are() const {
    std::string out;
    for (const Mover& mover : movers_)
      out += fmt::format("{} to {} after {} moves: {} {}\n", mover.client->name(), mover.goal, mover.moves,
                         to_string(mover.client->state()), mover.client->reason());
    return out;
  }

  using Kept = std::pair<netcode::Ack, std::string>;
  std::array<Mover, 6> movers_;
  std::vector<std::thread> fire_;
  std::atomic<bool> is_over_ = false;
  std::atomic<int> rounds_ = 0;        // said
  std::atomic<int> rounds_heard_ = 0;  // by everybody
  std::mutex mutex_;                   // guards all below
  std::vector<Kept> kept_;
  std::map<std::string, std::vector<int>> said_;  // by name
  std::vector<std::string> ended_;
};
INSTANTIATE_TEST_SUITE_P(Shards, RunTestMoves, ::testing::Values(3U),
                         [](const auto& shards) { return std::to_string(shards.param); });

}  // namespace

TEST_P(RunTestMoves, under_fire_lose_nothing_and_nobody) {
  open_fire();
  ASSERT_TRUE(until([&] { return drive(); }, 80s)) << where_all_are();
  ASSERT_TRUE(until([&] { return all_answered(); })) << where_all_are();
  cease_fire();
  EXPECT_TRUE(until([&] { return all_heard() && all_said(); })) << where_all_are();
  until([] { return false; }, 1s);  // what came twice would have come by now

  const std::lock_guard lock(mutex_);
  EXPECT_TRUE(ended_.empty()) << ended_.front();
  for (Mover& mover : movers_) {
    SCOPED_TRACE(mover.client->name());
    for (const char* way : {"session", "to", "all"}) EXPECT_EQ(mover.heard[way], up_to(rounds_)) << way;
    for (int i = 0; i < kMatches; ++i) {
      const std::vector<int>& of_match = mover.heard[match(i)];
      EXPECT_EQ(std::adjacent_find(of_match.begin(), of_match.end(), std::greater_equal<>()), of_match.end())
          << match(i) << " was heard twice, or out of order";
    }
    EXPECT_EQ(said_[mover.client->name()], up_to(mover.said));
    EXPECT_EQ(mover.replies, std::vector<int>(mover.replies.size(), 1));
    EXPECT_TRUE(mover.wrong.empty()) << mover.wrong.front();
    EXPECT_EQ(mover.client->session(), mover.session);
    EXPECT_EQ(mover.client->stats().events_missed, 0U);
    EXPECT_EQ(mover.client->stats().refused, 0U);
  }
}
