#include "client/goal.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "transport/http/url.hpp"

namespace netcode::client {

namespace {

/// Where servers listen unless they are told otherwise (ServerConfig::listen).
constexpr std::string_view kDefaultPort = ":8787";

/// As people say an address: "host", "host:port", "[::1]:9/prefix".
std::string with_scheme(std::string_view server) {
  if (server.empty() || server.find("://") != std::string_view::npos) return std::string(server);
  const auto authority = server.substr(0, server.find_first_of("/?"));
  const auto rest = server.substr(authority.size());
  const auto bracket = authority.find(']');
  const bool has_port = authority.find(':', bracket == std::string_view::npos ? 0 : bracket) != std::string_view::npos;
  return fmt::format("ws://{}{}{}", authority, has_port || rest.size() > 1 ? "" : kDefaultPort, rest);
}

}  // namespace

protocol::ConnectRequest request_for(const Goal& goal) {
  protocol::ConnectRequest request;
  switch (goal.kind) {
    case Goal::Kind::kLobby:
      break;
    case Goal::Kind::kMatch:
      request.goal = protocol::ConnectRequest::Goal::kMatch;
      request.match = goal.name;
      break;
    case Goal::Kind::kQuick:
      request.goal = protocol::ConnectRequest::Goal::kQuick;
      request.kind = goal.name;
      break;
  }
  request.spectate = goal.spectate;
  request.password = goal.password;
  return request;
}

engine::Result<std::string> url_of(std::string_view server, const protocol::ConnectRequest& request) {
  auto url = transport::parse_url(with_scheme(server));
  if (!url) return url.error();
  const std::string_view given = url->target;
  const auto question = std::min(given.find('?'), given.size());
  std::string_view path = given.substr(0, question);
  const std::string_view query = given.substr(std::min(question + 1, given.size()));
  while (path.ends_with('/')) path.remove_suffix(1);
  std::string whole = "ws://" + url->authority() + std::string(path) + protocol::format(request);
  if (!query.empty()) whole.append("&").append(query);
  return whole;
}

}  // namespace netcode::client
