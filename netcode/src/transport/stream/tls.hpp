// TLS of the server's end, by OpenSSL: a certificate with its key, and the session of one socket.
//
// A session does its own reads and writes on the socket, without blocking. Its handshake is part of the first read, so
// whoever bounds the time to read a request bounds the handshake as well.
//
// Threading: a context is shared by all threads; a session belongs to its stream's loop and may move with it.
// Ownership: a session keeps its context. The descriptor is borrowed from the stream that holds the session.
#pragma once

#include <sys/uio.h>

#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "engine/core/result.hpp"
#include "netcode/bytes.hpp"

struct ssl_st;
struct ssl_ctx_st;

namespace netcode::transport {

class TlsSession;

class TlsContext {
 public:
  /// PEM files: the certificate with its chain, and its private key. The error names the file and says what is wrong.
  static engine::Result<std::shared_ptr<const TlsContext>> load(const std::string& certificate_file,
                                                                const std::string& key_file);
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;
  ~TlsContext();

  /// For a socket that was just accepted.
  std::unique_ptr<TlsSession> accept(int fd) const;

 private:
  explicit TlsContext(ssl_ctx_st* context) : context_(context) {}

  ssl_ctx_st* context_;
};

class TlsSession {
 public:
  explicit TlsSession(ssl_st* ssl) : ssl_(ssl) {}
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;
  ~TlsSession();

  /// Decrypted bytes. `would_block`: nothing yet, and all that the kernel had is taken. `eof`: the peer has ended.
  boost::system::error_code read(std::span<const iovec> into, std::size_t& bytes);
  /// Fewer bytes than there are, or `would_block`: the kernel takes no more. The next write begins with the same bytes
  /// (an encrypted record is under way), as those of every stream do.
  boost::system::error_code write(std::span<const iovec> parts, std::size_t& bytes);
  /// Says that nothing more will be sent (close_notify), if the socket takes it at once.
  void end_output();

  /// A read waits for room to write: an answer of the protocol's own is under way.
  bool read_waits_for_room() const { return read_waits_for_room_; }
  bool is_established() const;
  bool has_unread_bytes() const;
  /// What was wrong with the peer's TLS, once a read or a write has failed with protocol_error.
  const std::string& failure() const { return failure_; }
  /// The peer spoke plain HTTP to a port of HTTPS.
  bool was_plain_http() const { return was_plain_http_; }

 private:
  boost::system::error_code error_of(int result);

  ssl_st* ssl_;
  Bytes under_way_;  // the plain bytes of a record that the kernel has taken in part
  bool read_waits_for_room_ = false;
  bool has_failed_ = false;
  bool has_ended_output_ = false;
  bool was_plain_http_ = false;
  std::string failure_;
};

}  // namespace netcode::transport
