// Keeps the pages in docs/ and beside them true to the sources: every file and every name that a page says in
// backticks, and every file and heading that it links to, must be there. So whoever renames something is told which
// lines to mend.
//
//   `netcode/src/server/shard.hpp`   a path, or its end; a source's also without its extension
//   `LiveMatch::take_action`         a file defines the class and says the member, or says both like this
//   `RecordType`, `act()`            a whole word of the code, literals too; comments do not count
//   `--listen`, `scrim-server`       a flag or a program: likewise, and it may have hyphens
//
// Blocks of code between fences are left alone, and so are URLs and what has a placeholder in it, as <id>.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "source_names.hpp"

namespace architecture {
namespace {

// --- The rules -------------------------------------------------------------------------------------------------------

// Said in the pages and not in the tree: other people's programs, and words that a page defines itself.
const std::set<std::string, std::less<>> kForeign = {
    "nohup", "fonts-jura", "fonts-b612", "KIND-MATCH-TIME.scrim", "Create...Direct", "diff"};

// Not of the tree, but of whoever works in it.
const std::set<std::string, std::less<>> kSkipped = {
    ".git", ".cache", "build", "out", "recordings", "node_modules", "compile_commands.json"};

// --- The pages -------------------------------------------------------------------------------------------------------

/// Something that a page says is there.
struct Span {
  std::size_t line = 0;
  std::string text;
  bool is_link = false;
};

// What stands in backticks, over the end of a line too, and the targets of links; nothing between fences.
std::vector<Span> spans_of(const std::string& page) {
  std::vector<Span> spans;
  std::istringstream stream(page);
  bool is_fenced = false;
  std::optional<Span> open;
  std::size_t number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    if (line.starts_with("```")) is_fenced = !is_fenced;
    if (line.empty() || line.starts_with("```")) open.reset();
    if (is_fenced || line.starts_with("```")) continue;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '`') {
        if (open) {
          spans.push_back(*std::exchange(open, std::nullopt));
        } else {
          open = Span{.line = number, .text = {}};
        }
      } else if (open) {
        open->text += line[i];
      } else if (line.compare(i, 2, "](") == 0) {
        const std::size_t end = line.find(')', i);
        if (end != std::string::npos) spans.push_back({number, line.substr(i + 2, end - i - 2), true});
      }
    }
    if (open) open->text += ' ';
  }
  return spans;
}

// Names that are written as only code writes them: with an underscore, or a capital within.
bool is_code_name(std::string_view word) {
  if (word.empty() || is_digit(word[0])) return false;
  const auto is_upper = [](char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; };
  const auto is_lower = [](char c) { return std::islower(static_cast<unsigned char>(c)) != 0; };
  if (word.find('_') != std::string_view::npos) return true;
  const bool has_lower = std::any_of(word.begin(), word.end(), is_lower);
  return has_lower && std::any_of(word.begin() + 1, word.end(), is_upper);
}

// URLs, what has a placeholder in it, options of other people's programs.
bool is_foreign(std::string_view word) {
  return kForeign.contains(word) || word.find("://") != std::string_view::npos || word.starts_with('/') ||
         (word.starts_with('-') && !word.starts_with("--")) ||
         word.find_first_of("<>*{}=@$|%~") != std::string_view::npos;
}

// Is this path, flag or program there? None: it is none of them, but code.
std::optional<bool> is_thing_there(std::string_view word, const Tree& tree) {
  if (word.starts_with("--")) return tree.has_word(word.substr(2));
  if (word.starts_with("./")) return tree.has_path(word.substr(2));
  if (word.find('(') != std::string_view::npos) return std::nullopt;
  if (word.starts_with("build/"))  // what a build makes: only the names of programs are known
    return word.find("/bin/") == std::string_view::npos || tree.has_word(word.substr(word.rfind('/') + 1));
  const std::size_t dot = word.rfind('.');
  const std::string_view extension = dot == std::string_view::npos ? std::string_view() : word.substr(dot);
  const bool is_file = !extension.empty() && (kSourceExtensions.contains(extension) || extension == ".md");
  if (is_file || dot == 0 || word.find('/') != std::string_view::npos)
    return tree.has_path(word) || tree.has_word(word);  // a file that a program writes is in its source
  if (word.find('-') != std::string_view::npos && word.find_first_of(".:>") == std::string_view::npos)
    return tree.has_word(word);
  return std::nullopt;
}

