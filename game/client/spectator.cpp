#include "game/client/spectator.hpp"

#include <algorithm>
#include <cmath>

namespace game::client {
namespace {

constexpr float kFreeSpeed = 700;  // units a second
constexpr float kShotSeconds = 4;  // the director stays with a ship for at least this long
constexpr float kInterestSeconds = 3;

}  // namespace

void Spectator::noticed(sim::PlayerId ship, float weight) {
  if (ship != sim::kNobody) interest_[ship] += weight;
}

void Spectator::step(const Roster& roster, int by) {
  const auto& rows = roster.by_rank();
  if (rows.empty()) return;
  const auto now = std::find_if(rows.begin(), rows.end(), [this](const PlayerRow& row) { return row.id == followed_; });
  const auto count = static_cast<int>(rows.size());
  const int index = now == rows.end() ? 0 : static_cast<int>(now - rows.begin()) + by;
  followed_ = rows[static_cast<std::size_t>((index + count) % count)].id;
  mode_ = Mode::kFollow;
}

void Spectator::direct(const Scene& scene, float dt_s) {
  held_s_ = std::min(held_s_ + dt_s, kShotSeconds);
  for (auto& [id, interest] : interest_) interest *= std::exp(-dt_s / kInterestSeconds);
  const bool is_gone = scene.ship(followed_) == nullptr;
  if (held_s_ < kShotSeconds && !(is_gone && held_s_ > 1)) return;
  const SceneShip* best = nullptr;
  float most = -1;
  for (const SceneShip& ship : scene.ships) {
    const float interest = interest_[ship.id] + (ship.id == followed_ ? 0.3F : 0) + (ship.is_leader ? 0.2F : 0);
    if (interest > most) {
      most = interest;
      best = &ship;
    }
  }
  if (best == nullptr || best->id == followed_) return;
  followed_ = best->id;
  held_s_ = 0;
}

void Spectator::steer(const engine::app::Controls& controls, const engine::app::Input& input, const Roster& roster,
                      float dt_s) {
  if (controls.was_pressed("watch_next")) step(roster, 1);
  if (controls.was_pressed("watch_previous")) step(roster, -1);
  if (controls.was_pressed("watch_free")) mode_ = Mode::kFree;
  if (controls.was_pressed("watch_auto")) mode_ = Mode::kDirector;
  for (const engine::app::ButtonChange& change : input.buttons) {
    const std::string name = change.down ? change.button.name() : "";
    if (name.size() != 1 || name[0] < '1' || name[0] > '9') continue;
    const auto index = static_cast<std::size_t>(name[0] - '1');
    if (index < roster.by_rank().size()) {
      followed_ = roster.by_rank()[index].id;
      mode_ = Mode::kFollow;
    }
  }
  if (mode_ != Mode::kFree) return;
  const Point way{controls.value("right") - controls.value("left"), controls.value("down") - controls.value("up")};
  place_ += way * (kFreeSpeed * dt_s);
}

void Spectator::update(const Scene& scene, Point map_size, float dt_s) {
  direct(scene, mode_ == Mode::kDirector ? dt_s : 0);
  if (const SceneShip* ship = scene.ship(followed()); ship != nullptr) place_ = ship->at;
  if (mode_ != Mode::kFree && place_ == Point{}) place_ = map_size * 0.5F;
  place_ = {std::clamp(place_.x, 0.0F, map_size.x), std::clamp(place_.y, 0.0F, map_size.y)};
}

std::string Spectator::words(const Roster& roster) const {
  switch (mode_) {
    case Mode::kFree:
      return "free camera";
    case Mode::kDirector:
      return (followed_ == sim::kNobody ? std::string("the arena") : roster.name(followed_)) + "  (director)";
    case Mode::kFollow:
      break;
  }
  return roster.name(followed_);
}

}  // namespace game::client
