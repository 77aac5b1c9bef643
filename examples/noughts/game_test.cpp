// Two matches of noughts and crosses, over in-memory links and in virtual time.
#include <gtest/gtest.h>

#include <netcode/testing.hpp>

#include "rules.hpp"

namespace {

using namespace std::chrono_literals;
using Client = netcode::Client<noughts::Game>;

class Noughts : public testing::Test {
 protected:
  netcode::Server::Kind define() {
    return bench_.server().define<noughts::Game>("noughts", {.players_max = 2, .tick_hz = 10, .snapshot_hz = 10});
  }
  std::unique_ptr<Client> joined(const char* name) {
    auto client = bench_.client<noughts::Game>(name);
    client->on_ended([this](std::string_view line) { result_ = line; });
    client->join("board");
    EXPECT_TRUE(bench_.run_until([&] { return client->world() != nullptr; }, 5s)) << client->reason();
    return client;
  }
  /// Marks the cell, or tries to for a second.
  bool mark(Client& client, std::uint8_t cell) {
    bench_.run_for(300ms);  // until it is shown what the others did
    if (!client.world()) return false;
    const auto turns = client.world()->turns();
    const bool is_marked = bench_.run_until(
        [&] {
          while (client.action_due()) client.act(noughts::MoveT{.cell = cell});
          return !result_.empty() || (client.world() && client.world()->turns() > turns);
        },
        1s);
    if (!is_marked) bench_.run_for(1s);  // until what is still on its way was refused, too
    return is_marked;
  }

  netcode::testing::TestBench bench_;
  std::string result_;
};

}  // namespace

TEST_F(Noughts, are_won_by_three_in_a_row) {
  define();
  bench_.start();
  const auto ada = joined("ada"), bob = joined("bob");
  EXPECT_FALSE(mark(*bob, 5)) << "ada came first, so she begins";
  EXPECT_TRUE(mark(*ada, 1));
  EXPECT_FALSE(mark(*bob, 1)) << "it is taken";
  EXPECT_FALSE(mark(*bob, 10)) << "there is none such";
  EXPECT_TRUE(mark(*bob, 4));
  EXPECT_TRUE(mark(*ada, 2));
  EXPECT_TRUE(mark(*bob, 5));
  EXPECT_EQ(result_, "");
  EXPECT_TRUE(mark(*ada, 3));
  EXPECT_TRUE(bench_.run_until([&] { return !result_.empty(); }, 1s));
  EXPECT_EQ(result_, "ada wins");
  EXPECT_TRUE(bench_.run_until([&] { return ada->world() && ada->world()->turns() == 0; }, 5s)) << "and begin anew";
}

TEST_F(Noughts, are_played_to_their_end_against_a_bot) {
  define().bots<noughts::Guesser>({.fill_to = 2});
  bench_.start();
  const auto ada = joined("ada");
  for (int turn = 0; turn < 9 && result_.empty(); ++turn)
    for (std::uint8_t cell = 1; cell <= 9 && result_.empty(); ++cell)
      if (ada->world() && ada->world()->cells()->Get(cell - 1U) == 0) mark(*ada, cell);
  EXPECT_TRUE(bench_.run_until([&] { return !result_.empty(); }, 5s));
  EXPECT_TRUE(result_.ends_with(" wins")) << result_;
}
