#include "transport/http/request_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>

#include <string>

#include "netcode/limits.hpp"
#include "test_world.hpp"

namespace netcode::transport {
namespace {

using testing::HasSubstr;

constexpr std::size_t kBodyBytesMax = 1000;
constexpr std::size_t kBufferBytesMax = limits::kHttpHeadBytesMax;

/// As a connection reads: so many bytes at a time, into a buffer of a bounded size.
RequestReader::Progress read_in_pieces(std::string_view bytes, std::size_t piece, std::size_t* left = nullptr) {
  RequestReader reader(kBodyBytesMax);
  Bytes buffer;
  RequestReader::Progress progress;
  while (!bytes.empty()) {
    const auto room = std::min({piece, kBufferBytesMax - buffer.size(), bytes.size()});
    if (room == 0) {
      ADD_FAILURE() << "the buffer is full and the reader asks for more";
      break;
    }
    buffer.insert(buffer.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(room));
    bytes.remove_prefix(room);
    std::size_t taken = 0;
    progress = reader.read(buffer, buffer.size() == kBufferBytesMax, taken);
    buffer.erase(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(taken));
    if (std::holds_alternative<RequestReader::Whole>(progress) || std::holds_alternative<HttpResponse>(progress)) break;
  }
  if (left != nullptr) *left = buffer.size() + bytes.size();
  return progress;
}

/// The status that a request is refused with; 0 if it is not.
unsigned status_of(std::string_view bytes, std::string* reason = nullptr) {
  unsigned status = 0;
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, bytes.size()}) {
    const auto progress = read_in_pieces(bytes, piece);
    const auto* refusal = std::get_if<HttpResponse>(&progress);
    const unsigned now = refusal != nullptr ? refusal->status : 0;
    EXPECT_TRUE(piece == 1 || now == status) << "in pieces of " << piece << ": " << now << ", not " << status;
    status = now;
    if (refusal == nullptr) continue;
    EXPECT_FALSE(refusal->body.empty());
    if (reason != nullptr) *reason = refusal->body;
  }
  return status;
}

std::string post(std::string_view headers, std::string_view body) {
  return fmt::format("POST / HTTP/1.1\r\nHost: x\r\n{}\r\n{}", headers, body);
}

TEST(RequestReader, takes_one_request_and_leaves_the_next) {
  const std::string first = post("Content-Length: 3\r\n", "abc");
  const std::string next = "GET / HTTP/1.1\r\n";
  for (std::size_t piece = 1; piece < first.size() + next.size(); ++piece) {
    std::size_t left = 0;
    const auto progress = read_in_pieces(first + next, piece, &left);
    const auto* whole = std::get_if<RequestReader::Whole>(&progress);
    ASSERT_NE(whole, nullptr);
    EXPECT_EQ(text_of(whole->request.body), "abc");
    EXPECT_TRUE(whole->keeps_alive);
    EXPECT_EQ(left, next.size());
  }
}

TEST(RequestReader, says_what_the_head_says) {
  const auto progress = read_in_pieces(
      "PUT /a%20b?c=d HTTP/1.1\r\nHost: h:1\r\nX: 1\r\nx: 2\r\nConnection: close\r\n"
      "Content-Length: 0\r\n\r\n",
      5);
  const auto* whole = std::get_if<RequestReader::Whole>(&progress);
  ASSERT_NE(whole, nullptr);
  EXPECT_EQ(whole->request.method, "PUT");
  EXPECT_EQ(whole->request.path, "/a b");
  EXPECT_EQ(whole->request.target, "/a%20b?c=d");
  EXPECT_EQ(whole->request.headers.size(), 5U);
  EXPECT_EQ(whole->request.header("X"), "1");
  EXPECT_FALSE(whole->keeps_alive);
  EXPECT_FALSE(whole->wants_upgrade);
}

