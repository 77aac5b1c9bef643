#include "game/apps/scrim/frame_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace game::apps {
namespace {

using testing::HasSubstr;

/// An own ship that flies to the right at top speed, 60 pictures a second.
class FrameReportTest : public testing::Test {
 protected:
  void fly(int pictures) {
    for (int i = 0; i < pictures; ++i) {
      scene_.ships = {{.id = 1, .at = {x_, 100}, .velocity = {kSpeed, 0}, .is_own = true}};
      report_.add_picture(scene_, pictures_++ / 60.0);
      x_ += kSpeed;
    }
  }

  static constexpr float kSpeed = 7;
  FrameReport report_;
  client::Scene scene_{.self = 1};
  float x_ = 0;
  int pictures_ = 0;
};

TEST_F(FrameReportTest, is_whole_before_the_first_frame) {
  EXPECT_EQ(report_.json("none"),
            R"({"renderer":"none","frames":0,"frames_per_s":0.00,"interval_ms":{"p50":0.00,"p95":0.00,"p99":0.00},)"
            R"("work_ms":{"p50":0.00,"p95":0.00,"p99":0.00},)"
            R"("own_step":{"frames":0,"off_percent_p50":0.00,"off_percent_max":0.00}})");
}

TEST_F(FrameReportTest, says_how_many_frames_there_were_and_how_long_they_and_their_work_took) {
  for (int i = 0; i < 90; ++i) report_.add_frame(0.016, 0.002);
  for (int i = 0; i < 10; ++i) report_.add_frame(0.056, 0.012);
  EXPECT_THAT(report_.json("software"), HasSubstr(R"("renderer":"software","frames":100,"frames_per_s":50.00,)"
                                                  R"("interval_ms":{"p50":16.00,"p95":56.00,"p99":56.00},)"
                                                  R"("work_ms":{"p50":2.00,"p95":12.00,"p99":12.00})"));
}

TEST_F(FrameReportTest, finds_a_ship_that_flies_evenly_even) {
  fly(40);
  EXPECT_THAT(report_.json(""), HasSubstr(R"("off_percent_p50":0.00,"off_percent_max":0.00)"));
}

TEST_F(FrameReportTest, finds_the_one_step_that_is_twice_as_long) {
  fly(20);
  x_ += kSpeed;
  fly(20);
  EXPECT_THAT(report_.json(""), HasSubstr(R"("off_percent_p50":0.00,"off_percent_max":100.00)"));
}

TEST_F(FrameReportTest, has_no_step_of_a_ship_that_is_not_ones_own) {
  scene_.self = 2;
  fly(40);
  EXPECT_THAT(report_.json(""), HasSubstr(R"("own_step":{"frames":0,)"));
}

}  // namespace
}  // namespace game::apps
