#include "game/client/feed.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace game::client {
namespace {

using engine::app::Align;
using engine::app::Canvas;
using engine::app::faded;
using engine::app::Point;

constexpr std::size_t kLinesMax = 5;
constexpr float kLineSeconds = 5;
constexpr std::size_t kAnnouncementsMax = 3;
constexpr float kScoredSeconds = 1.2F;
constexpr float kFeedRight = 1280 - 24;
constexpr float kFeedTop = 34;
constexpr float kLineHeight = 26;
constexpr float kTextSize = 15;
constexpr float kIconWidth = 44;
constexpr float kNameWidth = 190;        // of each of a line's two names: the clock stays free
constexpr float kSaidWidth = 424;        // of a line that is no kill
constexpr float kAnnouncedWidth = 1100;  // within the picture

template <class T>
void push(std::deque<T>& list, std::size_t max, T one) {
  if (list.size() == max) list.pop_front();
  list.push_back(std::move(one));
}

/// Full at first, gone at the end, fading over the last third.
float strength(float age_s, float life_s) { return std::clamp((life_s - age_s) / (life_s / 3), 0.0F, 1.0F); }

void draw_weapon(Canvas& canvas, sim::Weapon weapon, Point centre, float strength) {
  const Color color = faded(palette::kText, strength);
  switch (weapon) {
    case sim::Weapon::kRail:
      canvas.line(centre - Point{15, 0}, centre + Point{15, 0}, 3, color);
      canvas.disc(centre + Point{15, 0}, 4, color);
      return;
    case sim::Weapon::kRapid:
      for (const float x : {-12.0F, -4.0F, 4.0F, 12.0F})
        canvas.line(centre + Point{x, 0}, centre + Point{x + 4, 0}, 3, color);
      return;
    case sim::Weapon::kBlaster:
      for (const float x : {-10.0F, 4.0F}) canvas.line(centre + Point{x, 0}, centre + Point{x + 8, 0}, 3.5F, color);
      return;
  }
}

}  // namespace

void Feed::update(float dt_s) {
  for (Line& line : lines_) line.age_s += dt_s;
  while (!lines_.empty() && lines_.front().age_s > kLineSeconds) lines_.pop_front();
  for (auto* list : {&announcements_, &scored_}) {
    for (Announcement& one : *list) one.age_s += dt_s;
    while (!list->empty() && list->front().age_s > list->front().life_s) list->pop_front();
  }
}

void Feed::clear() { *this = Feed(); }

void Feed::killed(std::string killer, Color killer_color, sim::Weapon weapon, std::string victim, Color victim_color,
                  bool concerns_us) {
  push(lines_, kLinesMax,
       Line{std::move(killer), std::move(victim), killer_color, victim_color, weapon, true, concerns_us, 0});
}

void Feed::said(std::string text, Color color) {
  push(lines_, kLinesMax, Line{{}, std::move(text), color, color, sim::Weapon::kBlaster, false, false, 0});
}

void Feed::announce(std::string text, Color color, float size, float seconds) {
  push(announcements_, kAnnouncementsMax, Announcement{std::move(text), color, size, 0, seconds});
}

void Feed::scored(std::string text, Color color) {
  push(scored_, kAnnouncementsMax, Announcement{std::move(text), color, 20, 0, kScoredSeconds});
}

void Feed::draw(Canvas& canvas, const Art& art) const {
  float y = kFeedTop;
  for (const Line& line : lines_) {
    const float alpha = strength(line.age_s, kLineSeconds);
    const float room = line.is_kill ? kNameWidth : kSaidWidth;
    const std::string right = canvas.fit(art.text, line.right, kTextSize, room);
    const std::string left = canvas.fit(art.text, line.left, kTextSize, room);
    const float right_width = canvas.text_width(art.text, right, kTextSize);
    const float left_width = line.is_kill ? canvas.text_width(art.text, left, kTextSize) + kIconWidth : 0;
    const float width = right_width + left_width + 20;
    canvas.box({kFeedRight - width, y - 18, width, kLineHeight - 3}, faded(palette::kWallFill, 0.75F * alpha));
    if (line.concerns_us) canvas.box({kFeedRight - width, y - 18, 3, kLineHeight - 3}, faded(art.colors.own, alpha));
    canvas.text(art.text, right, {kFeedRight - 10, y}, kTextSize, faded(line.right_color, alpha), Align::kRight);
    if (line.is_kill) {
      canvas.text(art.text, left, {kFeedRight - 10 - right_width - kIconWidth, y}, kTextSize,
                  faded(line.left_color, alpha), Align::kRight);
      draw_weapon(canvas, line.weapon, {kFeedRight - 10 - right_width - kIconWidth / 2, y - 5}, alpha);
    }
    y += kLineHeight;
  }
  y = 196;
  for (const Announcement& one : announcements_) {
    const float grow = 1 + 0.35F * std::max(0.0F, 1 - one.age_s / 0.12F);
    canvas.text(art.title, canvas.fit(art.title, one.text, one.size * grow, kAnnouncedWidth), {640, y}, one.size * grow,
                faded(one.color, strength(one.age_s, one.life_s)), Align::kCentre);
    y += one.size * 1.25F;
  }
  y = 436;
  for (const Announcement& one : scored_) {
    const float rise = 14 * std::min(1.0F, one.age_s / one.life_s);
    canvas.text(art.numbers, canvas.fit(art.numbers, one.text, one.size, kSaidWidth), {640, y - rise}, one.size,
                faded(one.color, strength(one.age_s, one.life_s)), Align::kCentre);
    y += 24;
  }
}

}  // namespace game::client
