// Pictures that were drawn once, looked at, and kept: tests/engine/app/golden/<name>.png.
//
// Compilers may round a pixel differently, so pictures are equal within a tolerance. Where they are not, the picture
// as drawn and the difference, brightened, are written to golden-failures/ in the test's folder and named.
// Letters come from the system's FreeType: a newer one may draw other text.
// Run with SCRIM_WRITE_GOLDEN=1 to draw the golden pictures anew; then look at each of them.
#pragma once

#include <string>

#include "engine/app/picture.hpp"

namespace engine::app::test {

struct Difference {
  double mean = 0;  // of all channels of all pixels, 0 to 255
  int max = 0;      // of any channel
};

/// Both must be of one size.
Difference difference(const Picture& a, const Picture& b);

/// Empty if the picture is as it was, else what is wrong and where to look.
std::string compare_with_golden(const Picture& picture, const std::string& name);

}  // namespace engine::app::test
