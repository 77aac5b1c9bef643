// Lines that people write to each other: typed at the bottom, shown there for a while. Bounded. Plain value.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "engine/app/canvas.hpp"
#include "engine/app/input.hpp"
#include "game/client/art.hpp"

namespace game::client {

class Chat {
 public:
  /// What the server takes of a line.
  static constexpr std::size_t kLineBytesMax = 200;

  void update(float dt_s);
  void heard(std::string name, Color color, std::string text);

  bool is_open() const { return open_; }
  void open();
  void close() { open_ = false; }
  /// While open: takes the typing. The line to send, once Enter ends it; Escape ends it without one.
  std::optional<std::string> take(const engine::app::Input& input);

  /// In 1280 x 720 units.
  void draw(engine::app::Canvas& canvas, const Art& art) const;

 private:
  struct Line {
    std::string name;
    Color color;
    std::string text;
    float age_s;
  };
  std::deque<Line> lines_;
  std::string typed_;
  bool open_ = false;
  float time_s_ = 0;
};

}  // namespace game::client
