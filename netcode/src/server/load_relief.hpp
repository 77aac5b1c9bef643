// What a shard does when its matches' ticks take more time than there is, and in which order: first it ends matches
// that nobody plays, then it slows down those that stand and are only watched, then those that are played, of the
// address whose matches take the most and there the newest first. Standing matches that are played keep their ticks.
//
// Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace netcode {

struct MatchLoad {
  std::string_view id;
  std::string_view made_by;  // empty: nobody's; it stands for itself
  std::uint64_t number = 0;  // rises with each match made
  bool is_played = false;
  bool is_standing = false;
  double share = 0;            // of the thread's time, as slow as it is now
  std::uint32_t slowdown = 1;  // one tick of so many is run

  friend bool operator==(const MatchLoad&, const MatchLoad&) = default;
};

struct Relief {
  enum class Kind : std::uint8_t { kEnd, kSlowDown, kSpeedUp };
  Kind kind;
  std::size_t match;  // its place in the list
  std::uint32_t slowdown = 1;

  friend bool operator==(const Relief&, const Relief&) = default;
};

/// What brings the matches' share below kTickShareMax, if it is above kTickShareOverloaded or ticks come late all the
/// time. Where there is room again: one match that is slowed down goes faster.
std::vector<Relief> relieve(std::span<const MatchLoad> matches, bool is_overdue);

}  // namespace netcode
