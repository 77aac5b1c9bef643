// The rules of the scenes: 100 objects that nobody steers. Integers only, and all state is in the World.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "netcode/rules.hpp"
#include "scenes_bfbs_generated.h"
#include "scenes_generated.h"

namespace scenes {

inline constexpr std::size_t kObjects = 100;
inline constexpr std::uint32_t kTickHz = 20;

enum class Scene : std::uint8_t {
  kSine = 1,     // every object moves up and down on a sine
  kWander = 2,   // every object wanders in the plane, steering a little each tick
  kStill = 3,    // nothing moves
  kSpawn = 4,    // 2 objects a tick come, 2 go, and nothing moves
  kNumbers = 5,  // four numbers of each object change each tick, and it has no place
};
inline constexpr int kScenes = 5;

/// "sine", "wander", "still", "spawn" or "numbers".
std::string_view to_string(Scene scene);
/// From "1" to "5".
std::optional<Scene> scene_of(std::string_view number);

/// The option scene=N says which one; without it no match is made.
class Rules : public netcode::ObjectRules<World, Move, WorldBinarySchema> {
 public:
  engine::Result<void> prepare(const netcode::MatchSetup& setup) override;
  void start(netcode::Context& ctx) override;
  void join(netcode::Context&, const netcode::Player&) override {}
  void leave(netcode::Context&, netcode::PlayerId) override {}
  void act(netcode::Context&, netcode::PlayerId, const Move&) override {}
  void tick(netcode::Context& ctx) override;

 private:
  void place_on_sine(netcode::Tick tick);
  void wander(engine::Rng& rng);
  void spawn_and_despawn(netcode::Tick tick, engine::Rng& rng);
  void change_numbers(engine::Rng& rng);

  Scene scene_ = Scene::kStill;
};

}  // namespace scenes
