// A raw client over TLS, for the suites of a server's end: what it sends and reads is plain, the wire is not.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "raw_client.hpp"
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

class TlsClient final : public RawClient {
 public:
  /// Connects to 127.0.0.1. `version_max`: 0, or of OpenSSL (TLS1_1_VERSION ...).
  TlsClient(IoLoop& loop, std::uint16_t port, int version_max = 0);
  ~TlsClient() override;

  bool shake_hands() {
    return read_until([this] { return ended || is_established(); }) && is_established();
  }
  bool is_established() const;
  /// What TLS calls the version: "TLSv1.3".
  std::string version() const;
  /// Begins to change the keys, which the server has to answer.
  void update_keys();

  bool ended_cleanly = false;  // with a close_notify

 private:
  std::ptrdiff_t send_some(std::string_view bytes) override;
  std::size_t read_some(std::span<char> into) override;

  ssl_ctx_st* context_;
  ssl_st* ssl_;
};

}  // namespace netcode::transport
