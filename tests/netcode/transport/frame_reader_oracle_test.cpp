// Boost.Beast's WebSocket as the oracle for FrameReader: of random frames, valid and not, both have to make the same
// messages and to refuse with the same close code.
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/beast/_experimental/test/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/utf8.hpp"
#include "frames.hpp"
#include "transport/websocket/handshake_key.hpp"

namespace netcode::transport {
namespace {

namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using Stream = websocket::stream<beast::test::stream, false>;

constexpr std::size_t kMessageBytesMax = 2000;

/// What one end makes of the other's bytes.
struct Outcome {
  std::vector<std::string> messages;  // "t" or "b", and the bytes
  int refused_with = 0;
  bool closed = false;
  int close_code = 0;  // of the peer's close frame
  std::string close_reason;
  bool operator==(const Outcome&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
    return out << outcome.messages.size() << " messages, refused with " << outcome.refused_with << ", closed "
               << outcome.closed << " with " << outcome.close_code << " \"" << outcome.close_reason << '"';
  }
};

std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

/// The close code in the last frame that was written, past the control frames before it; 0: none.
int close_code_written(std::string_view written, bool masked) {
  while (written.size() >= 2) {
    const auto opcode = written[0] & 0x0f;
    const std::size_t size = written[1] & 0x7f;  // control frames alone are written
    const std::size_t header = masked ? 6 : 2;
    if (opcode == 8 && size >= 2) {
      const auto byte = [&](std::size_t i) { return (written[header + i] ^ (masked ? written[2 + i] : 0)) & 0xff; };
      return byte(0) << 8 | byte(1);
    }
    written.remove_prefix(header + size);
  }
  return 0;
}

/// Opens `stream` with whoever is at `peer`, without a word of frames.
void shake_hands(boost::asio::io_context& context, Stream& stream, beast::test::stream& peer, bool is_server) {
  if (is_server) {
    peer.write_some(boost::asio::buffer(
        std::string_view("GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
                         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")));
    stream.accept();
  } else {
    stream.async_handshake("x", "/", [](beast::error_code error) { ASSERT_FALSE(error) << error.message(); });
    context.poll();
    const std::string request(peer.str());
    const auto at = request.find("Sec-WebSocket-Key: ") + 19;
    const auto answer =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
        "Sec-WebSocket-Accept: " +
        websocket_accept_of(request.substr(at, 24)) + "\r\n\r\n";
    peer.write_some(boost::asio::buffer(answer));
    context.restart();
    context.poll();
  }
  peer.clear();
}

Outcome outcome_by_beast(const Bytes& bytes, FrameReader::From from) {
  const bool is_server = from == FrameReader::From::kClient;
  boost::asio::io_context context;
  Stream stream(context);
  beast::test::stream peer(context);
  stream.next_layer().connect(peer);
  stream.read_message_max(kMessageBytesMax);
  shake_hands(context, stream, peer, is_server);

  Outcome outcome;
  if (!bytes.empty()) stream.next_layer().append(text_of(bytes));
  peer.close();
  for (;;) {
    beast::flat_buffer message;
    beast::error_code error;
    stream.read(message, error);
    if (!error) {
      const auto* const data = static_cast<const char*>(message.data().data());
      // Of a message whose last fragment is empty Beast does not see that it ends within a character.
      if (stream.got_text() && !engine::is_utf8({data, message.size()})) {
        outcome.refused_with = 1007;
        return outcome;
      }
      outcome.messages.push_back((stream.got_text() ? "t" : "b") + std::string(data, message.size()));
      continue;
    }
    outcome.closed = error == websocket::error::closed;
    if (outcome.closed) {
      outcome.close_code = stream.reason().code;
      outcome.close_reason.assign(stream.reason().reason.data(), stream.reason().reason.size());
    } else if (error != boost::asio::error::eof && error != beast::test::error::test_failure) {
      outcome.refused_with = close_code_written(std::string(peer.str()), !is_server);
    }
    return outcome;
  }
}

Outcome outcome_by_reader(const Bytes& bytes, FrameReader::From from, const std::vector<std::size_t>& cuts) {
  FrameReader reader(from, {kMessageBytesMax, 1000});
  Outcome outcome;
  for (const SeenEvent& event : events_of(reader, bytes, cuts)) {
    if (event.kind == FrameEvent::Kind::kText) outcome.messages.push_back("t" + event.payload);
    if (event.kind == FrameEvent::Kind::kBinary) outcome.messages.push_back("b" + event.payload);
    if (event.kind == FrameEvent::Kind::kViolation) outcome.refused_with = event.code;
    if (event.kind != FrameEvent::Kind::kClose) continue;
    outcome.closed = true;
    outcome.close_code = event.code;
    outcome.close_reason = event.payload;
  }
  return outcome;
}

class Frames {
 public:
  Frames(std::mt19937& random, bool masked) : random_(random), masked_(masked) {}

  /// Mostly what may be sent; now and then one thing is wrong with one frame.
  std::vector<RawFrame> some() {
    std::vector<RawFrame> frames;
    for (auto n = 1 + pick(6); n > 0; --n) {
      switch (pick(8)) {
        case 0:
          frames.push_back(control());
          break;
        case 1:
          frames.push_back({0x88, close_payload(), masked_});
          break;
        default:
          message(frames);
      }
    }
    if (pick(2) == 0) spoil(frames[pick(frames.size())]);
    return frames;
  }

 private:
  std::size_t pick(std::size_t below) { return random_() % below; }

  std::string payload(bool is_text) {
    static constexpr std::size_t kSizes[] = {0, 1, 5, 30, 125, 126, 300, 1200};
    std::string bytes;
    const auto size = kSizes[pick(std::size(kSizes))];
    while (bytes.size() < size) {
      bytes += !is_text ? std::string(1, static_cast<char>(random_())) : pick(3) == 0 ? "\xE2\x82\xAC" : "text";
    }
    return bytes;
  }
  RawFrame control() {
    return {static_cast<std::uint8_t>(pick(2) == 0 ? 0x89 : 0x8A), payload(false).substr(0, 125), masked_};
  }
  std::string close_payload() {
    static constexpr int kCodes[] = {0, 999, 1000, 1001, 1004, 1005, 1006, 1011, 1013, 1014, 1016, 2999, 3000, 4999};
    const int code = kCodes[pick(std::size(kCodes))];
    const std::string with_reason =
        std::string{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)} + payload(pick(4) > 0).substr(0, 120);
    return with_reason.substr(0, pick(6) == 0 ? pick(3) : std::string::npos);
  }
  void message(std::vector<RawFrame>& frames) {
    const bool is_text = pick(2) == 0;
    std::string rest = payload(is_text);
    std::uint8_t opcode = is_text ? 1 : 2;
    for (auto fragments = pick(3) == 0 ? 1 + pick(4) : 0; fragments > 0; --fragments) {
      const auto size = pick(rest.size() + 1);
      frames.push_back({std::exchange(opcode, 0), rest.substr(0, size), masked_});
      rest.erase(0, size);
      if (pick(4) == 0) frames.push_back(control());
    }
    frames.push_back({static_cast<std::uint8_t>(0x80 | opcode), rest, masked_});
  }
  void spoil(RawFrame& frame) {
    switch (pick(6)) {
      case 0:
        frame.first ^= static_cast<std::uint8_t>(1U << pick(8));
        break;
      case 1:
        frame.masked = !frame.masked;
        break;
      case 2:
        frame.length_bytes = frame.payload.size() < 126 && pick(2) == 0 ? 2 : 8;
        break;
      case 3:
        if (!frame.payload.empty()) frame.payload[pick(frame.payload.size())] = static_cast<char>(random_());
        break;
      case 4:
        frame.payload += std::string(900, 'x');
        frame.length_bytes = -1;
        break;
      default:
        frame.first = static_cast<std::uint8_t>(random_());
    }
  }

  std::mt19937& random_;
  const bool masked_;
};

class FrameReaderOracle : public testing::TestWithParam<FrameReader::From> {};
INSTANTIATE_TEST_SUITE_P(From, FrameReaderOracle,
                         testing::Values(FrameReader::From::kClient, FrameReader::From::kServer), [](const auto& from) {
                           return from.param == FrameReader::From::kClient ? "client" : "server";
                         });

TEST_P(FrameReaderOracle, makes_the_same_messages_and_closes_with_the_same_code) {
  const auto seed = std::random_device()();
  int refused = 0;
  int closed = 0;
  for (std::uint32_t i = 0; i < 4000; ++i) {
    std::mt19937 random(seed + i);
    const Bytes bytes = bytes_of_frames(Frames(random, GetParam() == FrameReader::From::kClient).some());
    std::vector<std::size_t> cuts;
    for (std::size_t at = random() % 40; at < bytes.size(); at += 1 + random() % 400) cuts.push_back(at);
    const Outcome expected = outcome_by_beast(bytes, GetParam());
    ASSERT_EQ(outcome_by_reader(bytes, GetParam(), cuts), expected) << "seed " << seed + i;
    refused += expected.refused_with != 0 ? 1 : 0;
    closed += expected.closed ? 1 : 0;
  }
  EXPECT_GT(refused, 200);
  EXPECT_GT(closed, 200);
}

}  // namespace
}  // namespace netcode::transport
