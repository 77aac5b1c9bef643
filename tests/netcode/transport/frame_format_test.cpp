// Headers of frames, and the mask, against the examples of RFC 6455.
#include "transport/websocket/frame_format.hpp"

#include <gtest/gtest.h>

#include <array>

#include "test_world.hpp"

namespace netcode::transport {
namespace {

Bytes header(Opcode opcode, std::uint64_t payload, const Mask* mask = nullptr) {
  std::array<std::uint8_t, kFrameHeaderBytesMax> out{};
  const auto size = write_frame_header(out, opcode, payload, mask);
  EXPECT_EQ(size, frame_header_bytes(payload, mask != nullptr));
  return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size)};
}

TEST(FrameHeader, is_what_rfc_6455_shows_in_section_5_7) {
  EXPECT_EQ(header(Opcode::kText, 5), (Bytes{0x81, 0x05}));
  const Mask mask{0x37, 0xfa, 0x21, 0x3d};
  EXPECT_EQ(header(Opcode::kText, 5, &mask), (Bytes{0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d}));
  EXPECT_EQ(header(Opcode::kBinary, 256), (Bytes{0x82, 0x7E, 0x01, 0x00}));
  EXPECT_EQ(header(Opcode::kBinary, 65536), (Bytes{0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0}));
}

TEST(FrameHeader, takes_the_shortest_length_there_is) {
  EXPECT_EQ(header(Opcode::kBinary, 125).size(), 2U);
  EXPECT_EQ(header(Opcode::kBinary, 126).size(), 4U);
  EXPECT_EQ(header(Opcode::kBinary, 65535).size(), 4U);
  EXPECT_EQ(header(Opcode::kBinary, 65536).size(), 10U);
}

TEST(FrameMask, is_what_rfc_6455_shows_in_section_5_7) {
  Bytes hello = bytes_of("Hello");
  apply_mask(hello, {0x37, 0xfa, 0x21, 0x3d});
  EXPECT_EQ(hello, (Bytes{0x7f, 0x9f, 0x4d, 0x51, 0x58}));
}

TEST(FrameMask, is_the_same_in_pieces_as_in_one) {
  const Mask mask{1, 2, 4, 8};
  for (std::size_t size = 0; size < 40; ++size) {
    Bytes whole = pattern(size);
    apply_mask(whole, mask);
    for (std::size_t cut = 0; cut <= size; ++cut) {
      Bytes pieces = pattern(size);
      apply_mask(std::span(pieces).first(cut), mask);
      apply_mask(std::span(pieces).subspan(cut), mask, cut);
      ASSERT_EQ(pieces, whole) << size << " cut at " << cut;
    }
  }
}

TEST(FrameMask, differs_from_frame_to_frame) {
  const Mask first = make_mask();
  int equal = 0;
  for (int i = 0; i < 200; ++i) equal += make_mask() == first ? 1 : 0;
  EXPECT_LT(equal, 2);
}

}  // namespace
}  // namespace netcode::transport
