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

class Teller {
 public:
  Teller(netcode::Context& ctx, const sim::State& state, const sim::Map& map) : ctx_(ctx) {
    if (state.options.visibility == sim::Visibility::kAll) return;
    is_limited_ = true;
    sights_.reserve(ctx.players().size());
    for (const netcode::Player& player : ctx.players())
      if (!player.is_bot) sights_.emplace_back(state, map, static_cast<sim::PlayerId>(player.id.value));
  }

  /// Everybody's.
  template <class Event>
  void on(const Event& event) {
    ctx_.emit(wire::to_wire(event));
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
    if (!is_limited_) return ctx_.to(PlayerId{event.shooter}).emit(wire::to_wire(event));
    for (const sim::Sight& sight : sights_)
      if (sight.viewer() == event.shooter)
        ctx_.to(PlayerId{event.shooter}).emit(wire::to_wire(sim::told_of(event, sight)));
  }

  /// At the end, and each sound once: volleys from one side are one.
  void tell_heard() {
    for (const auto& [sound, players] : heard_) ctx_.to(players).as_volatile().emit(wire::to_wire(sound));
  }

 private:
  /// `note` learns what each player is told.
  template <class Event, class Note>
  void share(const Event& event, Note note) {
    if (!is_limited_) return ctx_.emit(wire::to_wire(event));
    std::vector<std::pair<Event, std::vector<PlayerId>>> versions;
    for (const sim::Sight& sight : sights_) {
      const std::optional<Event> told = sim::told(event, sight);
      note(told, sight);
      if (!told) continue;
      auto same = std::find_if(versions.begin(), versions.end(), [&](const auto& one) { return one.first == *told; });
      if (same == versions.end()) same = versions.insert(same, {*told, {}});
      same->second.push_back(PlayerId{sight.viewer()});
    }
    for (const auto& [version, players] : versions) ctx_.to(players).emit(wire::to_wire(version));
    // Of no entity: spectators alone.
    ctx_.to_viewers_of(std::span<const netcode::EntityRef>()).emit(wire::to_wire(event));
  }
  void hear(sim::HeardKind kind, sim::Vec at, const sim::Sight& sight) {
    if (const auto sound = sim::heard(kind, at, sight)) heard_[*sound].push_back(PlayerId{sight.viewer()});
  }

  netcode::Context& ctx_;
  bool is_limited_ = false;
  std::vector<sim::Sight> sights_;  // of the players who are people
  std::map<sim::Heard, std::vector<PlayerId>> heard_;
};

}  // namespace

void tell_events(netcode::Context& ctx, const sim::State& state, const sim::Map& map,
                 std::span<const sim::Event> events) {
  if (events.empty()) return;
  Teller teller(ctx, state, map);
  for (const sim::Event& event : events) std::visit([&](const auto& any) { teller.on(any); }, event);
  teller.tell_heard();
}

}  // namespace game::server
