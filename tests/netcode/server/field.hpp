// The rules of field.fbs: a dot goes where its last action said, votes are counted, and what the options ask for
// happens.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

#include "field_bfbs_generated.h"
#include "field_generated.h"
#include "netcode/rules.hpp"

namespace field {

/// Of a Vote that the rules do not take.
inline constexpr std::uint32_t kRefusedWeight = 1'000'000;
/// What no message may carry.
inline constexpr float kNotFinite = std::numeric_limits<float>::quiet_NaN();

/// Options: hidden=1 shows a player only the dots of even ids and its own, keeps=1 those as well that it was shown
/// before; numbered=1 emits Numbered at every tick; greet=1 emits a Chat with the name of each player who joins;
/// end_at=N ends the match after tick N; with next=LINE it goes on, with the option line=LINE and without an end.
class Rules : public netcode::ObjectRules<World, Move, WorldBinarySchema> {
 public:
  engine::Result<void> prepare(const netcode::MatchSetup& setup) override {
    hides_ = setup.options.contains("hidden");
    keeps_ = setup.options.contains("keeps");
    if (setup.options.contains("broken")) return engine::error("broken is set");
    return {};
  }
  void join(netcode::Context& ctx, const netcode::Player& player) override {
    state.dots.emplace_back(player.id.value, 0, 0);
    if (player.ticket_table == Vote::GetFullyQualifiedName())  // what it weighs is voted at once
      state.votes += flatbuffers::GetRoot<Vote>(player.ticket.data())->weight();
    if (!ctx.setup().options.contains("greet")) return;
    ChatT greeting;
    greeting.text = player.name;
    ctx.emit(greeting);
  }
  void leave(netcode::Context&, netcode::PlayerId player) override {
    std::erase_if(state.dots, [player](const Dot& dot) { return dot.id() == player.value; });
  }
  void act(netcode::Context&, netcode::PlayerId player, const Move& move) override {
    Dot& dot = *find(player);
    dot.mutate_x(dot.x() + move.dx());
    dot.mutate_actions(dot.actions() + 1);
  }
  void release(netcode::Context&, netcode::PlayerId, netcode::BytesView) override {}  // a dot holds nothing
  engine::Result<void> event(netcode::Context&, netcode::PlayerId from, const netcode::EventView& event) override {
    const Vote* vote = event.as<Vote>();
    if (vote && vote->weight() == kRefusedWeight) return engine::error("a vote of {} is too much", vote->weight());
    if (vote) (from == netcode::kNoPlayer ? state.posted : state.votes) += vote->weight();
    return {};
  }
  bool has_hidden_entities() const override { return hides_; }
  void show(netcode::PlayerId viewer, std::span<const netcode::EntityRef> entities,
            std::vector<bool>& shown) const override {
    const std::vector<bool> before = shown;
    for (std::size_t i = 0; i < entities.size(); ++i) {
      const std::uint32_t key = entities[i].key;
      shown[i] = key == viewer.value || key % 2 == 0 || (keeps_ && (before[i] || state.votes == 0));
    }
  }
  void tick(netcode::Context& ctx) override {
    if (ctx.setup().options.contains("numbered")) {
      NumberedT numbered;
      numbered.number = ctx.tick();
      ctx.emit(numbered);
    }
    const auto end = ctx.setup().options.find("end_at");
    if (end == ctx.setup().options.end() || std::to_string(ctx.tick()) != end->second) return;
    const auto next = ctx.setup().options.find("next");
    if (next == ctx.setup().options.end()) return ctx.end("the end was reached");
    ctx.end("on to " + next->second, {{"line", next->second}, {"end_at", ""}});
  }

 private:
  bool hides_ = false;
  bool keeps_ = false;

  Dot* find(netcode::PlayerId player) {
    return &*std::find_if(state.dots.begin(), state.dots.end(),
                          [player](const Dot& dot) { return dot.id() == player.value; });
  }
};

/// The dot of a player in a World, or null.
inline const Dot* dot_of(const World* world, netcode::PlayerId player) {
  if (!world || !world->dots()) return nullptr;
  for (const Dot* dot : *world->dots())
    if (dot->id() == player.value) return dot;
  return nullptr;
}

inline ChatT chat(std::string text) {
  ChatT out;
  out.text = std::move(text);
  return out;
}

}  // namespace field
