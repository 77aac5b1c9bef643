// Window, on SDL's dummy video driver: a window that nobody sees. What is seen of one is tested in tests/window.
#include "engine/app/window.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

namespace engine::app {
namespace {

class WindowTest : public testing::Test {
 protected:
  WindowTest() { ::setenv("SDL_VIDEODRIVER", "dummy", 1); }
  ~WindowTest() override { ::unsetenv("SDL_VIDEODRIVER"); }
};

TEST_F(WindowTest, offers_a_frame_of_its_size_and_shows_it) {
  auto window = Window::open({.title = "test", .width = 640, .height = 360, .software = true, .frame_rate_max = 1'000});
  ASSERT_TRUE(window) << window.error().reason;
  EXPECT_EQ((*window)->frame().width(), 640);
  EXPECT_EQ((*window)->frame().height(), 360);
  EXPECT_EQ((*window)->renderer(), "software");
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE((*window)->poll().wants_quit);
    (*window)->present();
  }
}

TEST_F(WindowTest, draws_no_more_pixels_than_it_can_in_time) {
  auto window =
      Window::open({.title = "test", .width = 3840, .height = 2160, .software = true, .frame_rate_max = 1'000});
  ASSERT_TRUE(window) << window.error().reason;
  EXPECT_LE((*window)->frame().width(), 1920);
  EXPECT_LE((*window)->frame().height(), 1080);
}

TEST(Window, says_why_there_is_none) {
  ::setenv("SDL_VIDEODRIVER", "nonsense", 1);
  const auto window = Window::open({});
  ::unsetenv("SDL_VIDEODRIVER");
  ASSERT_FALSE(window);
  EXPECT_NE(window.error().reason.find("no display"), std::string::npos) << window.error().reason;
}

}  // namespace
}  // namespace engine::app
