#include "rules.hpp"

#include <algorithm>
#include <array>

#include "engine/core/fixed.hpp"
#include "engine/core/rng.hpp"

namespace scenes {

namespace {

constexpr std::int32_t kMetre = 256;

// Objects stand in 10 rows of 10.
constexpr std::size_t kPerRow = 10;
constexpr std::int32_t kSpacing = 4 * kMetre;
constexpr std::int32_t kField = static_cast<std::int32_t>(kPerRow) * kSpacing;

// 65 ticks a period, and no divisor of a turn: no period is like the one before.
constexpr std::int32_t kAmplitude = 3 * kMetre;
constexpr std::uint32_t kAnglePerTick = 1009;

constexpr std::int32_t kSpeedMax = 64;  // 5 m/s
constexpr std::int32_t kSteerMax = 8;

constexpr std::size_t kSpawnsPerTick = 2;
constexpr std::size_t kIds = 60'000;  // then from the first again

constexpr std::int32_t kNumberMax = 10'000;
constexpr std::uint32_t kNumberStepMax = 16;

// Of the object that comes as the `nth`, from 0.
std::uint16_t id_of(std::size_t nth) { return static_cast<std::uint16_t>(1 + nth % kIds); }

std::int32_t height(std::size_t index, netcode::Tick tick) {
  const auto phase = static_cast<std::uint32_t>(index * 65'536 / kObjects);
  return kAmplitude * engine::sin_q14(static_cast<engine::Angle>(phase + tick * kAnglePerTick)) / engine::kOneQ14;
}

// The next velocity along one axis of what is `at` there: a little to either side, and inwards beyond an edge.
std::int16_t steered(std::int32_t velocity, std::int32_t at, engine::Rng& rng) {
  if (at < 0) return kSpeedMax / 2;
  if (at > kField) return -kSpeedMax / 2;
  const auto steer = static_cast<std::int32_t>(rng.below(2 * kSteerMax + 1)) - kSteerMax;
  return static_cast<std::int16_t>(std::clamp(velocity + steer, -kSpeedMax, kSpeedMax));
}

// One step up or down, never none.
std::int32_t stepped(std::int32_t number, engine::Rng& rng) {
  const auto step = static_cast<std::int32_t>(1 + rng.below(kNumberStepMax));
  const bool is_up = number < step || (number <= kNumberMax - step && rng.below(2) == 0);
  return is_up ? number + step : number - step;
}

}  // namespace

std::string_view to_string(Scene scene) {
  constexpr std::array<std::string_view, kScenes> kNames{"sine", "wander", "still", "spawn", "numbers"};
  return kNames.at(static_cast<std::size_t>(scene) - 1);
}

std::optional<Scene> scene_of(std::string_view number) {
  if (number.size() != 1 || number[0] < '1' || number[0] >= '1' + kScenes) return std::nullopt;
  return static_cast<Scene>(number[0] - '0');
}

engine::Result<void> Rules::prepare(const netcode::MatchSetup& setup) {
  const auto option = setup.options.find("scene");
  const auto scene = scene_of(option == setup.options.end() ? std::string_view() : option->second);
  if (!scene) return engine::error("scene: 1 to {} was expected", kScenes);
  scene_ = *scene;
  return {};
}

void Rules::start(netcode::Context&) {
  for (std::size_t i = 0; i < kObjects; ++i) {
    if (scene_ == Scene::kNumbers) {
      state.gauges.emplace_back(id_of(i), kNumberMax / 2, kNumberMax / 2, kNumberMax / 2, kNumberMax / 2);
      continue;
    }
    const auto column = static_cast<std::int32_t>(i % kPerRow), row = static_cast<std::int32_t>(i / kPerRow);
    state.things.emplace_back(id_of(i), 0, 0, 0, column * kSpacing, 0, row * kSpacing);
  }
  if (scene_ == Scene::kSine) place_on_sine(0);
}

void Rules::tick(netcode::Context& ctx) {
  switch (scene_) {
    case Scene::kSine:
      return place_on_sine(ctx.tick());
    case Scene::kWander:
      return wander(ctx.rng());
    case Scene::kStill:
      return;
    case Scene::kSpawn:
      return spawn_and_despawn(ctx.tick(), ctx.rng());
    case Scene::kNumbers:
      return change_numbers(ctx.rng());
  }
}

void Rules::place_on_sine(netcode::Tick tick) {
  for (std::size_t i = 0; i < state.things.size(); ++i) {
    const std::int32_t y = height(i, tick);
    state.things[i].mutate_y(y);
    state.things[i].mutate_vy(static_cast<std::int16_t>(height(i, tick + 1) - y));
  }
}

void Rules::wander(engine::Rng& rng) {
  for (Thing& thing : state.things) {
    thing.mutate_x(thing.x() + thing.vx());
    thing.mutate_z(thing.z() + thing.vz());
    thing.mutate_vx(steered(thing.vx(), thing.x(), rng));
    thing.mutate_vz(steered(thing.vz(), thing.z(), rng));
  }
}

// Those that have been there longest go. Elements come by rising id, so a new one has its place.
void Rules::spawn_and_despawn(netcode::Tick tick, engine::Rng& rng) {
  for (std::size_t i = 0; i < kSpawnsPerTick; ++i) {
    const std::size_t oldest = kSpawnsPerTick * (tick - 1) + i;
    std::erase_if(state.things, [gone = id_of(oldest)](const Thing& thing) { return thing.id() == gone; });
    const std::uint16_t id = id_of(oldest + kObjects);
    const auto place = std::upper_bound(state.things.begin(), state.things.end(), id,
                                        [](std::uint16_t of, const Thing& thing) { return of < thing.id(); });
    const auto x = static_cast<std::int32_t>(rng.below(kField)), z = static_cast<std::int32_t>(rng.below(kField));
    state.things.insert(place, Thing(id, 0, 0, 0, x, 0, z));
  }
}

void Rules::change_numbers(engine::Rng& rng) {
  for (Gauge& gauge : state.gauges) {
    gauge.mutate_a(stepped(gauge.a(), rng));
    gauge.mutate_b(stepped(gauge.b(), rng));
    gauge.mutate_c(stepped(gauge.c(), rng));
    gauge.mutate_d(stepped(gauge.d(), rng));
  }
}

}  // namespace scenes
