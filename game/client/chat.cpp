#include "game/client/chat.hpp"

#include <cmath>
#include <utility>

#include "engine/core/utf8.hpp"

namespace game::client {
namespace {

using engine::app::Button;
using engine::app::Canvas;
using engine::app::faded;

constexpr std::size_t kLinesMax = 6;
constexpr float kLineSeconds = 9;
constexpr float kLeft = 28;
constexpr float kBottom = 560;
constexpr float kLineHeight = 22;
constexpr float kTextSize = 15;

bool is_key(const Button& button, std::string_view name) { return button == Button::from_name(name); }

}  // namespace

void Chat::update(float dt_s) {
  time_s_ += dt_s;
  for (Line& line : lines_) line.age_s += dt_s;
}

void Chat::heard(std::string name, Color color, std::string text) {
  if (lines_.size() == kLinesMax) lines_.pop_front();
  lines_.push_back({std::move(name), color, std::move(text), 0});
}

void Chat::open() {
  open_ = true;
  typed_.clear();
}

std::optional<std::string> Chat::take(const engine::app::Input& input) {
  typed_ = engine::utf8_prefix(typed_ + engine::printable_utf8(input.text), kLineBytesMax);
  for (const engine::app::ButtonChange& change : input.buttons) {
    if (!change.down) continue;
    if (is_key(change.button, "Escape")) close();
    if (is_key(change.button, "Backspace")) {
      // The last letter, all bytes of it.
      while (!typed_.empty() && (static_cast<unsigned char>(typed_.back()) & 0xC0U) == 0x80U) typed_.pop_back();
      if (!typed_.empty()) typed_.pop_back();
    }
    if (is_key(change.button, "Return") || is_key(change.button, "Keypad Enter")) {
      close();
      if (!typed_.empty()) return std::exchange(typed_, {});
    }
  }
  return std::nullopt;
}

void Chat::draw(Canvas& canvas, const Art& art) const {
  float y = kBottom;
  if (open_) {
    const std::string caret = std::fmod(time_s_, 1.0F) < 0.5F ? "|" : "";
    canvas.box({kLeft - 8, y + 8, 520, 28}, faded(palette::kGround, 0.85F));
    canvas.text(art.text, "say: " + typed_ + caret, {kLeft, y + 27}, kTextSize, palette::kText);
  }
  for (auto line = lines_.rbegin(); line != lines_.rend(); ++line) {
    const float alpha = open_ ? 1 : std::min(1.0F, kLineSeconds - line->age_s);
    if (alpha <= 0) continue;
    canvas.text(art.text, line->name + ":", {kLeft, y}, kTextSize, faded(line->color, alpha));
    const float after = canvas.text_width(art.text, line->name + ":", kTextSize) + 8;
    canvas.text(art.text, line->text, {kLeft + after, y}, kTextSize, faded(palette::kText, alpha));
    y -= kLineHeight;
  }
}

}  // namespace game::client
