// A range-for, or a reference, over what a temporary owns: `for (x : table()->list)` where table() returns a shared_ptr
// by value. The temporary dies before the loop's body runs (until C++23), and nothing warns of it. Found by text, so
// that it takes no compiler: functions are known by name, and one whose name gives an owner anywhere is taken for such
// everywhere.
#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "source_files.hpp"

namespace {

using architecture::Source;

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

// The same length and lines, with comments and literals blanked.
std::string code_of(const std::string& text) {
  std::string out = text;
  const auto blank = [&out](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < std::min(to, out.size()); ++i)
      if (out[i] != '\n') out[i] = ' ';
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::size_t end = i;
    if (text.compare(i, 2, "//") == 0) {
      end = std::min(text.find('\n', i), text.size());
    } else if (text.compare(i, 2, "/*") == 0) {
      end = std::min(text.find("*/", i + 2), text.size() - 2) + 2;
    } else if (text.compare(i, 2, "R\"") == 0) {
      const std::string mark = ")" + text.substr(i + 2, text.find('(', i) - i - 2) + "\"";
      end = std::min(text.find(mark, i), text.size() - mark.size()) + mark.size();
    } else if (text[i] == '"' || (text[i] == '\'' && (i == 0 || !is_name(text[i - 1])))) {
      for (end = i + 1; end < text.size() && text[end] != text[i]; ++end)
        if (text[end] == '\\') ++end;
      ++end;
    }
    if (end == i) continue;
    blank(i, end);
    i = end - 1;
  }
  return out;
}

// One past the bracket that closes the one at `open`; npos if none does.
std::size_t after_closing(std::string_view code, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < code.size(); ++i) {
    if (code[i] == '(' || code[i] == '[' || code[i] == '{') ++depth;
    if (code[i] == ')' || code[i] == ']' || code[i] == '}') --depth;
    if (depth == 0) return i + 1;
  }
  return std::string_view::npos;
}

std::string name_before(std::string_view code, std::size_t end) {
  std::size_t begin = end;
  while (begin > 0 && is_name(code[begin - 1])) --begin;
  return std::string(code.substr(begin, end - begin));
}

std::size_t skip_spaces_back(std::string_view code, std::size_t end) {
  while (end > 0 && is_space(code[end - 1])) --end;
  return end;
}

/// Functions that return, by value, what owns: `f()->x` and `*f()` are its insides, or `f().x` and `f()[i]`.
struct Owning {
  std::set<std::string> pointers;
  std::set<std::string> values;

  bool contains(const std::string& name) const { return pointers.contains(name) || values.contains(name); }
};

enum class Owner { kNo, kPointer, kValue };

// What a type is whose last token ends at `end`.
Owner owner(std::string_view code, std::size_t end) {
  static const std::set<std::string> kPointers = {"shared_ptr", "unique_ptr", "optional", "Result"};
  static const std::set<std::string> kValues = {"vector", "map",     "set",    "deque", "array", "pair",
                                                "tuple",  "variant", "string", "Bytes", "Fields"};
  if (end > 0 && code[end - 1] == '>') {
    int depth = 0;
    while (end > 0) {
      if (code[end - 1] == '>') ++depth;
      if (code[end - 1] == '<') --depth;
      --end;
      if (depth == 0) break;
    }
  }
  const std::string name = name_before(code, end);
  if (kPointers.contains(name) || (name.size() > 3 && name.ends_with("Ptr"))) return Owner::kPointer;
  return kValues.contains(name) ? Owner::kValue : Owner::kNo;
}

// The names of functions that return an owner by value, as they are declared in this text.
void find_owning_functions(const std::string& code, Owning& owning) {
  for (std::size_t open = code.find('('); open != std::string::npos; open = code.find('(', open + 1)) {
    std::string name = name_before(code, open);
    if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0])) != 0) continue;
    std::size_t at = open - name.size();
    while (at >= 2 && code.compare(at - 2, 2, "::") == 0) at = at - 2 - name_before(code, at - 2).size();
    const std::size_t end = skip_spaces_back(code, at);
    if (end == at) continue;
    if (const Owner found = owner(code, end); found == Owner::kPointer) {
      owning.pointers.insert(std::move(name));
    } else if (found == Owner::kValue) {
      owning.values.insert(std::move(name));
    }
  }
}

