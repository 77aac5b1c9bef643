// A game's own replay program in one line:
//
//   int main(int argc, char** argv) {
//     return netcode::replay_tool(argc, argv, {{"tag", netcode::rules_type<tag::Rules>()}});
//   }
//
// Rules that are made by a factory get it here too: rules_type<tag::Rules>(factory).
//
//   info FILE              what the recording is of, and where it ends
//   verify FILE [--json]   plays it and compares every hash, keyframe and event; --json: one line on stdout
//   dump FILE [--tick A-B] [--player N]
//                          its inputs, events, hashes, keyframes and sessions, a line each
//   diff FILE OTHER [--json]
//                          where two recordings part: the first tick, and the first field in which it shows
//   shrink FILE --out F [--fails CMD] [--seconds S]
//                          the fewest players, inputs and ticks of it with which CMD, or verify, still fails
//   outcome FILE [--set NAME=VALUE]
//                          what comes of its inputs: events by name, and the result, a line each
//   whatif FILES [--set NAME=VALUE] [--by PROGRAM]
//                          what would have come of recorded matches by other options or rules
//   frames FILE --out F [--schema-out S.bfbs] [--every TICKS]
//                          plays it and writes the World of every snapshot into F
//
// docs/recording.md says more of each. Exit codes: 0 ok, 1 not ok (a damaged or different recording, an output that
// cannot be written), 2 wrong usage or no such file, with one line on stderr.
#pragma once

#include "netcode/recording.hpp"

namespace netcode {

int replay_tool(int argc, char** argv, const RulesTypes& types);

}  // namespace netcode
