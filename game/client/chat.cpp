#include "game/client/chat.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "engine/app/text_wrap.hpp"

namespace game::client {
namespace {

using engine::app::Button;
using engine::app::ButtonChange;
using engine::app::Canvas;
using engine::app::faded;
using engine::app::wrap_text;

constexpr std::size_t kLinesMax = 6;
constexpr float kLineSeconds = 9;
constexpr float kLeft = 28;
constexpr float kBottom = 560;
constexpr float kWidth = 504;
constexpr float kLineHeight = 22;
constexpr float kTextSize = 15;
/// Of all lines together; one alone is at most 8, of the widest letters.
constexpr int kRowsMax = 12;
constexpr float kNameWidthMax = 200;  // the rest is for what is said
constexpr float kNameGap = 8;
constexpr std::string_view kPrompt = "say: ";

bool is_one_of(const Button& button, std::initializer_list<std::string_view> names) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view n) { return button == Button::from_name(n); });
}

bool sends(const ButtonChange& change) {
  return change.down && !change.repeated && is_one_of(change.button, {"Return", "Keypad Enter"});
}

bool ends(const ButtonChange& change) {
  return change.down && !change.repeated && is_one_of(change.button, {"Escape", "Pad B", "Pad Start"});
}

}  // namespace

void Chat::update(float dt_s) {
  time_s_ += static_cast<double>(dt_s);
  // Lines stay, to be read again while one is written: they only grow so old.
  for (Line& line : lines_) line.age_s = std::min(line.age_s + dt_s, kLineSeconds);
}

void Chat::heard(std::string name, Color color, std::string text) {
  if (lines_.size() == kLinesMax) lines_.pop_front();
  lines_.push_back({std::move(name), color, std::move(text), 0});
}

void Chat::open() {
  open_ = true;
  typed_.clear();
  edit_ = {};
}

void Chat::close() {
  open_ = false;
  composing_.clear();
}

std::optional<std::string> Chat::take(const engine::app::Input& input) {
  const auto last = std::find_if(input.buttons.begin(), input.buttons.end(),
                                 [](const ButtonChange& change) { return sends(change) || ends(change); });
  engine::app::Input before_it = input;
  if (last != input.buttons.end()) {
    before_it.buttons.erase(before_it.buttons.begin() + (last - input.buttons.begin()), before_it.buttons.end());
    before_it.text.resize(std::min(before_it.text.size(), last->text_before));
  }
  edit_text(typed_, edit_, before_it, kLineBytesMax);
  composing_ = input.composing;
  if (last == input.buttons.end()) return std::nullopt;
  close();
  if (ends(*last) || typed_.find_first_not_of(' ') == std::string::npos) return std::nullopt;
  return std::exchange(typed_, {});
}

std::optional<std::string> Chat::take_copied() { return std::exchange(edit_.copied, std::nullopt); }

void Chat::draw(Canvas& canvas, const Art& art) const {
  int rows_left = kRowsMax;
  float y = kBottom;
  if (open_) y -= static_cast<float>(draw_typed(canvas, art) - 1) * kLineHeight;
  for (auto line = lines_.rbegin(); line != lines_.rend() && rows_left > 0; ++line) {
    const int rows = draw_line(canvas, art, *line, y, rows_left);
    rows_left -= rows;
    y -= static_cast<float>(rows) * kLineHeight;
  }
}

int Chat::draw_typed(Canvas& canvas, const Art& art) const {
  const float scale = canvas.view().scale;
  const std::size_t caret = kPrompt.size() + edit_.caret;
  std::string text = std::string(kPrompt) + typed_;
  text.insert(caret, composing_);
  const auto rows = wrap_text(art.text, text, kTextSize * scale, kWidth * scale);
  const auto count = static_cast<int>(rows.size());
  const float top = kBottom + 8 - static_cast<float>(count - 1) * kLineHeight;
  const Color ground = faded(palette::kGround, 0.85F);
  canvas.box({kLeft - 8, top, kWidth + 16, 28 + static_cast<float>(count - 1) * kLineHeight}, ground);
  if (edit_.was_refused) canvas.box({kLeft - 8, kBottom + 34, kWidth + 16, 2}, palette::kWarning);

  float y = top + 19;
  for (std::size_t i = 0; i < rows.size(); ++i, y += kLineHeight) {
    canvas.text(art.text, rows[i], {kLeft, y}, kTextSize, palette::kText);
    const auto begin = static_cast<std::size_t>(rows[i].data() - text.data());
    // Spaces at which a line was broken belong to its end.
    const std::size_t end =
        i + 1 < rows.size() ? static_cast<std::size_t>(rows[i + 1].data() - text.data()) : text.size() + 1;
    const auto x_of = [&](std::size_t at) {
      const std::size_t within = std::clamp(at, begin, begin + rows[i].size()) - begin;
      return kLeft + canvas.text_width(art.text, rows[i].substr(0, within), kTextSize);
    };
    const std::size_t composed_end = caret + composing_.size();
    if (composed_end > caret && caret < end && composed_end > begin)
      canvas.line({x_of(caret), y + 4}, {x_of(composed_end), y + 4}, 1, palette::kMuted);
    const bool is_here = composed_end >= begin && composed_end < end;
    if (is_here && std::fmod(time_s_, 1.0F) < 0.5F)
      canvas.line({x_of(composed_end) + 1, y - 13}, {x_of(composed_end) + 1, y + 4}, 1.5F, palette::kText);
  }
  return count;
}

int Chat::draw_line(Canvas& canvas, const Art& art, const Line& line, float bottom, int rows_max) const {
  const float alpha = open_ ? 1 : std::min(1.0F, kLineSeconds - line.age_s);
  if (alpha <= 0) return 0;
  const float scale = canvas.view().scale;
  const std::string name = canvas.fit(art.text, line.name, kTextSize, kNameWidthMax) + ":";
  const float indent = canvas.text_width(art.text, name, kTextSize) + kNameGap;
  const auto rows = wrap_text(art.text, line.text, kTextSize * scale, kWidth * scale, indent * scale);
  const auto count = static_cast<int>(rows.size());
  // The newest is there whole; of an older one no half is.
  if (count > rows_max && rows_max < kRowsMax) return rows_max;
  float y = bottom - static_cast<float>(count - 1) * kLineHeight;
  canvas.text(art.text, name, {kLeft, y}, kTextSize, faded(line.color, alpha));
  for (std::size_t i = 0; i < rows.size(); ++i, y += kLineHeight)
    canvas.text(art.text, rows[i], {kLeft + (i == 0 ? indent : 0), y}, kTextSize, faded(palette::kText, alpha));
  return count;
}

}  // namespace game::client
