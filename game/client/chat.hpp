// Lines that people write to each other: typed at the bottom, shown there for a while. Bounded. Plain value.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "engine/app/canvas.hpp"
#include "engine/app/input.hpp"
#include "game/client/art.hpp"
#include "game/client/text_edit.hpp"

namespace game::client {

class Chat {
 public:
  /// What the server takes of a line.
  static constexpr std::size_t kLineBytesMax = 200;

  void update(float dt_s);
  void heard(std::string name, Color color, std::string text);

  bool is_open() const { return open_; }
  void open();
  void close();
  /// While open: takes the typing. The line to send, once Enter ends it; Escape ends it without one, as do a gamepad's
  /// B and Start. What is typed after its end is not of it.
  std::optional<std::string> take(const engine::app::Input& input);
  /// What was copied or cut, for the clipboard.
  std::optional<std::string> take_copied();

  /// In 1280 x 720 units. What is too long for a line goes on in the next; the oldest lines make room.
  void draw(engine::app::Canvas& canvas, const Art& art) const;

 private:
  struct Line {
    std::string name;
    Color color;
    std::string text;
    float age_s;
  };
  /// How many rows it takes.
  int draw_typed(engine::app::Canvas& canvas, const Art& art) const;
  int draw_line(engine::app::Canvas& canvas, const Art& art, const Line& line, float bottom, int rows_max) const;

  std::deque<Line> lines_;
  std::string typed_;
  std::string composing_;  // by an input method, at the caret
  TextEdit edit_;
  bool open_ = false;
  double time_s_ = 0;  // a float would stand still after days
};

}  // namespace game::client
