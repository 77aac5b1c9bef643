#include "socketio/base64.hpp"

#include <openssl/evp.h>

#include <cstddef>

namespace netcode::socketio {

std::string encode_base64(BytesView bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // and OpenSSL's final 0
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

engine::Result<Bytes> decode_base64(std::string_view text) {
  const auto bad = [] { return engine::error("no base64 of whole groups of four digits"); };
  if (text.size() % 4 != 0) return bad();
  if (text.empty()) return Bytes();
  const std::string_view whole = text;
  Bytes bytes(text.size() / 4 * 3);
  if (EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size())) < 0)
    return bad();
  for (; text.ends_with('=') && !bytes.empty(); text.remove_suffix(1)) bytes.pop_back();
  // OpenSSL skips white space, and takes bits that are left over.
  if (encode_base64(bytes) != whole) return bad();
  return bytes;
}

}  // namespace netcode::socketio
