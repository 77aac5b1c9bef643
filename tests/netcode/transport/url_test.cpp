#include "transport/http/url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/percent.hpp"

namespace netcode::transport {
namespace {

using testing::HasSubstr;

TEST(Url, is_taken_apart_into_host_port_and_target) {
  const auto url = parse_url("ws://example.org:9000/match/one?name=Ada%20L&spectate=1");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "example.org");
  EXPECT_EQ(url->port, 9000);
  EXPECT_EQ(url->target, "/match/one?name=Ada%20L&spectate=1");
  EXPECT_EQ(url->authority(), "example.org:9000");
}

TEST(Url, has_defaults_for_port_and_path) {
  EXPECT_EQ(parse_url("ws://host")->port, 80);
  EXPECT_EQ(parse_url("ws://host")->target, "/");
  EXPECT_EQ(parse_url("ws://host?a=b")->target, "/?a=b");
  EXPECT_EQ(parse_url("ws://host/p#fragment")->target, "/p");
}

TEST(Url, takes_ipv6_addresses_in_brackets) {
  const auto url = parse_url("ws://[::1]:9000/");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->port, 9000);
  EXPECT_EQ(url->authority(), "[::1]:9000");
  EXPECT_EQ(parse_url("ws://[::1]")->port, 80);
}

TEST(Url, says_what_is_wrong_with_a_bad_one) {
  const std::pair<std::string, const char*> cases[] = {
      {"", "ws://host:port/path is expected"},
      {"http://host/", "ws://host:port/path is expected"},
      {"wss://host/", "ws://host:port/path is expected"},
      {"ws://", "no host"},
      {"ws://:80/", "no host"},
      {"ws://host:0/", "bad port \"0\""},
      {"ws://host:65536/", "bad port \"65536\""},
      {"ws://host:/", "bad port \"\""},
      {"ws://host:8x/", "bad port \"8x\""},
      {"ws://[::1/", "\"]\" is missing"},
      {"ws://[::1]x/", "bad URL"},
      {"ws://user@host/", "no user names"},
      {"ws://host/a b", "percent-encoded"},
      {"ws://host/\r\nX: y", "percent-encoded"},
      {"ws://host/ö", "percent-encoded"},
      {"ws://host/" + std::string(kUrlBytesMax, 'x'), "at most 4096"},
  };
  for (const auto& [text, reason] : cases) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_THAT(url.error().reason, HasSubstr(reason)) << text;
  }
}

TEST(Target, is_decoded_into_path_and_query) {
  const auto target = parse_target("/match/%C3%B6ne?name=Ada+L%2B&empty=&flag&name=second");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/match/öne");
  EXPECT_EQ(target->query, (std::map<std::string, std::string>{{"name", "Ada L+"}, {"empty", ""}, {"flag", ""}}));
}

TEST(Target, keeps_a_plus_in_the_path) { EXPECT_EQ(parse_target("/a+b")->path, "/a+b"); }

TEST(Target, refuses_what_does_not_decode_to_printable_utf8) {
  for (const char* const bad : {"/%", "/%4", "/%zz", "/%ff", "/%00", "/%0a", "/?a=%ff", "/?%1b=x", "*", "http://x/"}) {
    EXPECT_FALSE(parse_target(bad)) << bad;
  }
}

TEST(Target, has_what_was_percent_encoded) {
  std::string text = "ÄÖÜ 日本語 ";
  for (char c = ' '; c < 0x7f; ++c) text += c;
  const auto encoded = engine::percent_encode(text);
  const auto target = parse_target("/" + encoded + "?x=" + encoded);
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/" + text);
  EXPECT_EQ(target->query.at("x"), text);
}

TEST(Target, refuses_more_query_parameters_than_the_limit) {
  std::string target = "/?a";
  for (std::size_t i = 1; i < kQueryParametersMax; ++i) target += "&a";
  EXPECT_TRUE(parse_target(target));
  EXPECT_FALSE(parse_target(target + "&a"));
}

}  // namespace
}  // namespace netcode::transport
