#include "game/client/motion.hpp"

#include <utility>

#include "game/wire/world.hpp"

namespace game::client {

Motion::Motion(const sim::Map& map, const Setup& setup)
    : map_(map), setup_(setup), timeline_(setup.delay_s), own_(map) {}

engine::Result<void> Motion::take_snapshot(const arena::World& world, std::uint32_t tick, std::uint32_t taken,
                                           double arrived_s) {
  sim::PlayerView view;
  if (auto read = wire::read_world(world, tick, view); !read) return read;
  if (!is_spectator() && setup_.predicts) own_.correct(view, setup_.self, taken);
  timeline_.add(std::move(view), arrived_s);
  return {};
}

void Motion::send(const sim::Action& hands, ActionLine& line, const std::function<void(const sim::Fired&)>& fired) {
  hands_ = hands;
  if (is_spectator()) return;
  while (line.due()) {
    const std::uint32_t sequence = line.act(hands, timeline_.shown());
    if (sequence == 0) continue;
    const sim::Fired what = own_.act(sequence, line.tick(), hands);
    if (fired) fired(what);
  }
  own_share_ = line.share();
}

void Motion::build(const Roster& roster, const SideColors& colors, sim::PlayerId watched, double now_s, float dt_s,
                   Scene& out) {
  const double tick = timeline_.tick_at(now_s);
  const Timeline::Pair pair = timeline_.show(tick);
  is_starved_ = pair.before == nullptr || !pair.is_between();
  client::build({.pair = pair,
                 .newest = timeline_.newest(),
                 .roster = roster,
                 .map = map_,
                 .colors = colors,
                 .own = is_spectator() || !setup_.predicts ? nullptr : &own_,
                 .own_at = own_.position(own_share_, hands_),
                 .own_share = own_share_,
                 .self = watched},
                pair.before == nullptr || pair.is_between() ? tick : pair.before_tick + pair.ticks_beyond, out);
  own_.ease(dt_s);
}

}  // namespace game::client
