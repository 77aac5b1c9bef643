#include "game/server/arena_rules.hpp"

#include <charconv>

#include "game/wire/action.hpp"
#include "game/wire/events.hpp"
#include "game/wire/keyframe.hpp"
#include "game/wire/map.hpp"
#include "game/wire/world.hpp"

namespace game::server {
namespace {

constexpr std::uint32_t kTickHz = 60;  // what game/sim/tuning.hpp counts in

sim::PlayerId seat(netcode::PlayerId player) { return static_cast<sim::PlayerId>(player.value); }

engine::Result<std::uint32_t> number(const std::string& key, const std::string& text, std::uint32_t max) {
  std::uint32_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size() || value > max)
    return engine::error("option {}={}: a whole number up to {}", key, text, max);
  return value;
}

engine::Result<sim::Options> read_options(const std::map<std::string, std::string>& settings) {
  sim::Options options;
  for (const auto& [key, text] : settings) {
    const bool is_time = key == "time_limit_s" || key == "warmup_s";
    if (!is_time && key != "frag_limit" && key != "players_to_start")
      return engine::error("unknown option {}: frag_limit, time_limit_s, warmup_s, players_to_start", key);
    const auto value = number(key, text, is_time ? 86'400 : 1'000);
    if (!value) return value.error();
    if (key == "frag_limit") options.frag_limit = static_cast<std::uint16_t>(*value);
    if (key == "players_to_start") options.players_to_start = static_cast<std::uint16_t>(*value);
    if (key == "time_limit_s") options.time_limit_ticks = sim::seconds(*value);
    if (key == "warmup_s") options.warmup_ticks = sim::seconds(*value);
  }
  return options;
}

}  // namespace

engine::Result<void> ArenaRules::prepare(const netcode::MatchSetup& setup) {
  if (setup.tick_hz != kTickHz)
    return engine::error("the arena's numbers are for {} ticks a second, not {}", kTickHz, setup.tick_hz);
  if (!setup.map) return engine::error("the arena needs a map");
  auto map = wire::load_map(*setup.map);
  if (!map) return map.error();
  auto options = read_options(setup.options);
  if (!options) return options.error();
  map_ = std::make_unique<const sim::Map>(std::move(*map));
  options_ = *options;
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

void ArenaRules::action(netcode::Context&, netcode::PlayerId player, netcode::BytesView table) {
  // A thrust out of range is dropped like an action that never came: there is no half of it to take.
  const auto action = wire::read_action(*flatbuffers::GetRoot<arena::Move>(table.data()));
  if (action) sim::apply_action(state_, seat(player), *action);
}

void ArenaRules::tick(netcode::Context& ctx) {
  sim::step(state_, *map_, ctx.rng(), ctx.tick(), events_);
  tell(ctx);
}

void ArenaRules::tell(netcode::Context& ctx) {
  if (ctx.first_time())
    for (const sim::Event& event : events_) std::visit([&](const auto& any) { ctx.emit(wire::to_wire(any)); }, event);
  events_.clear();
}

flatbuffers::Offset<void> ArenaRules::write_snapshot(flatbuffers::FlatBufferBuilder& builder) const {
  return wire::write_world(state_, builder).Union();
}

flatbuffers::Offset<void> ArenaRules::write_keyframe(flatbuffers::FlatBufferBuilder& builder) const {
  return wire::write_keyframe(state_, builder).Union();
}

engine::Result<void> ArenaRules::restore(netcode::BytesView keyframe) {
  auto state = wire::read_keyframe(*flatbuffers::GetRoot<arena::Keyframe>(keyframe.data()), *map_);
  if (!state) return state.error();
  state_ = std::move(*state);
  return {};
}

std::uint64_t ArenaRules::state_hash() const { return sim::hash(state_); }

}  // namespace game::server
