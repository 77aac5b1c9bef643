#include "game/client/scoreboard.hpp"

#include <algorithm>
#include <cmath>

#include <spdlog/fmt/fmt.h>

#include "game/client/ship_shape.hpp"

namespace game::client {
namespace {

using engine::app::added;
using engine::app::Align;
using engine::app::Box;
using engine::app::Canvas;
using engine::app::faded;

constexpr std::size_t kRowsMax = 16;

Color color_of(const Art& art, const PlayerRow& row, sim::PlayerId self, bool has_teams) {
  if (has_teams) return art.colors.teams[row.team % 2];
  return row.id == self ? art.colors.own : palette::kText;
}

void draw_row(Canvas& canvas, const Art& art, const Box& box, int rank, const PlayerRow& row, Color color,
              bool is_self) {
  if (is_self) canvas.box(box, faded(color, 0.14F));
  const float y = box.y + box.height - 8;
  canvas.text(art.numbers, fmt::format("{}", rank), {box.x + 38, y}, 16, palette::kMuted, Align::kRight);
  const auto ship = ship_outline({box.x + 64, box.y + box.height / 2}, 0, 0.6F);
  canvas.polyline(ship, 1.5F, color, true);
  canvas.text(art.text, row.name, {box.x + 90, y}, 17, color);
  const auto column = [&](float right, int value, Color tint) {
    canvas.text(art.numbers, fmt::format("{}", value), {box.x + right, y}, 17, tint, Align::kRight);
  };
  column(440, row.score, palette::kText);
  column(530, row.deaths, palette::kMuted);
  column(620, row.streak, row.streak >= 3 ? palette::kRapid : palette::kMuted);
}

struct Step {
  float x;
  float height;
};

}  // namespace

void draw_scoreboard(Canvas& canvas, const Art& art, const ScoreboardFacts& facts) {
  const auto& rows = facts.roster.by_rank();
  const std::size_t count = std::min(rows.size(), kRowsMax);
  constexpr float kRowHeight = 29;
  const float height = 118 + static_cast<float>(count) * kRowHeight;
  const Box panel{310, std::max(24.0F, 350 - height / 2), 660, height};
  canvas.box(panel, faded(palette::kGround, 0.88F));
  canvas.box({panel.x, panel.y, panel.width, 3}, palette::kWall);
  canvas.text(art.title, facts.title, {panel.x + 24, panel.y + 44}, 26, palette::kText);
  const float head = panel.y + 76;
  canvas.text(art.text, "FRAGS", {panel.x + 440, head}, 12, palette::kMuted, Align::kRight);
  canvas.text(art.text, "DEATHS", {panel.x + 530, head}, 12, palette::kMuted, Align::kRight);
  canvas.text(art.text, "STREAK", {panel.x + 620, head}, 12, palette::kMuted, Align::kRight);
  float y = head + 8;
  for (std::size_t i = 0; i < count; ++i) {
    const PlayerRow& row = rows[i];
    draw_row(canvas, art, {panel.x, y, panel.width, kRowHeight}, facts.roster.rank(row.id), row,
             color_of(art, row, facts.self, facts.has_teams), row.id == facts.self);
    y += kRowHeight;
  }
  canvas.text(art.text, facts.note, {panel.x + 24, y + 22}, 13, palette::kMuted);
}

void draw_podium(Canvas& canvas, const Art& art, const PodiumFacts& facts) {
  canvas.box({0, 0, 1280, 720}, faded(palette::kGround, std::min(0.82F, facts.age_s * 2)));
  const bool we_won = facts.result.winner != sim::kNobody && facts.result.winner == facts.self;
  const std::string title = facts.result.winner == sim::kNobody ? std::string("A DRAW")
                            : we_won                            ? std::string("VICTORY")
                                                                : facts.result.winner_name + " WINS";
  const Color title_color = we_won ? palette::kRapid : palette::kText;
  canvas.text(art.title, title, {640, 96}, 58, title_color, Align::kCentre);
  canvas.text(
      art.text,
      facts.next_in_s > 0 ? fmt::format("round {} - the next one in {}", facts.result.round, facts.next_in_s) : "",
      {640, 128}, 15, palette::kMuted, Align::kCentre);

  // Second, first and third, from the left; they rise one after the other.
  constexpr std::array<Step, 3> kSteps = {{{640, 170}, {450, 120}, {830, 84}}};
  constexpr std::array<Color, 3> kMetals = {rgb(0xFFD84A), rgb(0xC9D4F2), rgb(0xD08A4E)};
  const auto& rows = facts.roster.by_rank();
  for (std::size_t i = 0; i < kSteps.size() && i < rows.size(); ++i) {
    const float rise = std::clamp((facts.age_s - 0.25F * static_cast<float>(2 - i)) / 0.5F, 0.0F, 1.0F);
    const float height = kSteps[i].height * (1 - (1 - rise) * (1 - rise));
    const Box block{kSteps[i].x - 84, 470 - height, 168, height};
    canvas.box(block, faded(kMetals[i], 0.12F));
    canvas.box({block.x, block.y, block.width, 3}, kMetals[i]);
    canvas.text(art.title, fmt::format("{}", i + 1), {kSteps[i].x, 470 - 20}, 40, faded(kMetals[i], 0.6F * rise),
                Align::kCentre);
    if (rise <= 0) continue;
    const Color color = rows[i].id == facts.self ? art.colors.own : palette::kText;
    const Point at{kSteps[i].x, block.y - 62};
    canvas.glow(at, 70, added(faded(kMetals[i], 0.3F * rise)));
    const auto outline = ship_outline(at, -kPi / 2 + 0.15F * std::sin(facts.age_s * 2 + static_cast<float>(i)), 2);
    canvas.polygon(outline, palette::kWallFill);
    canvas.polyline(outline, 2.5F, color, true);
    canvas.text(art.text, rows[i].name, {kSteps[i].x, block.y - 14}, 18, color, Align::kCentre);
    canvas.text(art.numbers, fmt::format("{}", rows[i].score), {kSteps[i].x, block.y + 30}, 22, palette::kText,
                Align::kCentre);
  }

  const auto count = static_cast<float>(facts.result.awards.size());
  float x = 640 - (count - 1) * 118;
  float delay = 1;
  for (const AwardLine& award : facts.result.awards) {
    const float shown = std::clamp((facts.age_s - delay) / 0.3F, 0.0F, 1.0F);
    canvas.box({x - 110, 508, 220, 92}, faded(palette::kWallFill, 0.9F * shown));
    canvas.box({x - 110, 508, 220, 2}, faded(art.colors.own, shown));
    canvas.text(art.title, award.award, {x, 536}, 17, faded(art.colors.own, shown), Align::kCentre);
    canvas.text(art.text, award.name, {x, 562}, 17, faded(palette::kText, shown), Align::kCentre);
    canvas.text(art.text, award.why, {x, 585}, 13, faded(palette::kMuted, shown), Align::kCentre);
    x += 236;
    delay += 0.3F;
  }
}

}  // namespace game::client
