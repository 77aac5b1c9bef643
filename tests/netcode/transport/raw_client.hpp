// A client made of nothing but a socket, for what a well-behaved one would never send. Non-blocking: the test's thread
// runs the server's loop between its steps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "transport/loop/io_loop.hpp"

namespace netcode::transport {

class RawClient {
 public:
  /// Connects to 127.0.0.1. With `small_window` it takes few bytes that it does not read.
  RawClient(IoLoop& loop, std::uint16_t port, bool small_window = false);
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  virtual ~RawClient();

  void send(std::string_view bytes);
  /// Sends the same bytes over and over until the server has taken none for a while.
  void flood(std::string_view bytes);
  /// Reads until the condition on what has come so far holds.
  bool read_until(const std::function<bool()>& condition);
  bool read_to_end() {
    return read_until([this] { return ended; });
  }
  /// Reads until so many answers of HTTP have come whole, each with a Content-Length and its body.
  bool read_answers(int count) {
    return read_until([&] { return answers() >= count; });
  }
  int answers() const;
  void reset();
  /// Sends a little to one that may be gone: true once the kernel says that it is.
  bool is_reset_by_sending(std::string_view bytes);
  /// Nothing more will be sent, as a program says that ends after its last words.
  void shut();

  std::string received;
  bool ended = false;

  static std::string upgrade_request(std::string_view target = "/", std::string_view more_headers = "");
  /// A client's frame, masked with zeros so that its payload can be read in the test.
  static std::string frame(int first_byte, std::string_view payload, bool masked = true);
  /// The close code that was received behind the HTTP head, or 0.
  int close_code() const;

 protected:
  /// How many bytes were taken; 0: none now. Less: none any more.
  virtual std::ptrdiff_t send_some(std::string_view bytes);
  /// How many bytes have come; 0: none now, or it has `ended`.
  virtual std::size_t read_some(std::span<char> into);

  IoLoop& loop_;
  int fd_ = -1;
};

}  // namespace netcode::transport
