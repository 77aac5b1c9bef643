#include "engine/core/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace engine::detail {

void assert_failed(const char* file, int line, const char* expression, std::string_view message) {
  // stdio and not the logger: whatever is broken may be what the logger stands on.
  std::fprintf(stderr, "%s:%d: assertion failed: %s%s%.*s\n", file, line, expression, message.empty() ? "" : ": ",
               static_cast<int>(message.size()), message.data());
  std::fflush(stderr);
  std::abort();
}

}  // namespace engine::detail
