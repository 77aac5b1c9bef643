// What is said of the example games is true: they are small, they stand on their own, and the README quotes them word
// for word.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace {

const std::filesystem::path kRoot = SCRIM_SOURCE_DIR;

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path);
  EXPECT_TRUE(in.is_open()) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

// The schema, the rules, the server, the client, the bot and the replay; not its test, nor the CMake that builds them.
std::vector<std::filesystem::path> sources_of(const std::string& game) {
  std::vector<std::filesystem::path> sources;
  for (const auto& entry : std::filesystem::directory_iterator(kRoot / "examples" / game)) {
    const auto name = entry.path().filename();
    if (name != "CMakeLists.txt" && name != "game_test.cpp") sources.push_back(entry.path());
  }
  return sources;
}

// A fenced block whose opening line names a file: "```cpp examples/tag/server.cpp".
struct Quote {
  std::string path;
  std::string text;
};

std::vector<Quote> quotes_in(const std::string& markdown) {
  std::vector<Quote> quotes;
  std::istringstream lines(markdown);
  bool is_open = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("```")) {
      const std::size_t space = line.find(' ');
      is_open = !is_open;
      if (is_open) quotes.push_back({space == std::string::npos ? "" : line.substr(space + 1), ""});
    } else if (is_open) {
      quotes.back().text += line + "\n";
    }
  }
  std::erase_if(quotes, [](const Quote& quote) { return quote.path.empty(); });
  return quotes;
}

std::ptrdiff_t lines_of(const std::vector<std::filesystem::path>& paths) {
  std::ptrdiff_t lines = 0;
  for (const auto& path : paths) {
    const std::string text = read(path);
    lines += std::count(text.begin(), text.end(), '\n');
  }
  return lines;
}

TEST(Tag, is_at_most_150_lines) {
  const std::ptrdiff_t lines = lines_of(sources_of("tag"));
  EXPECT_GT(lines, 100);
  EXPECT_LE(lines, 150);
}

TEST(Noughts, is_less_than_60_lines_of_code) {
  auto sources = sources_of("noughts");
  std::erase_if(sources, [](const auto& path) { return path.extension() == ".fbs"; });
  const std::ptrdiff_t lines = lines_of(sources);
  EXPECT_GT(lines, 30);
  EXPECT_LT(lines, 60);
}

TEST(Examples, use_nothing_from_the_arena) {
  for (const std::string game : {"tag", "noughts"}) {
    for (const auto& path : sources_of(game)) {
      const std::string text = read(path);
      EXPECT_EQ(text.find("arena"), std::string::npos) << path;
      EXPECT_EQ(text.find("game/"), std::string::npos) << path;
    }
  }
}

TEST(Readme, quotes_files_word_for_word) {
  const std::vector<Quote> quotes = quotes_in(read(kRoot / "README.md"));
  EXPECT_FALSE(quotes.empty());
  for (const Quote& quote : quotes) {
    EXPECT_FALSE(quote.text.empty()) << quote.path;
    EXPECT_NE(read(kRoot / quote.path).find(quote.text), std::string::npos)
        << "README.md quotes " << quote.path << " otherwise than it is:\n"
        << quote.text;
  }
}

/// Without its code blocks, whose lambdas look like links.
std::string prose_of(const std::string& text) {
  std::string out, line;
  bool in_code = false;
  for (std::istringstream lines(text); std::getline(lines, line);) {
    if (line.starts_with("```")) in_code = !in_code;
    if (!in_code) out += line + '\n';
  }
  return out;
}

TEST(Readme, links_to_what_is_there) {
  const std::string text = prose_of(read(kRoot / "README.md"));
  int links = 0;
  for (std::size_t at = text.find("]("); at != std::string::npos; at = text.find("](", at + 2)) {
    ++links;
    const std::string target = text.substr(at + 2, text.find(')', at) - at - 2);
    EXPECT_TRUE(std::filesystem::exists(kRoot / target)) << target;
  }
  EXPECT_GT(links, 5);
}

TEST(Readme, finds_the_quotes_in_a_text) {
  const auto quotes = quotes_in("a\n```\nno file\n```\nb\n```cpp a/b.cpp\nint x;\n\nint y;\n```\n");
  ASSERT_EQ(quotes.size(), 1U);
  EXPECT_EQ(quotes[0].path, "a/b.cpp");
  EXPECT_EQ(quotes[0].text, "int x;\n\nint y;\n");
}

}  // namespace
