#include "socketio/engine_packet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/core/rng.hpp"

namespace netcode::socketio {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

EnginePacket message(std::string text) { return {.data = std::move(text)}; }
EnginePacket binary(std::string bytes) { return {.data = std::move(bytes), .is_binary = true}; }

}  // namespace

TEST(EnginePacket, is_a_digit_and_its_text) {
  EXPECT_EQ(engine_text(message("hello")), "4hello");
  EXPECT_EQ(engine_text({.type = EngineType::kPing, .data = {}}), "2");
  EXPECT_EQ(engine_text({.type = EngineType::kPong, .data = "probe"}), "3probe");
  EXPECT_EQ(*parse_engine_text("4hello"), message("hello"));
  EXPECT_EQ(*parse_engine_text("5"), (EnginePacket{.type = EngineType::kUpgrade, .data = {}}));
  EXPECT_EQ(*parse_engine_text("bAQIDBA=="), binary("\x01\x02\x03\x04"));
}

TEST(EnginePacket, without_a_type_is_none) {
  for (const std::string_view text : {"", "abc", "7", "-1", "bAQI", "\x1e"})
    EXPECT_FALSE(parse_engine_text(text)) << text;
}

TEST(EngineBody, has_packets_with_a_separator_between) {
  const std::vector<EnginePacket> packets = {message("test1"), message("test2"), binary("\x01\x02\x03\x04"),
                                             message("")};
  EXPECT_EQ(engine_body(packets),
            "4test1\x1e"
            "4test2\x1e"
            "bAQIDBA==\x1e"
            "4");
  const EngineBody read = parse_engine_body(engine_body(packets));
  EXPECT_EQ(read.packets, packets);
  EXPECT_FALSE(read.error);
  EXPECT_EQ(engine_body({}), "");
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

TEST(EngineBody, of_any_bytes_is_read_without_harm) {
  engine::Rng rng(3);
  for (int i = 0; i < 20'000; ++i) {
    std::string body(rng.below(40), '\0');
    for (char& c : body) c = "0123456b=AZ\x1e\xc3\xa4"[rng.below(14)];
    const EngineBody read = parse_engine_body(body);
    if (!read.error) {
      EXPECT_EQ(engine_body(read.packets), body) << "seed 3, " << i;
    }
  }
}

}  // namespace netcode::socketio
