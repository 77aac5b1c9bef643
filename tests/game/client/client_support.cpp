#include "client_support.hpp"

#include <algorithm>
#include <cmath>

#include "game/wire/world.hpp"
#include "map_generated.h"

namespace game::client::test {
namespace {

using engine::app::Button;
using engine::app::Typeface;

Typeface open_font(const char* name) { return Typeface::open(std::string(SCRIM_FONTS_DIR "/") + name).value(); }

constexpr std::int16_t kFieldWidth = 8192;
constexpr std::int16_t kFieldHeight = 1024;
constexpr std::int16_t kFieldSpawns[][2] = {{200, 300}, {7900, 700}, {200, 700}, {7900, 300}};

}  // namespace

Art art() {
  static Typeface title = open_font("Jura-Bold.otf");
  static Typeface text = open_font("B612-Regular.otf");
  static Typeface numbers = open_font("B612-Bold.otf");
  return {.title = title, .text = text, .numbers = numbers};
}

sim::MapPlan field() {
  sim::MapPlan plan{.name = "field", .size = u(kFieldWidth, kFieldHeight), .players_max = 64};
  for (const auto& spawn : kFieldSpawns) plan.spawns.push_back(u(spawn[0], spawn[1]));
  return plan;
}

const std::vector<std::uint8_t>& field_bytes() {
  static const std::vector<std::uint8_t> bytes = [] {
    flatbuffers::FlatBufferBuilder builder;
    const auto name = builder.CreateString("field");
    const auto walls = builder.CreateVectorOfStructs(std::vector<arena::map::Wall>());
    std::vector<arena::map::Spawn> spawns;
    for (const auto& spawn : kFieldSpawns) spawns.emplace_back(spawn[0], spawn[1]);
    const auto spawns_at = builder.CreateVectorOfStructs(spawns);
    arena::map::FinishMapBuffer(builder,
                                arena::map::CreateMap(builder, name, kFieldWidth, kFieldHeight, 64, walls, spawns_at));
    return std::vector<std::uint8_t>(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
  }();
  return bytes;
}

sim::Options endless(sim::Mode mode) {
  sim::Options options = sim::options_of(mode);
  options.players_to_start = 1;
  options.frag_limit = 1000;
  options.warmup_ticks = 0;
  options.countdown_ticks = 1;
  options.time_limit_ticks = 0;
  return options;
}

// --- the wire --------------------------------------------------------------------------------------------------------

Snapshot::Snapshot(const sim::State& state, std::string_view map) {
  builder_.Finish(wire::write_world(state, map, builder_));
}

Snapshot::Snapshot(const arena::WorldT& world) { builder_.Finish(arena::World::Pack(builder_, &world)); }

sim::PlayerView Snapshot::view(std::uint32_t tick) const {
  sim::PlayerView view;
  const auto read = wire::read_world(world(), tick, view);
  EXPECT_TRUE(read) << read.error().reason;
  return view;
}

// --- hands -----------------------------------------------------------------------------------------------------------

Keys::Keys() { define_match_controls(controls_); }

void Keys::down(std::string_view button, float value) {
  next_.buttons.push_back({Button::from_name(button).value(), true, value, false});
}

void Keys::up(std::string_view button) {
  next_.buttons.push_back({Button::from_name(button).value(), false, 0, false});
}

void Keys::point(Point mouse) {
  next_.mouse = mouse;
  next_.mouse_moved = true;
}

const engine::app::Input& Keys::frame() {
  now_ = next_;
  next_ = {.mouse = now_.mouse};
  controls_.update(now_);
  return now_;
}

// --- pictures --------------------------------------------------------------------------------------------------------

Sheet::Sheet(int width, int height) : picture(std::make_unique<Picture>(width, height)), canvas(*picture) {
  canvas.set_view({.centre = {640, 360}, .scale = Camera::scale_for(width, height)});
  clear();
}

void Sheet::clear() { canvas.clear(rgb(0)); }

template <class Fits>
int Sheet::count_if(const Box& units, Fits fits) const {
  const Point from = canvas.to_pixels({units.x, units.y});
  const Point to = canvas.to_pixels({units.x + units.width, units.y + units.height});
  const auto within = [](float at, int size) { return std::clamp(static_cast<int>(std::lround(at)), 0, size); };
  int count = 0;
  for (int y = within(from.y, picture->height()); y < within(to.y, picture->height()); ++y)
    for (int x = within(from.x, picture->width()); x < within(to.x, picture->width()); ++x)
      count += fits(picture->at(x, y)) ? 1 : 0;
  return count;
}

int Sheet::lit(const Box& units) const {
  return count_if(units, [](Color color) { return color.r + color.g + color.b > 0; });
}

int Sheet::bright(const Box& units) const {
  constexpr int kBright = 0x60;
  return count_if(units, [](Color color) { return std::max({color.r, color.g, color.b}) > kBright; });
}

int Sheet::lit() const { return lit(canvas.visible()); }

int Sheet::count(const Box& units, Color color, int tolerance) const {
  return count_if(units, [color, tolerance](Color seen) {
    return std::abs(seen.r - color.r) <= tolerance && std::abs(seen.g - color.g) <= tolerance &&
           std::abs(seen.b - color.b) <= tolerance;
  });
}

double difference(const Picture& a, const Picture& b) {
  EXPECT_EQ(a.width(), b.width());
  EXPECT_EQ(a.height(), b.height());
  const auto pixels = static_cast<std::size_t>(a.width()) * static_cast<std::size_t>(a.height());
  std::size_t different = 0;
  for (std::size_t i = 0; i < pixels; ++i) different += a.pixels()[i] != b.pixels()[i] ? 1 : 0;
  return static_cast<double>(different) / static_cast<double>(pixels);
}

}  // namespace game::client::test
