#include "game/client/shot_marks.hpp"

#include <algorithm>
#include <utility>

#include "game/client/units.hpp"
#include "game/sim/tuning.hpp"

namespace game::client {
namespace {

using engine::app::Align;
using engine::app::Canvas;
using engine::app::faded;

constexpr std::size_t kMarksMax = 8;
/// A rail that is not judged by then was none to the server.
constexpr float kJudgedWithinSeconds = 3;
constexpr float kFadeSeconds = 0.4F;
const float kRadius = units(sim::kShipRadius);
/// Within the other, so that both are seen where they agree.
const float kDrawnRadius = kRadius - 3;
constexpr Color kJudged = palette::kWarning;
constexpr Color kDrawn = palette::kWhite;

Point place(std::int32_t x, std::int32_t y) { return units(sim::Vec{x, y}); }

}  // namespace

void ShotMarks::toggle() {
  is_on_ = !is_on_;
  fired_.clear();
  beam_.reset();
  marks_.clear();
}

void ShotMarks::fired(netcode::ViewTime shown, const Scene& drawn) {
  if (!is_on_) return;
  Fired one{.shown = shown};
  for (const SceneShip& ship : drawn.ships)
    if (ship.id != self_) one.drawn.emplace_back(ship.id, ship.at);
  fired_.push_back(std::move(one));
  if (fired_.size() > kMarksMax) fired_.pop_front();
}

void ShotMarks::take(const netcode::EventView& event) {
  if (!is_on_ || self_ == sim::kNobody) return;
  if (const auto* rail = event.as<arena::RailFired>()) on(*rail);
  if (const auto* judged = event.as<arena::Judged>()) on(*judged);
}

/// Told of before how it was judged.
void ShotMarks::on(const arena::RailFired& rail) {
  if (rail.player() != self_) return;
  beam_ = Mark{.from = place(rail.x(), rail.y()), .to = place(rail.end_x(), rail.end_y())};
}

/// The one that was sent with this moment; between which snapshots that was shown Judged does not say. A server that
/// takes back less far than it was asked to names another one: then it is the oldest.
ShotMarks::Fired ShotMarks::take_fired(netcode::ViewTime view) {
  if (fired_.empty()) return {};
  auto found = std::find_if(fired_.begin(), fired_.end(), [view](const Fired& one) {
    return one.shown.tick == view.tick && one.shown.fraction == view.fraction;
  });
  if (found == fired_.end()) found = fired_.begin();
  Fired taken = std::move(*found);
  fired_.erase(fired_.begin(), found + 1);
  return taken;
}

void ShotMarks::on(const arena::Judged& judged) {
  const auto beam = std::exchange(beam_, std::nullopt);
  if (!beam) return;
  const Fired fired = take_fired({.tick = judged.view_tick(), .fraction = judged.view_fraction()});
  Mark mark = *beam;
  mark.victim = judged.victim();
  if (judged.targets() != nullptr) {
    for (const arena::JudgedTarget* target : *judged.targets()) {
      if (mark.ships.size() == sim::kJudgedTargetsMax) break;
      Ship ship{.id = target->player(), .judged = place(target->x(), target->y())};
      for (const auto& [id, at] : fired.drawn)
        if (id == ship.id) ship.drawn = at;
      mark.ships.push_back(ship);
    }
  }
  marks_.push_back(std::move(mark));
  if (marks_.size() > kMarksMax) marks_.pop_front();
}

void ShotMarks::update(float dt_s) {
  for (Mark& mark : marks_) mark.age_s += dt_s;
  for (Fired& one : fired_) one.age_s += dt_s;
  std::erase_if(marks_, [](const Mark& mark) { return mark.age_s > kSeconds; });
  std::erase_if(fired_, [](const Fired& one) { return one.age_s > kJudgedWithinSeconds; });
}

void ShotMarks::draw(Canvas& canvas) const {
  for (const Mark& mark : marks_) {
    const float alpha = std::min(1.0F, (kSeconds - mark.age_s) / kFadeSeconds);
    canvas.line(mark.from, mark.to, 1, faded(kJudged, 0.8F * alpha));
    for (const Ship& ship : mark.ships) {
      if (ship.id == mark.victim) canvas.disc(ship.judged, kRadius, faded(kJudged, 0.45F * alpha));
      canvas.ring(ship.judged, kRadius, 1.5F, faded(kJudged, alpha));
      if (!ship.drawn) continue;
      canvas.line(ship.judged, *ship.drawn, 1, faded(kDrawn, 0.5F * alpha));
      canvas.ring(*ship.drawn, kDrawnRadius, 1, faded(kDrawn, 0.9F * alpha));
    }
  }
}

void ShotMarks::draw_legend(Canvas& canvas, const Art& art) const {
  if (!is_on_) return;
  canvas.text(art.text, "rails as they were judged", {628, 706}, 13, kJudged, Align::kRight);
  canvas.text(art.text, "as they were drawn here", {652, 706}, 13, kDrawn);
}

}  // namespace game::client
