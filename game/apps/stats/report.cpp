#include "game/apps/stats/report.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

namespace game::stats {
namespace {

constexpr double kTicksPerSecond = 60;

double ratio(double a, double b) { return b == 0 ? 0 : a / b; }
double ratio(std::uint64_t a, std::uint64_t b) { return ratio(static_cast<double>(a), static_cast<double>(b)); }

std::string number(double value, const std::string& unit) {
  return fmt::format("{:.{}f}{}{}", value, unit == "%" ? 0 : 1, unit.empty() || unit == "%" ? "" : " ", unit);
}

std::string target(const Measure& measure) {
  if (measure.least && measure.most)
    return fmt::format("{:g} to {}", *measure.least, fmt::format("{:g} {}", *measure.most, measure.unit));
  const std::string unit = measure.unit.empty() ? "" : " " + measure.unit;
  if (measure.least) return fmt::format("at least {:g}{}", *measure.least, unit);
  if (measure.most) return fmt::format("at most {:g}{}", *measure.most, unit);
  return "";
}

std::string limit(const std::optional<double>& value) { return value ? fmt::format("{:g}", *value) : "null"; }

}  // namespace

std::vector<Measure> measures_of(const Tally& tally, const Tally& equal, sim::Mode mode, std::size_t bots) {
  const double minutes = static_cast<double>(tally.player_ticks) / kTicksPerSecond / 60;
  const auto share = [&](sim::Weapon weapon) {
    return 100 * ratio(tally.kills[static_cast<std::size_t>(weapon)], tally.kill_count());
  };
  // Instarail has one weapon, and of two who play equally well one wins half of the rounds.
  const std::optional<double> share_most = mode == sim::Mode::kInstarail ? std::nullopt : std::optional(65.0);
  const bool is_crowd = bots > 2 && !sim::has_teams(mode);
  const std::uint32_t most_wins = equal.wins.empty() ? 0 : *std::max_element(equal.wins.begin(), equal.wins.end());
  return {
      {"life_s", "life", "s", ratio(tally.life_ticks, tally.lives) / kTicksPerSecond, 8, 14},
      {"first_contact_s", "first contact", "s", ratio(tally.contact_ticks, tally.contacts) / kTicksPerSecond,
       std::nullopt, 4},
      {"frags_per_minute", "frags a minute and player", "", ratio(static_cast<double>(tally.kill_count()), minutes), 3,
       5},
      {"blaster_share", "kills by blaster", "%", share(sim::Weapon::kBlaster), std::nullopt, share_most},
      {"rapid_share", "kills by rapid fire", "%", share(sim::Weapon::kRapid), std::nullopt, share_most},
      {"rail_share", "kills by rail", "%", share(sim::Weapon::kRail), std::nullopt, share_most},
      {"spawn_deaths", "deaths within 2 s of coming in", "%", 100 * ratio(tally.spawn_deaths, tally.lives),
       std::nullopt, 3},
      {"lead_changes", "changes of the lead a round", "", ratio(tally.lead_changes, std::uint64_t{tally.rounds}), 4,
       std::nullopt},
      {"best_of_equals", "rounds won by the best of equals", "%",
       100 * ratio(std::uint64_t{most_wins}, std::uint64_t{equal.rounds}), std::nullopt,
       is_crowd ? std::optional(35.0) : std::nullopt},
  };
}

std::string as_table(const Report& report) {
  std::string out =
      fmt::format("{}, {}: {} rounds of {} bots, {}, seed {}\n", report.map, report.mode, report.rounds, report.bots,
                  report.level == 0 ? "of every level in turn" : fmt::format("of level {}", report.level), report.seed);
  for (const Measure& measure : report.measures) {
    const char* verdict = !measure.has_target() ? "" : measure.is_met() ? "met" : "NOT MET";
    out += fmt::format("  {:<34}{:>10}   {:<16}{}\n", measure.text, number(measure.value, measure.unit),
                       target(measure), verdict);
  }
  return out;
}

std::string as_json(const Report& report) {
  std::string out = fmt::format(R"({{"map":"{}","mode":"{}","rounds":{},"bots":{},"level":{},"seed":{},"measures":{{)",
                                report.map, report.mode, report.rounds, report.bots, report.level, report.seed);
  bool all_met = true;
  for (std::size_t i = 0; i < report.measures.size(); ++i) {
    const Measure& one = report.measures[i];
    all_met = all_met && one.is_met();
    out +=
        fmt::format(R"({}"{}":{{"value":{:.2f},"least":{},"most":{},"met":{}}})", i == 0 ? "" : ",", one.key, one.value,
                    limit(one.least), limit(one.most), one.has_target() ? one.is_met() ? "true" : "false" : "null");
  }
  return out + fmt::format(R"(}},"all_met":{}}})", all_met);
}

}  // namespace game::stats
