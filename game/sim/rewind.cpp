#include "game/sim/rewind.hpp"

#include <algorithm>
#include <span>

namespace game::sim {
namespace {

// A client that had to wait for longer between two snapshots is judged by the two around its view.
constexpr std::uint32_t kSpanTicksMax = 12;

std::uint32_t snapshot_before(const Options& options, std::uint32_t tick) {
  return tick - tick % options.snapshot_interval_ticks;
}

// Two ticks of snapshots.
struct Span {
  std::uint32_t from;
  std::uint32_t to;  // the same: there is no later one
};

Span span_around(const State& state, ViewTime view) {
  const Options& options = state.options;
  // Nobody can have been shown more than the newest snapshot.
  const std::uint32_t newest = snapshot_before(options, state.tick - 1);
  const bool is_told = view.from <= view.tick && view.tick < view.to && view.to <= newest &&
                       view.to - view.from <= kSpanTicksMax && snapshot_before(options, view.from) == view.from &&
                       snapshot_before(options, view.to) == view.to && view.from != 0;
  if (is_told) return {view.from, view.to};
  const std::uint32_t earlier = std::min(snapshot_before(options, view.tick), newest);
  return {earlier, earlier < newest ? earlier + options.snapshot_interval_ticks : earlier};
}

// By rising id.
std::span<const PositionSample> samples_at(const State& state, std::uint32_t tick) {
  const auto is_before = [](const PositionSample& sample, std::uint32_t wanted) { return sample.tick < wanted; };
  const auto first = std::lower_bound(state.position_history.begin(), state.position_history.end(), tick, is_before);
  const auto last = std::find_if(first, state.position_history.end(),
                                 [tick](const PositionSample& sample) { return sample.tick != tick; });
  return {first, last};
}

Vec between(Vec from, Vec to, std::int64_t part, std::int64_t whole) {
  const auto mix = [part, whole](std::int32_t a, std::int32_t b) {
    return a + static_cast<std::int32_t>(engine::div_round((std::int64_t{b} - a) * part, whole));
  };
  return {mix(from.x, to.x), mix(from.y, to.y)};
}

Targets living(const State& state) {
  Targets out;
  for (std::size_t i = 0; i < state.players.size(); ++i) {
    const Player& player = state.players[i];
    if (player.ship.alive) out.add({static_cast<std::uint16_t>(i), player.life, player.ship.position});
  }
  return out;
}

}  // namespace

std::size_t position_history_ticks_max(const Options& options) {
  if (options.rewind_ticks == 0) return 0;
  return (options.rewind_ticks + kSpanTicksMax) / options.snapshot_interval_ticks + 2;
}

void note_positions(State& state) {
  const Options& options = state.options;
  if (options.rewind_ticks == 0 || state.tick % options.snapshot_interval_ticks != 0) return;
  const std::uint32_t next = state.tick + 1;
  const std::uint32_t oldest = snapshot_before(options, next - std::min(next, options.rewind_ticks + kSpanTicksMax));
  const auto kept = std::find_if(state.position_history.begin(), state.position_history.end(),
                                 [oldest](const PositionSample& sample) { return sample.tick >= oldest; });
  state.position_history.erase(state.position_history.begin(), kept);
  for (const Player& player : state.players) {
    if (player.ship.alive)
      state.position_history.push_back({state.tick, player.id(), player.life, player.ship.position});
  }
}

ViewTime bounded_view(const State& state, ViewTime view) {
  if (view.tick == 0 || state.options.rewind_ticks == 0) return {};
  const std::uint32_t back = std::min(state.options.rewind_ticks, state.tick - 1);
  return std::max(view, ViewTime{.tick = state.tick - back, .fraction = 0});
}

Targets targets_at(const State& state, ViewTime view) {
  if (view.tick == 0) return living(state);
  const Span span = span_around(state, view);
  const bool has_later = span.from < span.to;
  const std::span<const PositionSample> before = samples_at(state, span.from);
  const std::span<const PositionSample> after = has_later ? samples_at(state, span.to) : before;
  const std::int64_t part = has_later ? std::int64_t{view.tick - span.from} * 256 + view.fraction : 0;
  const std::int64_t whole = has_later ? std::int64_t{span.to - span.from} * 256 : 1;

  Targets out;
  std::size_t player = 0;
  auto later = after.begin();
  for (const PositionSample& sample : before) {
    while (state.players[player].id() < sample.id) ++player;  // all are in the match: samples leave with their player
    while (later != after.end() && later->id < sample.id) ++later;
    const bool lives_on = later != after.end() && later->id == sample.id && later->life == sample.life;
    out.add({static_cast<std::uint16_t>(player), sample.life,
             lives_on ? between(sample.at, later->at, part, whole) : sample.at});
  }
  return out;
}

Vec place_ago(const State& state, const Player& player, std::uint32_t ticks) {
  if (ticks == 0) return player.ship.position;
  const ViewTime then = bounded_view(state, {.tick = state.tick - std::min(ticks, state.tick - 1), .fraction = 0});
  if (then.tick == 0) return player.ship.position;
  for (const Target& target : targets_at(state, then))
    if (state.players[target.player].id() == player.id() && is_there(state, target)) return target.at;
  return player.ship.position;
}

bool is_there(const State& state, const Target& target) {
  const Player& player = state.players[target.player];
  return player.ship.alive && player.life == target.life;
}

}  // namespace game::sim
