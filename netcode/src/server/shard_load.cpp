// What a shard's matches cost, told to the directory, and what gives way when it is too much.
#include <spdlog/spdlog.h>

#include "netcode/limits.hpp"
#include "server/load_relief.hpp"
#include "server/server_core.hpp"
#include "server/shard.hpp"

namespace netcode {
namespace {

constexpr std::chrono::milliseconds kLoadSampleEvery{500};
const std::string kOverloadedResult = "the server has too much to do, and nobody played here";

std::string maker_of(const MatchLoad& match) {
  if (match.is_standing) return "that stands";
  return match.made_by.empty() ? "of a quick join" : "made by " + std::string(match.made_by);
}

}  // namespace

void Shard::sample_load(engine::TimePoint now) {
  const engine::Duration elapsed = now - load_sampled_at_;
  if (elapsed < kLoadSampleEvery) return;
  load_sampled_at_ = now;
  std::vector<MatchLoad> loads;
  std::vector<LiveMatch*> matches;
  std::map<std::string, double, std::less<>> shares;
  double used = 0;
  for (const auto& [id, match] : matches_) {
    const double share = match->sample_share(elapsed);
    loads.push_back({.id = id,
                     .made_by = match->made_by(),
                     .number = match->number(),
                     .is_played = match->is_played(),
                     .is_standing = match->options().keep_when_empty,
                     .share = share,
                     .slowdown = match->slowdown()});
    matches.push_back(match.get());
    shares[id] = share * match->slowdown();
    used += share;
  }
  server_.directory().note_shares(shares);
  for (const Relief& relief : relieve(loads, load_.is_overloaded())) {
    const MatchLoad& load = loads[relief.match];
    LiveMatch& match = *matches[relief.match];
    if (relief.kind == Relief::Kind::kSpeedUp) {
      spdlog::info("shard {} has time again: match {} {} runs one tick of {}", index_, load.id, maker_of(load),
                   relief.slowdown);
    } else {
      spdlog::warn(
          "shard {} has too much to do, its ticks take {:.0f} % of its time: match {} {} takes {:.1f} % and {}: {}",
          index_, used * 100, load.id, maker_of(load), load.share * 100, load.is_played ? "is played" : "is not played",
          relief.kind == Relief::Kind::kEnd ? "it is ended" : fmt::format("it runs one tick of {}", relief.slowdown));
    }
    if (relief.kind == Relief::Kind::kEnd) {
      match.request_end(kOverloadedResult);
    } else {
      match.set_slowdown(relief.slowdown);
    }
  }
}

void Shard::note_away(const SessionCore& session) {
  if (LiveMatch* match = session.match(); match && session.player() != kNoPlayer) match->note_away(session.player());
  const auto victim =
      server_.directory().session_away(session.identity().token, address_of(session.identity().remote_address));
  if (!victim) return;
  Shard& home = *server_.shards()[victim->shard];
  home.loop().post([&home, id = victim->session] {
    SessionCore* one = home.session(id);
    if (one && !one->is_connected())
      one->end(transport::CloseCode::kGoingAway, "too many sessions of this address wait for their clients");
  });
}

void Shard::note_back(const SessionCore& session) {
  if (LiveMatch* match = session.match(); match && session.player() != kNoPlayer) match->note_back(session.player());
  server_.directory().session_back(session.identity().token);
}

}  // namespace netcode
