// Line breaking: a text as lines that are no wider than their column. Pure, but for the glyphs that the
// typeface keeps.
#pragma once

#include <string_view>
#include <vector>

#include "engine/app/typeface.hpp"

namespace engine::app {

/// The lines, as parts of `text`, which must stay: at least one. They are broken at line ends and spaces, which are
/// left out, and between Chinese and Japanese letters; a word wider than the column is cut between its letters.
/// `first_px` of the first line is taken already: where no word fits beside it, that line is empty.
std::vector<std::string_view> wrap_text(Typeface& face, std::string_view text, float size_px, float width_px,
                                        float first_px = 0);

}  // namespace engine::app
