// Whom somebody who does not play is shown: a player of their choice, a free flight, or by itself wherever the fight
// is. Plain value; told the time.
#pragma once

#include <map>
#include <string>

#include "engine/app/controls.hpp"
#include "game/client/scene.hpp"

namespace game::client {

class Spectator {
 public:
  /// Whom hands ask for; not called while a menu has them.
  void steer(const engine::app::Controls& controls, const engine::app::Input& input, const Roster& roster, float dt_s);
  void update(const Scene& scene, Point map_size, float dt_s);
  /// Something happened to this ship: the director looks where things happen.
  void noticed(sim::PlayerId ship, float weight);

  /// kNobody while flying free.
  sim::PlayerId followed() const { return mode_ == Mode::kFree ? sim::kNobody : followed_; }
  Point place() const { return place_; }
  /// In words, for the picture's edge.
  std::string words(const Roster& roster) const;

 private:
  enum class Mode : std::uint8_t { kDirector, kFollow, kFree };
  void step(const Roster& roster, int by);
  void direct(const Scene& scene, float dt_s);

  Mode mode_ = Mode::kDirector;
  sim::PlayerId followed_ = sim::kNobody;
  Point place_;
  float held_s_ = 0;
  std::map<sim::PlayerId, float> interest_;
};

}  // namespace game::client
