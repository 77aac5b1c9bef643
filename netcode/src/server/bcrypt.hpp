// Passwords against bcrypt hashes, as htpasswd -B, mkpasswd -m bcrypt and every bcrypt library make them.
//
// One comparison takes as long as its hash says, 2^cost rounds: at cost 10 some 50 ms, on purpose. Never on a thread
// that has anything else to do.
//
// Threading: pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace netcode {

/// More rounds would be seconds for each log-in: 15 takes one or two.
inline constexpr int kBcryptCostMax = 15;
/// What the C library takes.
inline constexpr std::size_t kPasswordBytesMax = 511;

/// "$2a$", "$2b$" or "$2y$", a cost of 4 to kBcryptCostMax, salt and sum.
bool is_bcrypt_hash(std::string_view hash);
/// False too for a password that is too long or has a NUL in it. As everywhere, 72 bytes of it count.
bool bcrypt_matches(const std::string& password, const std::string& hash);

}  // namespace netcode
