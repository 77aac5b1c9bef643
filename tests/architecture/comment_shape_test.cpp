// Keeps comments in the shape that they were written in: code, tables, diagrams and rulers. A formatter that reflows
// them leaves traces, and those are what is looked for here (.clang-format says which lines it must leave alone:
// CommentPragmas). An example is a line indented by three spaces or more after its slashes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::size_t kColumns = 120;  // .clang-format's ColumnLimit
// A line of an example that is nearly full and is followed by a word that had no place in it was broken there.
constexpr std::size_t kNearlyFull = 105;
// A line of prose that is as short as this, and not the last of its sentence, is what was left of a broken one.
constexpr std::size_t kOrphan = 60;

struct Comment {
  std::size_t columns = 0;  // of the whole line
  std::string_view lead;    // what is before the text: spaces and slashes
  std::string_view text;
  bool operator==(const Comment&) const = default;
};

bool is_blank(std::string_view text) { return text.find_first_not_of(' ') == std::string_view::npos; }
std::size_t indent_of(std::string_view text) { return std::min(text.find_first_not_of(' '), text.size()); }
bool is_example(std::string_view text) { return !is_blank(text) && indent_of(text) >= 3; }

// A line that is a comment and nothing else.
std::optional<Comment> comment_in(std::string_view line) {
  const std::size_t begin = indent_of(line);
  std::size_t end = begin;
  while (end < line.size() && line[end] == '/') ++end;
  if (end - begin != 2 && end - begin != 3) return std::nullopt;
  return Comment{.columns = line.size(), .lead = line.substr(0, end), .text = line.substr(end)};
}

std::string_view first_word(std::string_view text) {
  text.remove_prefix(indent_of(text));
  return text.substr(0, text.find(' '));
}

bool has_no_room_for(const Comment& line, const Comment& next) {
  return line.columns + 1 + first_word(next.text).size() > kColumns;
}

bool is_bare_ruler(std::string_view text) {
  text.remove_prefix(indent_of(text));
  return text.size() >= 3 && text.find_first_not_of('-') == std::string_view::npos;
}

// Brackets that a line leaves open, less those that it closes.
int depth_of(std::string_view text) {
  const auto count = [&](std::string_view which) {
    return std::count_if(text.begin(), text.end(), [&](char c) { return which.find(c) != std::string_view::npos; });
  };
  return static_cast<int>(count("([{") - count(")]}"));
}

bool only_closes(std::string_view text) { return text.find_first_not_of(" )]};,.") == std::string_view::npos; }

// What is wrong with `line`, given the comment's lines around it.
std::string_view problem_of(const Comment& line, const Comment* before, const Comment* next) {
  if (line.columns > kColumns) return "a comment of more than 120 columns";
  if (is_bare_ruler(line.text)) return "a ruler without its title";
  if (!next) return {};
  if (is_example(line.text)) {
    if (!is_example(next->text)) return {};
    const bool stays = indent_of(next->text) <= indent_of(line.text);
    if (depth_of(line.text) > 0 && stays && !only_closes(next->text)) return "an example broken within its brackets";
    if (stays && line.columns >= kNearlyFull && has_no_room_for(line, *next))
      return "an example broken where it is full";
    return {};
  }
  if (!before || is_blank(before->text) || is_blank(line.text) || is_blank(next->text)) return {};
  if (is_example(before->text) || is_example(next->text)) return {};
  const bool ends = std::string_view(".:;,!?)").find(line.text.back()) != std::string_view::npos;
  if (line.columns < kOrphan && !ends && has_no_room_for(*before, line)) return "what was left of a broken line";
  return {};
}

std::vector<std::string> broken_in(const std::string& path, const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  std::vector<std::optional<Comment>> comments(lines.begin() == lines.end() ? 0 : lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) comments[i] = comment_in(lines[i]);

  std::vector<std::string> broken;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!comments[i]) continue;
    const auto neighbour = [&](std::size_t at) -> const Comment* {
      const bool belongs = at < lines.size() && comments[at] && comments[at]->lead == comments[i]->lead;
      return belongs ? &*comments[at] : nullptr;
    };
    const std::string_view problem = problem_of(*comments[i], neighbour(i - 1), neighbour(i + 1));
    if (!problem.empty()) broken.push_back(path + ":" + std::to_string(i + 1) + ": " + std::string(problem));
  }
  return broken;
}

