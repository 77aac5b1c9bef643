#include "protocol/auth_offer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "netcode/limits.hpp"
#include "protocol/messages.hpp"

namespace netcode::protocol {
namespace {

std::string offer_problem(const std::vector<std::string>& offered) {
  const auto auth = find_auth(offered);
  return auth ? "" : auth.error().reason;
}

TEST(AuthOffer, comes_out_as_it_went_in) {
  const Auth auth("tag.game.Login", Bytes{1, 2, 3});
  EXPECT_EQ(auth_offer(auth), "scrim.auth.tag.game.Login.AQID");
  const auto found = find_auth(std::vector<std::string>{"scrim.v1", auth_offer(auth)});
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->table(), "tag.game.Login");
  EXPECT_EQ(Bytes((*found)->body().begin(), (*found)->body().end()), (Bytes{1, 2, 3}));
}

TEST(AuthOffer, of_who_shows_nothing_is_nothing) {
  for (const std::vector<std::string>& offered : {std::vector<std::string>{}, {"scrim.v1"}, {"scrim.v1", "chat"}}) {
    const auto found = find_auth(offered);
    ASSERT_TRUE(found);
    EXPECT_FALSE(*found);
  }
}

TEST(AuthOffer, is_refused_with_what_is_wrong_with_it) {
  EXPECT_EQ(offer_problem({"scrim.auth.AQID"}), "auth: scrim.auth.<table>.<base64url> is expected");
  EXPECT_EQ(offer_problem({"scrim.auth..AQID"}), "auth: its table has no name");
  EXPECT_EQ(offer_problem({"scrim.auth.a.B.AQI!"}), "auth: no base64url: a digit is none of A-Z a-z 0-9 - _");
  EXPECT_EQ(offer_problem({"scrim.auth.a.B.AQID", "scrim.auth.a.B.AQID"}), "auth: more than one is offered");
  EXPECT_EQ(offer_problem({"scrim.auth." + std::string(129, 'x') + ".AQID"}),
            "auth: its table's name is 129 bytes long, 128 is the limit");
  EXPECT_EQ(offer_problem({"scrim.auth.\xFF.AQID"}), "auth: its table's name is not UTF-8");
  EXPECT_EQ(offer_problem({"scrim.auth.a.B." + std::string(2732, 'A')}), "auth: 2732 digits, 2048 bytes are the limit");
  EXPECT_EQ(offer_problem({"scrim.auth.a.B." + std::string(2731, 'A')}), "");
}

TEST(AuthOffer, of_the_largest_size_leaves_room_in_a_head_for_the_longest_url_and_the_rest) {
  const Auth largest(std::string(limits::kAuthTableBytesMax, 'x'), Bytes(limits::kAuthBytesMax, 7));
  ASSERT_TRUE(check_auth_size(largest));
  constexpr std::size_t kUrlBytes = 4096, kOtherHeadersBytes = 1024;
  EXPECT_LE(kUrlBytes + kSubprotocol.size() + 2 + auth_offer(largest).size() + kOtherHeadersBytes,
            limits::kHttpHeadBytesMax);
  EXPECT_EQ(check_auth_size(Auth("a.B", Bytes(limits::kAuthBytesMax + 1, 7))).error().reason,
            "auth: 2049 bytes, 2048 is the limit");
}

}  // namespace
}  // namespace netcode::protocol
