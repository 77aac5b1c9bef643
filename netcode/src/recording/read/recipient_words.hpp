// Whom a recorded event went to, in words for people. Pure; any thread.
#pragma once

#include <spdlog/fmt/fmt.h>

#include <functional>
#include <string>

#include "engine/core/utf8.hpp"
#include "netcode/recipients.hpp"

namespace netcode::recording {

/// "everyone", "player 1", "player 1, player 4", "nobody", "the viewers of dots[3], walls[12]", or where those are of
/// nothing "spectators". `player` says one.
inline std::string words(const Recipients& to, const std::function<std::string(PlayerId)>& player) {
  if (to.who == Recipients::Who::kEveryone) return "everyone";
  std::string out;
  for (const PlayerId id : to.players) out += (out.empty() ? "" : ", ") + player(id);
  for (const Recipients::Entity& entity : to.entities)
    out += fmt::format("{}{}[{}]", out.empty() ? "the viewers of " : ", ", engine::printable_utf8(entity.vector),
                       entity.key);
  if (!out.empty()) return out;
  return to.who == Recipients::Who::kViewers ? "spectators" : "nobody";
}

}  // namespace netcode::recording
