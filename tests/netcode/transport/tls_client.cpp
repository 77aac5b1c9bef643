#include "tls_client.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace netcode::transport {

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
    : RawClient(loop, port), context_(SSL_CTX_new(TLS_client_method())), ssl_(nullptr) {
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
}

bool TlsClient::is_established() const { return SSL_is_init_finished(ssl_) != 0; }

std::string TlsClient::version() const { return SSL_get_version(ssl_); }

void TlsClient::update_keys() { SSL_key_update(ssl_, SSL_KEY_UPDATE_REQUESTED); }

std::ptrdiff_t TlsClient::send_some(std::string_view bytes) {
  const int sent = SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()));
  return sent > 0 ? sent : 0;
}

std::size_t TlsClient::read_some(std::span<char> into) {
  const int got = SSL_read(ssl_, into.data(), static_cast<int>(into.size()));
  if (got > 0) return static_cast<std::size_t>(got);
  const int error = SSL_get_error(ssl_, got);
  ended_cleanly = ended_cleanly || error == SSL_ERROR_ZERO_RETURN;
  if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) ended = true;
  return 0;
}

}  // namespace netcode::transport
