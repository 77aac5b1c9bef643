// What there is to be named in the tree: its paths, the headings of its pages, and the words of its sources' code.
//
// Found by text, so that it takes no compiler. Comments do not count; literals do, since flags, event names and options
// are in them. One thread.
#pragma once

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace architecture {

namespace fs = std::filesystem;

inline const std::set<std::string, std::less<>> kSourceExtensions = {".hpp", ".cpp", ".fbs", ".txt", ".cmake", ".json",
                                                                     ".in",  ".py",  ".mjs", ".sh",  ".toml",  ""};

inline bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
inline bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
inline bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

// With comments blanked.
inline std::string without_slash_comments(std::string text) {
  const auto blank = [&text](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < std::min(to, text.size()); ++i)
      if (text[i] != '\n') text[i] = ' ';
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      for (++i; i < text.size() && text[i] != '"' && text[i] != '\n'; ++i)
        if (text[i] == '\\') ++i;
    } else if (text.compare(i, 2, "//") == 0) {
      blank(i, text.find('\n', i));
    } else if (text.compare(i, 2, "/*") == 0) {
      blank(i, std::min(text.find("*/", i + 2), text.size() - 2) + 2);
    }
  }
  return text;
}

inline std::string without_hash_lines(const std::string& text) {
  std::string out;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line); out += '\n')
    if (!line.substr(std::min(line.find_first_not_of(" \t"), line.size())).starts_with('#')) out += line;
  return out;
}

inline std::string code_of(const fs::path& path, const std::string& text) {
  static const std::set<std::string, std::less<>> kWithSlashes = {".hpp", ".cpp", ".fbs", ".mjs"};
  return kWithSlashes.contains(path.extension().string()) ? without_slash_comments(text) : without_hash_lines(text);
}

class Tree {
 public:
  void add_path(const fs::path& path) {
    add_ends_of(path.generic_string());
    if (kSourceExtensions.contains(path.extension().string()))
      add_ends_of(fs::path(path).replace_extension().generic_string());
  }

  void add_source(const fs::path& path, const std::string& text) {
    const std::string code = code_of(path, text);
    const std::size_t file = codes_.size();
    add_words(code, file, [](char c) { return is_name(c); });
    add_words(code, file, [](char c) { return is_name(c) || c == '-'; });
    add_words(code, file, [](char c) { return is_name(c) || c == '-' || c == '.'; });
    codes_.push_back(code);
  }

  /// Its headings, each as a link has it: "docs/hosting.md#the-log".
  void add_page(const fs::path& path, const std::string& page) {
    std::istringstream stream(page);
    bool is_fenced = false;
    for (std::string line; std::getline(stream, line);) {
      if (line.starts_with("```")) is_fenced = !is_fenced;
      if (is_fenced || !line.starts_with('#')) continue;
      std::string anchor;
      for (const char c : line.substr(std::min(line.find_first_not_of("# "), line.size()))) {
        if (is_name(c) || c == '-') anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        if (c == ' ') anchor += '-';
      }
      paths_.insert(path.generic_string() + "#" + anchor);
    }
  }

  /// Is it a path, or what a path ends with?
  bool has_path(std::string_view path) const {
    while (path.ends_with('/')) path.remove_suffix(1);
    return paths_.contains(path);
  }

  bool has_word(std::string_view word) const { return words_.contains(word); }

  /// Is there a file that defines `scope` and says `member`, or one that says `scope::member`?
  bool has_member(std::string_view scope, std::string_view member) const {
    const auto files = words_.find(member);
    if (files == words_.end()) return false;
    const std::string both = std::string(scope) + "::" + std::string(member);
    return std::any_of(files->second.begin(), files->second.end(), [&](std::size_t file) {
      return defines(codes_[file], scope) || find_word(codes_[file], both, 0) != std::string::npos;
    });
  }

 private:
  void add_ends_of(const std::string& path) {
    paths_.insert(path);
    for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
      paths_.insert(path.substr(slash + 1));
  }

  template <class IsOfWord>
  void add_words(std::string_view code, std::size_t file, IsOfWord is_of_word) {
    for (std::size_t i = 0; i < code.size();) {
      std::size_t end = i;
      while (end < code.size() && is_of_word(code[end])) ++end;
      std::string_view word = code.substr(i, end - i);
      i = end + 1;
      while (word.starts_with('-')) word.remove_prefix(1);
      while (word.ends_with('.') || word.ends_with('-')) word.remove_suffix(1);
      if (word.empty()) continue;
      auto& files = words_.try_emplace(std::string(word)).first->second;
      if (files.empty() || files.back() != file) files.push_back(file);
    }
  }

  static std::size_t find_word(std::string_view code, std::string_view word, std::size_t from) {
    for (std::size_t at = code.find(word, from); at != std::string_view::npos; at = code.find(word, at + 1)) {
      const std::size_t end = at + word.size();
      if ((at == 0 || !is_name(code[at - 1])) && (end == code.size() || !is_name(code[end]))) return at;
    }
    return std::string_view::npos;
  }

  // Does `class`, `namespace` or their like stand before the name (over the scopes that it is in), and a body behind
  // it?
  static bool defines(std::string_view code, std::string_view name) {
    static constexpr std::array<std::string_view, 7> kMakers = {"class", "struct", "namespace", "enum",
                                                                "table", "union",  "concept"};
    for (std::size_t at = find_word(code, name, 0); at != std::string_view::npos; at = find_word(code, name, at + 1)) {
      std::size_t begin = at;
      while (begin >= 2 && code.substr(begin - 2, 2) == "::") begin = begin_of_name(code, begin - 2);
      while (begin > 0 && is_space(code[begin - 1])) --begin;
      const std::size_t end = code.find_first_not_of(" \n", at + name.size());
      const bool is_body = end != std::string_view::npos && code[end] != ';' && code[end] != '*' && code[end] != '&';
      const std::string_view before = code.substr(begin_of_name(code, begin), begin - begin_of_name(code, begin));
      if (is_body && std::find(kMakers.begin(), kMakers.end(), before) != kMakers.end()) return true;
    }
    return false;
  }

  static std::size_t begin_of_name(std::string_view code, std::size_t end) {
    while (end > 0 && is_name(code[end - 1])) --end;
    return end;
  }

  std::set<std::string, std::less<>> paths_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> words_;  // to the files that say them, rising
  std::vector<std::string> codes_;
};

}  // namespace architecture
