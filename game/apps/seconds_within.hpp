// A number of seconds on a command line: within bounds that a clock can hold. CLI::Range lets "nan" pass.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace game::apps {

class SecondsWithin : public CLI::Validator {
 public:
  SecondsWithin(double min, double max) {
    func_ = [min, max](const std::string& text) {
      double value = 0;
      const bool is_within = CLI::detail::lexical_cast(text, value) && value >= min && value <= max;  // nor NaN
      if (is_within) return std::string();
      return text + ": expected seconds, " + std::to_string(static_cast<long>(min)) + " to " +
             std::to_string(static_cast<long>(max));
    };
  }
};

}  // namespace game::apps
