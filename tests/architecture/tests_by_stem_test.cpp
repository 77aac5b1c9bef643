// Whoever changes a source finds its tests by its name: in the file of its stem, as those of outbox.cpp are in
// outbox_test.cpp, or in a test that says so in a line of its own near its top:
//
//   // Tests also: session_incoming.cpp, shard.cpp.
//
// Scripts say it after '#'. A line that is full goes on in the next. A name that several sources have is said with its
// folder: sim/map.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;

/// Paths from the root of the tree.
using Paths = std::vector<std::string>;
using Texts = std::map<std::string, std::string>;

constexpr std::array<std::string_view, 3> kSourceFolders = {"engine/src", "netcode/src", "game"};
constexpr std::array<std::string_view, 5> kEndsOfTests = {"_test.cpp", "_test.py", "_test.sh", "_test.mjs",
                                                          ".test.mjs"};

std::string name_of(const std::string& path) { return fs::path(path).filename().string(); }
std::string folder_of(const std::string& path) { return fs::path(path).parent_path().filename().string(); }

/// "engine", "netcode" or "game"; of tests and sources alike.
std::string area_of(std::string_view path) {
  if (path.starts_with("tests/")) path.remove_prefix(6);
  return std::string(path.substr(0, path.find('/')));
}

/// What is tested in a file of this name; empty: it is no test.
std::string stem_of_test(const std::string& path) {
  const std::string name = name_of(path);
  for (const std::string_view end : kEndsOfTests)
    if (name.ends_with(end)) return name.substr(0, name.size() - end.size());
  return {};
}

bool ends_with_path(std::string_view path, std::string_view end) {
  return path == end || (path.ends_with(end) && path[path.size() - end.size() - 1] == '/');
}

/// Of the same stem and area. Where others have that stem too, the folders' names decide.
bool is_of_stem(const std::string& test, const std::string& source, const Paths& sources) {
  const auto fits = [&](const std::string& path) {
    return area_of(test) == area_of(path) && stem_of_test(test) == fs::path(path).stem().string();
  };
  if (!fits(source)) return false;
  return std::count_if(sources.begin(), sources.end(), fits) == 1 || folder_of(test) == folder_of(source);
}

/// The sources that a test says it tests besides that of its stem.
std::vector<std::string> named_in(const std::string& test) {
  const std::string text = "\n" + test;
  for (const std::string lead : {"\n// ", "\n# "}) {
    const std::string begins = lead + "Tests also: ";
    const std::size_t begin = text.find(begins);
    if (begin == std::string::npos) continue;
    std::string said = text.substr(begin + begins.size());
    said.resize(std::min(said.find(".\n"), said.size()));
    for (std::size_t at = said.find(lead); at != std::string::npos; at = said.find(lead))
      said.replace(at, lead.size(), " ");
    std::istringstream words(said);
    std::vector<std::string> names(std::istream_iterator<std::string>(words), {});
    for (std::string& name : names)
      if (name.ends_with(',')) name.pop_back();
    return names;
  }
  return {};
}

/// What keeps somebody from finding the tests of each source.
std::vector<std::string> problems_of(const Paths& sources, const Texts& tests) {
  std::vector<std::string> problems;
  std::set<std::string> tested;
  for (const auto& [test, text] : tests) {
    for (const std::string& source : sources)
      if (is_of_stem(test, source, sources)) tested.insert(source);
    for (const std::string& name : named_in(text)) {
      std::vector<std::string> found;
      std::copy_if(sources.begin(), sources.end(), std::back_inserter(found),
                   [&](const std::string& source) { return ends_with_path(source, name); });
      if (found.size() != 1)
        problems.push_back(test + " tests also " + name + ", which is the name of " + std::to_string(found.size()) +
                           " sources");
      tested.insert(found.begin(), found.end());
    }
  }
  for (const std::string& source : sources)
    if (!tested.contains(source)) problems.push_back(source + " has no test of its stem, and none says \"Tests also\"");
  return problems;
}

// --- The checker's own tests -----------------------------------------------------------------------------------------

using testing::ElementsAre;
using testing::IsEmpty;

