// JSON as JavaScript has it: read as JSON.parse and written as JSON.stringify do, so that what comes back to a client
// of Socket.IO is what it sent, byte for byte.
//
// Numbers are doubles, also where they have no fraction: beyond 2^53 they lose digits, on purpose. A lone surrogate,
// "\ud800", is legal in JSON and has no UTF-8: it becomes U+FFFD.
//
// Threading: values, pure functions.
#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <string_view>

#include "engine/core/result.hpp"

namespace netcode::socketio {

/// Values within values, at most.
inline constexpr std::size_t kJsonDepthMax = 64;

/// An error: no JSON, more behind it, or deeper than kJsonDepthMax. Of a name that comes twice the last counts.
engine::Result<boost::json::value> parse_json(std::string_view text);

/// Without spaces. A number that JSON cannot have, NaN or infinite, is null, as it is for JSON.stringify.
std::string json_text(const boost::json::value& value);
/// As JavaScript prints it: 1e+21, 1.5e-7, 100, 0.1.
void append_number(double number, std::string& to);

}  // namespace netcode::socketio
