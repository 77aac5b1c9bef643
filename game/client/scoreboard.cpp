#include "game/client/scoreboard.hpp"

#include <algorithm>
#include <cmath>

#include <spdlog/fmt/fmt.h>

#include "game/client/scene.hpp"
#include "game/client/ship_shape.hpp"
#include "game/sim/mode_names.hpp"

namespace game::client {
namespace {

using engine::app::added;
using engine::app::Align;
using engine::app::Box;
using engine::app::Canvas;
using engine::app::faded;

constexpr std::size_t kRowsMax = 16;
constexpr std::string_view kYou = " (you)";
/// Everything of the podium has come in by then.
constexpr double kAllShownSeconds = 60;

Color color_of(const Art& art, const Roster& roster, sim::PlayerId id, sim::PlayerId self) {
  if (roster.match().has_teams()) return side_color(art.colors, roster, id, self);
  return id == self ? art.colors.own : palette::kText;
}

constexpr float kTitleSize = 58;

std::string title_of(const Canvas& canvas, const PodiumFacts& facts, const Art& art) {
  if (facts.result.team != 0)
    return std::string(art.colors.team_names[(facts.result.team - 1U) % art.colors.team_names.size()]) + " WINS";
  if (facts.result.winner == sim::kNobody) return "A DRAW";
  if (facts.result.winner == facts.self) return "VICTORY";
  constexpr float kNameWidth = 900;  // beside it " WINS", within the picture
  return canvas.fit(art.title, facts.result.winner_name, kTitleSize, kNameWidth) + " WINS";
}

/// The row's name within `width`. The mark of one's own is not what is cut.
void draw_name(Canvas& canvas, const Art& art, Point at, float size, float width, const std::string& name, Color color,
               bool is_self) {
  const float mark = is_self ? canvas.text_width(art.text, kYou, size) : 0;
  const std::string shown = canvas.fit(art.text, name, size, width - mark);
  canvas.text(art.text, shown, at, size, color);
  if (is_self)
    canvas.text(art.text, kYou, {at.x + canvas.text_width(art.text, shown, size), at.y}, size, palette::kMuted);
}

void draw_row(Canvas& canvas, const Art& art, const Box& box, int rank, const PlayerRow& row, Color color,
              bool is_self) {
  if (is_self) canvas.box(box, faded(color, 0.14F));
  const float y = box.y + box.height - 8;
  canvas.text(art.numbers, fmt::format("{}", rank), {box.x + 38, y}, 16, palette::kMuted, Align::kRight);
  const auto ship = ship_outline({box.x + 64, box.y + box.height / 2}, 0, 0.6F);
  canvas.polyline(ship, 1.5F, color, true);
  constexpr float kNameLeft = 90;
  constexpr float kNameRight = 380;  // the widest number of frags ends at 440
  draw_name(canvas, art, {box.x + kNameLeft, y}, 17, kNameRight - kNameLeft, row.name, color, is_self);
  const auto column = [&](float right, int value, Color tint) {
    canvas.text(art.numbers, fmt::format("{}", value), {box.x + right, y}, 17, tint, Align::kRight);
  };
  column(440, row.score, palette::kText);
  column(530, row.deaths, palette::kMuted);
  column(620, row.streak, row.streak >= 3 ? palette::kRapid : palette::kMuted);
}

/// The maps to choose from, with their votes.
void draw_vote(Canvas& canvas, const Art& art, const PodiumFacts& facts) {
  const auto& maps = facts.roster.match().candidates;
  if (maps.size() < 2) return;
  canvas.text(art.text, facts.vote_key.empty() ? "NEXT MAP" : "NEXT MAP: PRESS ITS NUMBER, OR " + facts.vote_key,
              {640, 636}, 13, palette::kMuted, Align::kCentre);
  float x = 640 - (static_cast<float>(maps.size()) - 1) * 95;
  for (std::size_t i = 0; i < maps.size(); ++i) {
    const bool ours = maps[i].map == facts.our_vote;
    canvas.box({x - 86, 648, 172, 44}, faded(ours ? art.colors.own : palette::kWallFill, ours ? 0.25F : 0.9F));
    if (ours) canvas.box({x - 86, 690, 172, 2}, art.colors.own);
    canvas.text(art.numbers, fmt::format("{}", i + 1), {x - 72, 676}, 15, palette::kMuted);
    canvas.text(art.text, canvas.fit(art.text, maps[i].map, 17, 104), {x - 52, 676}, 17, palette::kText);
    canvas.text(art.numbers, fmt::format("{}", maps[i].votes), {x + 76, 676}, 17, art.colors.own, Align::kRight);
    x += 190;
  }
}

/// From one step of the podium to the next, less a gap: a name is no wider.
constexpr float kStepPitch = 182;

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
  const MatchFacts& match = facts.roster.match();
  // The teams' scores stand on the right.
  const std::string map = canvas.fit(art.title, match.map, 26, 200);
  canvas.text(art.title, map, {panel.x + 24, panel.y + 44}, 26, palette::kText);
  canvas.text(art.text, fmt::format("{}, to {}", sim::name_of(match.mode).name, match.frag_limit),
              {panel.x + 36 + canvas.text_width(art.title, map, 26), panel.y + 44}, 15, palette::kMuted);
  if (match.has_teams()) {
    for (const std::size_t team : {0U, 1U})
      canvas.text(art.numbers, fmt::format("{} {}", art.colors.team_names[team], match.team_scores[team]),
                  {panel.x + (team == 0 ? 520.0F : 636.0F), panel.y + 44}, 18, art.colors.teams[team], Align::kRight);
  }
  const float head = panel.y + 76;
  canvas.text(art.text, "FRAGS", {panel.x + 440, head}, 12, palette::kMuted, Align::kRight);
  canvas.text(art.text, "DEATHS", {panel.x + 530, head}, 12, palette::kMuted, Align::kRight);
  canvas.text(art.text, "STREAK", {panel.x + 620, head}, 12, palette::kMuted, Align::kRight);
  float y = head + 8;
  for (std::size_t i = 0; i < count; ++i) {
    const PlayerRow& row = rows[i];
    draw_row(canvas, art, {panel.x, y, panel.width, kRowHeight}, facts.roster.rank(row.id), row,
             color_of(art, facts.roster, row.id, facts.self), row.id == facts.self);
    y += kRowHeight;
  }
  canvas.text(art.text, canvas.fit(art.text, facts.note, 13, panel.width - 48), {panel.x + 24, y + 22}, 13,
              palette::kMuted);
}

void draw_podium(Canvas& canvas, const Art& art, const PodiumFacts& facts) {
  const auto age_s = static_cast<float>(std::min(facts.age_s, kAllShownSeconds));  // of what comes in once
  canvas.box({0, 0, 1280, 720}, faded(palette::kGround, std::min(0.82F, age_s * 2)));
  const bool we_won = facts.result.winner != sim::kNobody && facts.result.winner == facts.self;
  const Color title_color = facts.result.team != 0 ? art.colors.teams[(facts.result.team - 1U) % 2]
                            : we_won               ? palette::kRapid
                                                   : palette::kText;
  canvas.text(art.title, title_of(canvas, facts, art), {640, 96}, kTitleSize, title_color, Align::kCentre);
  canvas.text(
      art.text,
      facts.next_in_s > 0 ? fmt::format("round {} - the next one in {}", facts.result.round, facts.next_in_s) : "",
      {640, 128}, 15, palette::kMuted, Align::kCentre);

  // Second, first and third, from the left; they rise one after the other.
  constexpr std::array<Step, 3> kSteps = {{{640, 170}, {450, 120}, {830, 84}}};
  constexpr std::array<Color, 3> kMetals = {rgb(0xFFD84A), rgb(0xC9D4F2), rgb(0xD08A4E)};
  const auto& rows = facts.roster.by_rank();
  for (std::size_t i = 0; i < kSteps.size() && i < rows.size(); ++i) {
    const float rise = std::clamp((age_s - 0.25F * static_cast<float>(2 - i)) / 0.5F, 0.0F, 1.0F);
    const float height = kSteps[i].height * (1 - (1 - rise) * (1 - rise));
    const Box block{kSteps[i].x - 84, 470 - height, 168, height};
    canvas.box(block, faded(kMetals[i], 0.12F));
    canvas.box({block.x, block.y, block.width, 3}, kMetals[i]);
    canvas.text(art.title, fmt::format("{}", i + 1), {kSteps[i].x, 470 - 20}, 40, faded(kMetals[i], 0.6F * rise),
                Align::kCentre);
    if (rise <= 0) continue;
    const Color color = color_of(art, facts.roster, rows[i].id, facts.self);
    const Point at{kSteps[i].x, block.y - 62};
    canvas.glow(at, 70, added(faded(kMetals[i], 0.3F * rise)));
    const auto sway = static_cast<float>(std::sin(facts.age_s * 2 + static_cast<double>(i)));
    const auto outline = ship_outline(at, -kPi / 2 + 0.15F * sway, 2);
    canvas.polygon(outline, palette::kWallFill);
    canvas.polyline(outline, 2.5F, color, true);
    canvas.text(art.text, canvas.fit(art.text, rows[i].name, 18, kStepPitch), {kSteps[i].x, block.y - 14}, 18, color,
                Align::kCentre);
    if (rows[i].id == facts.self)
      canvas.text(art.text, "you", {kSteps[i].x, block.y - 34 - 62}, 14, palette::kMuted, Align::kCentre);
    canvas.text(art.numbers, fmt::format("{}", rows[i].score), {kSteps[i].x, block.y + 30}, 22, palette::kText,
                Align::kCentre);
  }

  const auto count = static_cast<float>(facts.result.awards.size());
  // Up to five as wide as they like to be; a team's sixth makes all of them narrower.
  const float pitch = std::min(236.0F, 1248 / std::max(count, 1.0F));
  const float width = pitch - 16;
  float x = 640 - (count - 1) * pitch / 2;
  float delay = 1;
  for (const AwardLine& award : facts.result.awards) {
    const float shown = std::clamp((age_s - delay) / 0.3F, 0.0F, 1.0F);
    canvas.box({x - width / 2, 508, width, 92}, faded(palette::kWallFill, 0.9F * shown));
    canvas.box({x - width / 2, 508, width, 2}, faded(art.colors.own, shown));
    canvas.text(art.title, award.award, {x, 536}, 17, faded(art.colors.own, shown), Align::kCentre);
    canvas.text(art.text, canvas.fit(art.text, award.name, 17, width - 16), {x, 562}, 17, faded(palette::kText, shown),
                Align::kCentre);
    canvas.text(art.text, canvas.fit(art.text, award.why, 13, width - 16), {x, 585}, 13, faded(palette::kMuted, shown),
                Align::kCentre);
    x += pitch;
    delay += 0.3F;
  }
  draw_vote(canvas, art, facts);
}

}  // namespace game::client