TEST(RequestReader, refuses_what_two_readers_could_read_in_two_ways) {
  const struct {
    const char* what;
    std::string bytes;
  } kCases[] = {
      {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
      {"no host", "GET / HTTP/1.1\r\n\r\n"},
      {"gzip", post("Transfer-Encoding: gzip\r\n", "")},
      {"gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")},
      {"chunked, gzip", post("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n")},
      {"an unknown coding", post("Transfer-Encoding: identity\r\n", "")},
      {"two codings", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
      {"chunks and a length", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n")},
      {"a length and chunks", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
      {"two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello")},
      {"a length that is no number", post("Content-Length: five\r\n", "hello")},
      {"a length below zero", post("Content-Length: -5\r\n", "hello")},
      {"chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"a chunk that is no number", post("Transfer-Encoding: chunked\r\n", "zz\r\n\r\n")},
      {"a chunk longer than it says", post("Transfer-Encoding: chunked\r\n", "1\r\nab\r\n0\r\n\r\n")},
      {"a folded header", "GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n"},
      {"no target", "GET  HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"a target without a slash", "GET x HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
  };
  for (const auto& one : kCases) {
    SCOPED_TRACE(one.what);
    EXPECT_EQ(status_of(one.bytes), 400U);
  }
}

TEST(RequestReader, refuses_methods_that_nobody_serves_and_names_those_that_are) {
  for (const char* method : {"CONNECT", "TRACE", "FROBNICATE"}) {
    const auto progress = read_in_pieces(std::string(method) + " / HTTP/1.1\r\nHost: x\r\n\r\n", 100);
    const auto* refusal = std::get_if<HttpResponse>(&progress);
    ASSERT_NE(refusal, nullptr) << method;
    EXPECT_EQ(refusal->status, 405U);
    EXPECT_THAT(refusal->body, HasSubstr(method));
    EXPECT_EQ(refusal->headers.at(0).name, "Allow");
  }
}

TEST(RequestReader, asks_for_the_length_of_a_body) {
  EXPECT_EQ(status_of(post("", "")), 411U);
  EXPECT_EQ(status_of(post("Content-Length: 0\r\n", "")), 0U);
  EXPECT_EQ(status_of("DELETE / HTTP/1.1\r\nHost: x\r\n\r\n"), 0U);
}

TEST(RequestReader, bounds_a_body_by_its_length_and_in_chunks) {
  std::string reason;
  EXPECT_EQ(status_of(post("Content-Length: 1000\r\n", std::string(1000, 'x'))), 0U);
  EXPECT_EQ(status_of(post("Content-Length: 1001\r\n", std::string(1001, 'x')), &reason), 413U);
  EXPECT_EQ(reason, "a request body takes at most 1000 bytes");
  std::string chunks;
  for (int i = 0; i < 10; ++i) chunks += "64\r\n" + std::string(100, 'x') + "\r\n";
  EXPECT_EQ(status_of(post("Transfer-Encoding: chunked\r\n", chunks + "0\r\n\r\n")), 0U);
  EXPECT_EQ(status_of(post("Transfer-Encoding: chunked\r\n", chunks + "1\r\nx\r\n0\r\n\r\n")), 413U);
  EXPECT_EQ(status_of(post("Transfer-Encoding: chunked\r\n", "ffffffffffffffff\r\n")), 413U);
}

TEST(RequestReader, bounds_what_comes_beside_the_bytes_of_a_chunked_body) {
  std::string padded;
  for (int i = 0; i < 100; ++i) padded += fmt::format("1;{}\r\nx\r\n", std::string(1000, 'e'));
  EXPECT_EQ(status_of(post("Transfer-Encoding: chunked\r\n", padded + "0\r\n\r\n")), 413U);
  EXPECT_EQ(status_of(post("Transfer-Encoding: chunked\r\n",
                           fmt::format("1;{}\r\nx\r\n0\r\n\r\n", std::string(20'000, 'e')))),
            431U);
  EXPECT_EQ(
      status_of(post("Transfer-Encoding: chunked\r\n", fmt::format("0\r\nT: {}\r\n\r\n", std::string(20'000, 't')))),
      431U);
}

TEST(RequestReader, bounds_the_head) {
  const auto with_header = [](std::size_t bytes) {
    return fmt::format("GET / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", std::string(bytes, 'x'));
  };
  EXPECT_EQ(status_of(with_header(limits::kHttpHeadBytesMax - 200)), 0U);
  EXPECT_EQ(status_of(with_header(limits::kHttpHeadBytesMax)), 431U);
  EXPECT_EQ(status_of(fmt::format("GET /{}", std::string(2 * limits::kHttpHeadBytesMax, 'x'))), 431U);
}

TEST(RequestReader, meets_the_expectation_of_100_continue_and_no_other) {
  const auto progress = read_in_pieces(post("Content-Length: 3\r\nExpect: 100-continue\r\n", ""), 1000);
  EXPECT_TRUE(std::holds_alternative<RequestReader::NeedsContinue>(progress));
  EXPECT_EQ(status_of(post("Content-Length: 3\r\nExpect: a miracle\r\n", "abc")), 417U);
  EXPECT_EQ(status_of(post("Content-Length: 3\r\nExpect: 100-continue\r\n", "abc")), 0U);
}

TEST(RequestReader, refuses_an_upgrade_with_a_body) {
  const std::string upgrade =
      "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
  EXPECT_EQ(status_of(upgrade + "\r\n"), 0U);
  EXPECT_EQ(status_of(upgrade + "Content-Length: 3\r\n\r\nabc"), 413U);
  EXPECT_EQ(status_of(upgrade + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 413U);
}

TEST(RequestReader, takes_every_cut_and_every_changed_byte_of_a_request_without_harm) {
  const std::string request =
      post("Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n", "3;a=\"b\"\r\nabc\r\n0\r\nT: t\r\n\r\n");
  for (std::size_t i = 0; i < request.size(); ++i) {
    read_in_pieces(std::string_view(request).substr(0, i), 9);
    for (const char changed : {'\0', '\r', '\n', ' ', ':', '\xff', '9'}) {
      auto mutated = request;
      mutated[i] = changed;
      read_in_pieces(mutated, 3);
    }
  }
}

TEST(RequestReader, a_body_in_more_chunks_than_anybody_sends_is_refused) {
  const auto status_of_chunks = [](int chunks) {
    RequestReader reader(1'000'000);
    std::string text = "POST /x?a=b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < chunks; ++i) text += "1\r\nx\r\n";
    text += "0\r\n\r\n";
    const Bytes bytes(text.begin(), text.end());
    std::size_t taken = 0;
    RequestReader::Progress progress;
    for (std::size_t at = 0; at < bytes.size(); at += taken) {
      progress = reader.read(BytesView(bytes).subspan(at), false, taken);
      if (!std::holds_alternative<RequestReader::NeedsMore>(progress) || taken == 0) break;
    }
    const auto* refusal = std::get_if<HttpResponse>(&progress);
    if (refusal) {
      EXPECT_EQ(reader.refused().value_or(HttpRequest{}).query["a"], "b") << "its head is known";
    }
    return refusal ? refusal->status : std::holds_alternative<RequestReader::Whole>(progress) ? 200U : 0U;
  };
  EXPECT_EQ(status_of_chunks(9'999), 200U);
  EXPECT_EQ(status_of_chunks(10'001), 413U);
}

}  // namespace
}  // namespace netcode::transport
