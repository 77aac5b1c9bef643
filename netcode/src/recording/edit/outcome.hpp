// What comes of a match's inputs: how many events of each name, and how it ends; by the rules as they are here, or with
// other options than it was played with. So a designer sees what a change would have made of the matches of last week,
// as far as players would have done the same.
//
// Threading: none. Memory: one match.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "netcode/recording.hpp"

namespace netcode::recording {

struct Outcome {
  Tick ticks = 0;                               // played: to the recording's end, or to the match's
  std::map<std::string, std::uint64_t> events;  // by name
  std::optional<std::string> result;            // as the rules ended it

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// Plays the recording by these rules, of whatever version, if their schema is the one that it was recorded with.
/// `options`: in place of those of the same name.
engine::Result<Outcome> outcome_of(const std::string& path, const RulesTypes& types,
                                   const std::map<std::string, std::string>& options = {});

/// A line each, for other programs: "ticks 3600", "event hit 12", and where it ended "result red wins".
std::string as_lines(const Outcome& outcome);
/// An error names the line.
engine::Result<Outcome> outcome_from_lines(std::string_view text);

}  // namespace netcode::recording
