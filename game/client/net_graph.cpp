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
constexpr float kLabelWidth = 126;  // "ships.shield_until_tick" is the longest of the dear ones
constexpr float kPlotWidth = 120;
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
    {NetMeasure::kSnapshotBytes, "snapshot size", "{:.0f} B", 0, 200},
    {NetMeasure::kCorrection, "correction", "{:.1f} u", 0, 5},
    {NetMeasure::kLinks, "links", "{:.0f}", 0, 2},
}};

constexpr std::array<std::string_view, kNetTraffics> kTraffics = {"snapshots down", "events down", "other down",
                                                                  "actions up",     "events up",   "other up"};
constexpr std::size_t kTrafficsDown = 3;
constexpr float kTrafficHighest = 2;  // kB/s, as long as there is no more

/// With more of them the panel would reach up to the kill feed.
constexpr std::size_t kFieldsMax = 5;
constexpr float kFieldHighest = 50;  // bits, as long as there are no more

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
  std::string label;
  std::string value;
  std::vector<float> samples;
  float low = 0, high = 1;
  Color color{};
};

Row row_of(const NetHistory& history, const MeasureRow& of) {
  const float now = history.now(of.measure);
  Row row{.label = std::string(of.label),
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
  Row row{.label = std::string(kTraffics[which]), .samples = history.of(traffic)};
  const float highest = row.samples.empty() ? 0 : *std::max_element(row.samples.begin(), row.samples.end());
  row.value = fmt::format("{:.1f} kB/s", row.samples.empty() ? 0 : row.samples.back());
  row.high = ceiling(highest, kTrafficHighest);
  row.color = which < kTrafficsDown ? colors.own : palette::kHealth;
  return row;
}

/// All with one height: they are compared with each other.
std::vector<Row> rows_of(const FieldHistory& fields, const SideColors& colors) {
  float highest = 0;
  std::vector<Row> rows;
  for (FieldHistory::Line& line : fields.dearest(kFieldsMax)) {
    highest = std::max(highest, *std::max_element(line.bits.begin(), line.bits.end()));
    rows.push_back({.label = std::move(line.name),
                    .value = fmt::format("{:.1f} bits", line.bits.back()),
                    .samples = std::move(line.bits),
                    .color = colors.own});
  }
  for (Row& row : rows) row.high = ceiling(highest, kFieldHighest);
  return rows;
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
  rows.reserve(std::size(kMeasures) + kNetTraffics + kFieldsMax);
  for (const MeasureRow& one : kMeasures) rows.push_back(row_of(history_, one));
  for (std::size_t i = 0; i < kNetTraffics; ++i) rows.push_back(row_of(history_, static_cast<NetTraffic>(i), colors));
  for (Row& one : rows_of(fields_, colors)) rows.push_back(std::move(one));
  std::vector<OverlayPlot> plots;
  plots.reserve(rows.size());
  for (const Row& one : rows)
    plots.push_back({.label = one.label,
                     .value = one.value,
                     .samples = one.samples,
                     .low = one.low,
                     .high = one.high,
                     .color = one.color});
  overlay_->draw(picture, {.title = "NETWORK",
                           .note = "10 s",
                           .margin = kMargin,
                           .label_width = kLabelWidth,
                           .plot_width = kPlotWidth,
                           .plots = plots});
}

}  // namespace game::client
