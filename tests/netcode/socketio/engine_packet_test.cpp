#include "socketio/engine_packet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace netcode::socketio {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

EnginePacket message(std::string text) { return {.data = std::move(text)}; }
EnginePacket binary(std::string bytes) { return {.data = std::move(bytes), .is_binary = true}; }

}  // namespace

TEST(EnginePacket, is_a_digit_and_its_text) {
  EXPECT_EQ(*parse_engine_text("4hello"), message("hello"));
  EXPECT_EQ(*parse_engine_text("5"), (EnginePacket{.type = EngineType::kUpgrade, .data = {}}));
  EXPECT_EQ(*parse_engine_text("bAQIDBA=="), binary("\x01\x02\x03\x04"));
}

TEST(EnginePacket, without_a_type_is_none) {
  for (const std::string_view text : {"", "abc", "7", "-1", "bAQI", "\x1e"})
    EXPECT_FALSE(parse_engine_text(text)) << text;
}

TEST(EngineBody, has_packets_with_a_separator_between) {
  const EngineBody read = parse_engine_body(
      "4test1\x1e"
      "4test2\x1e"
      "bAQIDBA==\x1e"
      "4");
  EXPECT_THAT(read.packets, ElementsAre(message("test1"), message("test2"), binary("\x01\x02\x03\x04"), message("")));
  EXPECT_FALSE(read.error);
}

TEST(EngineBody, counts_up_to_the_first_packet_that_is_none) {
  const EngineBody bad = parse_engine_body(
      "4one\x1e"
      "2\x1e"
      "abc\x1e"
      "4four");
  EXPECT_THAT(bad.packets, ElementsAre(message("one"), EnginePacket{.type = EngineType::kPing, .data = {}}));
  EXPECT_TRUE(bad.error);
  for (const std::string_view body : {"", "\x1e", "4\xff", "x"}) {
    EXPECT_TRUE(parse_engine_body(body).error) << body;
    EXPECT_THAT(parse_engine_body(body).packets, IsEmpty()) << body;
  }
  EXPECT_TRUE(parse_engine_body("4a\x1e").error) << "an empty one at the end";
}

}  // namespace netcode::socketio
