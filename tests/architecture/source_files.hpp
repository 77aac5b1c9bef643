// The sources of the tree, read whole.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace architecture {

struct Source {
  std::string path;  // from the root of the repository
  std::string text;
};

/// Every file with one of these extensions (".hpp") in these folders of the repository and in theirs, by path.
inline std::vector<Source> sources_under(std::initializer_list<std::string_view> folders,
                                         const std::set<std::string>& extensions) {
  namespace fs = std::filesystem;
  const fs::path root = SCRIM_SOURCE_DIR;
  std::vector<Source> sources;
  for (const std::string_view folder : folders) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / folder)) {
      if (!entry.is_regular_file() || !extensions.contains(entry.path().extension().string())) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      sources.push_back({entry.path().lexically_relative(root).generic_string(),
                         std::string(std::istreambuf_iterator<char>(file), {})});
    }
  }
  std::sort(sources.begin(), sources.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
  return sources;
}

}  // namespace architecture
