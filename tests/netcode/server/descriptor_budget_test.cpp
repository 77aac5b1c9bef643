#include "server/descriptor_budget.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace netcode {
namespace {

TEST(DescriptorBudget, warns_where_sessions_max_does_not_fit_and_says_what_does) {
  ServerConfig config;
  config.sessions_max = 4096;
  const DescriptorBudget tight = descriptor_budget(config, 1024);
  EXPECT_LT(tight.connections, 1024U);
  ASSERT_TRUE(tight.warning);
  EXPECT_THAT(*tight.warning, ::testing::HasSubstr("sessions_max is 4096"));
  EXPECT_THAT(*tight.warning, ::testing::HasSubstr(std::to_string(tight.connections)));
  EXPECT_FALSE(descriptor_budget(config, descriptors_wanted(config)).warning);
  EXPECT_EQ(descriptor_budget(config, 10).connections, 0U) << "no wrap-around";
}

TEST(DescriptorBudget, wants_two_for_a_session_with_twin_links_and_one_for_a_recording) {
  ServerConfig config;
  config.twin_links = false;
  const auto one_each = descriptors_wanted(config);
  config.twin_links = true;
  EXPECT_EQ(descriptors_wanted(config), one_each + config.sessions_max);
  config.record_dir = "recordings";
  EXPECT_EQ(descriptors_wanted(config), one_each + config.sessions_max + config.matches_max);
}

}  // namespace
}  // namespace netcode
