#include "game/client/roster.hpp"

#include <algorithm>
#include <tuple>

#include "engine/core/utf8.hpp"

namespace game::client {

namespace {

constexpr std::string_view kYou = " (you)";

std::string text_of(const flatbuffers::String* text) {
  return text == nullptr ? std::string() : engine::printable_utf8(text->string_view());
}

MatchFacts facts_of(const arena::World& world) {
  const arena::Match& match = *world.match();
  MatchFacts facts{.map = text_of(match.map()),
                   .frag_limit = match.frag_limit(),
                   .team_scores = {match.team_score_1(), match.team_score_2()}};
  if (match.mode() <= arena::Mode::MAX) facts.mode = static_cast<sim::Mode>(match.mode());
  if (world.candidates() == nullptr) return facts;
  for (const arena::MapCandidate* one : *world.candidates())
    facts.candidates.push_back({.map = text_of(one->map()), .votes = one->votes()});
  return facts;
}

}  // namespace

void Roster::update(const arena::World& world) {
  if (world.match() != nullptr) match_ = facts_of(world);
  if (world.players() == nullptr) return;  // as they were
  rows_.clear();
  for (const arena::PlayerInfo* player : *world.players()) {
    rows_.push_back({.id = player->id(),
                     .name = text_of(player->name()),
                     .team = player->team(),
                     .score = player->score(),
                     .deaths = player->deaths(),
                     .streak = player->streak()});
  }
  std::sort(rows_.begin(), rows_.end(), [](const PlayerRow& a, const PlayerRow& b) {
    return std::tuple(-a.score, a.deaths, a.id) < std::tuple(-b.score, b.deaths, b.id);
  });
}

std::uint8_t Roster::team(sim::PlayerId id) const {
  const PlayerRow* row = find(id);
  return row == nullptr ? std::uint8_t{0} : row->team;
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

std::string Roster::label(sim::PlayerId id, sim::PlayerId self) const {
  return id == self && self != sim::kNobody ? name(id) + std::string(kYou) : name(id);
}

int Roster::rank(sim::PlayerId id) const {
  const PlayerRow* row = find(id);
  if (row == nullptr) return 0;
  const auto better =
      std::count_if(rows_.begin(), rows_.end(), [row](const PlayerRow& one) { return one.score > row->score; });
  return static_cast<int>(better) + 1;
}

}  // namespace game::client
