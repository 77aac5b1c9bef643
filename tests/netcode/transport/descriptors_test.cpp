#include "transport/loop/descriptors.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace netcode::transport {
namespace {

class Descriptors : public testing::Test {
 protected:
  Descriptors() { ::getrlimit(RLIMIT_NOFILE, &before_); }
  ~Descriptors() override { ::setrlimit(RLIMIT_NOFILE, &before_); }
  void set_soft(rlim_t soft) const {
    rlimit limit = before_;
    limit.rlim_cur = soft;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  }
  rlimit before_{};
};

}  // namespace

TEST_F(Descriptors, are_raised_to_what_is_enough) {
  if (before_.rlim_max < 400) GTEST_SKIP() << "this machine's hard limit is below";
  set_soft(200);
  EXPECT_EQ(descriptor_limit(), 200U);
  EXPECT_EQ(raise_descriptor_limit(400), 400U);
  EXPECT_EQ(descriptor_limit(), 400U);
}

TEST_F(Descriptors, are_never_lowered) {
  if (before_.rlim_max < 400) GTEST_SKIP() << "this machine's hard limit is below";
  set_soft(400);
  EXPECT_EQ(raise_descriptor_limit(100), 400U);
}

TEST_F(Descriptors, are_raised_no_further_than_the_hard_limit) {
  if (before_.rlim_max == RLIM_INFINITY) GTEST_SKIP() << "there is none";
  set_soft(200);
  EXPECT_EQ(raise_descriptor_limit(static_cast<std::size_t>(before_.rlim_max) + 1'000), before_.rlim_max);
}

}  // namespace netcode::transport