// Is what this expression refers to owned by a temporary of its own?
bool dangles(std::string_view expression, const Owning& owning) {
  const std::size_t first = expression.find_first_not_of(" \t\n");
  if (first == std::string_view::npos || expression[first] == '{') return false;  // a list is kept as long as the loop
  const bool is_deref = expression[first] == '*';
  bool found = false;
  std::string last_call;
  std::size_t last_call_end = 0;
  for (std::size_t open = expression.find('('); open != std::string_view::npos;) {
    const std::string name = name_before(expression, open);
    const std::size_t end = after_closing(expression, open);
    // What is in the arguments of a call is another expression, and what the call returns rarely is of it.
    const bool is_call = !name.empty() && end != std::string_view::npos;
    open = expression.find('(', is_call ? end : open + 1);
    if (!is_call) continue;
    last_call = name;
    last_call_end = end;
    if (!owning.contains(name)) continue;
    std::size_t next = end;
    while (next < expression.size() && is_space(expression[next])) ++next;
    const std::string_view rest = expression.substr(next);
    if (owning.pointers.contains(name)) found |= rest.starts_with("->") || rest.starts_with(".") || is_deref;
    if (owning.values.contains(name)) found |= rest.starts_with(".") || rest.starts_with("[");
  }
  if (!found) return false;
  // What comes last gives a value of its own, which lives as long as the loop.
  const bool ends_in_call = expression.find_first_not_of(" \t\n)", last_call_end) == std::string_view::npos;
  return is_deref || !(ends_in_call && owning.contains(last_call));
}

// What a range-for goes through; empty for any other loop.
std::string_view range_of(std::string_view head) {
  int depth = 0, conditionals = 0;
  std::size_t begin = 0;
  std::string_view range;
  for (std::size_t i = 0; i < head.size(); ++i) {
    const char c = head[i];
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    if (depth != 0) continue;
    if (c == '?') ++conditionals;
    if (c == ';') begin = i + 1, range = {};
    if (c != ':') continue;
    if ((i + 1 < head.size() && head[i + 1] == ':') || (i > begin && head[i - 1] == ':')) continue;
    if (conditionals > 0) {
      --conditionals;
    } else if (range.empty()) {
      range = head.substr(i + 1);
    }
  }
  return range;
}

std::vector<std::string> dangling_ranges_in(const std::vector<Source>& sources) {
  // Of the standard library's.
  Owning owning{.pointers = {"lock", "make_shared", "make_unique"}, .values = {"str", "substr"}};
  std::vector<Source> all;
  for (const Source& source : sources) {
    all.push_back({source.path, code_of(source.text)});
    find_owning_functions(all.back().text, owning);
  }
  std::vector<std::string> breaches;
  for (const Source& source : all) {
    const std::string& code = source.text;
    const auto note = [&](std::size_t at, std::string_view what) {
      const auto line = 1 + std::count(code.begin(), code.begin() + static_cast<std::ptrdiff_t>(at), '\n');
      breaches.push_back(source.path + ":" + std::to_string(line) + ": " + std::string(what));
    };
    for (std::size_t at = code.find("for"); at != std::string::npos; at = code.find("for", at + 1)) {
      if ((at > 0 && is_name(code[at - 1])) || is_name(code[at + 3])) continue;
      const std::size_t open = code.find_first_not_of(" \n", at + 3);
      if (open == std::string::npos || code[open] != '(') continue;
      const std::size_t end = after_closing(code, open);
      if (end == std::string::npos) continue;
      const std::string_view range = range_of(std::string_view(code).substr(open + 1, end - open - 2));
      if (!range.empty() && dangles(range, owning)) note(at, "the loop goes through what a temporary owns");
    }
    for (std::size_t at = code.find("& "); at != std::string::npos; at = code.find("& ", at + 1)) {
      std::size_t name_end = at + 2;
      while (name_end < code.size() && is_name(code[name_end])) ++name_end;
      if (name_end == at + 2 || code.compare(name_end, 3, " = ") != 0) continue;
      std::size_t end = name_end + 3;
      for (int depth = 0; end < code.size(); ++end) {
        if (code[end] == '(' || code[end] == '[' || code[end] == '{') ++depth;
        if (code[end] == ')' || code[end] == ']' || code[end] == '}') --depth;
        if (depth < 0 || (depth == 0 && (code[end] == ';' || code[end] == ','))) break;
      }
      const std::string_view value = std::string_view(code).substr(name_end + 3, end - name_end - 3);
      // Of calls only those by an arrow: `f().x` is kept alive by the reference.
      if (value.find("->") != std::string_view::npos && value.find('?') == std::string_view::npos &&
          !std::string_view(value).ends_with(")") && dangles(value, owning))
        note(at, "the reference is to what a temporary owns");
    }
  }
  return breaches;
}

