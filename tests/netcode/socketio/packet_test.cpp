#include "socketio/packet.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "engine/core/rng.hpp"
#include "socketio/json_text.hpp"

namespace netcode::socketio {
namespace {

/// The packet of one text; fails without one.
Packet read(std::string_view text) {
  PacketReader reader;
  auto packet = reader.read_text(text);
  EXPECT_TRUE(packet) << text << ": " << (packet ? "" : packet.error().reason);
  if (!packet || !*packet) return {};
  return **packet;
}

/// It has no text that would be read: it is ignored.
bool is_event_of_nothing(const Packet& packet) {
  return packet.type == PacketType::kEvent && packet.data->get_array().empty();
}

bool is_refused(std::string_view text) { return !PacketReader().read_text(text); }

}  // namespace

TEST(Packet, is_read_and_written_byte_for_byte) {
  for (const std::string_view text :
       {"0", R"(0{"token":"123"})", "0/custom,", R"(0/admin,{"a":1})", "1", "1/custom,",
        R"(2["message-back",1,"2",{"3":[true]}])", R"(2/custom,["hello"])", R"(2/custom,12["hello",null])",
        R"(3456[1,"2",{"3":[false]}])", R"(20["zero"])", R"(3/custom,7[])", "29007199254740991[\"x\"]"})
    EXPECT_EQ(packet_text(read(text)), text);
}

TEST(Packet, has_its_parts) {
  const Packet event = read(R"(2/custom,12["hello",1])");
  EXPECT_EQ(event.type, PacketType::kEvent);
  EXPECT_EQ(event.nsp, "/custom");
  EXPECT_EQ(event.ack, 12U);
  EXPECT_EQ(json_text(*event.data), R"(["hello",1])");
  EXPECT_EQ(read("0/custom").nsp, "/custom") << "the comma may be left out where nothing follows";
  EXPECT_EQ(read("0").data, std::nullopt);
}

TEST(Packet, that_no_client_may_send_is_refused) {
  for (const std::string_view text : {"",
                                      "7",
                                      "x",
                                      "4{\"message\":\"no\"}",
                                      "4abc",
                                      "2{}",
                                      "2abc[\"a\"]",
                                      "2[]",
                                      "2[true]",
                                      "2[{}]",
                                      "2[null]",
                                      "2\"a\"",
                                      "3{}",
                                      "31{}",
                                      "0[]",
                                      "0\"a\"",
                                      "1{}",
                                      "2[\"a\"",
                                      "2[\"a\"]]",
                                      "29007199254740992[\"a\"]",
                                      "299999999999999999999999[\"a\"]",
                                      "0null",
                                      "2-[\"a\"]"})
    EXPECT_TRUE(is_refused(text)) << text;
  for (const std::string_view name :
       {"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"})
    EXPECT_TRUE(is_refused("2[\"" + std::string(name) + "\"]")) << name;
  EXPECT_FALSE(is_refused("2[1,2]")) << "a number is a name";
}

TEST(Packet, of_nothing_has_no_arguments) {
  for (const std::string_view text : {"2", "3", "25", "3/custom,7", "2/custom[\"a\"]"})
    EXPECT_EQ(read(text).data, boost::json::value(boost::json::array())) << text;
  EXPECT_EQ(read("2/custom[\"a\"]").nsp, "/custom[\"a\"]") << "the comma is not left out before JSON";
}

TEST(Packet, takes_the_bytes_that_it_has_announced) {
  PacketReader reader;
  auto begun =
      reader.read_text(R"(52-/custom,3["file",{"_placeholder":true,"num":1},[{"_placeholder":true,"num":0}]])");
  ASSERT_TRUE(begun);
  EXPECT_FALSE(*begun);
  EXPECT_TRUE(reader.is_waiting());
  EXPECT_FALSE(*reader.read_bytes("first"));
  const auto whole = reader.read_bytes(std::string_view("\0\xff", 2));
  ASSERT_TRUE(whole && *whole);
  EXPECT_EQ((*whole)->type, PacketType::kBinaryEvent);
  EXPECT_EQ((*whole)->attachments, (std::vector<std::string>{"first", std::string("\0\xff", 2)}));
  EXPECT_EQ(attachment_of((*whole)->data->at(1)), 1U);
  EXPECT_FALSE(reader.is_waiting());
  EXPECT_EQ(packet_text(**whole),
            R"(52-/custom,3["file",{"_placeholder":true,"num":1},[{"_placeholder":true,"num":0}]])");
  EXPECT_TRUE(reader.read_text("2[\"next\"]"));
}

TEST(Packet, with_attachments_becomes_one_of_the_binary_types) {
  Packet ack{
      .type = PacketType::kAck, .ack = 9, .data = boost::json::array({placeholder(0)}), .attachments = {"bytes"}};
  EXPECT_EQ(packet_text(ack), R"(61-9[{"_placeholder":true,"num":0}])");
  ack.type = PacketType::kEvent;
  EXPECT_EQ(packet_text(ack), R"(51-9[{"_placeholder":true,"num":0}])");
}

TEST(Packet, of_bytes_that_do_not_fit_is_refused) {
  for (const std::string_view text :
       {"50-[\"a\"]", "51[\"a\"]", "5-[\"a\"]", "511-[\"a\"]", "5-1-[\"a\"]", "51.5-[\"a\"]", "51-", "51-{}", "51-[]",
        R"(51-["a",{"_placeholder":true,"num":1}])", R"(51-["a",{"_placeholder":true,"num":-1}])",
        R"(51-["a",{"_placeholder":true,"num":"0"}])", R"(51-["a",{"_placeholder":true,"num":0.5}])",
        R"(51-["a",{"_placeholder":true}])", R"(51-["a",{"b":[{"_placeholder":true,"num":7}]}])",
        "599999999999999999999-[\"a\"]", "61-[{\"_placeholder\":true,\"num\":2}]"})
    EXPECT_TRUE(is_refused(text)) << text;
  EXPECT_FALSE(is_refused("510-[\"a\"]"));
  EXPECT_FALSE(PacketReader().read_bytes("nobody has announced these"));
  PacketReader reader;
  ASSERT_TRUE(reader.read_text("51-[\"a\"]"));
  EXPECT_FALSE(reader.read_text("2[\"b\"]")) << "text where bytes are to come";
}

TEST(Packet, has_what_looks_like_a_placeholder_as_data_where_nothing_is_announced) {
  const std::string_view text = R"(2["a",{"_placeholder":true,"num":0}])";
  EXPECT_EQ(packet_text(read(text)), text);
}

TEST(Packet, of_any_text_is_read_without_harm) {
  engine::Rng rng(5);
  for (int i = 0; i < 50'000; ++i) {
    std::string text(rng.below(30), '\0');
    for (char& c : text) c = "0123456-/,[]{}\"abn:_"[rng.below(20)];
    PacketReader reader;
    const auto packet = reader.read_text(text);
    if (packet && *packet && !is_event_of_nothing(**packet)) {
      EXPECT_EQ(packet_text(read(packet_text(**packet))), packet_text(**packet)) << "seed 5: " << text;
    }
  }
}

}  // namespace netcode::socketio
