// The modes by name: the one list that servers, programs and menus take them from.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "game/sim/state.hpp"

namespace game::sim {

struct ModeName {
  Mode mode = Mode::kFreeForAll;
  std::string_view id;     // as the value of an option
  std::string_view name;   // for people, within a sentence
  std::string_view about;  // a line for who has to choose
};

// In the order of the enum; game/wire/events.cpp checks that none is missing.
inline constexpr std::array kModeNames = {
    ModeName{Mode::kFreeForAll, "ffa", "free-for-all",
             "Everyone against everyone. The first to 20 frags takes the round."},
    ModeName{Mode::kDuel, "duel", "duel", "One against one. The first to 10, and two ahead."},
    ModeName{Mode::kTeams, "tdm", "team deathmatch", "Two teams of four. The first team to 50 frags."},
    ModeName{Mode::kInstarail, "instarail", "instarail", "Only the rail, and every hit kills."}};

constexpr const ModeName& name_of(Mode mode) { return kModeNames[static_cast<std::size_t>(mode)]; }

constexpr std::optional<Mode> mode_named(std::string_view id) {
  for (const ModeName& one : kModeNames)
    if (one.id == id) return one.mode;
  return std::nullopt;
}

// What an option may be: "ffa, duel, tdm, instarail".
inline std::string mode_ids() {
  std::string out;
  for (const ModeName& one : kModeNames) out.append(out.empty() ? "" : ", ").append(one.id);
  return out;
}

}  // namespace game::sim
