#include "tests/bench/feel/figures.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <numeric>
#include <string>

#include <spdlog/fmt/fmt.h>

namespace game::feel {
namespace {

constexpr float kNearUnits = 2.0F * static_cast<float>(sim::kShipRadius) / sim::kUnit;
/// A late press is answered a little after it was shown; the server may be so many ticks later.
constexpr std::uint32_t kLateTicksMax = 40;

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

double quantile(std::vector<double> values, double at) {
  if (values.empty()) return 0;
  const auto nth = static_cast<std::size_t>(at * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(nth), values.end());
  return values[nth];
}

double mean(const std::vector<double>& values) {
  if (values.empty()) return 0;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

struct States {
  std::uint64_t all = 0;
  std::uint64_t excluded = 0;
  std::uint64_t exact = 0;
};

/// Another player's touch is not known to a client before a snapshot has it.
bool is_touched(const ServerLog& server, sim::PlayerId id, std::uint32_t after, std::uint32_t tick) {
  for (std::uint32_t t = after + 1; t <= tick; ++t) {
    const auto* at = server.at(t, id);
    if (at == nullptr || at->is_touched) return true;
  }
  return false;
}

void compare_states(const ClientLog& client, const ServerLog& server, States& out) {
  for (const Predicted& one : client.predicted) {
    const auto* at = server.at(one.tick, client.id);
    if (at == nullptr) continue;  // after the end
    ++out.all;
    if (is_touched(server, client.id, one.snapshot_tick, one.tick)) {
      ++out.excluded;
    } else if (at->ship == one.ship) {
      ++out.exact;
    }
  }
}

struct Shots {
  std::uint64_t judged = 0;
  std::uint64_t agree = 0;
  std::uint64_t hits = 0;
  std::uint64_t unjudged = 0;
};

void compare_shots(const ClientLog& client, const ServerLog& server, Shots& out) {
  std::map<std::uint32_t, const sim::Judged*> verdicts;
  for (const sim::Judged& one : server.judged)
    if (one.shooter == client.id) verdicts[one.tick] = &one;
  for (const SeenShot& shot : client.shots) {
    if (shot.nearest_u > kNearUnits) continue;
    const auto verdict = verdicts.lower_bound(shot.tick);
    const std::uint32_t late_max = shot.is_wish ? 0 : kLateTicksMax;
    if (verdict == verdicts.end() || verdict->first - shot.tick > late_max) {
      out.unjudged += shot.is_wish ? 0 : 1;
      continue;
    }
    ++out.judged;
    out.hits += verdict->second->victim != sim::kNobody ? 1 : 0;
    out.agree += verdict->second->victim == shot.victim ? 1 : 0;
    verdicts.erase(verdict);
  }
}

std::string_view links_name(netcode::Links links) {
  return links == netcode::Links::kOne ? "1" : links == netcode::Links::kTwo ? "2" : "auto";
}

}  // namespace

Figures figures_of(const Joined& logs) {
  States states;
  Shots shots;
  std::vector<double> slack, delay, jumps, gaps;
  std::uint64_t frames = 0;
  std::uint64_t starved = 0;
  const auto add = [](std::vector<double>& to, const std::vector<double>& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  for (const ClientLog* client : logs.clients) {
    compare_states(*client, logs.server, states);
    compare_shots(*client, logs.server, shots);
    add(slack, client->slack_ticks);
    add(delay, client->delay_ms);
    add(jumps, client->jumps_px);
    add(gaps, client->whole_again_ms);
    frames += client->frames;
    starved += client->starved_frames;
  }
  return {.own_exact = share(states.exact, states.all - states.excluded),
          .excluded = share(states.excluded, states.all),
          .missing_actions = share(logs.actions_missing, logs.player_ticks),
          .starved_frames = share(starved, frames),
          .shots_agree = share(shots.agree, shots.judged),
          .hit_share = share(shots.hits, shots.judged),
          .slack_p50_ticks = quantile(slack, 0.5),
          .interpolation_ms = mean(delay),
          .jump_p99_px = quantile(jumps, 0.99),
          .whole_again_ms = quantile(gaps, 1),
          .shots = shots.judged,
          .unjudged = shots.unjudged,
          .ticks = states.all,
          .links = logs.links,
          .snapshot_bytes = logs.snapshot_bytes};
}

std::string as_json(const Options& options, const Figures& it) {
  return fmt::format(
      R"({{"profile":"{}","links":"{}","seed":{},"own_exact":{:.5f},"excluded":{:.5f},"missing_actions":{:.5f},)"
      R"("starved_frames":{:.5f},"shots_agree":{:.5f},"hit_share":{:.5f},"slack_p50_ticks":{:.2f},)"
      R"("interpolation_ms":{:.1f},"jump_p99_px":{:.2f},"whole_again_ms":{:.0f},"links_open":{:.1f},"snapshot_bytes":{:.0f},"unjudged":{},)"
      R"("shots":{},"ticks":{}}})",
      options.network.name, links_name(options.links), options.seed, it.own_exact, it.excluded, it.missing_actions,
      it.starved_frames, it.shots_agree, it.hit_share, it.slack_p50_ticks, it.interpolation_ms, it.jump_p99_px,
      it.whole_again_ms, it.links, it.snapshot_bytes, it.unjudged, it.shots, it.ticks);
}

std::string table_head() {
  return "profile  links  seed  own exact  excluded  missing  starved  shots agree  hits  slack p50  delay ms  jump "
         "p99  "
         "gap ms  shots";
}

std::string as_table(const Options& options, const Figures& it) {
  return fmt::format(
      "{:<7}  {:>5}  {:>4}  {:>8.2f}%  {:>7.2f}%  {:>6.2f}%  {:>6.2f}%  {:>10.1f}%  {:>3.0f}%  {:>9.1f}  {:>8.1f}  "
      "{:>8.2f}  {:>6.0f}  {:>5}",
      options.network.name, links_name(options.links), options.seed, it.own_exact * 100, it.excluded * 100,
      it.missing_actions * 100, it.starved_frames * 100, it.shots_agree * 100, it.hit_share * 100, it.slack_p50_ticks,
      it.interpolation_ms, it.jump_p99_px, it.whole_again_ms, it.shots);
}

}  // namespace game::feel
