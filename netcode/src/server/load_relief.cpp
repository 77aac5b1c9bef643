#include "server/load_relief.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <tuple>

#include "netcode/limits.hpp"

namespace netcode {
namespace {

/// What takes less is not what the shard suffers from.
constexpr double kShareWorthwhile = 0.002;

/// In which order matches give way; none: it keeps its ticks.
enum class Rank : std::uint8_t { kEnds, kSlowsUnplayed, kSlowsPlayed };

std::optional<Rank> rank_of(const MatchLoad& match) {
  if (match.share < kShareWorthwhile) return std::nullopt;
  if (!match.is_played && !match.is_standing) return Rank::kEnds;
  if (match.slowdown >= limits::kSlowdownMax) return std::nullopt;
  if (!match.is_played) return Rank::kSlowsUnplayed;
  return match.is_standing ? std::nullopt : std::optional(Rank::kSlowsPlayed);
}

double total(std::span<const MatchLoad> matches) {
  return std::accumulate(matches.begin(), matches.end(), 0.0,
                         [](double sum, const MatchLoad& match) { return sum + match.share; });
}

// Of all matches that the same address has made.
std::map<std::string_view, double> shares_by_maker(std::span<const MatchLoad> matches) {
  std::map<std::string_view, double> shares;
  for (const MatchLoad& match : matches)
    if (!match.made_by.empty()) shares[match.made_by] += match.share;
  return shares;
}

std::optional<Relief> next(std::span<const MatchLoad> matches) {
  const auto by_maker = shares_by_maker(matches);
  std::optional<std::size_t> best;
  std::tuple<int, double, double> best_key;
  for (std::size_t i = 0; i < matches.size(); ++i) {
    const auto rank = rank_of(matches[i]);
    if (!rank) continue;
    const MatchLoad& match = matches[i];
    const double makers = match.made_by.empty() ? match.share : by_maker.at(match.made_by);
    const double within = *rank == Rank::kSlowsPlayed ? static_cast<double>(match.number) : match.share;
    const std::tuple key{-static_cast<int>(*rank), *rank == Rank::kSlowsPlayed ? makers : 0.0, within};
    if (best && key <= best_key) continue;
    best = i;
    best_key = key;
  }
  if (!best) return std::nullopt;
  if (rank_of(matches[*best]) == Rank::kEnds) return Relief{.kind = Relief::Kind::kEnd, .match = *best};
  return Relief{.kind = Relief::Kind::kSlowDown, .match = *best, .slowdown = matches[*best].slowdown * 2};
}

// Those that are played first, and of them the oldest.
std::optional<Relief> speed_up(std::span<const MatchLoad> matches) {
  const double used = total(matches);
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < matches.size(); ++i) {
    const MatchLoad& match = matches[i];
    if (match.slowdown == 1 || used + match.share >= limits::kTickShareMax) continue;
    const auto key = [&](std::size_t at) { return std::tuple(!matches[at].is_played, matches[at].number); };
    if (!best || key(i) < key(*best)) best = i;
  }
  if (!best) return std::nullopt;
  return Relief{.kind = Relief::Kind::kSpeedUp, .match = *best, .slowdown = matches[*best].slowdown / 2};
}

}  // namespace

std::vector<Relief> relieve(std::span<const MatchLoad> given, bool is_overdue) {
  std::vector<Relief> out;
  std::vector<MatchLoad> matches(given.begin(), given.end());
  double used = total(matches);
  const bool is_too_much = used > limits::kTickShareOverloaded || (is_overdue && used > limits::kTickShareMax);
  if (!is_too_much) {
    if (const auto faster = is_overdue ? std::nullopt : speed_up(matches)) out.push_back(*faster);
    return out;
  }
  while (used > limits::kTickShareMax) {
    const auto relief = next(matches);
    if (!relief) break;
    MatchLoad& match = matches[relief->match];
    const double left = relief->kind == Relief::Kind::kEnd ? 0.0 : match.share / 2;
    used -= match.share - left;
    match.share = left;
    match.slowdown = relief->slowdown;
    const auto same =
        std::find_if(out.begin(), out.end(), [&](const Relief& one) { return one.match == relief->match; });
    if (same == out.end()) {
      out.push_back(*relief);
    } else {
      *same = *relief;
    }
  }
  return out;
}

}  // namespace netcode
