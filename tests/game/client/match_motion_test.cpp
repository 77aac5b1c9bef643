// The own ship as it is drawn at any frame rate while a network answers late and unevenly.
// Tests also: motion.cpp.
#include "engine/core/rng.hpp"
#include "online_match.hpp"

namespace game::client {
namespace {

using namespace std::chrono_literals;
using test::OnlineMatch;

class MatchMotion : public testing::TestWithParam<double> {};

TEST_P(MatchMotion, steps_evenly_at_constant_speed) {
  double worst = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    OnlineMatch online({.network = {.rtt = 50ms, .jitter = 4ms}, .frame_rate = GetParam(), .seed = seed});
    online.run_for(6);
    const auto from = online.frame();
    ASSERT_TRUE(from);
    online.keys.down(from->x < 4096 ? "D" : "A");
    online.run_for(3);
    const double even = 7 * 60 / GetParam();
    std::optional<Point> last = online.frame();
    ASSERT_TRUE(last);
    online.correction();
    double largest = 0;
    for (int i = 0; i < 6 * GetParam(); ++i) {
      const Point now = *online.frame();
      largest = std::max(largest, std::abs(static_cast<double>(std::abs(now.x - last->x)) / even - 1));
      last = now;
    }
    EXPECT_LE(largest, 0.10);
    EXPECT_LT(online.correction(), 0.01F) << "each action is taken in a tick of its own";
    worst = std::max(worst, largest);
  }
  std::printf("[   drawn  ] at %.0f frames/s a step is off by %.1f %% at most\n", GetParam(), 100 * worst);
  RecordProperty("step_off_percent", std::to_string(100 * worst));
}

INSTANTIATE_TEST_SUITE_P(FrameRates, MatchMotion, testing::Values(30.0, 60.0, 144.0),
                         [](const auto& rate) { return std::to_string(static_cast<int>(rate.param)); });

TEST(MatchMotion, answers_a_key_within_two_frames_whatever_the_network) {
  int slowest = 0;
  for (const char* profile : {"good", "poor"}) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      SCOPED_TRACE(profile + std::string(", seed ") + std::to_string(seed));
      OnlineMatch online({.network = *netcode::network_profile(profile), .seed = seed});
      online.run_for(8);
      const Point still = *online.frame();
      ASSERT_EQ(*online.frame(), still);
      online.keys.down("D");
      int frames = 1;
      while (frames < 10 && online.frame()->x <= still.x) ++frames;
      EXPECT_LE(frames, 2);
      slowest = std::max(slowest, frames);
    }
  }
  std::printf("[   drawn  ] a key is answered in frame %d after it at the latest\n", slowest);
}

TEST(MatchMotion, is_continuous_where_actions_are_late_and_lost) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    OnlineMatch online({.network = *netcode::network_profile("poor"), .seed = seed});
    online.run_for(7);
    engine::Rng rng(seed);
    Point last = *online.frame();
    float drawn_off = 0;
    for (int i = 0; i < 600; ++i) {
      for (const char* key : {"W", "A", "S", "D"})
        if (rng.below(20) == 0) rng.below(2) == 0 ? online.keys.down(key) : online.keys.up(key);
      const Point now = *online.frame();
      // 7 a tick is its top speed; what was mispredicted is eased in, a third of it in the first frame.
      EXPECT_LT(length(now - last), 7.5F + 0.32F * std::max(online.correction(), drawn_off / 0.69F));
      drawn_off = online.screen->own().drawn_off();
      last = now;
    }
  }
}

}  // namespace
}  // namespace game::client