std::vector<std::string> broken_in(const std::string& text) { return broken_in("a.hpp", text); }

// --- The checker's own tests -----------------------------------------------------------------------------------------

using testing::ElementsAre;
using testing::IsEmpty;

TEST(CommentShape, finds_an_example_that_was_broken_within_its_brackets) {
  EXPECT_THAT(broken_in("//   int main(int argc, char** argv) { return tool(argc, argv, {{\"tag\",\n"
                        "//   netcode::rules_type<tag::Rules>()}}); }\n"),
              ElementsAre("a.hpp:1: an example broken within its brackets"));
  EXPECT_THAT(broken_in("//   server.use([](auto& h) { return h.accept();\n"
                        "//   }); server.on<Chat>([] { ... });\n"),
              ElementsAre("a.hpp:1: an example broken within its brackets"));
}

TEST(CommentShape, lets_an_example_have_blocks) {
  EXPECT_THAT(broken_in("///   struct Model {\n"
                        "///     using State = Runner;\n"
                        "///   };\n"
                        "///   client.on<Tagged>([](const Tagged& t) {\n"
                        "///     ...\n"
                        "///   });\n"),
              IsEmpty());
}

TEST(CommentShape, finds_a_diagram_that_was_broken_where_it_is_full) {
  const std::string full = "//   " + std::string(76, ' ') + "time, lead shared--> SuddenDeath";
  EXPECT_THAT(broken_in(full + "\n//   leader--/\n"), ElementsAre("a.hpp:1: an example broken where it is full"));
  EXPECT_THAT(broken_in(full + "\n//   any --> one\n"), IsEmpty()) << "there was room for that word";
  EXPECT_THAT(broken_in(full + "\n//\n//   leader--/\n"), IsEmpty());
}

TEST(CommentShape, finds_a_ruler_that_lost_its_title) {
  EXPECT_THAT(broken_in("// Messages\n// --------\n"), ElementsAre("a.hpp:2: a ruler without its title"));
  EXPECT_THAT(broken_in("// ---- Messages --------\n"), IsEmpty());
}

TEST(CommentShape, finds_what_was_left_of_a_broken_line_of_prose) {
  const std::string full = "// " + std::string(110, 'x');
  EXPECT_THAT(broken_in(full + "\n// recording anew\n// (--gtest_filter)\n"),
              ElementsAre("a.hpp:2: what was left of a broken line"));
  EXPECT_THAT(broken_in(full + "\n// The last line.\n//\n// Another paragraph.\n"), IsEmpty());
}

TEST(CommentShape, keeps_comments_within_the_columns) {
  EXPECT_THAT(broken_in("//   " + std::string(116, 'x') + "\n"),
              ElementsAre("a.hpp:1: a comment of more than 120 columns"));
}

// --- The sources -----------------------------------------------------------------------------------------------------

TEST(Architecture, has_no_comment_that_a_formatter_broke) {
  namespace fs = std::filesystem;
  const fs::path root = SCRIM_SOURCE_DIR;
  const std::set<std::string> generated = {"node_modules", "build"};
  std::size_t files = 0;
  for (const char* folder : {"engine", "netcode", "game", "examples", "tests"}) {
    for (auto entry = fs::recursive_directory_iterator(root / folder); entry != fs::end(entry); ++entry) {
      if (generated.contains(entry->path().filename().string())) entry.disable_recursion_pending();
      const std::string extension = entry->path().extension().string();
      if (!entry->is_regular_file() || (extension != ".hpp" && extension != ".cpp")) continue;
      std::ifstream file(entry->path(), std::ios::binary);
      const std::string text(std::istreambuf_iterator<char>(file), {});
      ++files;
      for (const std::string& line : broken_in(entry->path().lexically_relative(root).generic_string(), text))
        ADD_FAILURE() << line;
    }
  }
  EXPECT_GT(files, 300U) << "looked in " << root;
}

}  // namespace
