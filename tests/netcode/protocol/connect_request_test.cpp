#include "protocol/connect_request.hpp"

#include <gtest/gtest.h>

#include <iterator>
#include <string>

#include "engine/core/rng.hpp"
#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"
#include "transport/http/url.hpp"

namespace netcode::protocol {
namespace {

using Goal = ConnectRequest::Goal;

const ConnectRequest kNewcomer{.name = "ada", .schema_hash = 0xAB, .rules_hash = 0xCD};

ConnectRequest known_at(std::string match) {
  return {.goal = Goal::kMatch, .match = std::move(match), .token = "t0k", .schema_hash = 0xAB, .rules_hash = 0xCD};
}

std::string problem(std::string_view path, const Fields& query) {
  const auto request = parse(path, query);
  return request ? "" : request.error().reason;
}

/// As a server reads what a client wrote.
engine::Result<ConnectRequest> read(const std::string& target) {
  const auto parsed = transport::parse_target(target);
  if (!parsed) return parsed.error();
  return parse(parsed->path, parsed->query);
}

// Of every length up to `bytes_max`, of the characters that a URL has to encode and some that it need not.
std::string any_text(engine::Rng& rng, std::size_t bytes_max) {
  const std::string_view pieces[] = {"a", "Z", "7", "-", "&", "=", "%", "+", "/", "?", "#", " ", "\"", "é", "日", "🚀"};
  std::string text;
  for (;;) {
    const std::string_view piece = pieces[rng.below(static_cast<std::uint32_t>(std::size(pieces)))];
    if (text.size() + piece.size() > bytes_max || rng.below(12) == 0) return text;
    text += piece;
  }
}

std::string any_id(engine::Rng& rng) {
  constexpr std::string_view kLetters = "AZaz09_-";
  std::string id;
  do id += kLetters[rng.below(static_cast<std::uint32_t>(kLetters.size()))];
  while (id.size() < limits::kMatchIdBytesMax && rng.below(16) != 0);
  return id;
}

std::optional<std::uint64_t> any_hash(engine::Rng& rng) {
  if (rng.below(2) == 0) return std::nullopt;
  return std::uint64_t{rng.next()} << 32U | rng.next();
}

// One that says nothing that its URL leaves out.
ConnectRequest any_request(engine::Rng& rng) {
  ConnectRequest out;
  out.goal = static_cast<Goal>(rng.below(3));
  if (out.goal == Goal::kMatch) out.match = any_id(rng);
  if (out.goal == Goal::kQuick) out.kind = any_text(rng, 40);
  if (rng.below(2) == 0) {
    out.name = engine::visible_name(any_text(rng, limits::kNameBytesMax - 1));
    if (out.name.empty()) out.name = "x";
  } else {
    out.token = any_text(rng, 40);
    if (out.token.empty()) out.token = "t";
    out.received = rng.next();
    out.epoch = rng.below(2) == 0 ? 0 : rng.next();
    out.resume = rng.below(2) == 0;
    if (out.resume && rng.below(2) == 0) out.link = static_cast<std::uint8_t>(rng.below(2));
  }
  out.spectate = rng.below(2) == 0;
  out.password = any_text(rng, limits::kPasswordBytesMax);
  out.schema_hash = any_hash(rng);
  out.unpacks = any_hash(rng);
  out.packs = any_hash(rng);
  if (rng.below(2) == 0) out.converts = any_text(rng, 40);
  if (rng.below(2) == 0) out.codec = rng.next();
  out.holds = any_hash(rng);
  out.rules_hash = any_hash(rng);
  out.map_hash = any_hash(rng);
  return out;
}

// --- format

TEST(ConnectRequest, of_a_newcomer_gives_its_name_and_hashes) {
  EXPECT_EQ(format(kNewcomer), "/?name=ada&schema=00000000000000ab&rules=00000000000000cd");
  ConnectRequest pure = kNewcomer;
  pure.received = 7;
  pure.resume = true;
  pure.link = std::uint8_t{1};
  EXPECT_EQ(format(pure), format(kNewcomer)) << "what goes with a token";
}

TEST(ConnectRequest, of_a_session_gives_its_token_and_what_it_received_instead_of_its_name) {
  ConnectRequest known = known_at("m1");
  known.name = "ada";
  known.received = 17;
  known.epoch = 3;
  known.unpacks = 0xF0;
  known.map_hash = 0xEF;
  EXPECT_EQ(format(known),
            "/match/m1?token=t0k&received=17&epoch=3&schema=00000000000000ab&unpacks=00000000000000f0"
            "&rules=00000000000000cd&map=00000000000000ef");
}

TEST(ConnectRequest, of_a_resume_says_so) {
  ConnectRequest known = known_at("m1");
  known.resume = true;
  EXPECT_EQ(format(known), "/match/m1?token=t0k&received=0&resume=1&schema=00000000000000ab&rules=00000000000000cd");
}

TEST(ConnectRequest, of_a_link_of_a_session_says_which) {
  ConnectRequest known = known_at("m1");
  known.received = 3;
  known.resume = true;
  known.link = std::uint8_t{1};
  EXPECT_EQ(format(known),
            "/match/m1?token=t0k&received=3&resume=1&link=1&schema=00000000000000ab&rules=00000000000000cd");
}

TEST(ConnectRequest, of_who_converts_says_which_worlds_it_takes_and_what_it_holds) {
  ConnectRequest converting = kNewcomer;
  converting.packs = 0x10;
  converting.converts = "arena.World";
  converting.codec = 3;
  converting.holds = 0xEF;
  EXPECT_EQ(format(converting),
            "/?name=ada&schema=00000000000000ab&packs=0000000000000010&converts=arena.World&codec=3"
            "&holds=00000000000000ef&rules=00000000000000cd");
}

TEST(ConnectRequest, encodes_what_people_type) {
  ConnectRequest odd = kNewcomer;
  odd.goal = Goal::kQuick;
  odd.kind = "../x";
  odd.name = "a&b=c d/\xC3\xA9";
  odd.spectate = true;
  odd.password = "p?#";
  EXPECT_EQ(format(odd),
            "/quick/..%2Fx?name=a%26b%3Dc%20d%2F%C3%A9&spectate=1&password=p%3F%23&schema=00000000000000ab"
            "&rules=00000000000000cd");
}

// --- parse

TEST(ConnectRequest, understands_a_join_by_url) {
  const auto request = parse("/match/m-1_X", {{"name", "ada"},
                                              {"spectate", "1"},
                                              {"schema", "00ff"},
                                              {"unpacks", "0a"},
                                              {"converts", "a.World"},
                                              {"codec", "4"},
                                              {"holds", "d"},
                                              {"rules", "b"},
                                              {"map", "C"},
                                              {"received", "7"},
                                              {"epoch", "2"},
                                              {"utm_source", "a game's own"}});
  ASSERT_TRUE(request);
  EXPECT_EQ(request->goal, Goal::kMatch);
  EXPECT_EQ(request->match, "m-1_X");
  EXPECT_EQ(request->name, "ada");
  EXPECT_TRUE(request->spectate);
  EXPECT_EQ(request->schema_hash, 255U);
  EXPECT_EQ(request->unpacks, 10U);
  EXPECT_EQ(request->converts, "a.World");
  EXPECT_EQ(request->codec, 4U);
  EXPECT_EQ(request->holds, 13U);
  EXPECT_EQ(request->rules_hash, 11U);
  EXPECT_EQ(request->map_hash, 12U);
  EXPECT_EQ(request->epoch, 2U);
  EXPECT_EQ(request->received, 7U);
}

TEST(ConnectRequest, knows_the_paths) {
  EXPECT_EQ(parse("/", {{"name", "a"}})->goal, Goal::kLobby);
  EXPECT_EQ(parse("/quick/duel", {{"name", "a"}})->kind, "duel");
  for (const char* path : {"/", "/match/m", "/match/", "/quick/", "/quick/duel"}) EXPECT_TRUE(is_known_path(path));
  for (const char* path : {"", "/match", "/quick", "/healthz", "match/m", "/Match/m"}) {
    EXPECT_FALSE(is_known_path(path)) << path;
    EXPECT_EQ(problem(path, {{"name", "a"}}), "no path of ours: /, /match/<id> or /quick/<kind> is expected") << path;
  }
}

TEST(ConnectRequest, refuses_what_is_out_of_bounds_with_the_bound) {
  EXPECT_EQ(problem("/match/a b", {{"name", "ada"}}), "a match id is 1 to 32 of A-Z a-z 0-9 _ and -");
  EXPECT_EQ(problem("/match/", {{"name", "ada"}}), "a match id is 1 to 32 of A-Z a-z 0-9 _ and -");
  EXPECT_EQ(problem("/match/" + std::string(33, 'x'), {{"name", "ada"}}),
            "a match id is 1 to 32 of A-Z a-z 0-9 _ and -");
  EXPECT_EQ(problem("/", {}), "a name, please: ?name=...");
  for (const char* nothing :
       {"\x01\x02", "   ", "\u200b", "\u00ad\u2060", "\u3164", "\u2800", "\u0301", "\ufe0f", "\U000e0041"})
    EXPECT_EQ(problem("/", {{"name", nothing}}), "this name shows nothing: a letter, digit or symbol is expected");
  EXPECT_EQ(problem("/", {{"name", "\xff"}}), "the name is not UTF-8");
  EXPECT_EQ(problem("/", {{"name", std::string(10240, 'x')}}), "a name of 10240 bytes, 32 is the limit");
  EXPECT_EQ(problem("/", {{"name", "a"}, {"password", std::string(65, 'x')}}),
            "a password of 65 bytes, 64 is the limit");
}

TEST(ConnectRequest, refuses_numbers_that_are_none_or_too_large) {
  for (const char* number : {"received", "epoch", "schema", "unpacks", "packs", "codec", "holds", "rules", "map"}) {
    const std::string key = number;
    EXPECT_EQ(problem("/", {{"name", "a"}, {key, "-1"}}), key + "=-1 is not a number");
    EXPECT_EQ(problem("/", {{"name", "a"}, {key, ""}}), key + "= is not a number");
    EXPECT_EQ(problem("/", {{"name", "a"}, {key, "1x"}}), key + "=1x is not a number");
    EXPECT_EQ(problem("/", {{"name", "a"}, {key, "99999999999999999"}}), key + "=99999999999999999 is too large");
  }
}

TEST(ConnectRequest, understands_which_link_of_a_session_is_meant) {
  EXPECT_EQ(parse("/match/m", {{"token", "abc"}, {"resume", "1"}, {"link", "1"}})->link, 1U);
  EXPECT_EQ(problem("/match/m", {{"token", "abc"}, {"resume", "1"}, {"link", "2"}}),
            "link=2: a session has links 0 and 1");
  EXPECT_EQ(problem("/match/m", {{"token", "abc"}, {"resume", "1"}, {"link", "x"}}), "link=x is not a number");
  EXPECT_EQ(problem("/match/m", {{"token", "abc"}, {"link", "1"}}), "link goes with token and resume=1");
  EXPECT_EQ(problem("/match/m", {{"name", "ada"}, {"resume", "1"}, {"link", "1"}}),
            "link goes with token and resume=1");
}

TEST(ConnectRequest, needs_no_name_of_a_session_that_comes_back) { EXPECT_EQ(problem("/", {{"token", "abc"}}), ""); }

// --- both

TEST(ConnectRequest, comes_out_as_it_went_in) {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    engine::Rng rng(seed);
    const ConnectRequest request = any_request(rng);
    const std::string target = format(request);
    ASSERT_LE(target.size(), transport::kUrlBytesMax);
    const auto back = read(target);
    ASSERT_TRUE(back) << target << ": " << back.error().reason;
    EXPECT_EQ(*back, request) << target;
    EXPECT_EQ(format(*back), target);
  }
}

TEST(ConnectRequest, cut_or_changed_anywhere_is_read_or_refused_with_a_reason) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    engine::Rng rng(seed);
    std::string target = format(any_request(rng));
    const auto look = [](const std::string& changed) {
      const auto request = read(changed);
      if (!request) {
        EXPECT_NE(request.error().reason, "") << changed;
        return;
      }
      EXPECT_TRUE(engine::is_utf8(request->name));
      EXPECT_LE(request->name.size(), limits::kNameBytesMax);
      EXPECT_LE(request->password.size(), limits::kPasswordBytesMax);
      EXPECT_LE(request->link.value_or(0), 1U);
    };
    for (std::size_t length = 0; length < target.size(); ++length) look(target.substr(0, length));
    for (int change = 0; change < 50; ++change) {
      target[rng.below(static_cast<std::uint32_t>(target.size()))] = static_cast<char>(rng.below(256));
      look(target);
    }
  }
}

}  // namespace
}  // namespace netcode::protocol
