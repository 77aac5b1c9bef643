// UTF-8 as strings from outside need it: is it valid, cut it to size, make it safe to show.
//
// Source: RFC 3629; the Unicode Standard 15, table 3-7 (well-formed byte sequences). Pure functions; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace engine {

// Overlong forms, surrogates, code points above U+10FFFF and cut sequences are not UTF-8. NUL is.
[[nodiscard]] bool is_utf8(std::string_view text);

// The longest prefix of at most `bytes_max` bytes that does not cut a code point. The text must be UTF-8.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max);

// The text without what could break a log line, a terminal or the text around it: control characters (C0, DEL, C1),
// line and paragraph separators, and direction overrides. A byte that is not UTF-8 becomes U+FFFD.
[[nodiscard]] std::string printable_utf8(std::string_view text);

// The text as a name: the code points that show something (letters, digits, punctuation, symbols), with at most two
// marks each, and single spaces between them. What else there is goes, since two names that look the same would not be:
// control and format characters, joiners, variation selectors, fillers, tags, what is not assigned. Empty if nothing
// shows. A byte that is not UTF-8 goes, too.
[[nodiscard]] std::string visible_name(std::string_view text);

}  // namespace engine
