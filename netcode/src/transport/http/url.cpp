#include "transport/http/url.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <charconv>

#include "engine/core/percent.hpp"
#include "engine/core/utf8.hpp"

namespace netcode::transport {

namespace {

constexpr std::string_view kScheme = "ws://";

/// For messages: the head of what was given, in printable letters.
std::string shown(std::string_view text) { return engine::printable_utf8(engine::utf8_prefix(text, 64)); }

/// Visible ASCII is all that may stand in a request line; anything else has to come encoded.
bool is_visible_ascii(char c) { return c > 0x20 && c < 0x7f; }

engine::Result<std::uint16_t> parse_port(std::string_view text) {
  unsigned value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size() || value == 0 || value > 65535) {
    return engine::error("bad port \"{}\" in URL: 1 to 65535", shown(text));
  }
  return static_cast<std::uint16_t>(value);
}

/// A query's names and values are form-encoded: a plus is a space.
engine::Result<std::string> decode_query_part(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return engine::percent_decode(spaced);
}

engine::Result<void> parse_query(std::string_view text, std::map<std::string, std::string>& query) {
  std::size_t parameters = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const auto pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    if (++parameters > kQueryParametersMax) {
      return engine::error("more than {} query parameters", kQueryParametersMax);
    }
    const auto equals = std::min(pair.find('='), pair.size());
    auto name = decode_query_part(pair.substr(0, equals));
    if (!name) return name.error();
    auto value = decode_query_part(pair.substr(std::min(equals + 1, pair.size())));
    if (!value) return value.error();
    query.emplace(std::move(*name), std::move(*value));
  }
  return {};
}

}  // namespace

std::string host_and_port(std::string_view host, std::uint16_t port) {
  const bool is_ipv6 = host.find(':') != std::string_view::npos;
  return is_ipv6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

std::string Url::authority() const { return host_and_port(host, port); }

engine::Result<Url> parse_url(std::string_view text) {
  if (text.size() > kUrlBytesMax) return engine::error("URL of {} bytes: at most {}", text.size(), kUrlBytesMax);
  if (!text.starts_with(kScheme)) {
    return engine::error("bad URL \"{}\": ws://host:port/path is expected", shown(text));
  }
  if (!std::all_of(text.begin(), text.end(), is_visible_ascii)) {
    return engine::error("bad URL \"{}\": spaces, control and non-ASCII characters have to be percent-encoded",
                         shown(text));
  }
  Url url;
  auto rest = text.substr(kScheme.size());
  rest = rest.substr(0, rest.find('#'));
  const auto authority = rest.substr(0, rest.find_first_of("/?"));
  rest.remove_prefix(authority.size());

  auto port = std::string_view{};
  bool has_port = false;
  if (authority.starts_with('[')) {
    const auto bracket = authority.find(']');
    if (bracket == std::string_view::npos) return engine::error("bad URL \"{}\": \"]\" is missing", shown(text));
    url.host = authority.substr(1, bracket - 1);
    const auto after = authority.substr(bracket + 1);
    if (!after.empty() && after.front() != ':') return engine::error("bad URL \"{}\"", shown(text));
    has_port = !after.empty();
    if (has_port) port = after.substr(1);
  } else {
    const auto colon = authority.find(':');
    url.host = authority.substr(0, colon);
    has_port = colon != std::string_view::npos;
    if (has_port) port = authority.substr(colon + 1);
  }
  if (url.host.empty()) return engine::error("bad URL \"{}\": no host", shown(text));
  if (url.host.find('@') != std::string::npos) return engine::error("bad URL \"{}\": no user names", shown(text));
  if (has_port) {
    const auto parsed = parse_port(port);
    if (!parsed) return parsed.error();
    url.port = *parsed;
  }
  url.target = rest.starts_with('/') ? std::string(rest) : fmt::format("/{}", rest);
  return url;
}

engine::Result<Target> parse_target(std::string_view target) {
  if (target.size() > kUrlBytesMax) return engine::error("URL of {} bytes: at most {}", target.size(), kUrlBytesMax);
  if (!target.starts_with('/')) return engine::error("bad request target \"{}\": it begins with /", shown(target));
  target = target.substr(0, target.find('#'));
  const auto question = std::min(target.find('?'), target.size());
  Target parsed;
  auto path = engine::percent_decode(target.substr(0, question));
  if (!path) return path.error();
  parsed.path = std::move(*path);
  const auto query = parse_query(target.substr(std::min(question + 1, target.size())), parsed.query);
  if (!query) return query.error();
  return parsed;
}

}  // namespace netcode::transport