TEST(TestsByStem, are_in_the_file_of_the_stem_in_whatever_language) {
  EXPECT_THAT(problems_of({"netcode/src/server/outbox.cpp", "game/apps/main.cpp", "netcode/src/server/shard.cpp"},
                          {{"tests/netcode/server/outbox_test.cpp", ""}, {"tests/game/main_test.sh", ""}}),
              ElementsAre("netcode/src/server/shard.cpp has no test of its stem, and none says \"Tests also\""));
}

TEST(TestsByStem, are_not_in_a_file_of_another_area) {
  EXPECT_THAT(problems_of({"netcode/src/server/map.cpp"}, {{"tests/game/map_test.cpp", ""}}).size(), 1U);
}

TEST(TestsByStem, are_in_the_folder_of_the_source_where_two_have_its_name) {
  const Paths both = {"game/sim/map.cpp", "game/wire/map.cpp"};
  EXPECT_THAT(problems_of(both, {{"tests/game/sim/map_test.cpp", ""}}).size(), 1U);
  EXPECT_THAT(problems_of(both, {{"tests/game/sim/map_test.cpp", ""}, {"tests/game/wire/map_test.cpp", ""}}),
              IsEmpty());
}

TEST(TestsByStem, are_where_a_test_says_that_it_tests_a_source_too) {
  const Paths sources = {"game/sim/a.cpp", "game/sim/b.cpp", "game/wire/b.cpp"};
  EXPECT_THAT(
      problems_of(sources, {{"tests/x_test.cpp", "// X.\n// Tests also: a.cpp,\n// sim/b.cpp, wire/b.cpp.\n//\n"}}),
      IsEmpty());
  EXPECT_THAT(
      problems_of(sources, {{"tests/x_test.py", "\"\"\"X.\n\"\"\"\n# Tests also: a.cpp, sim/b.cpp, wire/b.cpp.\n"}}),
      IsEmpty());
}

TEST(TestsByStem, are_named_as_one_source_that_is_there) {
  const Paths sources = {"game/sim/b.cpp", "game/wire/b.cpp"};
  const std::string test = "tests/game/b_and_c_test.cpp";
  EXPECT_THAT(problems_of(sources, {{test, "// Tests also: b.cpp, c.cpp, im/b.cpp.\n"}}),
              ElementsAre(test + " tests also b.cpp, which is the name of 2 sources",
                          test + " tests also c.cpp, which is the name of 0 sources",
                          test + " tests also im/b.cpp, which is the name of 0 sources"));
}

TEST(TestsByStem, are_not_looked_for_in_what_only_quotes_the_line) {
  EXPECT_THAT(named_in("//   // Tests also: a.cpp.\nconst char* kText = \"// Tests also: b.cpp.\\n\";\n"), IsEmpty());
}

// --- The sources -----------------------------------------------------------------------------------------------------

TEST(Architecture, has_a_test_for_every_source_where_its_name_leads) {
  const fs::path root = SCRIM_SOURCE_DIR;
  const std::set<std::string> skipped = {"node_modules", "build"};
  const auto each_file = [&](const fs::path& folder, const auto& take) {
    for (auto entry = fs::recursive_directory_iterator(root / folder); entry != fs::end(entry); ++entry) {
      if (skipped.contains(entry->path().filename().string())) entry.disable_recursion_pending();
      if (entry->is_regular_file()) take(entry->path().lexically_relative(root).generic_string());
    }
  };
  Paths sources;
  for (const std::string_view folder : kSourceFolders)
    each_file(folder, [&](const std::string& path) {
      if (path.ends_with(".cpp")) sources.push_back(path);
    });
  Texts tests;
  each_file("tests", [&](const std::string& path) {
    if (stem_of_test(path).empty()) return;
    std::ifstream file(root / path, std::ios::binary);
    tests[path] = std::string(std::istreambuf_iterator<char>(file), {});
  });
  std::sort(sources.begin(), sources.end());
  EXPECT_GT(sources.size(), 200U) << "looked in " << root;
  for (const std::string& problem : problems_of(sources, tests)) ADD_FAILURE() << problem;
}

}  // namespace
