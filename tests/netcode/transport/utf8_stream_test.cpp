// Text in pieces, against engine::is_utf8 on the whole of it.
#include "transport/websocket/utf8_stream.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>

#include "engine/core/utf8.hpp"

namespace netcode::transport {
namespace {

BytesView view(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

bool is_utf8_in_pieces(std::string_view text, std::size_t piece) {
  Utf8Stream stream;
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    if (!stream.feed(view(text.substr(0, piece)))) return false;
  }
  return stream.is_whole();
}

TEST(Utf8Stream, says_of_text_in_pieces_what_is_said_of_it_whole) {
  const std::string_view some[] = {"",
                                   "plain ASCII, longer than eight bytes",
                                   "\xC3\xA4",
                                   "\xC3",
                                   "\xC0\xAF",
                                   "\xE0\x80\x80",
                                   "\xE0\xA0\x80",
                                   "\xED\xA0\x80",
                                   "\xED\x9F\xBF",
                                   "\xF0\x8F\xBF\xBF",
                                   "\xF0\x90\x80\x80",
                                   "\xF4\x8F\xBF\xBF",
                                   "\xF4\x90\x80\x80",
                                   "\xF5\x80\x80\x80",
                                   "\x80",
                                   "\xE2\x82",
                                   "eight..\xE2\x82\xAC and on",
                                   "\xE2\x28\xA1",
                                   "\xFF"};
  for (const auto text : some) {
    for (const std::size_t piece : {1UL, 2UL, 3UL, 5UL, 100UL}) {
      EXPECT_EQ(is_utf8_in_pieces(text, piece), engine::is_utf8(text))
          << testing::PrintToString(text) << " by " << piece;
    }
  }
}

TEST(Utf8Stream, agrees_on_random_bytes_near_utf8) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const std::string_view parts[] = {"a", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x9A\x80", "twelve bytes"};
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (auto n = random() % 6; n > 0; --n) text += parts[random() % std::size(parts)];
    if (random() % 2 == 0 && !text.empty()) text[random() % text.size()] = static_cast<char>(random());
    ASSERT_EQ(is_utf8_in_pieces(text, 1 + random() % 9), engine::is_utf8(text)) << testing::PrintToString(text);
  }
}

TEST(Utf8Stream, refuses_a_byte_that_cannot_follow_when_it_comes) {
  Utf8Stream stream;
  EXPECT_TRUE(stream.feed(view("\xF4")));
  EXPECT_FALSE(stream.feed(view("\x90"))) << "above U+10FFFF, whatever follows";
}

}  // namespace
}  // namespace netcode::transport
