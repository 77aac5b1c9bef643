#include "game/server/arena_rules.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "game/server/arena_telling.hpp"
#include "game/sim/mode_names.hpp"
#include "game/sim/sight.hpp"
#include "game/sim/vote.hpp"
#include "game/wire/action.hpp"
#include "game/wire/keyframe.hpp"
#include "game/wire/map.hpp"
#include "game/wire/world.hpp"

namespace game::server {
namespace {

constexpr std::uint32_t kTickHz = 60;  // what game/sim/tuning.hpp counts in
/// Room for what a tick makes. A round's start makes one for each player, and the memory is given back.
constexpr std::size_t kEventsKept = 4;

sim::PlayerId seat(netcode::PlayerId player) { return static_cast<sim::PlayerId>(player.value); }

engine::Result<void> read_number(const std::string& key, const std::string& text, sim::Options& options) {
  const bool is_time = key == "time_limit_s" || key == "warmup_s";
  const auto value = whole_number(key, text, key == "frag_limit" ? 1 : 0, is_time ? 86'400 : 1'000);
  if (!value) return value.error();
  if (key == "frag_limit") options.frag_limit = static_cast<std::uint16_t>(*value);
  if (key == "players_to_start") options.players_to_start = static_cast<std::uint16_t>(*value);
  if (key == "time_limit_s") options.time_limit_ticks = sim::seconds(*value);
  if (key == "warmup_s") options.warmup_ticks = sim::seconds(*value);
  return {};
}

engine::Result<sim::Options> read_options(const std::map<std::string, std::string>& settings) {
  static constexpr std::string_view kKnown =
      "bot_level, bots, frag_limit, map, maps, mode, players_to_start, seats, time_limit_s, visibility, warmup_s";
  sim::Options options;
  if (const auto mode = settings.find("mode"); mode != settings.end()) {
    const auto known = sim::mode_named(mode->second);
    if (!known) return engine::error("option mode={}: {}", mode->second, sim::mode_ids());
    options = sim::options_of(*known);
  }
  for (const auto& [key, text] : settings) {
    if (key == "mode" || key == "map") continue;  // the map itself has come with the setup
    if (key == kSeatsOption || key == kBotsOption || key == kBotLevelOption) continue;
    if (key == kVisibilityOption) {
      const auto visibility = visibility_named(text);
      if (!visibility) return engine::error("option {}={}: {}", key, text, kVisibilityIds);
      options.visibility = *visibility;
    } else if (key == "maps") {
      options.maps = split_list(text);
      if (options.maps.size() > sim::kMapsMax) return engine::error("option maps: at most {} of them", sim::kMapsMax);
    } else if (key == "frag_limit" || key == "players_to_start" || key == "time_limit_s" || key == "warmup_s") {
      if (auto read = read_number(key, text, options); !read) return read.error();
    } else {
      return engine::error("unknown option {}: {}", key, kKnown);
    }
  }
  return options;
}

}  // namespace

std::optional<sim::Visibility> visibility_named(std::string_view id) {
  if (id == "all") return sim::Visibility::kAll;
  if (id == "screen") return sim::Visibility::kScreen;
  return std::nullopt;
}

engine::Result<std::uint32_t> whole_number(const std::string& key, const std::string& text, std::uint32_t min,
                                           std::uint32_t max) {
  std::uint32_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size() || value < min || value > max)
    return engine::error("option {}={}: a whole number from {} to {}", key, text, min, max);
  return value;
}

