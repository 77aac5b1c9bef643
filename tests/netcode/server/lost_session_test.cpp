// What handlers hear of a client that is gone without a goodbye, and of one that is back.
#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include "server_fixture.hpp"

using namespace field;

namespace {

class LostSessionTest : public NotingTest {};
INSTANTIATE_ON_SHARDS(LostSessionTest);

TEST_P(LostSessionTest, a_client_that_is_lost_and_comes_back_is_told_of_once_each) {
  make();
  for (const std::string space : {"/", "/admin"}) {
    server().of(space).on_lost([this, space](netcode::Session& session, std::string_view) {
      note(session.name() + " lost in " + space + (session.is_connected() ? "?" : ""));
    });
    server().of(space).on_resumed([this, space](netcode::Session& session) {
      note(session.name() + " resumed in " + space + (session.is_connected() ? "" : "?"));
      session.emit(chat("welcome back"));
    });
  }
  server().of("/").on_lost([](netcode::Session&, std::string_view) { throw std::runtime_error("and nothing ends"); });
  start();
  spdlog::set_level(spdlog::level::off);
  auto ada = joined("ada");
  std::vector<std::string> heard;
  ada->on<Chat>([&](const Chat& chat) { heard.push_back(chat.text()->str()); });
  bool is_in = false;
  ada->enter("/admin", [&](const auto& ok) { is_in = ok.has_value(); });
  ASSERT_TRUE(until([&] { return is_in; }));
  EXPECT_TRUE(lines().empty()) << "who comes for the first time is not back";
  bench_->refuse_connections(true);
  bench_->cut_all();
  bench_->run_for(1s);
  EXPECT_EQ(lines(), (std::vector<std::string>{"ada lost in /", "ada lost in /admin"}));
  server().emit(chat("missed"));
  bench_->refuse_connections(false);
  ASSERT_TRUE(until([&] { return heard.size() == 3; }, 10s));
  EXPECT_EQ(heard, (std::vector<std::string>{"missed", "welcome back", "welcome back"}));
  ASSERT_EQ(lines().size(), 4U);
  EXPECT_EQ(lines()[2], "ada resumed in /");
  EXPECT_EQ(lines()[3], "ada resumed in /admin");
}

TEST_P(LostSessionTest, neither_a_goodbye_nor_a_move_nor_a_second_connection_is_a_loss) {
  make();
  std::atomic<int> lost = 0, resumed = 0, gone = 0;
  server().of("/").on_lost([&](netcode::Session&, std::string_view) { ++lost; });
  server().of("/").on_resumed([&](netcode::Session&) { ++resumed; });
  server().of("/").on_disconnect([&](netcode::Session&, std::string_view) { ++gone; });
  start();
  netcode::ClientConfig config;
  config.name = "ada";
  config.links = netcode::Links::kTwo;
  auto ada = bench_->client<Rules>(std::move(config));
  ada->join("m");
  ASSERT_TRUE(until([&] { return ada->stats().links == 2; }));
  bench_->run_for(200ms);
  for (const std::uint8_t link : {std::uint8_t{1}, std::uint8_t{0}}) {
    bench_->cut_link(link);
    bench_->run_for(2s);
    EXPECT_EQ(ada->stats().links, 2U);
  }
  for (const char* match : {"a", "b", "c"}) {
    ada->join(match);
    ASSERT_TRUE(until([&] { return ada->match() && ada->match()->id == match; })) << ada->reason();
  }
  ada->close();
  ASSERT_TRUE(until([&] { return gone == 1; }));
  EXPECT_EQ(lost, 0);
  EXPECT_EQ(resumed, 0);
  bench_->stop();  // while what the handlers refer to is there
}

TEST_P(LostSessionTest, a_handler_of_a_loss_may_end_the_session) {
  make();
  std::atomic<int> gone = 0, again = 0;
  server().of("/").on_lost([](netcode::Session& session, std::string_view) { session.close("no second chance"); });
  server().of("/").on_lost([&](netcode::Session&, std::string_view) { ++again; });
  server().of("/").on_disconnect([&](netcode::Session&, std::string_view) { ++gone; });
  start();
  auto ada = joined("ada");
  bench_->cut_all();
  ASSERT_TRUE(until([&] { return ada->state() == netcode::ClientState::kClosed; }, 10s));
  EXPECT_EQ(gone, 1);
  EXPECT_EQ(again, 0);
  bench_->stop();  // while what the handlers refer to is there
}

}  // namespace
