// Flying alone over networks of some length.
#include "online_match.hpp"

namespace game::client {
namespace {

using namespace std::chrono_literals;
using test::OnlineMatch;

TEST(MatchOnline, flies_evenly_and_uncorrected_however_long_the_way_is) {
  for (const auto rtt : {0ms, 40ms, 120ms, 200ms, 300ms}) {
    SCOPED_TRACE(std::to_string(rtt.count()) + " ms there and back");
    OnlineMatch online({.network = {.rtt = rtt}});
    online.run_for(7);  // the countdown is over
    const auto from = online.frame();
    ASSERT_TRUE(from);
    online.keys.down(from->x < 4096 ? "D" : "A");
    online.run_for(5);
    std::optional<Point> last = online.frame();
    online.correction();
    float worst = 0;
    for (int i = 0; i < 300; ++i) {
      const auto now = online.frame();
      ASSERT_TRUE(now);
      worst = std::max(worst, std::abs(std::abs(now->x - last->x) / 7 - 1));
      last = now;
    }
    const float correction = online.correction();
    EXPECT_LE(worst, 0.10F);
    EXPECT_LT(correction, 0.01F);
    std::printf("[   drawn  ] %3d ms: a step is off by %.1f %% at most, the prediction by %.2f units\n",
                static_cast<int>(rtt.count()), 100.0 * static_cast<double>(worst), static_cast<double>(correction));
  }
}

TEST(MatchOnline, keeps_as_many_actions_under_way_as_the_way_is_long) {
  OnlineMatch online({.network = {.rtt = 200ms}});
  online.run_for(7);
  const std::size_t pending = online.screen->own().pending();
  EXPECT_GE(pending, 12U);
  EXPECT_LE(pending, 18U) << "200 ms, two ticks between snapshots, and at most two in reserve";
}

TEST(MatchOnline, is_back_in_time_after_a_stall_of_its_own) {
  OnlineMatch online({.network = {.rtt = 60ms}});
  online.run_for(7);
  const std::size_t before = online.screen->own().pending();
  online.bench.run_for(1500ms);  // the window was moved: no frame was drawn
  online.run_for(5);
  EXPECT_LE(online.screen->own().pending(), before + 2);
  online.correction();
  online.keys.down("W");
  online.run_for(1);
  EXPECT_LT(online.correction(), 0.01F);
}

TEST(MatchOnline, fires_at_once_and_once_and_the_server_says_the_same) {
  OnlineMatch online({.network = {.rtt = 180ms}});
  online.run_for(7);
  online.correction();
  online.keys.down("Mouse 1");
  std::size_t most = 0;
  for (int i = 0; i < 90; ++i) {
    online.frame();
    const auto& shots = online.screen->scene().shots;
    if (i == 1) {
      ASSERT_EQ(shots.size(), 1U) << "a tenth of a second before any server could have answered";
      EXPECT_TRUE(shots[0].is_own);
    }
    // Every 9 ticks one, for 45 at most: never one twice.
    for (std::size_t a = 0; a < shots.size(); ++a)
      for (std::size_t b = a + 1; b < shots.size(); ++b) EXPECT_GT(length(shots[a].at - shots[b].at), 60);
    most = std::max(most, shots.size());
  }
  EXPECT_GE(most, 4U);
  EXPECT_LE(most, 6U);
  EXPECT_LT(online.correction(), 0.01F);
}

TEST(MatchOnline, takes_back_quietly_what_the_server_refuses) {
  OnlineMatch online({.network = {.rtt = 180ms}});
  online.run_for(7);
  online.bench.lose_network(400ms);  // the press will not be there in time
  online.keys.down("Mouse 1");
  online.frame();
  online.frame();
  online.keys.up("Mouse 1");
  ASSERT_FALSE(online.screen->scene().shots.empty()) << "it is shown at first";
  online.run_for(3);
  EXPECT_TRUE(online.screen->scene().shots.empty());
  EXPECT_EQ(online.screen->own().shots().size(), 0U);
}

}  // namespace
}  // namespace game::client