std::vector<std::string> split_list(std::string_view list) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    if (end > at) out.emplace_back(list.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

engine::Result<void> ArenaRules::prepare(const netcode::MatchSetup& setup) {
  if (setup.tick_hz != kTickHz)
    return engine::error("the arena's numbers are for {} ticks a second, not {}", kTickHz, setup.tick_hz);
  if (setup.snapshot_hz == 0 || setup.tick_hz % setup.snapshot_hz != 0)
    return engine::error("the arena's {} ticks a second are no multiple of {} snapshots", kTickHz, setup.snapshot_hz);
  if (!setup.map) return engine::error("the arena needs a map");
  auto map = map_of_ ? map_of_(setup.map) : nullptr;
  if (!map) {
    auto loaded = wire::load_map(*setup.map);
    if (!loaded) return loaded.error();
    map = std::make_shared<const sim::Map>(std::move(*loaded));
  }
  auto options = read_options(setup.options);
  if (!options) return options.error();
  map_ = std::move(map);
  options_ = *options;
  options_.snapshot_interval_ticks = setup.tick_hz / setup.snapshot_hz;
  options_.rewind_ticks = std::min(setup.rewind_ms_max * kTickHz / 1000, sim::kRewindTicksMax);
  return {};
}

void ArenaRules::start(netcode::Context& ctx) { state_ = sim::make_state(options_, *map_, ctx.rng().next()); }

void ArenaRules::join(netcode::Context& ctx, const netcode::Player& player) {
  sim::join(state_, seat(player.id), player.name, &events_);
  tell(ctx);
}

void ArenaRules::leave(netcode::Context& ctx, netcode::PlayerId player) {
  sim::leave(state_, seat(player), &events_);
  tell(ctx);
}

void ArenaRules::act(netcode::Context& ctx, netcode::PlayerId player, const arena::Move& move) {
  // A thrust out of range is dropped like an action that never came: there is no half of it to take.
  const auto action = wire::read_action(move);
  if (!action) return;
  const netcode::ViewTime shown = ctx.view();
  const sim::ViewTime view{.tick = shown.tick, .fraction = shown.fraction, .from = shown.from, .to = shown.to};
  sim::apply_action(state_, seat(player), *action, view, ctx.ticks_late());
}

void ArenaRules::release(netcode::Context&, netcode::PlayerId player, netcode::BytesView) {
  sim::release(state_, seat(player));
}

engine::Result<void> ArenaRules::event(netcode::Context&, netcode::PlayerId from, const netcode::EventView& event) {
  const auto* vote = event.as<arena::Vote>();
  if (!vote) return engine::error("players send no {}", event.name);
  if (!sim::vote_is_on(state_)) return engine::error("no vote is on");
  sim::vote(state_, seat(from), vote->map() ? vote->map()->string_view() : std::string_view());
  return {};
}

void ArenaRules::tick(netcode::Context& ctx) {
  sim::step(state_, *map_, ctx.rng(), ctx.tick(), events_);
  tell(ctx);
}

void ArenaRules::tell(netcode::Context& ctx) {
  for (const sim::Event& event : events_) {
    const auto* chosen = std::get_if<sim::MapChosen>(&event);
    if (chosen != nullptr && chosen->map != map_->name()) ctx.end("on to " + chosen->map, {{"map", chosen->map}});
  }
  if (ctx.first_time()) {
    tell_events(ctx, state_, *map_, events_);
  } else {
    if (std::exchange(told_tick_, ctx.tick()) != ctx.tick()) told_.clear();
    told_.insert(told_.end(), events_.begin(), events_.end());
  }
  events_.clear();
  if (events_.capacity() > kEventsKept) std::vector<sim::Event>().swap(events_);
}

// Pickups, players and the maps to vote on are everybody's.
void ArenaRules::show(netcode::PlayerId viewer, std::span<const netcode::EntityRef> entities,
                      std::vector<bool>& shown) const {
  const sim::Sight sight(state_, *map_, seat(viewer));
  for (std::size_t i = 0; i < entities.size(); ++i) {
    const auto id = static_cast<std::uint16_t>(entities[i].key);
    if (entities[i].vector == "ships") {
      const sim::Player* other = sim::find_player(state_, id);
      shown[i] = other != nullptr && sight.sees(*other, shown[i]);
    } else if (entities[i].vector == "shots") {
      const auto shot = std::lower_bound(state_.shots.begin(), state_.shots.end(), id,
                                         [](const sim::Shot& one, std::uint16_t wanted) { return one.id < wanted; });
      shown[i] = shot != state_.shots.end() && shot->id == id && sight.sees(*shot, shown[i]);
    } else {
      shown[i] = true;
    }
  }
}

flatbuffers::Offset<arena::World> ArenaRules::write_world(flatbuffers::FlatBufferBuilder& builder) const {
  return wire::write_world(state_, map_->name(), builder);
}

flatbuffers::Offset<arena::Keyframe> ArenaRules::write_state(flatbuffers::FlatBufferBuilder& builder) const {
  return wire::write_keyframe(state_, builder);
}

engine::Result<void> ArenaRules::read_state(const arena::Keyframe& from) {
  auto state = wire::read_keyframe(from, *map_);
  if (!state) return state.error();
  state_ = std::move(*state);
  return {};
}

std::uint64_t ArenaRules::state_hash() const { return sim::hash(state_); }

}  // namespace game::server