// What of `text` is not in the tree.
std::vector<std::string> missing_of(std::string_view text, const Tree& tree) {
  std::vector<std::string> missing;
  const auto need = [&missing](bool is_there, std::string_view what) {
    if (!is_there) missing.emplace_back(what);
  };
  std::istringstream words{std::string(text)};
  std::vector<std::string> all(std::istream_iterator<std::string>(words), {});
  for (std::string_view word : all) {
    while (!word.empty() && std::string_view(",;:").find(word.back()) != std::string_view::npos) word.remove_suffix(1);
    if (word.empty() || is_foreign(word)) continue;
    if (const auto is_there = is_thing_there(word, tree)) {
      need(*is_there, word);
      continue;
    }
    word = word.substr(0, word.find('('));
    std::string_view scope;  // of the name, where it has one: scope::name
    for (std::size_t begin = 0; begin < word.size();) {
      std::size_t end = begin;
      while (end < word.size() && is_name(word[end])) ++end;
      const std::string_view name = word.substr(begin, end - begin);
      const bool is_checked = !name.empty() && !is_digit(name[0]) && (all.size() == 1 || is_code_name(name));
      if (is_checked && scope.empty()) need(tree.has_word(name), name);
      if (is_checked && !scope.empty())
        need(tree.has_member(scope, name), std::string(scope) + "::" + std::string(name));
      const bool is_scope = word.substr(end, 2) == "::";
      scope = is_scope ? name : std::string_view();
      begin = end + (is_scope ? 2 : 1);
    }
  }
  return missing;
}

// "page:line: what is not there"
std::vector<std::string> broken_in(const fs::path& path, const std::string& page, const Tree& tree) {
  std::vector<std::string> broken;
  for (const Span& span : spans_of(page)) {
    const std::string at = path.generic_string() + ":" + std::to_string(span.line) + ": ";
    if (!span.is_link) {
      for (const std::string& what : missing_of(span.text, tree)) broken.push_back(at + what + " is not in the tree");
      continue;
    }
    if (span.text.find("://") != std::string::npos) continue;
    const std::string file = span.text.substr(0, span.text.find('#'));
    const fs::path linked = file.empty() ? path : (path.parent_path() / file).lexically_normal();
    const std::string target = linked.generic_string() + span.text.substr(file.size());
    if (!tree.has_path(target)) broken.push_back(at + "the link to " + span.text + " leads nowhere");
  }
  return broken;
}

// --- The checker's own tests -----------------------------------------------------------------------------------------

using testing::ElementsAre;
using testing::IsEmpty;

Tree planted() {
  Tree tree;
  tree.add_path("netcode/src/server/shard.hpp");
  tree.add_source("netcode/src/server/shard.hpp",
                  "namespace netcode::server {\n"
                  "class Link;\n"
                  "/// Once a Carrier had it, and parcel_of.\n"
                  "class Shard final {\n"
                  "  void deliver(const Parcel& parcel);  // \"--listen\"\n"
                  "};\n"
                  "}\n");
  tree.add_path("netcode/src/server/link.cpp");
  tree.add_source("netcode/src/server/link.cpp", "void Link::flush() { say(\"twin-links\"); }\nvoid write();\n");
  tree.add_path("netcode/src/server");
  tree.add_path("docs/hosting.md");
  tree.add_page("docs/hosting.md", "# Hosting\n\n```\n# a comment\n```\n## The host's `log`\n");
  tree.add_path("CMakeLists.txt");
  tree.add_source("CMakeLists.txt", "# add_program(scrim-old)\nadd_program(scrim-bots)\n");
  return tree;
}

std::vector<std::string> broken_in(const std::string& page) { return broken_in("docs/a.md", page, planted()); }

TEST(Docs, finds_a_path_that_is_not_there) {
  EXPECT_THAT(broken_in("one\n\nsee `netcode/src/server/shards.hpp`, `shard.cpp`\n"),
              ElementsAre("docs/a.md:3: netcode/src/server/shards.hpp is not in the tree",
                          "docs/a.md:3: shard.cpp is not in the tree"));
  EXPECT_THAT(broken_in("`netcode/src/server/shard.hpp` `server/shard.hpp` `server/` `shard.hpp` `server/shard`\n"),
              IsEmpty());
  EXPECT_THAT(broken_in("`rver/shard.hpp`\n"), ElementsAre("docs/a.md:1: rver/shard.hpp is not in the tree"));
}

TEST(Docs, finds_a_name_that_was_renamed) {
  EXPECT_THAT(broken_in("The `Shards` are\n`deliver`, `delivers()` and `Shar`.\n"),
              ElementsAre("docs/a.md:1: Shards is not in the tree", "docs/a.md:2: delivers is not in the tree",
                          "docs/a.md:2: Shar is not in the tree"));
  EXPECT_THAT(broken_in("`Shard` has `deliver(const Parcel& parcel)`\n"), IsEmpty());
}

