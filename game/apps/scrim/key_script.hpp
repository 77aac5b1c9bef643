// Hands made of text, for pictures and tests: "1.5 W down; 2 Space; 3 W up; 3.5 'hello'; 4 Return".
//
// Each step is a time in seconds since the start and a button's name (as the settings call it), with "down" or "up", or
// neither: then it is let go a frame later. "mouse X Y" moves the pointer to a place of the window, 0 to 1 each way.
// Text in single quotes, without a semicolon, is typed. Plain value.
#pragma once

#include <string_view>
#include <vector>

#include "engine/app/input.hpp"
#include "engine/core/result.hpp"

namespace game::apps {

class KeyScript {
 public:
  /// An error names the step.
  static engine::Result<KeyScript> parse(std::string_view text);

  /// Adds what is due by now to what hands did.
  void play(double now_s, int width, int height, engine::app::Input& input);
  bool is_over() const { return next_ == steps_.size() && letting_go_.empty(); }

 private:
  enum class Kind : std::uint8_t { kPress, kDown, kUp, kText, kMouse };
  struct Step {
    double at_s = 0;
    Kind kind = Kind::kPress;
    engine::app::Button button{};
    std::string text{};
    engine::app::Point mouse{};
  };
  static engine::Result<Step> parse_step(std::string_view text);

  std::vector<Step> steps_;
  std::size_t next_ = 0;
  std::vector<engine::app::Button> letting_go_;
  std::optional<engine::app::Point> mouse_;
};

}  // namespace game::apps
