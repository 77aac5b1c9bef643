// Where two keyframes of one kind of match differ, by the name of the field. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "netcode/schema.hpp"
#include "recording/format/record_bodies.hpp"

namespace netcode::recording {

/// The first difference in words: "items[3].x: 12 != 13", left and right; what the rules keep first, then the rest and
/// at last the hash. Empty: there is none. `table`: the keyframe table of the schema; a left one that is no such table
/// is said to be none.
std::string keyframe_difference(const Schema& schema, std::string_view table, const KeyframeBody& left,
                                const KeyframeBody& right);

}  // namespace netcode::recording
