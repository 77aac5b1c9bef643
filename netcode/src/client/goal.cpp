#include "client/goal.hpp"

#include <spdlog/fmt/fmt.h>

#include "transport/url.hpp"

namespace netcode::client {

namespace {

std::string path_of(const Goal& goal) {
  switch (goal.kind) {
    case Goal::Kind::kLobby:
      return "/";
    case Goal::Kind::kMatch:
      return "/match/" + transport::percent_encode(goal.name);
    case Goal::Kind::kQuick:
      return "/quick/" + transport::percent_encode(goal.name);
  }
  return "/";
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
    target += transport::percent_encode(value);
    separator = '&';
  };
  if (credentials.token.empty()) {
    add("name", credentials.name);
  } else {
    add("token", credentials.token);
    add("received", std::to_string(credentials.received));
    if (credentials.resume) add("resume", "1");
    if (credentials.link) add("link", std::to_string(*credentials.link));
  }
  if (goal.spectate) add("spectate", "1");
  if (!goal.password.empty()) add("password", goal.password);
  add("schema", hex(credentials.schema_hash));
  add("rules", hex(credentials.rules_hash));
  if (credentials.map_hash) add("map", hex(*credentials.map_hash));
  return target;
}

engine::Result<std::string> url_of(std::string_view server, const Goal& goal, const Credentials& credentials) {
  auto url = transport::parse_url(server);
  if (!url) return url.error();
  return "ws://" + url->authority() + target_of(goal, credentials);
}

}  // namespace netcode::client
