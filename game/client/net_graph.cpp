#include "game/client/net_graph.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

namespace game::client {
namespace {

using engine::app::Overlay;
using engine::app::OverlayPlot;

/// In the bottom right corner, above the ping.
constexpr engine::app::Point kMargin{16, 48};
constexpr float kPlotWidth = 150;
/// Where a measure is no longer well.
constexpr float kAgeMs = 100;
constexpr float kCorrectionUnits = 2;

struct MeasureRow {
  NetMeasure measure;
  std::string_view label;
  std::string_view format;  // of fmt
  float low, high;          // of the plot; it grows for what is higher
};
constexpr std::array<MeasureRow, kNetMeasures> kMeasures = {{
    {NetMeasure::kRoundTrip, "round trip", "{:.0f} ms", 0, 50},
    {NetMeasure::kJitter, "jitter", "{:.1f} ms", 0, 20},
    {NetMeasure::kSlack, "action slack", "{:+.0f} ms", -20, 40},
    {NetMeasure::kSlew, "clock slew", "{:+.1f} %", -5, 5},
    {NetMeasure::kDelay, "drawn behind", "{:.0f} ms", 0, 100},
    {NetMeasure::kSnapshotAge, "snapshot age", "{:.0f} ms", 0, 100},
    {NetMeasure::kCorrection, "correction", "{:.1f} u", 0, 5},
    {NetMeasure::kLinks, "links", "{:.0f}", 0, 2},
}};

constexpr std::array<std::string_view, kNetTraffics> kTraffics = {"snapshots down", "events down", "other down",
                                                                  "actions up",     "events up",   "other up"};
constexpr std::size_t kTrafficsDown = 3;
constexpr float kTrafficHighest = 2;  // kB/s, as long as there is no more

/// The next of 1, 2, 5, 10, ...: a plot's height that stands still while its values move.
float ceiling(float value, float at_least) {
  float high = at_least;
  for (const float factor : {2.0F, 2.5F, 2.0F})
    if (high < value) high *= factor;
  while (high < value) high *= 2;
  return high;
}

bool is_bad(NetMeasure measure, float value) {
  switch (measure) {
    case NetMeasure::kSlack:
      return value < 0;
    case NetMeasure::kSnapshotAge:
      return value > kAgeMs;
    case NetMeasure::kCorrection:
      return value > kCorrectionUnits;
    case NetMeasure::kLinks:
      return value < 1;
    default:
      return false;
  }
}

/// What OverlayPlots refer to.
struct Row {
  std::string_view label;
  std::string value;
  std::vector<float> samples;
  float low = 0, high = 1;
  Color color{};
};

Row row_of(const NetHistory& history, const MeasureRow& of) {
  const float now = history.now(of.measure);
  Row row{.label = of.label,
          .value = fmt::format(fmt::runtime(of.format), now),
          .samples = history.of(of.measure),
          .low = of.low};
  const float highest = row.samples.empty() ? 0 : *std::max_element(row.samples.begin(), row.samples.end());
  row.high = ceiling(highest, of.high);
  row.color = is_bad(of.measure, now) ? palette::kWarning : palette::kText;
  return row;
}

Row row_of(const NetHistory& history, NetTraffic traffic, const SideColors& colors) {
  const auto which = static_cast<std::size_t>(traffic);
  Row row{.label = kTraffics[which], .samples = history.of(traffic)};
  const float highest = row.samples.empty() ? 0 : *std::max_element(row.samples.begin(), row.samples.end());
  row.value = fmt::format("{:.1f} kB/s", row.samples.empty() ? 0 : row.samples.back());
  row.high = ceiling(highest, kTrafficHighest);
  row.color = which < kTrafficsDown ? colors.own : palette::kHealth;
  return row;
}

}  // namespace

void NetGraph::add(double now_s, const netcode::NetworkInfo& network, const netcode::ClientStats& stats,
                   const std::optional<netcode::SnapshotInfo>& snapshot, const Motion& motion) {
  const netcode::Tick tick = snapshot ? snapshot->tick : 0;
  const bool is_new = std::exchange(newest_tick_, tick) != tick;
  history_.add(net_facts(now_s, network, stats, snapshot, is_new, motion));
}

void NetGraph::draw(engine::app::Picture& picture, const SideColors& colors) {
  if (!is_on_) return;
  if (!overlay_) {
    auto opened = Overlay::open(
        {.font = font_, .text_size = 12, .ground = palette::kGround, .text = palette::kText, .muted = palette::kMuted});
    if (!opened) {
      spdlog::warn("no net graph: {}", opened.error().reason);
      is_on_ = false;
      return;
    }
    overlay_ = std::move(*opened);
  }
  std::vector<Row> rows;
  rows.reserve(std::size(kMeasures) + kNetTraffics);
  for (const MeasureRow& one : kMeasures) rows.push_back(row_of(history_, one));
  for (std::size_t i = 0; i < kNetTraffics; ++i) rows.push_back(row_of(history_, static_cast<NetTraffic>(i), colors));
  std::vector<OverlayPlot> plots;
  plots.reserve(rows.size());
  for (const Row& one : rows)
    plots.push_back({.label = one.label,
                     .value = one.value,
                     .samples = one.samples,
                     .low = one.low,
                     .high = one.high,
                     .color = one.color});
  overlay_->draw(picture,
                 {.title = "NETWORK", .note = "10 s", .margin = kMargin, .plot_width = kPlotWidth, .plots = plots});
}

}  // namespace game::client
