// The menu's widgets: said anew each frame, as `if (ui.button("quit", box, "Quit")) ...`.
//
// Every widget has an id, unique on its screen. One widget has the focus; arrows, Tab, a gamepad's directions and the
// mouse move it, and it is always visible. What is said becomes Items for the painter. One thread; the values that
// widgets edit are the caller's, and are changed in place.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "game/client/menu/choice.hpp"
#include "game/client/menu/item.hpp"
#include "game/client/menu/menu_input.hpp"
#include "game/client/text_edit.hpp"

namespace game::client {

struct ButtonLook {
  bool is_enabled = true;
  bool is_small = false;
  bool is_chosen = false;  // of several that exclude each other
  std::string note{};
};
struct FieldLook {
  std::size_t bytes_max = 64;
  bool is_masked = false;  // shows dots
  bool is_small = false;
  std::string placeholder{};
};
struct FieldResult {
  bool changed = false;
  bool submitted = false;  // Enter was pressed in it
};
struct SliderLook {
  float min = 0;
  float max = 1;
  float step = 0.05F;
  std::string value{};  // as shown
};
struct ListRow {
  std::vector<Cell> cells;
  bool is_locked = false;
};
struct ListState {
  int selected = 0;
  int first = 0;  // the topmost row that is shown
};
struct ListResult {
  bool moved = false;
  bool activated = false;  // Enter, or a double click
};

class Ui {
 public:
  using Box = engine::app::Box;
  using Point = engine::app::Point;

  static constexpr float kRowHeight = 36;

  /// A frame: begin, every widget, end. `screen` remembers where its focus was.
  void begin(const MenuInput& input, const std::string& screen);
  void end();

  // --- Things to look at
  void text(Point at, std::string text, const TextStyle& style = {});
  void wrapped(const Box& box, std::string text, const TextStyle& style = {});
  void panel(const Box& box);
  void custom(std::function<void(engine::app::Canvas&, MenuArt&, float alpha)> paint);

  // --- Things to touch
  bool button(const std::string& id, const Box& box, std::string text, const ButtonLook& look = {});
  /// Written in with a keyboard, or, once accepted with a gamepad, letter by letter with its directions.
  FieldResult field(const std::string& id, const Box& box, std::string label, std::string& value,
                    const FieldLook& look = {});
  bool slider(const std::string& id, const Box& box, std::string label, float& value, const SliderLook& look = {});
  bool choice(const std::string& id, const Box& box, std::string label, int& index, std::span<const std::string> names);
  bool toggle(const std::string& id, const Box& box, std::string label, bool& on);
  bool header(const std::string& id, const Box& box, const Column& column, int arrow);
  ListResult list(const std::string& id, const Box& box, std::span<const Column> columns, std::span<const ListRow> rows,
                  ListState& state);
  /// A control's buttons; once accepted it waits for the next button pressed, and returns it.
  std::optional<engine::app::Button> keys(const std::string& id, const Box& box, std::string label,
                                          std::span<const engine::app::Button> bound);

  /// Widgets between the two are laid out over `height` units, of which `view` shows a part: the one with the focus.
  void begin_scroll(const std::string& id, const Box& view, float height);
  void end_scroll();

  // --- Focus
  const std::string& focus() const { return focus_; }
  void set_focus(std::string id);
  /// What has the focus when the screen is first seen, or what had it is gone.
  void prefer_focus(std::string id) { preferred_ = std::move(id); }
  /// The screen is as if it had never been seen.
  void forget(const std::string& screen);
  /// A text field has the focus: letters are text.
  bool writes() const { return writes_; }
  /// The field in focus is written in with a gamepad's directions.
  bool dials() const { return !dialing_.empty(); }
  /// What was copied or cut in a field, for the clipboard.
  std::optional<std::string> take_copied() { return std::exchange(copied_, std::nullopt); }
  /// A key row waits for a button, which is not to be taken for anything else.
  bool waits_for_button() const { return !capturing_.empty(); }
  /// Neither a widget nor the focus took it.
  bool goes_back() const { return input_.back; }
  /// Takes what is left of this frame's presses: the screen has changed.
  void swallow();

  void play(MenuSound sound) { sounds_.push_back(sound); }
  const std::vector<MenuSound>& sounds() const { return sounds_; }
  const std::vector<Item>& items() const { return items_; }
  const MenuInput& input() const { return input_; }

 private:
  struct Touch {
    bool has_focus = false;
    bool is_hovered = false;
    bool activated = false;
    bool pressed = false;  // the mouse went down on it
    float focus = 0;
  };
  struct Place {
    std::string id;
    Box box;
    std::string group;  // the scrolled part it is in
    bool is_hidden = false;
  };

  Touch touch(const std::string& id, const Box& box, bool is_enabled, bool takes_hover = true);
  Item& add(Item::Kind kind, const Box& box, std::string text);
  bool take(Direction d);
  bool is_shown(const Box& box) const;
  Box placed(Box box) const;
  void keep_in_view(const Place& place);
  void capture();
  bool dial(std::string& value, std::size_t bytes_max);
  void move_focus();
  void step_focus(int by);
  std::optional<std::size_t> place_of(const std::string& id) const;
  void select_row(ListState& state, int row, int rows, int shown, ListResult& result);

  MenuInput input_{};
  std::string screen_;
  std::string focus_;
  std::string preferred_;
  std::string pressed_;  // where the mouse went down
  std::map<std::string, std::string> remembered_;
  std::map<std::string, float> glow_;  // of every widget of the last frame: how lit its focus is
  std::map<std::string, float> next_glow_;
  std::vector<Place> places_;
  std::vector<Item> items_;
  Item hidden_;  // the last one that scrolled out of sight: written to, never painted
  std::vector<MenuSound> sounds_;

  TextEdit edit_{};
  std::string edited_;   // the field that edit_ is of
  std::string dialing_;  // the same, while it is written in with a gamepad's directions
  bool writes_ = false;
  std::optional<std::string> copied_{};
  // The mouse on rows of lists
  int pressed_row_ = -1;
  double since_press_s_ = 0;
  bool is_double_ = false;

  std::string capturing_;
  double capturing_s_ = 0;
  std::optional<engine::app::Button> captured_;

  std::string group_;
  Box view_{};
  float height_ = 0;
  bool focus_was_moved_ = false;
  std::map<std::string, float> scrolled_;
};

}  // namespace game::client
