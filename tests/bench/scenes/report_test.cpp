#include "report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scenes {
namespace {

using testing::HasSubstr;
using testing::Not;

Figures figures_of(Scene scene) {
  return {.scene = scene,
          .clients = 100,
          .seconds = 20,
          .snapshots_per_client_s = 20,
          .objects_per_snapshot = 100,
          .payload_bytes_per_snapshot = 500,
          .tcp_bytes_per_s = 10'080,
          .wire_bytes_per_s = 11'120,
          .segments_per_s = 20,
          .header_bytes = 52,
          .up_bytes_per_s = 140,
          .server_cpu_us = 17.25};
}

TEST(ScenesReport, counts_what_is_on_the_wire_for_each_object_and_update) {
  EXPECT_DOUBLE_EQ(figures_of(Scene::kSine).bytes_per_object_and_update(), 5.56);
  EXPECT_EQ(Figures().bytes_per_object_and_update(), 0);
}

TEST(ScenesReport, says_what_is_to_be_beaten) {
  const std::string text = text_of(figures_of(Scene::kWander));
  EXPECT_THAT(text, HasSubstr("scene 2 wander"));
  EXPECT_THAT(text, HasSubstr("11.12 kB/s a connection (best 12.0)"));
  EXPECT_THAT(text, HasSubstr("5.56 bytes an object and update (best 6.0, target 3.0)"));
  EXPECT_THAT(text, HasSubstr("with 52 bytes of IP and TCP headers"));
  EXPECT_THAT(text_of(figures_of(Scene::kStill)), Not(HasSubstr("target")));
}

TEST(ScenesReport, is_one_line_of_json) {
  const std::string json = json_of(figures_of(Scene::kNumbers));
  EXPECT_THAT(json, testing::StartsWith(R"({"scene":5,"name":"numbers","clients":100,"seconds":20.000,)"));
  EXPECT_THAT(json, HasSubstr(R"("wire_bytes_per_object_and_update":5.560,)"));
  EXPECT_THAT(json, testing::EndsWith(R"("cpu_us_per_client_and_snapshot":28}})"));
  EXPECT_THAT(json, Not(HasSubstr("\n")));
}

}  // namespace
}  // namespace scenes
