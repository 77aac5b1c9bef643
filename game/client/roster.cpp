#include "game/client/roster.hpp"

#include <algorithm>
#include <tuple>

#include "engine/core/utf8.hpp"

namespace game::client {

void Roster::update(const arena::World& world) {
  if (world.match() != nullptr) frag_limit_ = world.match()->frag_limit();
  rows_.clear();
  if (world.players() == nullptr) return;
  for (const arena::PlayerInfo* player : *world.players()) {
    rows_.push_back({.id = player->id(),
                     .name = player->name() == nullptr ? "" : engine::printable_utf8(player->name()->string_view()),
                     .team = player->team(),
                     .score = player->score(),
                     .deaths = player->deaths(),
                     .streak = player->streak()});
  }
  std::sort(rows_.begin(), rows_.end(), [](const PlayerRow& a, const PlayerRow& b) {
    return std::tuple(-a.score, a.deaths, a.id) < std::tuple(-b.score, b.deaths, b.id);
  });
}

const PlayerRow* Roster::find(sim::PlayerId id) const {
  const auto row = std::find_if(rows_.begin(), rows_.end(), [id](const PlayerRow& one) { return one.id == id; });
  return row == rows_.end() ? nullptr : &*row;
}

const std::string& Roster::name(sim::PlayerId id) const {
  static const std::string kSomebody = "somebody";
  const PlayerRow* row = find(id);
  return row == nullptr ? kSomebody : row->name;
}

int Roster::rank(sim::PlayerId id) const {
  const PlayerRow* row = find(id);
  if (row == nullptr) return 0;
  const auto better =
      std::count_if(rows_.begin(), rows_.end(), [row](const PlayerRow& one) { return one.score > row->score; });
  return static_cast<int>(better) + 1;
}

}  // namespace game::client
