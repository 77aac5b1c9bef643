#include "game/server/arena_telling.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "game/sim/sight.hpp"
#include "game/sim/told.hpp"
#include "game/wire/events.hpp"

namespace game::server {
namespace {

using netcode::PlayerId;

constexpr auto kSay = [](const netcode::Context::Emitter& to, const auto& event) { to.emit(wire::to_wire(event)); };

void tell_all(netcode::Context& ctx, std::span<const sim::Event> events) {
  for (const sim::Event& event : events) {
    const auto* judged = std::get_if<sim::Judged>(&event);
    const auto to = judged != nullptr ? ctx.to(PlayerId{judged->shooter}) : ctx.everyone();
    std::visit([&](const auto& any) { kSay(to, any); }, event);
  }
}

/// What was judged is its shooter's alone.
void tell_spectators(netcode::Context& ctx, std::span<const sim::Event> events) {
  const auto to = ctx.to_viewers_of(std::span<const netcode::EntityRef>());  // of nothing: who sees all alone
  for (const sim::Event& event : events) {
    if (std::holds_alternative<sim::Judged>(event)) continue;
    std::visit([&](const auto& any) { kSay(to, any); }, event);
  }
}

/// To players, by what each of them sees.
class Teller {
 public:
  Teller(netcode::Context& ctx, const sim::State& state, const sim::Map& map) : ctx_(ctx) {
    sights_.reserve(ctx.players().size());
    for (const netcode::Player& player : ctx.players()) {
      if (player.is_bot) continue;
      people_.push_back(player.id);
      sights_.emplace_back(state, map, static_cast<sim::PlayerId>(player.id.value));
    }
  }

  /// Everybody's.
  template <class Event>
  void on(const Event& event) {
    if (!people_.empty()) kSay(ctx_.to(people_), event);
  }
  void on(const sim::Spawned& event) {
    share(event, [](const auto&, const sim::Sight&) {});
  }
  void on(const sim::PickupTaken& event) {
    share(event, [](const auto&, const sim::Sight&) {});
  }
  void on(const sim::Hit& event) {
    share(event, [&](const std::optional<sim::Hit>& told, const sim::Sight& sight) {
      if (!told) hear(sim::HeardKind::kHit, event.at, sight);
    });
  }
  void on(const sim::Kill& event) {
    share(event, [&](const std::optional<sim::Kill>& told, const sim::Sight& sight) {
      if (told->is_unseen) hear(sim::HeardKind::kKill, event.at, sight);
    });
  }
  void on(const sim::RailFired& event) {
    share(event, [&](const std::optional<sim::RailFired>& told, const sim::Sight& sight) {
      if (!told) hear(sim::HeardKind::kRail, event.from, sight);
    });
  }
  void on(const sim::Judged& event) {
    for (const sim::Sight& sight : sights_)
      if (sight.viewer() == event.shooter) kSay(ctx_.to(PlayerId{event.shooter}), sim::told_of(event, sight));
  }

  /// At the end, and each sound once: volleys from one side are one.
  void tell_heard() {
    for (const auto& [sound, players] : heard_) kSay(ctx_.to(players).as_volatile(), sound);
  }

 private:
  /// `note` learns what each player is told.
  template <class Event, class Note>
  void share(const Event& event, Note note) {
    std::vector<std::pair<Event, std::vector<PlayerId>>> versions;
    for (const sim::Sight& sight : sights_) {
      const std::optional<Event> told = sim::told(event, sight);
      note(told, sight);
      if (!told) continue;
      auto same = std::find_if(versions.begin(), versions.end(), [&](const auto& one) { return one.first == *told; });
      if (same == versions.end()) same = versions.emplace(same, *told, std::vector<PlayerId>());
      same->second.push_back(PlayerId{sight.viewer()});
    }
    for (const auto& [version, players] : versions) kSay(ctx_.to(players), version);
  }
  void hear(sim::HeardKind kind, sim::Vec at, const sim::Sight& sight) {
    if (const auto sound = sim::heard(kind, at, sight)) heard_[*sound].push_back(PlayerId{sight.viewer()});
  }

  netcode::Context& ctx_;
  std::vector<PlayerId> people_;
  std::vector<sim::Sight> sights_;  // of these
  std::map<sim::Heard, std::vector<PlayerId>> heard_;
};

}  // namespace

void tell_events(netcode::Context& ctx, const sim::State& state, const sim::Map& map,
                 std::span<const sim::Event> events) {
  if (events.empty()) return;
  if (state.options.visibility == sim::Visibility::kAll) return tell_all(ctx, events);
  Teller teller(ctx, state, map);
  for (const sim::Event& event : events) std::visit([&](const auto& any) { teller.on(any); }, event);
  teller.tell_heard();
  // Last: it waits for the end of the interval, and what comes after it waits behind it.
  tell_spectators(ctx, events);
}

}  // namespace game::server
