#include "replication/packed_frame.hpp"

#include <gtest/gtest.h>

namespace netcode {
namespace {

Bytes whole(const PackedFrame& frame) {
  Bytes bytes = frame.prefix();
  bytes.insert(bytes.end(), frame.shared.begin(), frame.shared.end());
  return bytes;
}

TEST(PackedFrame, is_read_as_it_was_written) {
  const Bytes shared{1, 2, 3, 4, 5};
  for (const std::size_t own_size : {0U, 1U, 29U, 30U, 31U, 300U, 65535U}) {
    const Bytes own(own_size, 9);
    for (unsigned flags = 0; flags < 8; ++flags) {
      const PackedFrame frame{.is_first = (flags & 1U) != 0,
                              .is_restart = (flags & 2U) != 0,
                              .has_hash = (flags & 4U) != 0,
                              .own = own,
                              .shared = shared};
      const Bytes bytes = whole(frame);
      const auto read = PackedFrame::read(bytes);
      ASSERT_TRUE(read) << read.error().reason;
      EXPECT_EQ(read->is_first, frame.is_first);
      EXPECT_EQ(read->is_restart, frame.is_restart);
      EXPECT_EQ(read->has_hash, frame.has_hash);
      EXPECT_EQ(Bytes(read->own.begin(), read->own.end()), own);
      EXPECT_EQ(Bytes(read->shared.begin(), read->shared.end()), shared);
    }
  }
}

TEST(PackedFrame, with_nothing_of_ones_own_takes_a_byte) { EXPECT_EQ(PackedFrame{}.prefix().size(), 1U); }

TEST(PackedFrame, holds_what_was_left_out_before_it) {
  const Bytes first{1, 2, 3, 4, 5};
  const Bytes second(300, 7);
  const Bytes shared{6};
  const Bytes bytes = whole({.own = first,
                             .shared = shared,
                             .earlier = {{.ticks = 2, .is_restart = false, .has_hash = true, .shared = first},
                                         {.ticks = 1000, .is_restart = true, .has_hash = false, .shared = second},
                                         {.ticks = 1, .is_restart = false, .has_hash = false, .shared = {}}}});
  const auto read = PackedFrame::read(bytes);
  ASSERT_TRUE(read) << read.error().reason;
  ASSERT_EQ(read->earlier.size(), 3U);
  EXPECT_EQ(read->earlier[0].ticks, 2U);
  EXPECT_TRUE(read->earlier[0].has_hash);
  EXPECT_FALSE(read->earlier[0].is_restart);
  EXPECT_EQ(Bytes(read->earlier[0].shared.begin(), read->earlier[0].shared.end()), first);
  EXPECT_EQ(read->earlier[1].ticks, 1000U);
  EXPECT_TRUE(read->earlier[1].is_restart);
  EXPECT_EQ(Bytes(read->earlier[1].shared.begin(), read->earlier[1].shared.end()), second);
  EXPECT_TRUE(read->earlier[2].shared.empty());
  EXPECT_EQ(Bytes(read->own.begin(), read->own.end()), first);
  EXPECT_EQ(Bytes(read->shared.begin(), read->shared.end()), shared);
}

TEST(PackedFrame, that_says_what_cannot_be_is_an_error_in_words) {
  const auto reason = [](const Bytes& bytes) {
    const auto read = PackedFrame::read(bytes);
    return read ? "" : read.error().reason;
  };
  EXPECT_EQ(reason({30, 0, 30}), "a packed snapshot that says twice what it builds on");
  EXPECT_EQ(reason({30, 1, 2, 0, 32}), "a packed snapshot that builds on nothing and on something");
  EXPECT_EQ(reason({30, 1, 2, 3 * 4 + 1, 0, 0, 0, 0}), "a packed snapshot that is cut off") << "no room for its hash";
  EXPECT_EQ(reason({30, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}), "a packed snapshot with a number that is too large");
}

TEST(PackedFrame, that_is_cut_off_is_an_error_in_words) {
  const Bytes own(40, 9);
  const Bytes hash(kWorldHashBytes, 1);
  const Bytes bytes = whole({.is_first = false,
                             .is_restart = false,
                             .has_hash = true,
                             .own = own,
                             .shared = hash,
                             .earlier = {{.ticks = 2, .is_restart = false, .has_hash = true, .shared = own}}});
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto read = PackedFrame::read(BytesView(bytes).first(size));
    ASSERT_FALSE(read) << size;
    EXPECT_NE(read.error().reason.find("packed snapshot"), std::string::npos);
  }
}

}  // namespace
}  // namespace netcode
