// Where the server says that each ship was when a rail of ours was judged, beside where it was drawn here when the
// trigger was sent: so that a disagreement can be seen.
//
// One thread. Bounded: a mark stays for 1.5 s, and a rail is fired no oftener.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "arena_generated.h"
#include "engine/app/canvas.hpp"
#include "game/client/art.hpp"
#include "game/client/scene.hpp"
#include "netcode/event.hpp"
#include "netcode/view_time.hpp"

namespace game::client {

class ShotMarks {
 public:
  static constexpr float kSeconds = 1.5F;

  struct Ship {
    sim::PlayerId id = sim::kNobody;
    Point judged{};
    std::optional<Point> drawn{};  // none: it was not in the picture
  };
  struct Mark {
    Point from{}, to{};  // the beam
    std::vector<Ship> ships{};
    sim::PlayerId victim = sim::kNobody;
    float age_s = 0;
  };

  void set_self(sim::PlayerId self) { self_ = self; }
  void toggle();
  bool is_on() const { return is_on_; }

  /// A rail leaves with this moment of the others; `drawn` is what its player sees.
  void fired(netcode::ViewTime shown, const Scene& drawn);
  /// What the match tells. Others are left alone.
  void take(const netcode::EventView& event);
  void update(float dt_s);

  /// Over the map.
  void draw(engine::app::Canvas& canvas) const;
  /// Says what is what, over the picture.
  void draw_legend(engine::app::Canvas& canvas, const Art& art) const;

  const std::deque<Mark>& marks() const { return marks_; }

 private:
  struct Fired {
    netcode::ViewTime shown{};
    std::vector<std::pair<sim::PlayerId, Point>> drawn{};
    float age_s = 0;
  };
  void on(const arena::RailFired& rail);
  void on(const arena::Judged& judged);
  Fired take_fired(netcode::ViewTime view);

  sim::PlayerId self_ = sim::kNobody;
  bool is_on_ = false;
  std::deque<Fired> fired_;   // and not judged yet
  std::optional<Mark> beam_;  // of the rail that is judged next
  std::deque<Mark> marks_;
};

}  // namespace game::client
