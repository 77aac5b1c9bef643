// A client of TLS on a raw socket, for the suites of a server's end: what it sends and reads is plain, the wire is not.
// Non-blocking: the test's thread runs the server's loop between its steps.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "transport/loop/io_loop.hpp"
#include "transport/stream/tls.hpp"

struct ssl_st;
struct ssl_ctx_st;

namespace netcode::transport {

/// A self-signed certificate for "localhost" and its key, as PEM files in a folder that goes with it.
class TestCertificate {
 public:
  TestCertificate();
  TestCertificate(const TestCertificate&) = delete;
  TestCertificate& operator=(const TestCertificate&) = delete;
  ~TestCertificate();

  std::string certificate_file() const { return folder_ + "/cert.pem"; }
  std::string key_file() const { return folder_ + "/key.pem"; }
  std::shared_ptr<const TlsContext> context() const;

 private:
  std::string folder_;
};

class TlsClient {
 public:
  /// Connects to 127.0.0.1. `version_max`: 0, or of OpenSSL (TLS1_1_VERSION ...).
  TlsClient(IoLoop& loop, std::uint16_t port, int version_max = 0);
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;
  ~TlsClient();

  void send(std::string_view bytes);
  bool read_until(const std::function<bool()>& condition);
  bool shake_hands() {
    return read_until([this] { return ended || is_established(); }) && is_established();
  }
  bool is_established() const;
  /// What TLS calls the version: "TLSv1.3".
  std::string version() const;
  /// Begins to change the keys, which the server has to answer.
  void update_keys();

  std::string received;
  bool ended = false;
  bool ended_cleanly = false;  // with a close_notify

 private:
  void read_some();

  IoLoop& loop_;
  int fd_;
  ssl_ctx_st* context_;
  ssl_st* ssl_;
};

}  // namespace netcode::transport
