// frame_format and fragment_counter: bytes of frames written, and read along with.
// Tests also: frame_format.cpp, fragment_counter.cpp.
#include <gtest/gtest.h>

#include <array>

#include "test_world.hpp"
#include "transport/websocket/fragment_counter.hpp"
#include "transport/websocket/frame_format.hpp"

namespace netcode::transport {
namespace {

Bytes header(Opcode opcode, std::uint64_t payload, const Mask* mask = nullptr) {
  std::array<std::uint8_t, kFrameHeaderBytesMax> out{};
  const auto size = write_frame_header(out, opcode, payload, mask);
  EXPECT_EQ(size, frame_header_bytes(payload, mask != nullptr));
  return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size)};
}

Bytes raw_frame(std::uint8_t first, std::size_t payload) {
  Bytes frame = header(Opcode::kBinary, payload);
  frame[0] = first;
  frame.resize(frame.size() + payload);
  return frame;
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

TEST(FragmentCounter, counts_fragments_with_the_empty_ones_and_without_control_frames) {
  FragmentCounter counter;
  EXPECT_FALSE(counter.mid_message());
  counter.feed(raw_frame(0x02, 0));
  counter.feed(raw_frame(0x89, 5));
  counter.feed(raw_frame(0x00, 0));
  EXPECT_TRUE(counter.mid_message());
  EXPECT_EQ(counter.fragments(), 2U);
  counter.feed(raw_frame(0x80, 3));
  EXPECT_FALSE(counter.mid_message());
  EXPECT_EQ(counter.fragments(), 0U);
  EXPECT_EQ(counter.fragments_max(), 3U);
  EXPECT_EQ(counter.messages(), 1U);
}

TEST(FragmentCounter, says_the_same_however_the_bytes_are_cut) {
  Bytes stream;
  for (const auto& frame : {raw_frame(0x02, 10), raw_frame(0x80, 200), raw_frame(0x8A, 0), raw_frame(0x82, 70'000)}) {
    stream.insert(stream.end(), frame.begin(), frame.end());
  }
  for (const std::size_t step : {1UL, 2UL, 3UL, 7UL, 1000UL, stream.size()}) {
    FragmentCounter counter;
    for (std::size_t at = 0; at < stream.size(); at += step) {
      counter.feed(BytesView(stream).subspan(at, std::min(step, stream.size() - at)));
      const bool at_end = at + step >= stream.size();
      if (at_end) break;
    }
    EXPECT_EQ(counter.messages(), 2U) << step;
    EXPECT_EQ(counter.fragments_max(), 2U) << step;
    EXPECT_FALSE(counter.mid_message()) << step;
  }
}

TEST(FragmentCounter, is_in_a_message_from_its_first_byte_to_its_last) {
  const Bytes frame = raw_frame(0x82, 300);
  FragmentCounter counter;
  for (std::size_t i = 0; i + 1 < frame.size(); ++i) {
    counter.feed(BytesView(frame).subspan(i, 1));
    ASSERT_TRUE(counter.mid_message()) << i;
  }
  counter.feed(BytesView(frame).last(1));
  EXPECT_FALSE(counter.mid_message());
}

}  // namespace
}  // namespace netcode::transport
