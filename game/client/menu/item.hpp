// One thing on the screen as it is to be painted: plain values, made by Ui each frame and read by Painter and by tests.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/app/canvas.hpp"
#include "game/client/menu/theme.hpp"

namespace game::client {

enum class Face : std::uint8_t { kTitle, kHead, kText, kStrong, kMono };

struct TextStyle {
  Face face = Face::kText;
  float size = 17;
  engine::app::Color color = palette::kText;
  engine::app::Align align = engine::app::Align::kLeft;
  float width = 0;  // a wider text is cut, with an ellipsis; 0: never
};

/// A column of a list: where it begins and ends, from the list's left.
struct Column {
  std::string title;
  float x = 0;
  float width = 0;
  engine::app::Align align = engine::app::Align::kLeft;
};

/// The colour only stresses what the text says.
struct Cell {
  std::string text;
  engine::app::Color color = palette::kText;
};

/// Rows that are set: the label takes this share from the left, a slider's number this much at the right.
inline constexpr float kLabelShare = 0.42F;
inline constexpr float kSliderNumber = 84;

struct Item {
  enum class Kind : std::uint8_t {
    kText,
    kWrapped,  // text in as many lines as the box's width asks for
    kPanel,
    kButton,
    kField,
    kSlider,
    kChoice,
    kToggle,
    kKeys,
    kHeader,
    kRow,
    kScrollbar,
    kCustom,
  };

  Kind kind = Kind::kText;
  engine::app::Box box{};
  std::string text{};
  std::string value{};
  std::string note{};  // beside or below: why it was refused, what it is for
  TextStyle style{};

  float focus = 0;  // 0 to 1, on its way
  float share = 0;  // slider: how far along; scrollbar: where it begins
  float span = 0;   // scrollbar: how much it shows
  bool is_enabled = true;
  bool is_on = false;      // toggle; row: selected; button: the one of several that is chosen
  bool is_small = false;   // button, field
  bool has_caret = false;  // field: being written in
  bool is_locked = false;  // row: bears a padlock
  int arrow = 0;           // header: sorted up 1, down -1
  std::size_t caret = 0;   // field: in bytes of value

  std::vector<Column> column_set{};
  std::vector<Cell> cells{};  // row: by column; keys: the buttons
  std::function<void(engine::app::Canvas&, MenuArt&, float alpha)> custom{};
};

}  // namespace game::client
