// Words that come and go over a match: the kill feed in its corner, the announcements in the middle. Bounded: the
// oldest give way. Plain value.
#pragma once

#include <deque>
#include <string>

#include "engine/app/canvas.hpp"
#include "game/client/art.hpp"
#include "game/sim/state.hpp"

namespace game::client {

class Feed {
 public:
  void update(float dt_s);
  void clear();

  void killed(std::string killer, Color killer_color, sim::Weapon weapon, std::string victim, Color victim_color,
              bool concerns_us);
  /// A line that is no kill: who came, who left, what somebody said.
  void said(std::string text, Color color);
  /// Large, in the middle, one under the other.
  void announce(std::string text, Color color, float size = 30, float seconds = 1.6F);
  /// "+1 NAME", under the ship.
  void scored(std::string text, Color color);

  /// In 1280 x 720 units.
  void draw(engine::app::Canvas& canvas, const Art& art) const;

 private:
  struct Line {
    std::string left;
    std::string right;
    Color left_color;
    Color right_color;
    sim::Weapon weapon;
    bool is_kill;
    bool concerns_us;
    float age_s;
  };
  struct Announcement {
    std::string text;
    Color color;
    float size, age_s, life_s;
  };

  std::deque<Line> lines_;
  std::deque<Announcement> announcements_;
  std::deque<Announcement> scored_;
};

}  // namespace game::client
