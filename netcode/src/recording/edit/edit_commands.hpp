// The commands of a replay program that make something else of recordings: shrink, outcome, whatif. Each says what it
// did on stdout, or on stderr in one line why not, and returns an exit code as netcode::replay_tool.
//
// Threading: none.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "netcode/recording.hpp"

namespace netcode::recording {

struct ShrinkCommand {
  std::string file;
  std::string out;
  std::string fails = "verify";      // or a command: see FailingCheck
  std::uint32_t seconds = 300;       // then what is smallest by now is it
  std::uint32_t check_seconds = 60;  // a check that takes longer does not fail
};
int shrink(const ShrinkCommand& command, const RulesTypes& types);

using OptionValues = std::map<std::string, std::string>;

int outcome(const std::string& file, const OptionValues& options, const RulesTypes& types);

struct WhatIfCommand {
  std::vector<std::string> files;
  OptionValues options;  // in place of the recorded ones
  std::string by;        // another replay program, with other rules; empty: this one
};
int what_if(const WhatIfCommand& command, const RulesTypes& types);

}  // namespace netcode::recording
