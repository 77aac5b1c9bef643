// Words for /bin/sh. Pure.
#pragma once

#include <string>

namespace netcode::recording {

/// One word, whatever is in it.
inline std::string shell_quoted(const std::string& text) {
  std::string out;
  out.push_back('\'');
  for (const char c : text) {
    if (c == '\'') {
      out.append("'\\''");
    } else {
      out.push_back(c);
    }
  }
  out.push_back('\'');
  return out;
}

}  // namespace netcode::recording
