// RFC 6455, rule by rule, each with its bytes cut in every place. frame_reader_oracle_test.cpp has the random ones.
#include "transport/websocket/frame_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "frames.hpp"

namespace netcode::transport {
namespace {

using Kind = FrameEvent::Kind;
using Events = std::vector<SeenEvent>;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr FrameLimits kLimits = {1000, 8};

FrameReader a_reader() { return {FrameReader::From::kClient, kLimits}; }

std::string close_payload(int code, std::string_view reason = {}) {
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
  return payload.append(reason);
}

SeenEvent violation(int code) { return {Kind::kViolation, "", code}; }

struct Case {
  const char* what;
  std::vector<RawFrame> frames;
  Events events;
};

const std::vector<Case> kRuleCases = {
    {"a binary message", {{0x82, "hello"}}, {{Kind::kBinary, "hello"}}},
    {"a text", {{0x81, "gr\xC3\xBC\xC3\x9F"}}, {{Kind::kText, "gr\xC3\xBC\xC3\x9F"}}},
    {"an empty message", {{0x82, ""}}, {{Kind::kBinary, ""}}},
    {"two messages", {{0x82, "one"}, {0x81, "two"}}, {{Kind::kBinary, "one"}, {Kind::kText, "two"}}},
    {"a length in two bytes", {{0x82, std::string(126, 'x')}}, {{Kind::kBinary, std::string(126, 'x')}}},
    {"fragments", {{0x02, "he"}, {0x00, ""}, {0x80, "llo"}}, {{Kind::kBinary, "hello"}}},
    {"empty fragments", {{0x01, ""}, {0x00, ""}, {0x80, ""}}, {{Kind::kText, ""}}},
    {"a code point over fragments", {{0x01, "\xE2"}, {0x00, "\x82"}, {0x80, "\xAC"}}, {{Kind::kText, "\xE2\x82\xAC"}}},
    {"control frames between fragments",
     {{0x02, "he"}, {0x89, "ping"}, {0x00, "l"}, {0x8A, ""}, {0x80, "lo"}, {0x82, "next"}},
     {{Kind::kPing, "ping"}, {Kind::kPong, ""}, {Kind::kBinary, "hello"}, {Kind::kBinary, "next"}}},
    {"the longest ping", {{0x89, std::string(125, 'p')}}, {{Kind::kPing, std::string(125, 'p')}}},
    {"a close", {{0x88, close_payload(1000, "bye")}}, {{Kind::kClose, "bye", 1000}}},
    {"a close without a code", {{0x88, ""}}, {{Kind::kClose, "", 0}}},
    {"a close inside a message", {{0x02, "he"}, {0x88, close_payload(4000)}}, {{Kind::kClose, "", 4000}}},
    {"what follows a close", {{0x88, ""}, {0x82, "x"}, {0xF2, "y"}}, {{Kind::kClose, "", 0}}},
    // Framing.
    {"an unmasked frame", {{0x82, "x", false}}, {violation(1002)}},
    {"RSV1", {{0xC2, "x"}}, {violation(1002)}},
    {"RSV2", {{0xA2, "x"}}, {violation(1002)}},
    {"RSV3", {{0x92, "x"}}, {violation(1002)}},
    {"RSV1 on a continuation", {{0x02, "x"}, {0xC0, "x"}}, {violation(1002)}},
    {"RSV1 on a ping", {{0xC9, "x"}}, {violation(1002)}},
    {"a reserved opcode", {{0x83, "x"}}, {violation(1002)}},
    {"the last reserved opcode", {{0x87, "x"}}, {violation(1002)}},
    {"a reserved control opcode", {{0x8B, ""}}, {violation(1002)}},
    {"the last reserved control opcode", {{0x8F, ""}}, {violation(1002)}},
    {"a continuation of nothing", {{0x80, "x"}}, {violation(1002)}},
    {"a continuation behind a whole message", {{0x82, "x"}, {0x00, "x"}}, {{Kind::kBinary, "x"}, violation(1002)}},
    {"a message inside a message", {{0x02, "x"}, {0x82, "x"}}, {violation(1002)}},
    {"a ping in fragments", {{0x09, "x"}}, {violation(1002)}},
    {"a ping that is too long", {{0x89, std::string(126, 'x')}}, {violation(1002)}},
    {"a length that is too long a form", {{0x82, std::string(125, 'x'), true, 2}}, {violation(1002)}},
    {"a length that is much too long a form", {{0x82, "x", true, 8}}, {violation(1002)}},
    {"a message and nonsense", {{0x82, "x"}, {0xF7, ""}}, {{Kind::kBinary, "x"}, violation(1002)}},
    // Close frames.
    {"half a close code", {{0x88, "\x03"}}, {violation(1002)}},
    {"a close reason that is not UTF-8", {{0x88, close_payload(1000, "\xFF")}}, {violation(1002)}},
    {"a close reason that is cut", {{0x88, close_payload(1000, "\xC3")}}, {violation(1002)}},
    // Text.
    {"text that is not UTF-8", {{0x81, "caf\xE9"}}, {violation(1007)}},
    {"text that ends in a code point", {{0x81, "\xE2\x82"}}, {violation(1007)}},
    {"the same in fragments", {{0x01, "\xE2"}, {0x80, "\x82"}}, {violation(1007)}},
    {"a bad fragment", {{0x01, "good"}, {0x00, "\xF4\x90"}, {0x80, "never seen"}}, {violation(1007)}},
    {"bytes that only binary may have", {{0x82, "\xFF\xC0"}}, {{Kind::kBinary, "\xFF\xC0"}}},
    // Limits.
    {"the largest message", {{0x82, std::string(1000, 'x')}}, {{Kind::kBinary, std::string(1000, 'x')}}},
    {"a message above the limit", {{0x82, std::string(1001, 'x')}}, {violation(1009)}},
    {"fragments above it", {{0x02, std::string(600, 'x')}, {0x80, std::string(401, 'x')}}, {violation(1009)}},
    {"as many fragments as there may be",
     {{0x02, "1"}, {0, "2"}, {0, "3"}, {0, "4"}, {0, "5"}, {0, "6"}, {0, "7"}, {0x80, "8"}},
     {{Kind::kBinary, "12345678"}}},
    {"one more", {{2}, {0}, {0}, {0}, {0}, {0}, {0}, {0}, {0x80}}, {violation(1008)}},
};

TEST(FrameReader, makes_of_every_case_the_same_wherever_it_is_cut) {
  for (const Case& one : kRuleCases) {
    SCOPED_TRACE(one.what);
    const Bytes bytes = bytes_of_frames(one.frames);
    FrameReader whole = a_reader();
    ASSERT_EQ(events_of(whole, bytes), one.events);
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
      FrameReader reader = a_reader();
      ASSERT_EQ(events_of(reader, bytes, {cut}), one.events) << "cut at " << cut;
    }
    std::vector<std::size_t> everywhere(bytes.size());
    for (std::size_t i = 0; i < bytes.size(); ++i) everywhere[i] = i;
    FrameReader reader = a_reader();
    ASSERT_EQ(events_of(reader, bytes, everywhere), one.events) << "byte by byte";
  }
}

TEST(FrameReader, takes_the_close_codes_that_may_travel_and_no_others) {
  for (int code = 0; code < 65536; ++code) {
    const bool may_travel =
        (code >= 1000 && code <= 1013 && code != 1004 && code != 1005 && code != 1006) || code >= 3000;
    FrameReader reader = a_reader();
    const auto events = events_of(reader, bytes_of_frames({{0x88, close_payload(code)}}));
    const SeenEvent expected = may_travel ? SeenEvent{Kind::kClose, "", code} : violation(1002);
    ASSERT_EQ(events, Events{expected}) << code;
  }
}

TEST(FrameReader, refuses_masked_frames_of_a_server_and_takes_those_that_are_not) {
  FrameReader reader(FrameReader::From::kServer, kLimits);
  EXPECT_THAT(events_of(reader, bytes_of_frames({{0x02, "a", false}, {0x89, "b", false}, {0x80, "c", false}})),
              ElementsAre(SeenEvent{Kind::kPing, "b"}, SeenEvent{Kind::kBinary, "ac"}));
  EXPECT_THAT(events_of(reader, bytes_of_frames({{0x82, "x", true}})), ElementsAre(violation(1002)));
}

TEST(FrameReader, refuses_what_two_bytes_break_with_two_bytes_and_a_length_with_the_header) {
  FrameReader unmasked = a_reader();
  EXPECT_THAT(events_of(unmasked, {0x82, 0x7F}), ElementsAre(violation(1002)));
  FrameReader absurd = a_reader();
  EXPECT_THAT(events_of(absurd, {0x82, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0}),
              ElementsAre(violation(1009)));
  FrameReader text = a_reader();
  Bytes bytes = bytes_of_frames({{0x81, "\xFF and much more"}});
  bytes.resize(7);
  EXPECT_THAT(events_of(text, bytes), ElementsAre(violation(1007))) << "the rest is not waited for";
}

TEST(FrameReader, takes_any_message_where_there_are_no_limits) {
  constexpr auto kMax = std::numeric_limits<std::size_t>::max();
  FrameReader reader(FrameReader::From::kClient, {kMax, kMax});
  EXPECT_THAT(events_of(reader, {0x82, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0}), IsEmpty());
  FrameReader large = FrameReader(FrameReader::From::kClient, {kMax, kMax});
  const std::string payload(70'000, 'x');
  EXPECT_EQ(events_of(large, bytes_of_frames({{0x82, payload}}), {5, 40'000}), (Events{{Kind::kBinary, payload}}));
}

TEST(FrameReader, points_into_the_bytes_and_keeps_nothing_of_messages_that_come_whole) {
  FrameReader reader = a_reader();
  for (int i = 0; i < 3; ++i) {
    Bytes bytes = bytes_of_frames({{0x82, "first"}, {0x89, "ping"}, {0x81, "second"}});
    std::span<std::uint8_t> left = bytes;
    for (auto event = reader.next(left); event.kind != Kind::kNeedsMore; event = reader.next(left)) {
      EXPECT_GE(event.payload.data(), bytes.data());
      EXPECT_LE(event.payload.data() + event.payload.size(), bytes.data() + bytes.size());
    }
    EXPECT_TRUE(left.empty());
    EXPECT_EQ(reader.bytes_kept(), 0U);
  }
}

TEST(FrameReader, keeps_what_has_come_of_a_message_and_not_what_was_declared_and_gives_it_back) {
  FrameReader reader(FrameReader::From::kClient, {1'000'000, 8});
  Bytes bytes = bytes_of_frames({{0x82, std::string(500'000, 'x')}});
  std::span<std::uint8_t> left = std::span(bytes).first(100);
  EXPECT_EQ(reader.next(left).kind, Kind::kNeedsMore);
  EXPECT_LE(reader.bytes_kept(), 200U);
  left = std::span(bytes).subspan(100);
  EXPECT_EQ(reader.next(left).kind, Kind::kBinary);
  EXPECT_EQ(reader.next(left).kind, Kind::kNeedsMore);
  EXPECT_EQ(reader.bytes_kept(), 0U);
}

TEST(FrameReader, is_in_a_message_from_its_first_byte_to_its_last) {
  const Bytes bytes = bytes_of_frames({{0x02, "x"}, {0x89, "y"}, {0x80, "z"}});
  FrameReader reader = a_reader();
  EXPECT_FALSE(reader.mid_message());
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    events_of(reader, {bytes[i]});
    ASSERT_TRUE(reader.mid_message()) << i;
  }
  events_of(reader, {bytes.back()});
  EXPECT_FALSE(reader.mid_message());
  EXPECT_EQ(reader.messages(), 1U);
  EXPECT_EQ(reader.control_frames(), 1U);
}

}  // namespace
}  // namespace netcode::transport
