// What one client says costs that client, and never ends another one's session.
#include "server/fan_out.hpp"

#include <gtest/gtest.h>

#include "core_fixture.hpp"
#include "field.hpp"
#include "visitor.hpp"

using namespace std::chrono_literals;

namespace netcode {
namespace {

class Speech : public ShardedCoreTest {
 protected:
  Speech() {
    core_.define("field", rules_type<field::Rules>(), {.players_max = 64, .options = {{"greet", "1"}}});
    core_.space("/").api().on<field::Chat>(
        [](Session& session, const field::Chat& chat) { session.match()->emit(field::chat(chat.text()->str())); });
    start();
  }
  std::unique_ptr<Visitor> joined(const std::string& name) {
    auto out = std::make_unique<Visitor>();
    connect(*out, "/match/m?name=" + name);
    EXPECT_TRUE(loop_.run_until([&] { return out->welcome.has_value(); }, 1s)) << name;
    return out;
  }
  static Bytes line(std::size_t letters = 100) {
    const Bytes body = encode(field::chat(std::string(letters, 'x')));
    return protocol::encode(protocol::EventMessage{.sequence = 0, .name = "chat", .ack = 0, .body = body});
  }
  static Bytes alive() { return protocol::encode(protocol::Received{.snapshot_tick = 0, .received = 0}); }
  std::uint64_t missed() {
    std::uint64_t out = 0;
    for (const auto& shard : core_.shards()) out += shard->stats().events_missed;
    return out;
  }
};
INSTANTIATE_TEST_SUITE_P(Shards, Speech, ::testing::Values(1U, 3U),
                         [](const auto& shards) { return std::to_string(shards.param); });

}  // namespace

TEST_P(Speech, of_sixteen_who_chat_at_full_speed_ends_their_own_sessions_and_not_a_slow_readers) {
  const auto slow = joined("slow");
  const auto quiet = joined("quiet");
  transport::MemoryNetwork::pause_reading(*slow->connection, true);
  std::vector<std::unique_ptr<Visitor>> chatters;
  for (int i = 0; i < 16; ++i) chatters.push_back(joined("c" + std::to_string(i)));
  const auto before = quiet->events.size();
  for (int step = 0; step < 1000; ++step) {  // 10 s of 400 lines a second each
    for (const auto& chatter : chatters)
      if (!chatter->closed && chatter->connection->writable()) chatter->send({line(), line(), line(), line()});
    if (step % 100 == 0) {
      slow->send(alive());
      quiet->send(alive());
    }
    loop_.run_for(10ms);
    ASSERT_LE(core_.event_totals()->bytes(), 1024U * 1024) << step;
  }
  for (const auto& chatter : chatters) {
    ASSERT_TRUE(chatter->closed);
    EXPECT_EQ(chatter->closed->code, transport::CloseCode::kPolicy);
    EXPECT_EQ(chatter->closed->reason,
              "refused too often, at last: this session's events go to others faster than they may: wait a little");
  }
  EXPECT_FALSE(slow->closed) << slow->closed->reason;
  EXPECT_FALSE(quiet->closed) << quiet->closed->reason;
  EXPECT_GT(quiet->events.size(), before + 16) << "they were heard at first";
  EXPECT_EQ(core_.directory().sessions(), 2U);
}

TEST_P(Speech, within_its_budget_is_heard_by_all_and_kept_for_one_who_stalls) {
  const auto slow = joined("slow");
  transport::MemoryNetwork::pause_reading(*slow->connection, true);
  std::vector<std::unique_ptr<Visitor>> chatters;
  for (int i = 0; i < 15; ++i) chatters.push_back(joined("c" + std::to_string(i)));
  for (int second = 0; second < 30; ++second) {
    for (const auto& chatter : chatters) chatter->send({line(), line()});
    slow->send(alive());
    loop_.run_for(1s);
  }
  EXPECT_EQ(missed(), 0U);
  ASSERT_FALSE(slow->closed) << slow->closed->reason;
  transport::MemoryNetwork::pause_reading(*slow->connection, false);
  loop_.run_for(1s);
  for (const auto& chatter : chatters) {
    EXPECT_FALSE(chatter->closed) << chatter->closed->reason;
    EXPECT_TRUE(chatter->refusals.empty()) << chatter->refusals.front();
  }
  EXPECT_GE(slow->events.size(), 30U * 15 * 2);
  for (std::size_t i = 1; i < slow->events.size(); ++i) ASSERT_EQ(slow->events[i], slow->events[i - 1] + 1);
}

TEST_P(Speech, that_is_refused_says_why_and_is_taken_again_after_a_while) {
  const auto quiet = joined("quiet");
  const auto ada = joined("ada");
  std::vector<Bytes> burst;
  for (int i = 0; i < 200 && ada->refusals.empty(); ++i) {
    ada->send(line(1000));
    loop_.run_for(1ms);
  }
  ASSERT_FALSE(ada->refusals.empty());
  EXPECT_EQ(ada->refusals.front(), "this session's events go to others faster than they may: wait a little");
  loop_.run_for(2s);
  const auto heard = quiet->events.size();
  ada->send(line());
  loop_.run_for(100ms);
  EXPECT_EQ(quiet->events.size(), heard + 1);
}

TEST_P(Speech, to_one_session_has_the_price_of_one_receiver_on_however_many_shards) {
  const auto quiet = joined("quiet");
  const auto ada = joined("ada");
  core_.space("/").api().on<field::Ask>([this, to = quiet->welcome->session](Session&, const field::Ask&) {
    core_.space("/").api().to(to).emit(field::chat(std::string(1000, 'x')));
  });
  const Bytes ask =
      protocol::encode(protocol::EventMessage{.sequence = 0, .name = "ask", .ack = 0, .body = encode(field::AskT())});
  loop_.run_for(100ms);  // what came with its joining is there
  const auto heard = quiet->events.size();
  constexpr std::size_t kLines = 40;  // of some 1200 bytes: within the burst, and twice as many would not be
  for (std::size_t i = 0; i < kLines; ++i) {
    ada->send(ask);
    loop_.run_for(1ms);
  }
  loop_.run_for(100ms);
  EXPECT_TRUE(ada->refusals.empty()) << ada->refusals.front();
  EXPECT_EQ(quiet->events.size(), heard + kLines);
}

TEST_P(Speech, by_coming_and_going_has_its_price_too) {
  const auto quiet = joined("quiet");
  std::vector<std::unique_ptr<Visitor>> crowd;
  for (int i = 0; i < 30; ++i) crowd.push_back(joined("c" + std::to_string(i)));
  auto restless = joined("restless");
  const std::string token = restless->welcome->token;
  std::optional<transport::CloseInfo> refused;
  for (int move = 0; move < 200 && !refused; ++move) {
    auto next = std::make_unique<Visitor>();
    connect(*next, (move % 2 == 0 ? "/match/other?token=" : "/match/m?token=") + token);
    ASSERT_TRUE(loop_.run_until([&] { return next->welcome || next->closed; }, 1s));
    refused = next->closed;
    if (!refused) restless = std::move(next);
  }
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->reason, "this session comes and goes faster than it may: wait a little");
  EXPECT_FALSE(restless->closed) << "it stays where it is";
  EXPECT_FALSE(quiet->closed);
}

TEST(FanOut, is_paid_back_with_time_and_held_against_nobody_for_ever) {
  engine::TimePoint now{};
  FanOut fan_out(now);
  EXPECT_TRUE(fan_out.may_speak(now));
  fan_out.charge(std::size_t{1} << 40U);
  EXPECT_FALSE(fan_out.may_speak(now));
  EXPECT_FALSE(fan_out.may_speak(now + std::chrono::seconds(limits::kFanOutDebtSecondsMax) - 1ms));
  EXPECT_TRUE(fan_out.may_speak(now + std::chrono::seconds(limits::kFanOutDebtSecondsMax) + 1ms));
}

}  // namespace netcode
