#include "socketio/made_packet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/core/rng.hpp"

namespace netcode::socketio {
namespace {

/// What a WebSocket is given.
std::string sent(const MadePacket& packet) {
  const OutgoingMessage message = packet.message();
  EXPECT_TRUE(message.head.empty());
  return {message.body->begin() + static_cast<std::ptrdiff_t>(message.body_offset), message.body->end()};
}

std::string body_of(const EngineBody& read) {
  return engine_body(std::vector<MadePacket>(read.packets.begin(), read.packets.end()));
}

}  // namespace

TEST(MadePacket, of_text_is_a_digit_and_its_data) {
  const MadePacket hello = MadePacket::text({"he", "llo"});
  EXPECT_EQ(sent(hello), "4hello");
  EXPECT_EQ(hello.message().kind, MessageKind::kText);
  EXPECT_EQ(hello.data(), "hello");
  EXPECT_EQ(sent(MadePacket(EnginePacket{.type = EngineType::kPing, .data = {}})), "2");
  EXPECT_EQ(sent(MadePacket(EnginePacket{.type = EngineType::kPong, .data = "probe"})), "3probe");
}

TEST(MadePacket, of_bytes_is_a_message_of_them_alone) {
  const MadePacket bytes(EnginePacket{.data = "\x01\x02", .is_binary = true});
  EXPECT_EQ(sent(bytes), "\x01\x02");
  EXPECT_EQ(bytes.message().kind, MessageKind::kBinary);
  EXPECT_EQ(bytes.data(), "\x01\x02");
}

TEST(MadePacket, shares_its_bytes_with_all_who_are_sent_it) {
  const auto shared = std::make_shared<const Bytes>(Bytes{9, 9, 1, 2});
  const MadePacket tail = MadePacket::binary(shared, 2);
  EXPECT_EQ(tail.message().body, shared);
  EXPECT_EQ(sent(tail), "\x01\x02");
  EXPECT_EQ(tail.data(), "\x01\x02");
  EXPECT_EQ(engine_body(std::vector{tail}), "bAQI=");
  const MadePacket text = MadePacket::text("a"), copy = text;
  EXPECT_EQ(text.message().body, copy.message().body);
}

TEST(MadePacket, takes_no_more_than_it_says) {
  for (std::size_t size = 0; size < 40; ++size)
    for (const MadePacket& packet :
         {MadePacket::text(std::string(size, 'x')), MadePacket::binary(std::string(size, 'x'))}) {
      EXPECT_LE(sent(packet).size(), packet.size_max()) << size;
      EXPECT_LE(engine_body(std::vector{packet}).size(), packet.size_max()) << size;
    }
}

TEST(EngineBody, is_made_with_a_separator_between_packets) {
  EXPECT_EQ(engine_body(std::vector{MadePacket::text("test1"), MadePacket::text("test2"),
                                    MadePacket::binary("\x01\x02\x03\x04"), MadePacket::text("")}),
            "4test1\x1e"
            "4test2\x1e"
            "bAQIDBA==\x1e"
            "4");
  EXPECT_EQ(engine_body({}), "");
}

TEST(EngineBody, of_any_bytes_is_read_without_harm) {
  engine::Rng rng(3);
  for (int i = 0; i < 20'000; ++i) {
    std::string body(rng.below(40), '\0');
    for (char& c : body) c = "0123456b=AZ\x1e\xc3\xa4"[rng.below(14)];
    const EngineBody read = parse_engine_body(body);
    if (!read.error) {
      EXPECT_EQ(body_of(read), body) << "seed 3, " << i;
    }
  }
}

}  // namespace netcode::socketio
