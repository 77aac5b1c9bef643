#include "tls_client.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace netcode::transport {

using namespace std::chrono_literals;

TestCertificate::TestCertificate() {
  std::string name = (std::filesystem::temp_directory_path() / "scrim-tls-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  EVP_PKEY* const key = EVP_EC_gen("P-256");
  X509* const certificate = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 24 * 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* const subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1,
                             0);
  X509_set_issuer_name(certificate, subject);
  X509_sign(certificate, key, EVP_sha256());
  std::FILE* const key_out = std::fopen(key_file().c_str(), "w");
  PEM_write_PrivateKey(key_out, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(key_out);
  std::FILE* const certificate_out = std::fopen(certificate_file().c_str(), "w");
  PEM_write_X509(certificate_out, certificate);
  std::fclose(certificate_out);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

TestCertificate::~TestCertificate() { std::filesystem::remove_all(folder_); }

std::shared_ptr<const TlsContext> TestCertificate::context() const {
  auto loaded = TlsContext::load(certificate_file(), key_file());
  if (!loaded) throw std::runtime_error(loaded.error().reason);
  return *loaded;
}

TlsClient::TlsClient(IoLoop& loop, std::uint16_t port, int version_max)
    : loop_(loop),
      fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      context_(SSL_CTX_new(TLS_client_method())),
      ssl_(nullptr) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect");
  }
  BIO_socket_nbio(fd_, 1);
  if (version_max != 0) {
    SSL_CTX_set_security_level(context_, 0);
    SSL_CTX_set_min_proto_version(context_, 0);
    SSL_CTX_set_max_proto_version(context_, version_max);
  }
  ssl_ = SSL_new(context_);
  SSL_set_mode(ssl_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_set_fd(ssl_, fd_);
  SSL_set_connect_state(ssl_);
}

TlsClient::~TlsClient() {
  SSL_free(ssl_);
  SSL_CTX_free(context_);
  ::close(fd_);
}

bool TlsClient::is_established() const { return SSL_is_init_finished(ssl_) != 0; }

std::string TlsClient::version() const { return SSL_get_version(ssl_); }

void TlsClient::update_keys() { SSL_key_update(ssl_, SSL_KEY_UPDATE_REQUESTED); }

void TlsClient::send(std::string_view bytes) {
  const auto end = loop_.now() + 10s;
  while (!bytes.empty() && !ended && loop_.now() < end) {
    const int sent = SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()));
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else {
      loop_.run_for(1ms);
    }
  }
}

bool TlsClient::read_until(const std::function<bool()>& condition) {
  const auto end = loop_.now() + 10s;
  while (!condition() && loop_.now() < end) {
    loop_.run_for(1ms);
    read_some();
  }
  return condition();
}

void TlsClient::read_some() {
  std::array<char, 65536> buffer;
  for (;;) {
    const int got = SSL_read(ssl_, buffer.data(), static_cast<int>(buffer.size()));
    if (got > 0) {
      received.append(buffer.data(), static_cast<std::size_t>(got));
      continue;
    }
    const int error = SSL_get_error(ssl_, got);
    ended_cleanly = ended_cleanly || error == SSL_ERROR_ZERO_RETURN;
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) ended = true;
    return;
  }
}

}  // namespace netcode::transport
