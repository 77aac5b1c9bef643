// ENGINE_ASSERT: the check for our own bugs, on in every build.
//
// A failed assert writes file:line, the expression and the message to stderr and aborts: a wrong state must not be
// recorded, broadcast or resumed. Bytes from outside are never asserted; they get a Result (result.hpp).
// Threading: any thread. Usable in constexpr functions.
#pragma once

#include <string_view>

namespace engine::detail {

[[noreturn]] void assert_failed(const char* file, int line, const char* expression, std::string_view message = {});

}  // namespace engine::detail

// ENGINE_ASSERT(condition) or ENGINE_ASSERT(condition, "message"). The condition is evaluated exactly once.
#define ENGINE_ASSERT(...) ENGINE_ASSERT_PICK(__VA_ARGS__, ENGINE_ASSERT_WITH, ENGINE_ASSERT_BARE, )(__VA_ARGS__)

#define ENGINE_ASSERT_PICK(condition, message, name, ...) name
#define ENGINE_ASSERT_BARE(condition) \
  (static_cast<bool>(condition) ? void() : ::engine::detail::assert_failed(__FILE__, __LINE__, #condition))
#define ENGINE_ASSERT_WITH(condition, message) \
  (static_cast<bool>(condition) ? void() : ::engine::detail::assert_failed(__FILE__, __LINE__, #condition, message))
