// Ui's widgets, one function each.
#include <algorithm>
#include <cmath>
#include <utility>

#include "game/client/menu/ui.hpp"

namespace game::client {
namespace {

using engine::app::Box;

constexpr double kDoubleClick_s = 0.5;

}  // namespace

bool Ui::button(const std::string& id, const Box& box, std::string text, const ButtonLook& look) {
  const Box at = placed(box);
  const Touch t = touch(id, at, look.is_enabled);
  Item& item = add(Item::Kind::kButton, at, std::move(text));
  item.note = look.note;
  item.is_enabled = look.is_enabled;
  item.is_small = look.is_small;
  item.is_on = look.is_chosen;
  item.focus = t.focus;
  if (t.activated) play(MenuSound::kAccept);
  return t.activated;
}

bool Ui::dial(std::string& value, std::size_t bytes_max) {
  static constexpr std::pair<Direction, Dial> kDials[] = {{Direction::kUp, Dial::kNextLetter},
                                                          {Direction::kDown, Dial::kPreviousLetter},
                                                          {Direction::kRight, Dial::kAdd},
                                                          {Direction::kLeft, Dial::kDelete}};
  bool changed = false;
  for (const auto& [direction, what] : kDials) {
    if (take(direction)) changed |= dial_text(value, edit_, what, bytes_max);
  }
  if (changed) play(MenuSound::kMove);
  return changed;
}

FieldResult Ui::field(const std::string& id, const Box& box, std::string label, std::string& value,
                      const FieldLook& look) {
  const Box at = placed(box);
  const Touch t = touch(id, at, true, false);
  FieldResult result;
  if (t.has_focus) {
    if (edited_ != id) {
      edited_ = id;
      edit_ = {.caret = value.size(), .is_secret = look.is_masked};
    } else if (dialing_ == id) {
      result.changed = dial(value, look.bytes_max);
      if (std::exchange(input_.back, false)) dialing_.clear();
    } else if (writes_) {  // not the frame that it got the focus in: that press was not a letter
      result.changed = edit_text(value, edit_, *input_.input, look.bytes_max);
      if (edit_.copied) copied_ = std::exchange(edit_.copied, std::nullopt);
    }
    take(Direction::kLeft);  // move the caret
    take(Direction::kRight);
    const bool by_mouse = input_.mouse_released;
    if (t.activated && input_.by_pad && dialing_.empty()) {
      dialing_ = id;
      play(MenuSound::kAccept);
    } else if (t.activated && !by_mouse) {
      dialing_.clear();
      result.submitted = true;
      play(MenuSound::kAccept);
    }
  } else if (edited_ == id) {
    edited_.clear();
    dialing_.clear();
  }
  Item& item = add(Item::Kind::kField, at, std::move(label));
  item.value = value;
  item.caret = edit_.caret;
  if (t.has_focus && writes_ && !look.is_masked) {
    // What an input method composes is seen where it will be.
    item.value.insert(std::min(item.caret, item.value.size()), input_.input->composing);
    item.caret += input_.input->composing.size();
  }
  if (look.is_masked) {
    const auto dots = [](std::size_t count) {
      std::string text;
      while (count-- > 0) text += "•";
      return text;
    };
    item.caret = dots(count_letters(std::string_view(value).substr(0, std::min(edit_.caret, value.size())))).size();
    item.value = dots(count_letters(value));
  }
  item.has_caret = t.has_focus;
  item.focus = t.focus;
  item.is_small = look.is_small;
  if (value.empty()) item.note = look.placeholder;
  if (t.has_focus && edit_.was_refused) item.note = "at most " + std::to_string(look.bytes_max) + " bytes";
  item.is_on = t.has_focus && edit_.was_refused;
  return result;
}

bool Ui::slider(const std::string& id, const Box& box, std::string label, float& value, const SliderLook& look) {
  const Box at = placed(box);
  const Touch t = touch(id, at, true);
  const float before = value;
  if (t.has_focus) {
    const float steps = std::round((value - look.min) / look.step);
    if (take(Direction::kLeft)) value = look.min + (steps - 1) * look.step;
    if (take(Direction::kRight)) value = look.min + (steps + 1) * look.step;
    if (pressed_ == id) {
      const float left = at.x + at.width * kLabelShare;
      const float width = at.width * (1 - kLabelShare) - kSliderNumber;
      const float share = std::clamp((input_.mouse.x - left) / width, 0.0F, 1.0F);
      value = look.min + std::round(share * (look.max - look.min) / look.step) * look.step;
    }
  }
  value = std::clamp(value, look.min, look.max);
  if (value != before && pressed_ != id) play(MenuSound::kMove);
  Item& item = add(Item::Kind::kSlider, at, std::move(label));
  item.value = look.value.empty() ? std::to_string(static_cast<int>(std::lround(value * 100))) + " %" : look.value;
  item.share = (value - look.min) / (look.max - look.min);
  item.focus = t.focus;
  return value != before;
}

bool Ui::choice(const std::string& id, const Box& box, std::string label, int& index,
                std::span<const std::string> names) {
  const Box at = placed(box);
  const Touch t = touch(id, at, true);
  const int before = index;
  const auto count = std::max(1, static_cast<int>(names.size()));
  int by = 0;
  if (t.has_focus) {
    if (take(Direction::kLeft)) by = -1;
    if (take(Direction::kRight)) by = 1;
    const float middle = at.x + at.width * (kLabelShare + (1 - kLabelShare) / 2);
    if (t.activated) by = input_.mouse_released && input_.mouse.x < middle ? -1 : 1;
  }
  index = (std::clamp(index, 0, count - 1) + by + count) % count;
  if (by != 0) play(MenuSound::kMove);
  Item& item = add(Item::Kind::kChoice, at, std::move(label));
  if (!names.empty()) item.value = names[static_cast<std::size_t>(index)];
  item.focus = t.focus;
  return index != before;
}

bool Ui::toggle(const std::string& id, const Box& box, std::string label, bool& on) {
  const Box at = placed(box);
  const Touch t = touch(id, at, true);
  const bool before = on;
  if (t.activated) on = !on;
  if (t.has_focus && take(Direction::kLeft)) on = false;
  if (t.has_focus && take(Direction::kRight)) on = true;
  if (on != before) play(MenuSound::kMove);
  Item& item = add(Item::Kind::kToggle, at, std::move(label));
  item.value = on ? "On" : "Off";
  item.is_on = on;
  item.focus = t.focus;
  return on != before;
}

bool Ui::header(const std::string& id, const Box& box, const Column& column, int arrow) {
  const Touch t = touch(id, box, true);
  Item& item = add(Item::Kind::kHeader, box, column.title);
  item.style.align = column.align;
  item.arrow = arrow;
  item.focus = t.focus;
  if (t.activated) play(MenuSound::kMove);
  return t.activated;
}

std::optional<engine::app::Button> Ui::keys(const std::string& id, const Box& box, std::string label,
                                            std::span<const engine::app::Button> bound) {
  const Box at = placed(box);
  const Touch t = touch(id, at, true);
  std::optional<engine::app::Button> button;
  if (capturing_ == id && captured_) {
    button = captured_;
    capturing_.clear();
    play(MenuSound::kAccept);
  } else if (t.activated && capturing_.empty()) {
    capturing_ = id;
    capturing_s_ = 0;
    play(MenuSound::kAccept);
  }
  Item& item = add(Item::Kind::kKeys, at, std::move(label));
  item.is_on = capturing_ == id;
  if (item.is_on) item.value = "press a key or button";
  for (const engine::app::Button& one : bound) item.cells.push_back({one.label()});
  item.focus = t.focus;
  return button;
}

// --- Lists -----------------------------------------------------------------------------------------------------------

void Ui::select_row(ListState& state, int row, int rows, int shown, ListResult& result) {
  row = std::clamp(row, 0, std::max(0, rows - 1));
  if (row != state.selected) {
    state.selected = row;
    result.moved = true;
    play(MenuSound::kMove);
  }
  state.first = std::clamp(state.first, std::max(0, row - shown + 1), row);
}

ListResult Ui::list(const std::string& id, const Box& box, std::span<const Column> columns,
                    std::span<const ListRow> rows, ListState& state) {
  ListResult result;
  const auto count = static_cast<int>(rows.size());
  const int shown = std::max(1, static_cast<int>(box.height / kRowHeight));
  state.selected = std::clamp(state.selected, 0, std::max(0, count - 1));
  state.first = std::clamp(state.first, 0, std::max(0, count - shown));
  if (count == 0) return result;

  const Touch t = touch(id, box, true, false);
  const int pointed = state.first + static_cast<int>((input_.mouse.y - box.y) / kRowHeight);
  if (t.has_focus) {
    if (state.selected > 0 && take(Direction::kUp)) select_row(state, state.selected - 1, count, shown, result);
    if (state.selected + 1 < count && take(Direction::kDown)) {
      select_row(state, state.selected + 1, count, shown, result);
    }
    if (input_.page_up) select_row(state, state.selected - shown, count, shown, result);
    if (input_.page_down) select_row(state, state.selected + shown, count, shown, result);
    const bool clicked = t.activated && input_.mouse_released;
    result.activated = t.activated && (!clicked || (pointed == state.selected && is_double_));
    if (result.activated) play(MenuSound::kAccept);
  }
  if (t.pressed && pointed < count) {
    is_double_ = pointed == pressed_row_ && since_press_s_ < kDoubleClick_s;
    pressed_row_ = is_double_ ? -1 : pointed;
    since_press_s_ = 0;
    select_row(state, pointed, count, shown, result);
  }
  if (t.is_hovered && input_.wheel != 0) {
    state.first = std::clamp(state.first - static_cast<int>(std::lround(input_.wheel)), 0, std::max(0, count - shown));
  }

  for (int i = state.first; i < std::min(count, state.first + shown); ++i) {
    const ListRow& row = rows[static_cast<std::size_t>(i)];
    const float y = box.y + static_cast<float>(i - state.first) * kRowHeight;
    Item& item = add(Item::Kind::kRow, {box.x, y, box.width, kRowHeight}, "");
    item.column_set.assign(columns.begin(), columns.end());
    item.cells = row.cells;
    item.is_locked = row.is_locked;
    item.is_on = i == state.selected;
    item.share = t.is_hovered && i == pointed ? 1 : 0;
    item.focus = item.is_on ? t.focus : 0;
  }
  if (count > shown) {
    Item& bar =
        add(Item::Kind::kScrollbar, {box.x + box.width + 8, box.y, 4, static_cast<float>(shown) * kRowHeight}, "");
    bar.share = static_cast<float>(state.first) / static_cast<float>(count);
    bar.span = static_cast<float>(shown) / static_cast<float>(count);
  }
  return result;
}

}  // namespace game::client
