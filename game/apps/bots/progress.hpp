// What scrim-bots shows while it plays: a line a second, and on a terminal the scores below it, drawn over again.
//
// Threading: none of its own. Writes to stderr.
#pragma once

#include <cstddef>
#include <string>

namespace arena {
struct World;
}

namespace game::apps {

/// A line for each player, the best first.
std::string scoreboard(const arena::World& world);

class Progress {
 public:
  explicit Progress(bool shows_scores);

  /// Of somebody's newest snapshot: only some tell of scores.
  void take(const arena::World& world);
  void show(const std::string& line);
  /// The scores at the end stay, on a terminal or not.
  void finish();

 private:
  void erase();
  const bool shows_scores_;
  const bool is_terminal_;
  std::string scores_;
  std::ptrdiff_t lines_ = 0;  // drawn, and to be drawn over
};

}  // namespace game::apps
