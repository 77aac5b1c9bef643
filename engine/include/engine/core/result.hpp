// Result<T>: a value, or the reason there is none, for everything that comes from outside (bytes, files, flags).
//
//   engine::Result<Map> parse_map(std::span<const std::uint8_t> bytes) {
//     if (bytes.empty()) return engine::error("a map of {} bytes", bytes.size());
//     ...
//   }
//
// The reason is a sentence for whoever sent the bytes. Plain values; no threading of their own.
#pragma once

#include <spdlog/fmt/fmt.h>
#include <boost/system/result.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace engine {

struct Error {
  std::string reason;

  Error() = default;
  // Braces only, Error{"text"}. Were Error(text) possible, boost::system::result<std::string, Error> could not tell a
  // value from a reason, and would convert from neither.
  Error(std::initializer_list<std::string_view> text) {
    for (const std::string_view piece : text) reason += piece;
  }

  friend bool operator==(const Error&, const Error&) = default;
};

// Test it with `if (!result)`, then read `*result` or `result.error().reason`. `value()` of an error throws
// std::runtime_error with the reason: for start-up code, whose exceptions main catches.
template <class T>
using Result = boost::system::result<T, Error>;

// Builds the error whose reason is the formatted text. The format is checked at compile time.
template <class... A>
[[nodiscard]] Error error(fmt::format_string<A...> format, A&&... args) {
  return Error{fmt::format(format, std::forward<A>(args)...)};
}

// Found by boost::system::result through the namespace of Error.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

}  // namespace engine
