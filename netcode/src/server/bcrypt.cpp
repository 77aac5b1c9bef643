#include "server/bcrypt.hpp"

#include <crypt.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <memory>

namespace netcode {
namespace {

constexpr std::size_t kHashBytes = 60;
constexpr std::string_view kAlphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool is_bcrypt_hash(std::string_view hash) {
  if (hash.size() != kHashBytes) return false;
  const std::string_view kind = hash.substr(0, 4);
  if (kind != "$2a$" && kind != "$2b$" && kind != "$2y$") return false;
  if (!is_digit(hash[4]) || !is_digit(hash[5]) || hash[6] != '$') return false;
  const int cost = (hash[4] - '0') * 10 + (hash[5] - '0');
  return cost >= 4 && cost <= kBcryptCostMax && hash.find_first_not_of(kAlphabet, 7) == std::string_view::npos;
}

bool bcrypt_matches(const std::string& password, const std::string& hash) {
  if (!is_bcrypt_hash(hash) || password.size() > kPasswordBytesMax || password.find('\0') != std::string::npos)
    return false;
  const auto work = std::make_unique<crypt_data>();  // 32 KiB, zeroed
  const char* made = crypt_r(password.c_str(), hash.c_str(), work.get());
  const std::string_view sum = made ? made : "";
  const bool matches = sum.size() == hash.size() && CRYPTO_memcmp(sum.data(), hash.data(), hash.size()) == 0;
  OPENSSL_cleanse(work.get(), sizeof(crypt_data));
  return matches;
}

}  // namespace netcode
