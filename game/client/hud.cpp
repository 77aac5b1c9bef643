#include "game/client/hud.hpp"

#include <algorithm>
#include <cmath>

#include <spdlog/fmt/fmt.h>

#include "game/sim/tuning.hpp"

namespace game::client {
namespace {

using engine::app::added;
using engine::app::Align;
using engine::app::Canvas;
using engine::app::direction;
using engine::app::faded;

constexpr float kWidth = 1280;
constexpr float kHeight = 720;
constexpr float kArcRadius = 26;
constexpr float kHitSeconds = 0.12F;
constexpr float kHurtSeconds = 0.5F;
constexpr std::size_t kHurtsMax = 8;
constexpr int kLowHealth = 30;
constexpr int kPingShownMs = 120;
constexpr float kLongNameWidth = 760;  // of a name that has a line of its own
const Color kBlood = rgb(0xFF3344);

Color health_color(int health) {
  if (health > sim::kHealthFull) return palette::kMega;
  return health < kLowHealth ? kBlood : palette::kHealth;
}

std::string_view words(sim::Weapon weapon) {
  switch (weapon) {
    case sim::Weapon::kRail:
      return "rail";
    case sim::Weapon::kRapid:
      return "rapid blaster";
    case sim::Weapon::kBlaster:
      break;
  }
  return "blaster";
}

/// Half a ring at the ship: empty at the top, growing downwards on its side.
void draw_side_arc(Canvas& canvas, Point at, bool left, float share, Color color) {
  constexpr float kSpan = 1.9F;
  const float middle = left ? kPi : 0;
  const auto arc = [&](float part, Color tint) {
    // From the bottom up, on either side.
    const float bottom = left ? middle - kSpan / 2 : middle + kSpan / 2;
    const float top = left ? bottom + kSpan * part : bottom - kSpan * part;
    canvas.arc(at, kArcRadius, std::min(bottom, top), std::max(bottom, top), 3, tint);
  };
  arc(1, faded(palette::kMuted, 0.22F));
  if (share > 0) arc(std::min(share, 1.0F), color);
}

void draw_team_scores(Canvas& canvas, const Art& art, const MatchFacts& match) {
  if (!match.has_teams()) return;
  canvas.text(art.numbers, fmt::format("{}", match.team_scores[0]), {640 - 70, 44}, 30, art.colors.teams[0],
              Align::kRight);
  canvas.text(art.numbers, fmt::format("{}", match.team_scores[1]), {640 + 70, 44}, 30, art.colors.teams[1]);
}

const Point kMiddle{kWidth / 2, kHeight / 2};

/// Where the arrow to the leader runs: within all that is always read (the clock and the place in the round at the top,
/// health and energy at the bottom, the kill feed), and beside the chat.
constexpr float kArrowInset = 34;
constexpr float kArrowNameSize = 12;
constexpr float kArrowNameWidth = 150;
const engine::app::Box kArrowField{kArrowInset, 164, kWidth - 2 * kArrowInset, 420};
const engine::app::Box kChatField{0, 420, 640, 176};  // and half of a name beside it

/// Where a line from the middle leaves the field.
Point arrow_tip(Point to) {
  const auto room = [](float way, float back, float on) { return way < 0 ? -way / back : way / on; };
  const Point from{kMiddle.x - kArrowField.x, kMiddle.y - kArrowField.y};
  const float out =
      std::max(room(to.x, from.x, kArrowField.width - from.x), room(to.y, from.y, kArrowField.height - from.y));
  Point tip = kMiddle + to * (1 / out);
  if (!kChatField.contains(tip)) return tip;
  // Out of the chat by the nearer side.
  const float right = kChatField.x + kChatField.width;
  if (right - tip.x < tip.y - kChatField.y) return {right, tip.y};
  return {tip.x, kChatField.y};
}

/// A sine of time, which has no bound: taken before it is rounded to a float.
float sway(double radians) { return static_cast<float>(std::sin(radians)); }

Point on_screen(const HudFacts& facts, Point world) { return world - facts.camera + kMiddle; }

}  // namespace

void Hud::update(float dt_s) {
  time_s_ += static_cast<double>(dt_s);
  hit_s_ = std::max(0.0F, hit_s_ - dt_s);
  for (Hurt& one : hurts_) one.age_s += dt_s;
  std::erase_if(hurts_, [](const Hurt& one) { return one.age_s > kHurtSeconds; });
}

void Hud::hit_given(bool killed) {
  hit_s_ = killed ? 2 * kHitSeconds : kHitSeconds;
  hit_killed_ = killed;
}

void Hud::hurt(float from_rad) {
  if (hurts_.size() == kHurtsMax) hurts_.erase(hurts_.begin());
  hurts_.push_back({from_rad, 0});
}

void Hud::died(sim::PlayerId killer, std::string name, Color color, sim::Weapon weapon, int killer_health) {
  death_ = {killer, std::move(name), color, weapon, killer_health};
}

void Hud::draw(Canvas& canvas, const Art& art, const HudFacts& facts) const {
  draw_hurt(canvas, facts);
  draw_leader_arrow(canvas, art, facts);
  draw_ship(canvas, art, facts);
  draw_numerals(canvas, art, facts);
  draw_round(canvas, art, facts);
  draw_words(canvas, art, facts);
  draw_crosshair(canvas, facts);
}

void Hud::draw_ship(Canvas& canvas, const Art& art, const HudFacts& facts) const {
  if (facts.ship == nullptr || !facts.ship->alive) return;
  const SceneShip* drawn = facts.scene.ship(facts.ship->id);
  if (drawn == nullptr) return;
  const Point at = on_screen(facts, drawn->at);
  draw_side_arc(canvas, at, true, static_cast<float>(facts.ship->health) / sim::kHealthFull,
                health_color(facts.ship->health));
  const auto energy = static_cast<float>(sim::energy_at(*facts.ship, facts.tick)) / sim::kEnergyMax;
  const bool rail_ready = facts.tick >= facts.ship->rail_ready_tick && energy * sim::kEnergyMax >= sim::kRailEnergy;
  draw_side_arc(canvas, at, false, energy, rail_ready ? art.colors.own : faded(art.colors.own, 0.55F));
  const float dash = facts.tick >= facts.ship->dash_ready_tick
                         ? 1
                         : 1 - static_cast<float>(facts.ship->dash_ready_tick - facts.tick) / sim::kDashCooldownTicks;
  const Point pip = at + Point{0, kArcRadius + 2};
  canvas.disc(pip, 3.5F, faded(palette::kText, dash >= 1 ? 1.0F : 0.25F));
  if (dash < 1) canvas.arc(pip, 5.5F, -kPi / 2, -kPi / 2 + 2 * kPi * dash, 1.5F, faded(palette::kText, 0.7F));
}

void Hud::draw_numerals(Canvas& canvas, const Art& art, const HudFacts& facts) const {
  if (facts.ship == nullptr) return;
  const int health = facts.ship->alive ? facts.ship->health : 0;
  canvas.text(art.numbers, fmt::format("{}", health), {28, kHeight - 30}, 44, health_color(health));
  const float after = 28 + canvas.text_width(art.numbers, fmt::format("{}", health), 44) + 10;
  canvas.text(art.text, "HEALTH", {after, kHeight - 30}, 12, palette::kMuted);
  const int energy = sim::energy_at(*facts.ship, facts.tick) / sim::kEnergyUnit;
  canvas.text(art.numbers, fmt::format("{}", energy), {180, kHeight - 30}, 30, art.colors.own);
  canvas.text(art.text, "ENERGY",
              {180 + canvas.text_width(art.numbers, fmt::format("{}", energy), 30) + 8, kHeight - 30}, 12,
              palette::kMuted);
  if (facts.ship->alive && sim::has_rapid(*facts.ship, facts.tick)) {
    const float left_s = static_cast<float>(facts.ship->rapid_until_tick - facts.tick) * kTickSeconds;
    canvas.text(art.numbers, fmt::format("RAPID {:.1f}", left_s), {28, kHeight - 82}, 18, palette::kRapid);
  }
}

void Hud::draw_round(Canvas& canvas, const Art& art, const HudFacts& facts) const {
  const sim::Flow& flow = facts.scene.flow;
  const double left_ticks = flow.phase_end_tick == 0 ? 0 : std::max(0.0, flow.phase_end_tick - facts.scene.tick);
  const int left_s = static_cast<int>(std::ceil(left_ticks / 60));
  const auto clock = fmt::format("{}:{:02}", left_s / 60, left_s % 60);
  switch (flow.phase) {
    case sim::Phase::kWarmup:
      canvas.text(art.title, "WARM-UP", {640, 40}, 22, palette::kMuted, Align::kCentre);
      canvas.text(art.text,
                  flow.phase_end_tick == 0 ? "waiting for players" : fmt::format("the round starts in {}", left_s),
                  {640, 64}, 15, palette::kText, Align::kCentre);
      return;
    case sim::Phase::kCountdown: {
      const auto beat = static_cast<float>(std::fmod(left_ticks, 60.0) / 60);
      canvas.text(art.title, fmt::format("{}", left_s), {640, 330}, 90 + 50 * beat,
                  faded(palette::kText, 0.35F + 0.65F * beat), Align::kCentre);
      return;
    }
    case sim::Phase::kSuddenDeath:
      canvas.text(art.title, "SUDDEN DEATH", {640, 40}, 24, faded(kBlood, 0.7F + 0.3F * sway(time_s_ * 6)),
                  Align::kCentre);
      break;
    case sim::Phase::kRound:
      canvas.text(art.numbers, clock, {640, 44}, 30, left_s <= 10 ? kBlood : palette::kText, Align::kCentre);
      break;
    case sim::Phase::kPodium:
      return;
  }
  draw_team_scores(canvas, art, facts.roster.match());
  const PlayerRow* self = facts.roster.find(facts.scene.self);
  const auto& rows = facts.roster.by_rank();
  if (self == nullptr || rows.empty()) return;
  const bool leads = rows.front().id == self->id;
  const PlayerRow* rival = leads ? (rows.size() > 1 ? &rows[1] : nullptr) : &rows.front();
  const int rank = facts.roster.rank(self->id);
  const std::string_view ending = rank == 1 ? "st" : rank == 2 ? "nd" : rank == 3 ? "rd" : "th";
  canvas.text(art.numbers, fmt::format("{}{}", rank, ending), {28, 46}, 28, leads ? palette::kRapid : palette::kText);
  canvas.text(art.text, fmt::format("of {}", rows.size()), {84, 46}, 14, palette::kMuted);
  canvas.text(art.numbers, fmt::format("{} / {}", self->score, facts.roster.match().frag_limit), {28, 74}, 18,
              art.colors.own);
  if (rival != nullptr) {
    const int gap = self->score - rival->score;
    constexpr float kRivalWidth = 280;  // no further than the clock
    const std::string line = fmt::format("{}{} to {}", gap > 0 ? "+" : "", gap, rival->name);
    canvas.text(art.text, canvas.fit(art.text, line, 13, kRivalWidth), {28, 96}, 13, palette::kMuted);
  }
}

void Hud::draw_leader_arrow(Canvas& canvas, const Art& art, const HudFacts& facts) const {
  if (facts.ship == nullptr || facts.is_covered || facts.scene.flow.leader == facts.scene.self) return;
  const SceneShip* leader = facts.scene.ship(facts.scene.flow.leader);
  if (leader == nullptr) return;
  const Point to = on_screen(facts, leader->at) - kMiddle;
  if (std::abs(to.x) <= kWidth / 2 - kArrowInset && std::abs(to.y) <= kHeight / 2 - kArrowInset) return;
  const Point tip = arrow_tip(to);
  const Point ahead = to * (1 / length(to));
  const Point side{-ahead.y, ahead.x};
  const std::array<Point, 3> arrow = {{tip, tip - ahead * 16 + side * 8, tip - ahead * 16 - side * 8}};
  canvas.polygon(arrow, palette::kRapid);
  const std::string name = canvas.fit(art.text, leader->name, kArrowNameSize, kArrowNameWidth);
  const float half = canvas.text_width(art.text, name, kArrowNameSize) / 2;
  // Behind the arrow, and beside it where it points across: as far from it as the name is wide.
  const Point at = tip - Point{ahead.x * (26 + half), ahead.y * 34} + Point{0, 4};
  canvas.text(art.text, name, at, kArrowNameSize, palette::kRapid, Align::kCentre);
}

void Hud::draw_hurt(Canvas& canvas, const HudFacts& facts) const {
  const Point centre{kWidth / 2, kHeight / 2};
  for (const Hurt& one : hurts_) {
    const float left = 1 - one.age_s / kHurtSeconds;
    canvas.arc(centre, 250, one.from_rad - 0.35F, one.from_rad + 0.35F, 9, added(faded(kBlood, 0.75F * left)));
  }
  if (facts.ship == nullptr || !facts.ship->alive || facts.ship->health >= kLowHealth || !flashes_) return;
  const float beat = 0.55F + 0.45F * sway(time_s_ * 7);
  // Narrow strips, each a little weaker than the one outside of it.
  for (int i = 0; i < 7; ++i) {
    const float inset = static_cast<float>(i) * 6;
    const Color red = faded(kBlood, 0.32F * beat * (1 - static_cast<float>(i) / 7));
    canvas.box({0, inset, kWidth, 6}, red);
    canvas.box({0, kHeight - 6 - inset, kWidth, 6}, red);
    canvas.box({inset, 0, 6, kHeight}, red);
    canvas.box({kWidth - 6 - inset, 0, 6, kHeight}, red);
  }
}

void Hud::draw_crosshair(Canvas& canvas, const HudFacts& facts) const {
  if (!facts.shows_crosshair) return;
  const Point at = facts.pointer;
  const Color white = faded(palette::kWhite, 0.9F);
  if (facts.crosshair == Crosshair::kDot) {
    canvas.disc(at, 3, white);
  } else {
    canvas.disc(at, 1.6F, palette::kWhite);
    canvas.ring(at, 9, 1.5F, white);
  }
  for (const Point way : {Point{1, 0}, Point{-1, 0}, Point{0, 1}, Point{0, -1}})
    if (facts.crosshair == Crosshair::kCross) canvas.line(at + way * 11, at + way * 15, 1.5F, white);
  if (hit_s_ <= 0) return;
  const Color color = hit_killed_ ? kBlood : palette::kWhite;
  for (const Point way : {Point{1, 1}, Point{-1, 1}, Point{1, -1}, Point{-1, -1}})
    canvas.line(at + way * 6, at + way * 13, 2.5F, color);
}

/// The dead look at who did it: their card lies where that ship is not.
void Hud::draw_death(Canvas& canvas, const Art& art, const HudFacts& facts) const {
  const SceneShip* killer = facts.scene.ship(death_.killer);
  const bool is_low = killer != nullptr && on_screen(facts, killer->at).y > 420;
  const float y = is_low ? 236 : 500;
  canvas.text(art.text, "shot down by", {640, y}, 15, palette::kMuted, Align::kCentre);
  canvas.text(art.title, canvas.fit(art.title, death_.name, 34, kLongNameWidth), {640, y + 36}, 34, death_.color,
              Align::kCentre);
  const std::string rest = death_.killer_health > 0
                               ? fmt::format("{}, {} health left", words(death_.weapon), death_.killer_health)
                               : std::string(words(death_.weapon));
  canvas.text(art.text, rest, {640, y + 62}, 15, palette::kText, Align::kCentre);
}

void Hud::draw_words(Canvas& canvas, const Art& art, const HudFacts& facts) const {
  if (facts.ship != nullptr && !facts.ship->alive && !death_.name.empty()) draw_death(canvas, art, facts);
  if (!facts.watching.empty()) {
    canvas.text(art.text, "WATCHING", {640, kHeight - 54}, 12, palette::kMuted, Align::kCentre);
    canvas.text(art.title, canvas.fit(art.title, facts.watching, 24, kLongNameWidth), {640, kHeight - 28}, 24,
                palette::kText, Align::kCentre);
  }
  if (facts.always_shows_ping || facts.ping_ms > kPingShownMs) {
    canvas.text(art.numbers, fmt::format("{} ms", facts.ping_ms), {kWidth - 24, kHeight - 28}, 14,
                facts.ping_ms > kPingShownMs ? palette::kWarning : palette::kMuted, Align::kRight);
  }
  std::string trouble = facts.trouble;
  if (facts.is_reconnecting)
    trouble = "connection lost: reconnecting" + std::string(static_cast<std::size_t>(time_s_ * 3) % 4, '.');
  if (!trouble.empty()) {
    canvas.box({0, 330, kWidth, 60}, faded(palette::kGround, 0.8F));
    canvas.text(art.title, canvas.fit(art.title, trouble, 24, kWidth - 48), {640, 368}, 24, palette::kWarning,
                Align::kCentre);
  }
}

}  // namespace game::client
