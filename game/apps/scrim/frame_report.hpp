// How long frames took, and how evenly the own ship flew in them: for --report, so that "it runs at 60" is a figure.
//
// One thread.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "engine/app/geometry.hpp"
#include "game/client/scene.hpp"

namespace game::apps {

class FrameReport {
 public:
  /// From one picture to the next, and what of it was work, in seconds.
  void add_frame(double interval_s, double work_s);
  /// How far the own ship is drawn from where it was drawn before, of how far it flies in that time at its speed: 1 is
  /// even. Of constant speed alone.
  void add_picture(const client::Scene& scene, double now_s);

  /// One line.
  std::string json(const std::string& renderer) const;

 private:
  struct Flight {
    engine::app::Point at{};
    engine::app::Point velocity{};
    double now_s = 0;
  };

  std::vector<double> intervals_s_;
  std::vector<double> works_s_;
  std::vector<double> steps_;     // how far from even
  std::optional<Flight> flight_;  // of the own ship in the last picture
  std::deque<double> new_steps_;  // of the last pictures, should a wall be next
};

}  // namespace game::apps
