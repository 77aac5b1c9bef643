#include "server/bcrypt.hpp"

#include <gtest/gtest.h>

namespace netcode {

// Of "let me in", by bcrypt.js, and with one salt by the C library in each of the three ways to write it.
TEST(Bcrypt, takes_the_password_of_a_hash_and_no_other) {
  for (const std::string hash : {"$2a$04$TwjxcYs.UtetUqE7dICs9Ou4lmJNkdpVCCwCQDnEdoxq1KSzYs5bO",
                                 "$2a$04$abcdefghijklmnopqrstuuTnc8amReAFiMHxaSoW9U22KarbWnkSm",
                                 "$2b$04$abcdefghijklmnopqrstuuTnc8amReAFiMHxaSoW9U22KarbWnkSm",
                                 "$2y$04$abcdefghijklmnopqrstuuTnc8amReAFiMHxaSoW9U22KarbWnkSm"}) {
    EXPECT_TRUE(is_bcrypt_hash(hash)) << hash;
    EXPECT_TRUE(bcrypt_matches("let me in", hash)) << hash;
    EXPECT_FALSE(bcrypt_matches("let me out", hash)) << hash;
    EXPECT_FALSE(bcrypt_matches("", hash)) << hash;
  }
}

TEST(Bcrypt, takes_umlauts_and_of_a_long_password_the_first_72_bytes) {
  EXPECT_TRUE(bcrypt_matches("ü", "$2a$04$PZic6a/uH2.zBlJzGXqG..eOXrrP0g7TCZKLfbZLNoxcZwyvBPH9K"));
  const std::string hash = "$2a$04$aGfLkJ39.q/y8b4Egm9DReSqv9mxS5h.wBb7OpBN6CphKan3ba9iy";
  EXPECT_TRUE(bcrypt_matches(std::string(80, 'x'), hash));
  EXPECT_TRUE(bcrypt_matches(std::string(72, 'x'), hash));
  EXPECT_FALSE(bcrypt_matches(std::string(71, 'x'), hash));
  EXPECT_FALSE(bcrypt_matches(std::string(kPasswordBytesMax + 1, 'x'), hash));
  EXPECT_FALSE(bcrypt_matches(std::string(80, 'x') + '\0', hash)) << "no password ends in the middle";
}

TEST(Bcrypt, knows_what_is_no_hash) {
  const std::string good = "$2b$04$abcdefghijklmnopqrstuuTnc8amReAFiMHxaSoW9U22KarbWnkSm";
  const auto altered = [&good](std::size_t at, char to) {
    std::string out = good;
    out[at] = to;
    return out;
  };
  EXPECT_TRUE(is_bcrypt_hash(altered(5, '5')));
  EXPECT_TRUE(is_bcrypt_hash("$2b$15" + good.substr(6)));
  for (const std::string& bad : {std::string(), std::string("secret"), std::string("$6$salt$sum"), good.substr(1),
                                 good + "x", altered(2, 'x'), altered(4, 'a'), altered(5, '3'),
                                 "$2b$16" + good.substr(6), altered(6, '.'), altered(30, '*'), altered(59, '\0')}) {
    EXPECT_FALSE(is_bcrypt_hash(bad)) << bad;
    EXPECT_FALSE(bcrypt_matches("let me in", bad)) << bad;
  }
}

}  // namespace netcode
