// A recorded match as a test of the rules that it was played by, for suites of GoogleTest:
//
//   TEST(Tag, plays_the_final_of_the_tournament_as_it_was) {
//     EXPECT_TRUE(netcode::testing::replay_test<tag::Game>("recordings/final.scrim"));
//   }
//
// docs/testing.md says how to come by such a recording, what rules have to keep to, and what breaks it.
//
// Threading: none; several may run at once. Memory: as verify_recording.
#pragma once

#include <gtest/gtest.h>

#include <concepts>
#include <string>
#include <utility>

#include "netcode/recording.hpp"
#include "netcode/rules.hpp"

namespace netcode::testing {

/// Plays the match again by rules that are made as `type` says, whatever kind the server called it, and compares every
/// tick: see verify_recording. Fails with the first tick that is not as it was, and the field of the next keyframe that
/// differs; and where the file cannot be read, holds no tick, or was recorded by rules of another version or schema.
/// A recording without an end is played as far as it goes.
inline ::testing::AssertionResult replay_test(const std::string& file, const RulesType& type) {
  const VerifyReport report = verify_recording_by(file, type);
  if (report.ok && report.ticks > 0) return ::testing::AssertionSuccess() << file << ": " << report.ticks << " ticks";
  auto failure = ::testing::AssertionFailure() << file;
  if (report.first_bad_tick) failure << ", tick " << *report.first_bad_tick;
  failure << ": " << (report.ok ? "it holds no tick" : report.reason);
  if (!report.difference.empty()) failure << "\nrecorded != played: " << report.difference;
  return failure;
}

template <RulesClass Game>
::testing::AssertionResult replay_test(const std::string& file) requires std::default_initializable<Game> {
  return replay_test(file, rules_type<Game>());
}

/// For rules that are given what they need: made as for Server::define.
template <RulesClass Game>
::testing::AssertionResult replay_test(const std::string& file, RulesFactory<Game> factory) {
  return replay_test(file, rules_type<Game>(std::move(factory)));
}

}  // namespace netcode::testing
