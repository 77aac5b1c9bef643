#include "transport/stream/tls.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <cerrno>
#include <cstdint>
#include <string_view>
#include <utility>

#include "engine/core/assert.hpp"

namespace netcode::transport {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// The plain bytes of one record at most (RFC 8446, 5.1), so that a record is written whole or not at all.
constexpr std::size_t kRecordBytesMax = 16 * 1024;

// The socket as OpenSSL sees it. Its own BIO_s_socket writes without MSG_NOSIGNAL: a peer that is gone would end the
// process with SIGPIPE.

int descriptor_of(BIO* bio) { return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))); }

bool is_for_later() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

int bio_write(BIO* bio, const char* data, int size) {
  BIO_clear_retry_flags(bio);
  const auto sent = ::send(descriptor_of(bio), data, static_cast<std::size_t>(size), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0 && is_for_later()) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int bio_read(BIO* bio, char* into, int size) {
  BIO_clear_retry_flags(bio);
  const auto got = ::recv(descriptor_of(bio), into, static_cast<std::size_t>(size), MSG_DONTWAIT);
  if (got < 0 && is_for_later()) BIO_set_retry_read(bio);
  if (got == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return static_cast<int>(got);
}

long bio_control(BIO* bio, int command, long /*number*/, void* /*pointer*/) {
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD* socket_method() {
  static BIO_METHOD* const kMethod = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    ENGINE_ASSERT(made != nullptr, "no memory for OpenSSL");
    BIO_meth_set_write(made, bio_write);
    BIO_meth_set_read(made, bio_read);
    BIO_meth_set_ctrl(made, bio_control);
    return made;
  }();
  return kMethod;
}

std::string last_failure() {
  const auto code = ERR_peek_last_error();
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "unknown error";
}

/// HTTP/1.1 where the client asks for a protocol by ALPN, and no word of it where it offers others only.
int choose_protocol(SSL* /*ssl*/, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned offered_size, void* /*unused*/) {
  constexpr std::string_view kHttp = "http/1.1";
  for (unsigned at = 0; at < offered_size; at += 1U + offered[at]) {
    const std::string_view name(reinterpret_cast<const char*>(offered + at + 1), offered[at]);
    if (name != kHttp) continue;
    *chosen = offered + at + 1;
    *size = offered[at];
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

// TlsContext --------------------------------------------------------------------------------------------------------

engine::Result<std::shared_ptr<const TlsContext>> TlsContext::load(const std::string& certificate_file,
                                                                   const std::string& key_file) {
  ERR_clear_error();
  SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
  ENGINE_ASSERT(context != nullptr, "no memory for OpenSSL");
  std::shared_ptr<const TlsContext> loaded(new TlsContext(context));
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  // A peer that ends without a close_notify has ended: HTTP and WebSocket both say themselves where a message ends.
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_COMPRESSION);
  // An idle connection holds no buffers: some 34 KiB each.
  SSL_CTX_set_mode(context, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  if (SSL_CTX_use_certificate_chain_file(context, certificate_file.c_str()) != 1) {
    return engine::error("no certificate in PEM from {}: {}", certificate_file, last_failure());
  }
  if (SSL_CTX_use_PrivateKey_file(context, key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return engine::error("no private key in PEM from {}, or not the certificate's: {}", key_file, last_failure());
  }
  return loaded;
}

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

std::unique_ptr<TlsSession> TlsContext::accept(int fd) const {
  SSL* const ssl = SSL_new(context_);
  BIO* const bio = BIO_new(socket_method());
  ENGINE_ASSERT(ssl != nullptr && bio != nullptr, "no memory for OpenSSL");
  // OpenSSL keeps a pointer for us, and a number is all that we need: NOLINTNEXTLINE(performance-no-int-to-ptr)
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)));
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl, bio, bio);
  SSL_set_accept_state(ssl);
  SSL_set_read_ahead(ssl, 1);  // one system call for a record, not one for its head and one for its body
  return std::make_unique<TlsSession>(ssl);
}

// TlsSession --------------------------------------------------------------------------------------------------------

TlsSession::~TlsSession() { SSL_free(ssl_); }

bool TlsSession::is_established() const { return SSL_is_init_finished(ssl_) != 0; }

bool TlsSession::has_unread_bytes() const { return SSL_has_pending(ssl_) != 0; }

error_code TlsSession::read(std::span<const iovec> into, std::size_t& bytes) {
  bytes = 0;
  if (has_failed_) return asio::error::connection_reset;
  read_waits_for_room_ = false;
  for (const iovec& part : into) {
    for (std::size_t filled = 0; filled < part.iov_len;) {
      ERR_clear_error();
      std::size_t got = 0;
      const int result =
          SSL_read_ex(ssl_, static_cast<std::uint8_t*>(part.iov_base) + filled, part.iov_len - filled, &got);
      if (result != 1) {
        if (bytes > 0) return {};  // what ended it is met again by the next read
        return error_of(result);
      }
      filled += got;
      bytes += got;
    }
  }
  return {};
}

error_code TlsSession::write(std::span<const iovec> parts, std::size_t& bytes) {
  bytes = 0;
  if (has_failed_) return asio::error::connection_reset;
  if (!is_established()) return asio::error::not_connected;
  thread_local Bytes gathered;
  std::size_t part = 0, offset = 0;  // the next byte that was not gathered
  const auto gather = [&](std::size_t bytes_max) {
    gathered.clear();
    while (part < parts.size() && gathered.size() < bytes_max) {
      const auto* from = static_cast<const std::uint8_t*>(parts[part].iov_base) + offset;
      const auto taken = std::min(parts[part].iov_len - offset, bytes_max - gathered.size());
      gathered.insert(gathered.end(), from, from + taken);
      offset += taken;
      if (offset < parts[part].iov_len) continue;
      ++part;
      offset = 0;
    }
  };
  for (;;) {
    gather(under_way_.empty() ? kRecordBytesMax : under_way_.size());
    if (gathered.empty()) return {};
    ERR_clear_error();
    std::size_t written = 0;
    const int result = SSL_write_ex(ssl_, gathered.data(), gathered.size(), &written);
    if (result != 1) {
      const error_code error = error_of(result);
      if (error == asio::error::would_block) {
        under_way_ = gathered;
        if (bytes > 0) return {};
      }
      return error;
    }
    Bytes().swap(under_way_);
    bytes += written;
  }
}

void TlsSession::end_output() {
  if (has_failed_ || !is_established() || !under_way_.empty() || std::exchange(has_ended_output_, true)) return;
  ERR_clear_error();
  SSL_shutdown(ssl_);
  ERR_clear_error();
}

error_code TlsSession::error_of(int result) {
  const int system = errno;
  switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_WANT_WRITE:
      read_waits_for_room_ = true;
      return asio::error::would_block;
    case SSL_ERROR_WANT_READ:
      return asio::error::would_block;
    case SSL_ERROR_ZERO_RETURN:
      return asio::error::eof;
    case SSL_ERROR_SYSCALL:
      has_failed_ = true;
      if (system == 0) return asio::error::eof;
      return {system, boost::system::system_category()};
    default:
      has_failed_ = true;
      was_plain_http_ = ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_HTTP_REQUEST;
      failure_ = last_failure();
      ERR_clear_error();
      return make_error_code(boost::system::errc::protocol_error);
  }
}

}  // namespace netcode::transport
