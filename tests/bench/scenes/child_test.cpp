#include "child.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <stdexcept>

namespace scenes {
namespace {

int wait_for_ever() {
  for (;;) ::pause();
}

TEST(Child, gives_the_exit_code_of_its_work) {
  Child child([] { return 7; });
  EXPECT_EQ(child.wait(), 7);
  EXPECT_FALSE(child.is_running());
  EXPECT_EQ(child.wait(), 7) << "asked again";
}

TEST(Child, ends_with_2_where_its_work_throws) {
  Child child([]() -> int { throw std::runtime_error("as this test wants it"); });
  EXPECT_EQ(child.wait(), 2);
}

TEST(Child, tells_the_signal_that_ended_it) {
  Child child(wait_for_ever);
  EXPECT_TRUE(child.is_running());
  child.signal(SIGTERM);
  EXPECT_EQ(child.wait(), 128 + SIGTERM);
}

TEST(Child, is_gone_with_its_object) {
  pid_t id = -1;
  {
    const Child child(wait_for_ever);
    id = child.id();
    EXPECT_EQ(::kill(id, 0), 0);
  }
  EXPECT_EQ(::kill(id, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

}  // namespace
}  // namespace scenes
