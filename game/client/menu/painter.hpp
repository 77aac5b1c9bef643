// Paints what Ui said. One thread; owns nothing but how long it has been painting.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/app/canvas.hpp"
#include "game/client/menu/item.hpp"

namespace game::client {

/// The canvas' view that shows the menu's units as large as the frame allows.
engine::app::View menu_view(int frame_width, int frame_height);

/// A box without its top right and bottom left corners.
std::vector<engine::app::Point> cut_corners(const engine::app::Box& box, float cut);
/// Filled, running from one alpha at the left to another at the right.
void fading_box(engine::app::Canvas& canvas, const engine::app::Box& box, Color color, float left, float right);

/// A key as it stands on a keyboard, its left end at `at` and its text on that baseline. Returns its width.
float draw_keycap(engine::app::Canvas& canvas, MenuArt& art, std::string_view key, engine::app::Point at, float size,
                  Color color, float alpha);

class Painter {
 public:
  Painter(engine::app::Canvas& canvas, MenuArt& art, Color accent, float alpha, double time_s)
      : canvas_(canvas), art_(art), accent_(accent), alpha_(alpha), time_s_(time_s) {}

  void paint(std::span<const Item> items);

 private:
  using Box = engine::app::Box;
  using Point = engine::app::Point;

  void paint(const Item& item);
  void button(const Item& item);
  void small_button(const Item& item);
  void field(const Item& item);
  void row_base(const Item& item);
  void slider(const Item& item);
  void choice(const Item& item);
  void toggle(const Item& item);
  void keys(const Item& item);
  void header(const Item& item);
  void row(const Item& item);
  void scrollbar(const Item& item);
  void panel(const Item& item);
  void wrapped(const Item& item);
  void padlock(Point at, Color color);

  engine::app::Typeface& face(Face face);
  void words(std::string_view text, Point at, const TextStyle& style);
  Color lit(Color color, float share = 1) const { return engine::app::faded(color, alpha_ * share); }

  engine::app::Canvas& canvas_;
  MenuArt& art_;
  Color accent_;
  float alpha_;
  double time_s_;
};

}  // namespace game::client