// --- The checker's own tests

using testing::ElementsAre;
using testing::IsEmpty;

const std::string kDeclared =
    "std::shared_ptr<const Table> NamespaceCore::table() const {\n"
    "std::optional<Info> find(int id);\n"
    "std::vector<int> numbers();\n"
    "const std::vector<int>& kept() const;\n"
    "Names* names();\n";

std::vector<std::string> breaches_of(const std::string& code) {
  std::vector<std::string> out;
  for (const std::string& breach : dangling_ranges_in({{"declared.hpp", kDeclared}, {"a.cpp", code}}))
    out.push_back(breach);
  return out;
}

TEST(RangeFor, finds_the_loops_that_were_there) {
  for (const char* code : {
           "for (const Middleware& middleware : table()->middleware)\n",
           "for (const auto& handler : core->table()->on_disconnect) handler(session.api(), reason);",
           "for (const auto& handler : space->table()->on_any) {",
           "for (const auto& handler : root.table()->on_connect) {",
           "for (int n : find(3)->numbers) {",
           "for (int n : *find(3)) {",
           "for (int n : weak.lock()->list) {",
           "for (int i = 0; int n : find(i)->numbers) {",
           "for (const auto& [a, b] : is_good ? x : core::table()->pairs) {",
           "const auto& list = core.table()->on_any;",
       })
    EXPECT_EQ(breaches_of(code).size(), 1U) << code;
}

TEST(RangeFor, leaves_alone_what_lives_long_enough) {
  for (const char* code : {
           "for (const auto held = table(); const auto& x : held->list) {",
           "for (int n : numbers()) {",
           "for (int n : table()->numbers()) {",
           "for (int n : kept()) {",
           "for (int n : names()->list) {",
           "for (std::size_t i = 0; i < table()->list.size(); ++i) {",
           "// for (int n : find(3)->numbers) {\n",
           "say(\"for (int n : find(3)->numbers) {\");",
           "const auto list = table()->list;",
           "before(n : find(3)->numbers);",
           "for (int n : kept(find(3)->name)) {",
       })
    EXPECT_THAT(breaches_of(code), IsEmpty()) << code;
}

TEST(RangeFor, names_file_and_line) {
  EXPECT_THAT(breaches_of("int a;\nfor (int n : find(3)->numbers) {"),
              ElementsAre("a.cpp:2: the loop goes through what a temporary owns"));
}

// --- The sources

TEST(Architecture, walks_nothing_that_a_temporary_owns) {
  std::vector<Source> sources =
      architecture::sources_under({"engine", "netcode", "game", "examples", "tests"}, {".hpp", ".cpp"});
  std::erase_if(sources, [](const Source& source) { return source.path.ends_with("/range_for_test.cpp"); });
  ASSERT_GT(sources.size(), 100U);
  for (const std::string& breach : dangling_ranges_in(sources)) ADD_FAILURE() << breach;
}

}  // namespace
