#include "client/goal.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "engine/core/percent.hpp"
#include "transport/http/url.hpp"

namespace netcode::client {

namespace {

/// Where servers listen unless they are told otherwise (ServerConfig::listen).
constexpr std::string_view kDefaultPort = ":8787";

std::string path_of(const Goal& goal) {
  switch (goal.kind) {
    case Goal::Kind::kLobby:
      return "/";
    case Goal::Kind::kMatch:
      return "/match/" + engine::percent_encode(goal.name);
    case Goal::Kind::kQuick:
      return "/quick/" + engine::percent_encode(goal.name);
  }
  return "/";
}

/// As people say an address: "host", "host:port", "[::1]:9/prefix".
std::string with_scheme(std::string_view server) {
  if (server.empty() || server.find("://") != std::string_view::npos) return std::string(server);
  const auto authority = server.substr(0, server.find_first_of("/?"));
  const auto rest = server.substr(authority.size());
  const auto bracket = authority.find(']');
  const bool has_port = authority.find(':', bracket == std::string_view::npos ? 0 : bracket) != std::string_view::npos;
  return fmt::format("ws://{}{}{}", authority, has_port || rest.size() > 1 ? "" : kDefaultPort, rest);
}

std::string hex(std::uint64_t hash) { return fmt::format("{:016x}", hash); }

}  // namespace

std::string target_of(const Goal& goal, const Credentials& credentials) {
  std::string target = path_of(goal);
  char separator = '?';
  const auto add = [&](std::string_view key, std::string_view value) {
    target += separator;
    target += key;
    target += '=';
    target += engine::percent_encode(value);
    separator = '&';
  };
  if (credentials.token.empty()) {
    add("name", credentials.name);
  } else {
    add("token", credentials.token);
    add("received", std::to_string(credentials.received));
    if (credentials.epoch != 0) add("epoch", std::to_string(credentials.epoch));
    if (credentials.resume) add("resume", "1");
    if (credentials.link) add("link", std::to_string(*credentials.link));
  }
  if (goal.spectate) add("spectate", "1");
  if (!goal.password.empty()) add("password", goal.password);
  add("schema", hex(credentials.schema_hash));
  add("unpacks", hex(credentials.unpacks));
  add("rules", hex(credentials.rules_hash));
  if (credentials.map_hash) add("map", hex(*credentials.map_hash));
  return target;
}

engine::Result<std::string> url_of(std::string_view server, const Goal& goal, const Credentials& credentials) {
  auto url = transport::parse_url(with_scheme(server));
  if (!url) return url.error();
  const std::string_view given = url->target;
  const auto question = std::min(given.find('?'), given.size());
  std::string_view path = given.substr(0, question);
  const std::string_view query = given.substr(std::min(question + 1, given.size()));
  while (path.ends_with('/')) path.remove_suffix(1);
  std::string whole = "ws://" + url->authority() + std::string(path) + target_of(goal, credentials);
  if (!query.empty()) whole.append("&").append(query);
  return whole;
}

}  // namespace netcode::client