TEST(Docs, finds_a_member_only_where_its_class_is) {
  EXPECT_THAT(broken_in("`Shard::deliver` `Shard::deliver(parcel)` `Link::flush()` `netcode::Shard`\n"), IsEmpty());
  EXPECT_THAT(broken_in("`Shard::flush`\n"), ElementsAre("docs/a.md:1: Shard::flush is not in the tree"));
  EXPECT_THAT(broken_in("`Link::write`\n"), ElementsAre("docs/a.md:1: Link::write is not in the tree"))
      << "the file says both, but does not define the class";
  EXPECT_THAT(broken_in("`Link::deliver`\n"), ElementsAre("docs/a.md:1: Link::deliver is not in the tree"))
      << "a class that is only declared";
  EXPECT_THAT(broken_in("`Gone::deliver`\n"),
              ElementsAre("docs/a.md:1: Gone is not in the tree", "docs/a.md:1: Gone::deliver is not in the tree"));
}

TEST(Docs, takes_no_comments_word_for_it) {
  EXPECT_THAT(broken_in("`Carrier`, `parcel_of`, `--listen`, `build/release/bin/scrim-old`\n"),
              ElementsAre("docs/a.md:1: Carrier is not in the tree", "docs/a.md:1: parcel_of is not in the tree",
                          "docs/a.md:1: --listen is not in the tree",
                          "docs/a.md:1: build/release/bin/scrim-old is not in the tree"));
  EXPECT_THAT(broken_in("`--twin-links`, `build/release/bin/scrim-bots --twin-links`\n"), IsEmpty());
}

TEST(Docs, looks_for_names_within_a_line_of_code) {
  EXPECT_THAT(broken_in("`if so then LinkSlot gives link_of(Shard)`\n"),
              ElementsAre("docs/a.md:1: LinkSlot is not in the tree", "docs/a.md:1: link_of is not in the tree"));
}

TEST(Docs, finds_what_goes_over_the_end_of_a_line) {
  EXPECT_THAT(broken_in("a `Shard\n  LinkSlot` and `Gone`\n"),
              ElementsAre("docs/a.md:1: LinkSlot is not in the tree", "docs/a.md:2: Gone is not in the tree"));
}

TEST(Docs, finds_links_that_lead_nowhere) {
  EXPECT_THAT(broken_in("[a](hosting.md) [b](hosting.md#the-hosts-log) [c](https://d.e#f) [g](../CMakeLists.txt)\n"),
              IsEmpty());
  EXPECT_THAT(broken_in("\n[a](hosted.md) [b](hosting.md#the-log) [c](#here) [d](hosting.md#a-comment)\n"),
              ElementsAre("docs/a.md:2: the link to hosted.md leads nowhere",
                          "docs/a.md:2: the link to hosting.md#the-log leads nowhere",
                          "docs/a.md:2: the link to #here leads nowhere",
                          "docs/a.md:2: the link to hosting.md#a-comment leads nowhere"));
}

TEST(Docs, leaves_alone_what_is_not_the_trees) {
  EXPECT_THAT(broken_in("```cpp\n`Gone` [a](gone.md)\n```\n`/healthz` `ws://host/gone` `/match/<id>` `1013` `7 B`\n"),
              IsEmpty());
}

// --- The pages of the tree -------------------------------------------------------------------------------------------

TEST(Architecture, says_nothing_in_its_pages_that_is_not_there) {
  const fs::path root = SCRIM_SOURCE_DIR;
  const auto read = [](const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  Tree tree;
  std::map<fs::path, std::string> pages;
  for (auto entry = fs::recursive_directory_iterator(root); entry != fs::end(entry); ++entry) {
    if (kSkipped.contains(entry->path().filename().string())) {
      entry.disable_recursion_pending();
      continue;
    }
    const fs::path path = entry->path().lexically_relative(root);
    tree.add_path(path);
    if (!entry->is_regular_file() || path.filename() == "docs_test.cpp") continue;
    const std::string extension = path.extension().string();
    const bool is_licence = path.parent_path() == "assets/fonts" || path.filename() == "LICENSE";
    if (kSourceExtensions.contains(extension) && !is_licence) tree.add_source(path, read(entry->path()));
    // A changelog says what things were called at its time.
    const bool is_page = extension == ".md" && path.filename() != "CHANGELOG.md";
    if (!is_page) continue;
    const std::string& page = pages.emplace(path, read(entry->path())).first->second;
    tree.add_page(path, page);
  }
  EXPECT_TRUE(pages.contains("docs/architecture.md")) << "looked in " << root;
  EXPECT_TRUE(pages.contains("CONTRIBUTING.md"));
  for (const auto& [path, page] : pages)
    for (const std::string& line : broken_in(path, page, tree)) ADD_FAILURE() << line;
}

}  // namespace
}  // namespace architecture
