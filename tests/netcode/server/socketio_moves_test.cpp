// Clients of Socket.IO whose sessions change their matches, and with them their threads, while their connections stay
// where they are: what they say and are told keeps its order, and every ask is answered once.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "server_fixture.hpp"
#include "transport/websocket/connector.hpp"

using namespace field;

namespace {

namespace json = boost::json;

/// Over a WebSocket; it answers no pings, and lives for less than it takes to miss that.
class Browser final : public netcode::transport::ConnectionHandler {
 public:
  ~Browser() override {
    if (connection_) connection_->detach();
  }
  void open(netcode::transport::Connector& connector, const std::string& name) {
    connector.connect("ws://bench:1/socket.io/?EIO=4&transport=websocket&name=" + name, "", [this](auto result) {
      ASSERT_TRUE(result) << result.error().reason;
      connection_ = *result;
      connection_->start(*this);
      say("40");
    });
  }
  /// With an ack; what it brings is in `answers`, by what was asked.
  void ask(const std::string& event, const std::string& argument, const std::string& key) {
    keys_[next_] = key;
    say(fmt::format(R"(42{}["{}",{}])", next_++, event, argument));
  }
  void emit(const std::string& text) { say(fmt::format(R"(42["chat",{{"text":"{}"}}])", text)); }

  bool is_joined = false;
  bool is_closed = false;
  std::map<std::string, std::vector<std::string>> answers;
  std::vector<std::string> chats;
  int snapshots = 0;

 private:
  void say(const std::string& text) {
    connection_->write({netcode::OutgoingMessage{.head = netcode::Bytes(text.begin(), text.end()),
                                                 .kind = netcode::MessageKind::kText}});
  }
  void on_message(netcode::MessageKind kind, netcode::BytesView bytes) override {
    if (kind != netcode::MessageKind::kText) {
      snapshots += 1;
      return;
    }
    const std::string text(bytes.begin(), bytes.end());
    const auto begin = text.find('[');
    if (text.starts_with("40")) is_joined = true;
    if (begin == std::string::npos) return;
    if (text.starts_with("42[\"chat\""))
      chats.emplace_back(json::parse(text.substr(begin)).at(1).at("text").as_string());
    if (text.starts_with("43")) answers[keys_.at(std::stoi(text.substr(2)))].push_back(text.substr(begin));
  }
  void on_writable() override {}
  void on_closed(const netcode::transport::CloseInfo&) override { is_closed = true; }

  std::shared_ptr<netcode::transport::Connection> connection_;
  std::map<int, std::string> keys_;
  int next_ = 0;
};

class SocketioMovesTest : public ServerTest {
 protected:
  static constexpr int kMoves = 12;
  static constexpr int kMatches = 5;

  void serve() {
    make();
    for (int i = 0; i < kMatches; ++i) ASSERT_TRUE(server().open("field", fmt::format("m{}", i)));
    server().on<Chat>([this](netcode::Session& session, const Chat& said) {
      const std::lock_guard lock(mutex_);
      said_[session.name()].push_back(said.text()->str());
    });
    // Each is answered when the next one comes: by then its session may be elsewhere.
    server().on<Ask>([this](netcode::Session&, const Ask& asked, netcode::Ack ack) {
      AnswerT answer;
      answer.text = asked.question()->str();
      std::optional<std::pair<netcode::Ack, AnswerT>> due;
      {
        const std::lock_guard lock(mutex_);
        due = std::exchange(kept_, std::pair(std::move(ack), answer));
      }
      if (due) due->first(due->second);
    });
    start();
    connector_ = bench_->connector();
    for (std::size_t i = 0; i < browsers_.size(); ++i) browsers_[i].open(*connector_, fmt::format("b{}", i));
    ASSERT_TRUE(until([this] {
      return std::all_of(browsers_.begin(), browsers_.end(), [](const Browser& b) { return b.is_joined; });
    }));
  }
  void speak(Browser& browser, std::vector<std::string>& said, std::vector<std::string>& asked) {
    for (int i = 0; i < 2; ++i) browser.emit(said.emplace_back(std::to_string(said.size())));
    const std::string& question = asked.emplace_back(fmt::format("q{}", asked.size()));
    browser.ask("ask", fmt::format(R"({{"question":"{}"}})", question), question);
  }

  netcode::ConnectorPtr connector_;
  std::array<Browser, 3> browsers_;
  std::mutex mutex_;  // guards both below
  std::map<std::string, std::vector<std::string>> said_;
  std::optional<std::pair<netcode::Ack, AnswerT>> kept_;
};
INSTANTIATE_ON_SHARDS(SocketioMovesTest);

}  // namespace

TEST_P(SocketioMovesTest, under_fire_lose_nothing_and_keep_their_order) {
  serve();
  std::array<std::vector<std::string>, 3> said, asked;
  int rounds = 0;
  for (int move = 0; move < kMoves; ++move) {
    for (std::size_t i = 0; i < browsers_.size(); ++i) {
      speak(browsers_[i], said[i], asked[i]);
      const std::string match = fmt::format("m{}", (static_cast<std::size_t>(move) + i) % kMatches);
      browsers_[i].ask("join", fmt::format(R"({{"match":"{}"}})", match), fmt::format("{} to {}", move, match));
      speak(browsers_[i], said[i], asked[i]);
    }
    for (int step = 0; step < 5; ++step) {
      server().emit(chat(fmt::format("{}", rounds++)));
      bench_->run_for(1ms);
      for (std::size_t i = 0; i < browsers_.size(); ++i) speak(browsers_[i], said[i], asked[i]);
    }
    bench_->run_for(50ms);
  }
  browsers_[0].ask("ask", "{\"question\":\"last\"}", "last");  // so that all others are answered
  ASSERT_TRUE(until([&] {
    return std::all_of(browsers_.begin(), browsers_.end(), [&](const Browser& b) {
      return b.chats.size() >= static_cast<std::size_t>(rounds) && b.answers.size() >= asked[1].size() + kMoves;
    });
  }));
  bench_->run_for(200ms);

  std::vector<std::string> all;
  for (int round = 0; round < rounds; ++round) all.push_back(std::to_string(round));
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < browsers_.size(); ++i) {
    SCOPED_TRACE(i);
    const Browser& browser = browsers_[i];
    EXPECT_FALSE(browser.is_closed);
    EXPECT_GT(browser.snapshots, 0);
    EXPECT_EQ(browser.chats, all);
    EXPECT_EQ(said_[fmt::format("b{}", i)], said[i]);
    for (const std::string& question : asked[i])
      EXPECT_EQ(browser.answers.at(question), std::vector{fmt::format(R"([{{"text":"{}"}}])", question)});
    for (const auto& [key, answers] : browser.answers) {
      EXPECT_EQ(answers.size(), 1U) << key;
      if (const auto to = key.find(" to "); to != std::string::npos) {
        EXPECT_NE(answers.front().find(fmt::format(R"("match":"{}")", key.substr(to + 4))), std::string::npos) << key;
      }
    }
  }
}
