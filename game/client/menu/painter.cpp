#include "game/client/menu/painter.hpp"

#include <algorithm>
#include <cmath>

#include "engine/app/text_wrap.hpp"
#include "game/client/text_edit.hpp"

namespace game::client {
namespace {

using engine::app::added;
using engine::app::Align;
using engine::app::Box;
using engine::app::Canvas;
using engine::app::mix;
using engine::app::Point;
using engine::app::Typeface;

/// From the middle of a line of text down to its baseline, in ems.
constexpr float kBaseline = 0.36F;
constexpr float kLabelSize = 16;

float middle_of(const Box& box) { return box.y + box.height / 2; }

}  // namespace

engine::app::View menu_view(int frame_width, int frame_height) {
  const float scale =
      std::min(static_cast<float>(frame_width) / kMenuWidth, static_cast<float>(frame_height) / kMenuHeight);
  return {{kMenuWidth / 2, kMenuHeight / 2}, std::max(scale, 0.01F)};
}

std::vector<Point> cut_corners(const Box& box, float cut) {
  const float right = box.x + box.width;
  const float bottom = box.y + box.height;
  return {{box.x, box.y},  {right - cut, box.y},  {right, box.y + cut},
          {right, bottom}, {box.x + cut, bottom}, {box.x, bottom - cut}};
}

void fading_box(Canvas& canvas, const Box& box, Color color, float left, float right) {
  // Pixel by pixel: as boxes one beside the other it takes ten times as long, and shows their seams.
  engine::app::Picture& picture = canvas.picture();
  const Point from = canvas.to_pixels({box.x, box.y});
  const Point to = canvas.to_pixels({box.x + box.width, box.y + box.height});
  const auto clip = [](float at, int size) {
    return static_cast<int>(std::lround(std::clamp(at, 0.0F, static_cast<float>(size))));
  };
  const int x0 = clip(from.x, picture.width());
  const int x1 = clip(to.x, picture.width());
  if (x1 <= x0) return;
  std::vector<std::uint32_t> shares;  // of the colour, in 256ths, by column
  for (int x = x0; x < x1; ++x) {
    const float along = (static_cast<float>(x) + 0.5F - from.x) / (to.x - from.x);
    const float alpha = (left + (right - left) * along) * static_cast<float>(color.a) / 255;
    shares.push_back(static_cast<std::uint32_t>(std::clamp(alpha, 0.0F, 1.0F) * 256));
  }
  constexpr std::uint32_t kRedBlue = 0x00FF00FF;
  constexpr std::uint32_t kGreen = 0x0000FF00;
  const std::uint32_t red_blue = static_cast<std::uint32_t>(color.r) << 16U | color.b;
  const std::uint32_t green = static_cast<std::uint32_t>(color.g) << 8U;
  for (int y = clip(from.y, picture.height()); y < clip(to.y, picture.height()); ++y) {
    std::uint32_t* pixel = picture.row(y) + x0;
    for (const std::uint32_t share : shares) {
      const std::uint32_t rest = 256 - share;
      *pixel = 0xFF000000U | (((*pixel & kRedBlue) * rest + red_blue * share) >> 8U & kRedBlue) |
               (((*pixel & kGreen) * rest + green * share) >> 8U & kGreen);
      ++pixel;
    }
  }
}

float draw_keycap(Canvas& canvas, MenuArt& art, std::string_view key, Point at, float size, Color color, float alpha) {
  const float text = canvas.text_width(art.mono, key, size);
  const float height = size * 1.7F;
  const float width = std::max(text + size, height);
  const std::vector<Point> cap = cut_corners({at.x, at.y - size * 0.36F - height / 2, width, height}, 5);
  canvas.polygon(cap, engine::app::faded(palette::kPanel, 0.9F * alpha));
  canvas.polyline(cap, 1, engine::app::faded(color, 0.6F * alpha), true);
  canvas.text(art.mono, key, {at.x + (width - text) / 2, at.y}, size, engine::app::faded(color, alpha));
  return width;
}

void Painter::paint(std::span<const Item> items) {
  for (const Item& item : items) paint(item);
}

void Painter::paint(const Item& item) {
  switch (item.kind) {
    case Item::Kind::kText:
      return words(item.text, {item.box.x, item.box.y + item.style.size}, item.style);
    case Item::Kind::kWrapped:
      return wrapped(item);
    case Item::Kind::kPanel:
      return panel(item);
    case Item::Kind::kButton:
      return item.is_small ? small_button(item) : button(item);
    case Item::Kind::kField:
      return field(item);
    case Item::Kind::kSlider:
      return slider(item);
    case Item::Kind::kChoice:
      return choice(item);
    case Item::Kind::kToggle:
      return toggle(item);
    case Item::Kind::kKeys:
      return keys(item);
    case Item::Kind::kHeader:
      return header(item);
    case Item::Kind::kRow:
      return row(item);
    case Item::Kind::kScrollbar:
      return scrollbar(item);
    case Item::Kind::kCustom:
      return item.custom(canvas_, art_, alpha_);
  }
}

Typeface& Painter::face(Face face) {
  switch (face) {
    case Face::kTitle:
      return art_.title;
    case Face::kHead:
      return art_.head;
    case Face::kStrong:
      return art_.strong;
    case Face::kMono:
      return art_.mono;
    case Face::kText:
      break;
  }
  return art_.text;
}

void Painter::words(std::string_view text, Point at, const TextStyle& style) {
  if (text.empty()) return;
  Typeface& type = face(style.face);
  const std::string shown = style.width > 0 ? canvas_.fit(type, text, style.size, style.width) : std::string(text);
  canvas_.text(type, shown, at, style.size, lit(style.color), style.align);
}

void Painter::wrapped(const Item& item) {
  const float line_height = item.style.size * 1.5F;
  const float scale = canvas_.view().scale;
  const auto wrapped =
      engine::app::wrap_text(face(item.style.face), item.text, item.style.size * scale, item.box.width * scale);
  std::vector<std::string> lines(wrapped.begin(), wrapped.end());
  // What is below belongs to others.
  const auto lines_max = std::max<std::size_t>(1, static_cast<std::size_t>(item.box.height / line_height));
  if (lines.size() > lines_max) {
    lines.resize(lines_max);
    lines.back() += " …";
  }
  TextStyle style = item.style;
  style.width = item.box.width;
  float y = item.box.y + item.style.size;
  for (const std::string& line : lines) {
    words(line, {item.box.x, y}, style);
    y += line_height;
  }
}

void Painter::panel(const Item& item) {
  const std::vector<Point> outline = cut_corners(item.box, 18);
  canvas_.polygon(outline, lit(palette::kPanel, 0.92F));
  canvas_.polyline(outline, 1.5F, lit(palette::kPanelEdge), true);
}

// --- Buttons ---------------------------------------------------------------------------------------------------------

void Painter::button(const Item& item) {
  const Box& box = item.box;
  const float y = middle_of(box);
  const float f = item.focus;
  if (f > 0.01F) {
    fading_box(canvas_, {box.x, box.y, box.width, box.height}, lit(accent_), 0.20F * f, 0);
    canvas_.box({box.x, box.y, 4, box.height}, lit(accent_, f));
    canvas_.glow_line({box.x + 2, box.y + 4}, {box.x + 2, box.y + box.height - 4}, 16, added(lit(accent_, 0.35F * f)));
  }
  const Color color = item.is_enabled ? mix(item.is_on ? accent_ : palette::kText, palette::kBright, f)
                                      : engine::app::faded(palette::kMuted, 0.5F);
  const float size = box.height * 0.55F;
  words(item.text, {box.x + 22 + 10 * f, y + size * kBaseline}, {Face::kHead, size, color});
  if (!item.note.empty()) {
    words(item.note, {box.x + box.width - 16, y + 14 * kBaseline}, {Face::kText, 14, palette::kMuted, Align::kRight});
  }
}

void Painter::small_button(const Item& item) {
  const Box& box = item.box;
  const float f = item.focus;
  const std::vector<Point> outline = cut_corners(box, 10);
  const Color edge = mix(item.is_on ? accent_ : palette::kPanelEdge, accent_, f);
  canvas_.polygon(outline,
                  lit(mix(palette::kPanel, palette::kFocusFill, std::max(f, item.is_on ? 0.5F : 0.0F)), 0.95F));
  canvas_.polyline(outline, 1.5F, lit(edge, item.is_enabled ? 1 : 0.5F), true);
  if (f > 0.01F) {
    canvas_.glow_line({box.x + 10, box.y + box.height}, {box.x + box.width - 10, box.y + box.height}, 12,
                      added(lit(accent_, 0.4F * f)));
  }
  const Color color =
      item.is_enabled ? mix(palette::kText, palette::kBright, f) : engine::app::faded(palette::kMuted, 0.6F);
  const float size = 16;
  const std::string text = canvas_.fit(art_.strong, item.text, size, box.width - 20);
  words(text, {box.x + box.width / 2, middle_of(box) + size * kBaseline}, {Face::kStrong, size, color, Align::kCentre});
}

// --- What is written and set -----------------------------------------------------------------------------------------

void Painter::field(const Item& item) {
  const Box& box = item.box;
  const float size = 17;
  const float baseline = middle_of(box) + size * kBaseline;
  const std::vector<Point> outline = cut_corners(box, 10);
  const Color edge = item.is_on ? palette::kWarning : mix(palette::kPanelEdge, accent_, item.focus);
  words(item.text, {box.x, box.y - 9}, {Face::kText, 13, palette::kMuted});
  canvas_.polygon(outline, lit(mix(palette::kPanel, palette::kFocusFill, item.focus * 0.6F), 0.95F));
  canvas_.polyline(outline, 1.5F, lit(edge), true);

  // A long text is shown from where its caret can be seen.
  Typeface& type = art_.text;
  const float room = box.width - 32;
  std::string_view shown = item.value;
  std::size_t caret = item.has_caret ? std::min(item.caret, shown.size()) : 0;
  while (type.width_px(shown.substr(0, caret), size) > room) {
    const std::size_t first = next_letter(shown, 0);
    shown.remove_prefix(first);
    caret -= std::min(caret, first);
  }
  while (type.width_px(shown, size) > room && shown.size() > caret) {
    shown = shown.substr(0, previous_letter(shown, shown.size()));
  }
  words(shown, {box.x + 16, baseline}, {Face::kText, size, mix(palette::kText, palette::kBright, item.focus)});
  const bool is_lit = std::fmod(time_s_, 1.0) < 0.6;
  if (item.has_caret && is_lit) {
    const float x = box.x + 17 + type.width_px(shown.substr(0, caret), size);
    canvas_.line({x, middle_of(box) - 11}, {x, middle_of(box) + 11}, 2, lit(accent_));
  }
  if (item.is_on) {
    words(item.note, {box.x + box.width, box.y - 9}, {Face::kText, 13, palette::kWarning, Align::kRight});
  } else if (item.value.empty()) {
    words(item.note, {box.x + 16 + (item.has_caret ? 6.0F : 0.0F), baseline},
          {Face::kText, size, engine::app::faded(palette::kMuted, 0.6F)});
  }
}

void Painter::row_base(const Item& item) {
  const Box& box = item.box;
  const float f = item.focus;
  if (f > 0.01F) {
    fading_box(canvas_, box, lit(accent_), 0.16F * f, 0.03F * f);
    canvas_.box({box.x, box.y, 3, box.height}, lit(accent_, f));
  }
  words(item.text, {box.x + 16, middle_of(box) + kLabelSize * kBaseline},
        {Face::kText, kLabelSize, mix(palette::kText, palette::kBright, f)});
}

void Painter::slider(const Item& item) {
  row_base(item);
  const float left = item.box.x + item.box.width * kLabelShare;
  const float width = item.box.width * (1 - kLabelShare) - kSliderNumber;
  const float y = middle_of(item.box);
  const float knob = left + width * std::clamp(item.share, 0.0F, 1.0F);
  canvas_.line({left, y}, {left + width, y}, 4, lit(palette::kPanelEdge));
  canvas_.line({left, y}, {knob, y}, 4, lit(mix(palette::kMuted, accent_, 0.4F + 0.6F * item.focus)));
  canvas_.glow({knob, y}, 20, added(lit(accent_, 0.4F * item.focus)));
  canvas_.disc({knob, y}, 7 + item.focus, lit(mix(palette::kText, palette::kBright, item.focus)));
  words(item.value, {item.box.x + item.box.width - 8, y + 15 * kBaseline},
        {Face::kMono, 15, palette::kText, Align::kRight});
}

void Painter::choice(const Item& item) {
  row_base(item);
  const float left = item.box.x + item.box.width * kLabelShare;
  const float right = item.box.x + item.box.width - 8;
  const float y = middle_of(item.box);
  const Color arrow = mix(palette::kMuted, accent_, item.focus);
  for (const auto& [x, way] : {std::pair{left + 4, -1.0F}, std::pair{right - 4, 1.0F}}) {
    const Point points[] = {{x - 4 * way, y - 6}, {x + 3 * way, y}, {x - 4 * way, y + 6}};
    canvas_.polyline(points, 2, lit(arrow));
  }
  const float size = 16;
  words(canvas_.fit(art_.strong, item.value, size, right - left - 40), {(left + right) / 2, y + size * kBaseline},
        {Face::kStrong, size, mix(palette::kText, palette::kBright, item.focus), Align::kCentre});
}

void Painter::toggle(const Item& item) {
  row_base(item);
  const float left = item.box.x + item.box.width * kLabelShare;
  const float y = middle_of(item.box);
  const Color color = item.is_on ? mix(palette::kMuted, accent_, 0.5F + 0.5F * item.focus) : palette::kPanelEdge;
  canvas_.line({left + 10, y}, {left + 32, y}, 20, lit(color, item.is_on ? 0.55F : 1));
  canvas_.disc({left + (item.is_on ? 32.0F : 10.0F), y}, 8,
               lit(item.is_on ? palette::kBright : mix(palette::kMuted, palette::kText, item.focus)));
  words(item.value, {left + 56, y + 16 * kBaseline}, {Face::kText, 16, item.is_on ? palette::kText : palette::kMuted});
}

void Painter::keys(const Item& item) {
  row_base(item);
  const float left = item.box.x + item.box.width * kLabelShare;
  const float width = item.box.x + item.box.width - left - 8;
  const float y = middle_of(item.box);
  if (item.is_on) {
    const float pulse = 0.6F + 0.4F * std::sin(static_cast<float>(std::fmod(time_s_, 10.0)) * 6.28F);
    words(item.value, {left, y + 16 * kBaseline}, {Face::kStrong, 16, mix(accent_, palette::kBright, pulse)});
    return;
  }
  if (item.cells.empty()) {
    return words("no button", {left, y + 15 * kBaseline}, {Face::kText, 15, palette::kWarning});
  }
  float x = left;
  for (const Cell& cell : item.cells) {
    const float room = left + width - x;
    if (room < 40) break;
    const std::string key = canvas_.fit(art_.mono, cell.text, 14, room - 14);
    x += draw_keycap(canvas_, art_, key, {x, y + 14 * kBaseline}, 14,
                     mix(cell.color, palette::kBright, 0.6F * item.focus), alpha_);
    x += 8;
  }
}

// --- Lists -----------------------------------------------------------------------------------------------------------

void Painter::header(const Item& item) {
  const Box& box = item.box;
  const bool right = item.style.align == Align::kRight;
  const float x = right ? box.x + box.width : box.x;
  const float y = middle_of(box);
  const Color color = mix(item.arrow != 0 ? palette::kText : palette::kMuted, palette::kBright, item.focus);
  words(item.text, {x, y + 13 * kBaseline}, {Face::kText, 13, color, item.style.align});
  const float width = art_.text.width_px(item.text, 13);
  if (item.focus > 0.01F) {
    canvas_.line({right ? x - width : x, y + 11}, {right ? x : x + width, y + 11}, 1.5F, lit(accent_, item.focus));
  }
  if (item.arrow != 0) {
    const float at = right ? x - width - 14 : x + width + 14;
    const float tip = static_cast<float>(-item.arrow) * 3;
    const Point points[] = {{at - 5, y - tip}, {at, y + tip}, {at + 5, y - tip}};
    canvas_.polyline(points, 1.5F, lit(accent_));
  }
}

void Painter::row(const Item& item) {
  const Box& box = item.box;
  const Box inner = {box.x, box.y + 1, box.width, box.height - 2};
  if (item.is_on) {
    const float f = 0.35F + 0.65F * item.focus;
    fading_box(canvas_, inner, lit(accent_), 0.20F * f, 0.05F * f);
    canvas_.box({box.x, inner.y, 3, inner.height}, lit(accent_, f));
  } else if (item.share > 0) {
    canvas_.box(inner, lit(palette::kPanelEdge, 0.4F));
  }
  const float y = middle_of(box);
  for (std::size_t i = 0; i < std::min(item.cells.size(), item.column_set.size()); ++i) {
    const Column& column = item.column_set[i];
    const bool right = column.align == Align::kRight;
    const std::string text = canvas_.fit(art_.text, item.cells[i].text, 16, column.width);
    words(text, {box.x + column.x + (right ? column.width : 0), y + 16 * kBaseline},
          {Face::kText, 16, item.is_on ? mix(item.cells[i].color, palette::kBright, 0.5F) : item.cells[i].color,
           column.align});
  }
  if (item.is_locked && !item.column_set.empty()) padlock({box.x + box.width - 18, y}, palette::kWarning);
}

void Painter::padlock(Point at, Color color) {
  canvas_.box({at.x - 6, at.y - 1, 12, 9}, lit(color));
  canvas_.arc({at.x, at.y - 1}, 4, 3.1416F, 6.2832F, 2, lit(color));
}

void Painter::scrollbar(const Item& item) {
  const Box& box = item.box;
  canvas_.box(box, lit(palette::kPanelEdge, 0.5F));
  canvas_.box({box.x, box.y + box.height * item.share, box.width, std::max(12.0F, box.height * item.span)},
              lit(palette::kMuted));
}

}  // namespace game::client
