// How long the bytes of a plain snapshot are kept. What is in them: live_match_test.cpp, server_schema_test.cpp.
#include "replication/plain_encoder.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "packed_stream.hpp"

namespace netcode::testing {
namespace {

class PlainEncoderTest : public ::testing::Test {
 protected:
  SnapshotEncoder::Encoded encode(PlayerId viewer, VisibleSetPtr visible) {
    const FrameView view{.frame = frame_, .visible = std::move(visible), .viewer = viewer};
    return frame_->encoder(std::nullopt).encode(view, {.tick = frame_->tick()}, {});
  }

  PackedStream stream_{1, kStreamedWorld};
  WorldFramePtr frame_ = stream_.next();
};

TEST_F(PlainEncoderTest, makes_one_encoding_for_all_who_see_the_same_and_keeps_it_for_the_slow_ones) {
  const auto first = encode(kNoPlayer, nullptr);
  const auto second = encode(kNoPlayer, nullptr);
  EXPECT_TRUE(first.is_new);
  EXPECT_FALSE(second.is_new);
  EXPECT_EQ(first.message.body, second.message.body);
  frame_->forget_unshared();
  EXPECT_FALSE(encode(kNoPlayer, nullptr).is_new);
}

TEST_F(PlainEncoderTest, keeps_no_bytes_of_what_one_alone_is_shown_once_all_have_been_written_to) {
  const auto visible = stream_.some_of(frame_, 50);
  std::weak_ptr<const Bytes> body;
  {
    const auto own = encode(PlayerId{1}, visible);
    body = own.message.body;
    frame_->forget_unshared();
    EXPECT_FALSE(body.expired()) << "it is being written";
  }
  EXPECT_TRUE(body.expired());
  const auto again = encode(PlayerId{1}, visible);
  EXPECT_TRUE(again.is_new);
  EXPECT_GT(again.message.body_size(), 0U);
}

}  // namespace
}  // namespace netcode::testing
