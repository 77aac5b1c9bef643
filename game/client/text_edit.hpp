// A line of UTF-8 being written: caret, typing, deleting, the clipboard, and a bound in bytes. Pure functions on plain
// values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/app/input.hpp"

namespace game::client {

struct TextEdit {
  std::size_t caret = 0;                // in bytes, never within a code point
  bool was_refused = false;             // what was typed last did not fit
  bool is_secret = false;               // a password: never copied
  std::optional<std::string> copied{};  // for the clipboard: whoever takes it there empties it
};

/// Does what the frame's keys and text say to `text`, in their order; it stays within `bytes_max`, of whole code
/// points. Copying and cutting take all of it, for there is no selection. True if it changed.
bool edit_text(std::string& text, TextEdit& edit, const engine::app::Input& input, std::size_t bytes_max);

/// Writing with four directions, for a gamepad: the last letter goes through the alphabet, another comes, or it goes.
enum class Dial : std::uint8_t { kNextLetter, kPreviousLetter, kAdd, kDelete };
bool dial_text(std::string& text, TextEdit& edit, Dial dial, std::size_t bytes_max);

/// The place after, or before, the code point at `at`.
std::size_t next_letter(std::string_view text, std::size_t at);
std::size_t previous_letter(std::string_view text, std::size_t at);
std::size_t count_letters(std::string_view text);

}  // namespace game::client
