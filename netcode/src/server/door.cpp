#include "server/door.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <utility>

#include "protocol/auth_offer.hpp"

namespace netcode {
std::string address_of(std::string_view remote) {
  std::string_view host = remote.substr(0, remote.rfind(':'));
  if (!host.starts_with('[') || !host.ends_with(']')) return std::string(host);
  const std::string inner(host.substr(1, host.size() - 2));
  std::array<unsigned char, 16> bytes{};
  const std::string plain = inner.substr(0, inner.find('%'));  // a scope
  if (inet_pton(AF_INET6, plain.c_str(), bytes.data()) != 1) return std::string(host);
  const std::array<unsigned char, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (std::equal(mapped.begin(), mapped.end(), bytes.begin()))
    return inet_ntop(AF_INET, bytes.data() + mapped.size(), text.data(), text.size());
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return std::string(inet_ntop(AF_INET6, bytes.data(), text.data(), text.size())) + "/64";
}

std::optional<std::string> path_below(std::string_view prefix, std::string_view path) {
  if (!path.starts_with(prefix)) return std::nullopt;
  path.remove_prefix(prefix.size());
  if (path.empty()) return "/";
  if (path.front() != '/') return std::nullopt;  // "/gamesome" is not below "/games"
  return std::string(path);
}

engine::Result<Visit> understand(const transport::HttpRequest& request) {
  auto asked = protocol::parse(request.path, request.query);
  if (!asked) return asked.error();
  Visit visit{std::move(*asked)};
  visit.remote_address = address_of(request.remote_address);
  visit.query = request.query;
  if (!visit.token.empty()) return visit;  // that session was let in before
  auto auth = protocol::find_auth(request.subprotocols);
  if (!auth) return auth.error();
  visit.auth = std::move(*auth);
  return visit;
}

}  // namespace netcode
