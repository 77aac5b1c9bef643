#include "game/client/menu/ui.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "game/client/menu/navigation.hpp"

namespace game::client {
namespace {

using engine::app::Box;
using engine::app::Button;
using engine::app::ButtonChange;

/// How long a key row waits for a button, for whoever has none to say no with.
constexpr double kCapture_s = 6;
constexpr float kGlowPer_s = 9;

}  // namespace

void Ui::begin(const MenuInput& input, const std::string& screen) {
  input_ = input;
  items_.clear();
  places_.clear();
  sounds_.clear();
  next_glow_.clear();
  preferred_.clear();
  since_press_s_ += input.dt_s;
  if (screen != screen_) {
    focus_ = remembered_[screen];
    screen_ = screen;
    pressed_.clear();
    pressed_row_ = -1;
    capturing_.clear();
    focus_was_moved_ = true;
  }
  capture();
}

void Ui::end() {
  glow_ = std::exchange(next_glow_, {});
  move_focus();
  if (input_.mouse_released) pressed_.clear();
  if (!place_of(focus_) && !places_.empty()) {
    focus_ = place_of(preferred_) ? preferred_ : places_.front().id;
    focus_was_moved_ = true;
  }
  // The kind of the focused widget is known only now: this frame's text went to whoever had it before.
  const bool is_field = std::any_of(items_.begin(), items_.end(), [](const Item& i) { return i.has_caret; });
  writes_ = is_field && edited_ == focus_;
  if (!writes_) dialing_.clear();
  remembered_[screen_] = focus_;
}

void Ui::set_focus(std::string id) {
  if (focus_ == id) return;
  focus_ = std::move(id);
  focus_was_moved_ = true;
}

void Ui::forget(const std::string& screen) {
  remembered_.erase(screen);
  if (screen == screen_) focus_.clear();
}

void Ui::swallow() {
  const double dt_s = input_.dt_s;
  const engine::app::Point mouse = input_.mouse;
  const engine::app::Input* input = input_.input;
  input_ = MenuInput{};
  input_.dt_s = dt_s;
  input_.mouse = mouse;
  input_.input = input;
}

// --- Keys to be bound ------------------------------------------------------------------------------------------------

void Ui::capture() {
  captured_.reset();
  if (capturing_.empty()) return;
  capturing_s_ += input_.dt_s;
  const Button escape = Button::from_name("Escape").value_or(Button{});
  bool is_over = capturing_s_ > kCapture_s || input_.input->lost_focus;
  for (const ButtonChange& change : input_.input->buttons) {
    if (is_over || !change.down || change.repeated || change.value < 0.5F) continue;
    is_over = true;
    if (change.button != escape) captured_ = change.button;
  }
  swallow();
  if (!is_over) return;
  if (!captured_) {
    capturing_.clear();
    play(MenuSound::kBack);
  }
}

// --- Focus -----------------------------------------------------------------------------------------------------------

std::optional<std::size_t> Ui::place_of(const std::string& id) const {
  const auto found = std::find_if(places_.begin(), places_.end(), [&](const Place& p) { return p.id == id; });
  if (found == places_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - places_.begin());
}

void Ui::move_focus() {
  const auto from = place_of(focus_);
  if (!from) return;
  if (input_.next) step_focus(1);
  if (input_.previous) step_focus(-1);
  for (const Direction d : {Direction::kUp, Direction::kDown, Direction::kLeft, Direction::kRight}) {
    if (!input_.goes(d)) continue;
    // First within the part that scrolls, seen or not; then anywhere that is seen.
    std::vector<Box> boxes;
    const auto find = [&](const auto& is_open, bool goes_on) {
      boxes.clear();
      for (const Place& place : places_) boxes.push_back(is_open(place) ? place.box : Box{});
      boxes[*from] = places_[*from].box;
      return neighbour(boxes, *from, d, goes_on);
    };
    const std::string& group = places_[*from].group;
    auto to = group.empty() ? std::nullopt : find([&](const Place& p) { return p.group == group; }, false);
    if (!to) to = find([](const Place& p) { return !p.is_hidden; }, true);
    if (to && places_[*to].id != focus_) {
      set_focus(places_[*to].id);
      play(MenuSound::kMove);
      return;
    }
  }
}

void Ui::step_focus(int by) {
  const auto from = place_of(focus_);
  if (!from) return;
  const auto count = static_cast<int>(places_.size());
  const int to = (static_cast<int>(*from) + by + count) % count;
  set_focus(places_[static_cast<std::size_t>(to)].id);
  play(MenuSound::kMove);
}

bool Ui::take(Direction d) {
  bool& pressed = input_.direction[static_cast<std::size_t>(d)];
  return std::exchange(pressed, false);
}

Ui::Touch Ui::touch(const std::string& id, const Box& box, bool is_enabled, bool takes_hover) {
  Touch touch;
  const bool is_seen = is_shown(box);
  if (is_enabled) places_.push_back({id, box, group_, !is_seen});
  touch.is_hovered = is_enabled && is_seen && capturing_.empty() && box.contains(input_.mouse);
  if (touch.is_hovered && takes_hover && input_.mouse_moved && focus_ != id && pressed_.empty()) {
    set_focus(id);
    focus_was_moved_ = false;  // what is pointed at stays where it is
    play(MenuSound::kMove);
  }
  if (touch.is_hovered && input_.mouse_pressed) {
    pressed_ = id;
    touch.pressed = true;
    set_focus(id);
  }
  touch.has_focus = is_enabled && focus_ == id;
  const bool clicked = touch.is_hovered && input_.mouse_released && pressed_ == id;
  const bool accepted = touch.has_focus && input_.accept;
  touch.activated = clicked || accepted;
  if (accepted) input_.accept = false;

  float& glow = next_glow_[id];
  const auto before = glow_.find(id);
  const float was = before == glow_.end() ? 0 : before->second;
  const float step = kGlowPer_s * static_cast<float>(input_.dt_s);
  glow = touch.has_focus ? std::min(1.0F, was + 2 * step) : std::max(0.0F, was - step);
  touch.focus = glow;
  if (touch.has_focus && focus_was_moved_) {
    keep_in_view(places_.back());
    focus_was_moved_ = false;
  }
  return touch;
}

// --- Parts that scroll -----------------------------------------------------------------------------------------------

void Ui::begin_scroll(const std::string& id, const Box& view, float height) {
  group_ = id;
  view_ = view;
  height_ = height;
  float& offset = scrolled_[id];
  if (view.contains(input_.mouse)) offset -= input_.wheel * kRowHeight * 1.5F;
  offset = std::clamp(offset, 0.0F, std::max(0.0F, height - view.height));
}

void Ui::end_scroll() {
  if (height_ > view_.height) {
    const Box bar = {view_.x + view_.width + 8, view_.y, 4, view_.height};
    Item& item = add(Item::Kind::kScrollbar, bar, "");
    item.share = scrolled_[group_] / height_;
    item.span = view_.height / height_;
  }
  group_.clear();
}

Box Ui::placed(Box box) const {
  if (group_.empty()) return box;
  const auto offset = scrolled_.find(group_);
  box.y -= offset == scrolled_.end() ? 0 : offset->second;
  return box;
}

bool Ui::is_shown(const Box& box) const {
  return group_.empty() || (box.y >= view_.y - 1 && box.y + box.height <= view_.y + view_.height + 1);
}

void Ui::keep_in_view(const Place& place) {
  if (place.group.empty()) return;
  float& offset = scrolled_[place.group];
  // A row more than is needed, so that one sees what comes next.
  const float below = place.box.y + place.box.height + kRowHeight - (view_.y + view_.height);
  const float above = view_.y - (place.box.y - kRowHeight);
  if (below > 0) offset += below;
  if (above > 0) offset -= above;
  offset = std::clamp(offset, 0.0F, std::max(0.0F, height_ - view_.height));
}

// --- Things to look at -----------------------------------------------------------------------------------------------

Item& Ui::add(Item::Kind kind, const Box& box, std::string text) {
  Item item;
  item.kind = kind;
  item.box = box;
  item.text = std::move(text);
  if (kind == Item::Kind::kScrollbar || is_shown(box)) {
    items_.push_back(std::move(item));
    return items_.back();
  }
  hidden_ = std::move(item);
  return hidden_;
}

void Ui::text(Point at, std::string text, const TextStyle& style) {
  Box box = placed({at.x, at.y - style.size, 0, style.size});
  add(Item::Kind::kText, box, std::move(text)).style = style;
}

void Ui::wrapped(const Box& box, std::string text, const TextStyle& style) {
  add(Item::Kind::kWrapped, placed(box), std::move(text)).style = style;
}

void Ui::panel(const Box& box) { add(Item::Kind::kPanel, box, ""); }

void Ui::custom(std::function<void(engine::app::Canvas&, MenuArt&, float alpha)> paint) {
  add(Item::Kind::kCustom, {}, "").custom = std::move(paint);
}

}  // namespace game::client
