#include "transport/websocket/handshake_key.hpp"

#include <openssl/evp.h>
#include <sys/random.h>

#include <array>
#include <cstdint>
#include <span>

#include "engine/core/assert.hpp"

namespace netcode::transport {

namespace {

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr std::size_t kKeyBytes = 16;

std::string base64_of(std::span<const std::uint8_t> bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // OpenSSL ends it with a zero
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

}  // namespace

std::string make_websocket_key() {
  std::array<std::uint8_t, kKeyBytes> bytes{};
  const auto got = ::getrandom(bytes.data(), bytes.size(), 0);  // up to 256 bytes never come in part
  ENGINE_ASSERT(got == static_cast<ssize_t>(bytes.size()), "no random numbers from the kernel");
  return base64_of(bytes);
}

std::string websocket_accept_of(std::string_view key) {
  std::string text(key);
  text += kGuid;
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> hash{};
  unsigned int size = 0;
  const int done = EVP_Digest(text.data(), text.size(), hash.data(), &size, EVP_sha1(), nullptr);
  ENGINE_ASSERT(done == 1, "OpenSSL has no SHA-1");
  return base64_of(std::span(hash).first(size));
}

}  // namespace netcode::transport
