#include "game/client/text_edit.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/utf8.hpp"

namespace game::client {
namespace {

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

void insert(std::string& text, TextEdit& edit, std::string_view typed, std::size_t bytes_max) {
  const std::string printable = engine::printable_utf8(typed);
  if (printable.empty()) return;
  const std::size_t room = bytes_max > text.size() ? bytes_max - text.size() : 0;
  const std::string_view fits = engine::utf8_prefix(printable, room);
  edit.was_refused = fits.size() < printable.size();
  text.insert(edit.caret, fits);
  edit.caret += fits.size();
}

void press(std::string& text, TextEdit& edit, std::string_view key) {
  if (key == "Left") edit.caret = previous_letter(text, edit.caret);
  if (key == "Right") edit.caret = next_letter(text, edit.caret);
  if (key == "Home") edit.caret = 0;
  if (key == "End") edit.caret = text.size();
  if (key == "Delete") text.erase(edit.caret, next_letter(text, edit.caret) - edit.caret);
  if (key == "Backspace") {
    const std::size_t begin = previous_letter(text, edit.caret);
    text.erase(begin, edit.caret - begin);
    edit.caret = begin;
  }
}

}  // namespace

bool dial_text(std::string& text, TextEdit& edit, Dial dial, std::size_t bytes_max) {
  static constexpr std::string_view kLetters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_.:/[]!?";
  const std::string before = text;
  const std::size_t last = previous_letter(text, text.size());
  if (dial == Dial::kDelete) {
    text.erase(last);
  } else if (dial == Dial::kAdd || text.empty()) {
    edit.was_refused = text.size() >= bytes_max;
    if (!edit.was_refused) text += kLetters.front();
  } else {
    const std::size_t at = text.size() - last == 1 ? kLetters.find(text[last]) : std::string_view::npos;
    const std::size_t step = dial == Dial::kNextLetter ? 1 : kLetters.size() - 1;
    text.erase(last);
    text += at == std::string_view::npos ? kLetters.front() : kLetters[(at + step) % kLetters.size()];
  }
  if (text.size() < before.size()) edit.was_refused = false;
  edit.caret = text.size();
  return text != before;
}

std::size_t next_letter(std::string_view text, std::size_t at) {
  if (at >= text.size()) return text.size();
  do {
    ++at;
  } while (at < text.size() && continues(text[at]));
  return at;
}

std::size_t previous_letter(std::string_view text, std::size_t at) {
  if (at == 0) return 0;
  do {
    --at;
  } while (at > 0 && continues(text[at]));
  return at;
}

std::size_t count_letters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

bool edit_text(std::string& text, TextEdit& edit, const engine::app::Input& input, std::size_t bytes_max) {
  using engine::app::Shortcut;
  const std::string before = text;
  edit.caret = std::min(edit.caret, text.size());
  std::size_t typed = 0;
  const auto type_up_to = [&](std::size_t end) {
    end = std::clamp(end, typed, input.text.size());
    insert(text, edit, std::string_view(input.text).substr(typed, end - typed), bytes_max);
    typed = end;
  };
  for (const engine::app::ButtonChange& change : input.buttons) {
    type_up_to(change.text_before);
    if (!change.down || change.button.kind != engine::app::Button::Kind::kKey) continue;
    switch (change.shortcut) {
      case Shortcut::kNone:
        press(text, edit, change.button.name());
        break;
      case Shortcut::kPaste:
        insert(text, edit, input.pasted, bytes_max);
        break;
      case Shortcut::kCopy:
        if (!edit.is_secret && !text.empty()) edit.copied = text;
        break;
      case Shortcut::kCut:
        if (edit.is_secret || text.empty()) break;
        edit.copied = std::exchange(text, {});
        edit.caret = 0;
        break;
    }
  }
  type_up_to(input.text.size());
  if (text.size() < before.size()) edit.was_refused = false;
  return text != before;
}

}  // namespace game::client
