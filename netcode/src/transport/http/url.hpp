// ws://host:port/path?query, taken apart and put together. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "engine/core/result.hpp"

namespace netcode::transport {

/// Longer ones do not fit an HTTP head of ours with anything beside them.
inline constexpr std::size_t kUrlBytesMax = 4096;
inline constexpr std::size_t kQueryParametersMax = 64;

struct Url {
  std::string host;  // without the brackets of an IPv6 address
  std::uint16_t port = 80;
  std::string target = "/";  // path and query as they are sent, still percent-encoded

  /// "127.0.0.1:9000", "[::1]:9000"
  std::string authority() const;
};

/// What an HTTP request line asks for, percent-decoded: valid UTF-8, without control characters.
struct Target {
  std::string path;
  std::map<std::string, std::string> query;  // the first of equal names counts
};

engine::Result<Url> parse_url(std::string_view text);
engine::Result<Target> parse_target(std::string_view target);

/// "127.0.0.1:9000", and brackets where the host is an IPv6 address.
std::string host_and_port(std::string_view host, std::uint16_t port);

}  // namespace netcode::transport
