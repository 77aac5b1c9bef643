// scrim's command line.
#include "game/apps/scrim/flags.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "game/client/menu/screen.hpp"

namespace game::apps {
namespace {

std::optional<Flags> parsed(std::vector<std::string> words) {
  words.insert(words.begin(), "scrim");
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  return parse_flags(static_cast<int>(arguments.size()), arguments.data());
}

std::string url(const std::string& address) { return parsed({"--connect", address})->connect; }

std::string problem(const std::vector<std::string>& words) {
  try {
    parsed(words);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

TEST(Flags, take_an_address_as_the_menu_does) {
  for (const char* address : {"host", "host:9", " host:9 ", "host:9/", "[::1]", "[::1]:9", "host/games", "ws://host:9",
                              "ws://host", "ws://host:9/games", "no address"})
    EXPECT_EQ(url(address), client::full_address(address)) << address;
  EXPECT_EQ(url("host:9"), "ws://host:9");
  EXPECT_EQ(url("host"), "ws://host:8787");
  EXPECT_EQ(url("[::1]:9"), "ws://[::1]:9");
  EXPECT_EQ(parsed({})->connect, "") << "the menu";
}

TEST(Flags, that_connect_to_nowhere_are_refused) {
  EXPECT_EQ(problem({"--connect", ""}), "--connect: a server's address is expected");
  EXPECT_EQ(problem({"--connect", " / "}), "--connect: a server's address is expected");
  EXPECT_NE(problem({"--connect"}), "");
}

TEST(Flags, of_a_match_go_with_a_server_and_with_nothing_else_to_see) {
  const auto flags = parsed({"--connect", "host:9", "--match", "m", "--spectate"});
  EXPECT_EQ(flags->match, "m");
  EXPECT_TRUE(flags->spectate);
  EXPECT_NE(problem({"--match", "m"}).find("--connect"), std::string::npos);
  EXPECT_NE(problem({"--spectate"}).find("--connect"), std::string::npos);
  EXPECT_NE(problem({"--connect", "host:9", "--replay", "file"}), "");
  EXPECT_NE(problem({"--connect", "host:9", "--offline"}), "");
}

}  // namespace
}  // namespace game::apps
