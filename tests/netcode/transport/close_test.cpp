#include "transport/close.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

namespace netcode::transport {
namespace {

CloseInfo by_peer(CloseCode code, std::string reason = "") { return {code, std::move(reason), true}; }

TEST(Close, has_each_code_once_by_rising_number_with_a_name) {
  const auto is_after = [](const CloseRule& a, const CloseRule& b) { return a.code >= b.code; };
  EXPECT_EQ(std::adjacent_find(kCloseRules.begin(), kCloseRules.end(), is_after), kCloseRules.end());
  for (const CloseRule& rule : kCloseRules) {
    EXPECT_EQ(&rule_of(rule.code), &rule);
    EXPECT_NE(rule.name, "") << static_cast<int>(rule.code);
    EXPECT_NE(rule.words, "") << rule.name;
  }
}

TEST(Close, of_a_client_that_was_only_cut_off_or_can_do_without_a_link_is_no_end_to_it) {
  for (const CloseRule& rule : kCloseRules)
    EXPECT_EQ(is_loss(by_peer(rule.code)), rule.code == CloseCode::kAbnormal || rule.code == CloseCode::kWithdrawn)
        << rule.name;
}

TEST(Close, without_a_close_frame_alone_keeps_the_session_at_the_server) {
  for (const CloseRule& rule : kCloseRules)
    EXPECT_EQ(is_resumable(by_peer(rule.code)), rule.code == CloseCode::kAbnormal) << rule.name;
}

TEST(Close, is_a_goodbye_only_from_the_peer_and_of_its_own_will) {
  for (const CloseRule& rule : kCloseRules) {
    EXPECT_EQ(is_goodbye(by_peer(rule.code)), rule.code == CloseCode::kNormal || rule.code == CloseCode::kGoingAway)
        << rule.name;
    EXPECT_FALSE(is_goodbye({rule.code, "", false})) << rule.name;
  }
}

TEST(Close, of_a_link_that_was_cut_or_replaced_is_no_refusal) {
  for (const CloseRule& rule : kCloseRules)
    EXPECT_EQ(rule.refuses_link, rule.code != CloseCode::kAbnormal && rule.code != CloseCode::kReplaced) << rule.name;
}

TEST(Close, is_told_by_its_reason_or_else_by_its_code) {
  EXPECT_EQ(words_of(by_peer(CloseCode::kKicked, "too rude")), "too rude");
  EXPECT_EQ(words_of(by_peer(CloseCode::kKicked)), "kicked");
  EXPECT_EQ(words_of(by_peer(CloseCode::kAbnormal)), "the connection was lost");
  EXPECT_EQ(words_of(by_peer(CloseCode::kPolicy)), "closed by the server");
}

TEST(Close, with_a_code_that_nobody_knows_is_final) {
  for (const int number : {0, 999, 1004, 3000, 3999, 4005, 4999, 65535}) {
    const auto info = by_peer(static_cast<CloseCode>(number));
    EXPECT_EQ(rule_of(info.code).name, "") << number;
    EXPECT_FALSE(is_loss(info)) << number;
    EXPECT_FALSE(is_resumable(info)) << number;
    EXPECT_FALSE(is_goodbye(info)) << number;
    EXPECT_TRUE(rule_of(info.code).refuses_link) << number;
    EXPECT_EQ(words_of(info), "closed by the server") << number;
  }
}

}  // namespace
}  // namespace netcode::transport
