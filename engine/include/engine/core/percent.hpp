// Text as URLs carry it: percent-encoding (RFC 3986, 2.1). Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/result.hpp"

namespace engine {

/// Everything but letters, digits and "-._~" is encoded: fit for a path segment and for a query's name or value.
[[nodiscard]] std::string percent_encode(std::string_view text);

/// UTF-8 without control characters, or an error with the head of `text` that says why not. A plus stays one.
[[nodiscard]] Result<std::string> percent_decode(std::string_view text);

}  // namespace engine
