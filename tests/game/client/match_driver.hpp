// A screen beside a match of the rules, frame by frame at 60 a second: what the rules do is told to the screen at once,
// what hands do is done in the next tick. No network in between.
#pragma once

#include <map>
#include <memory>
#include <utility>
#include <variant>

#include "client_support.hpp"
#include "game/wire/events.hpp"

namespace game::client::test {

inline constexpr double kFrameSeconds = 1.0 / 60;

/// The screen's part: its clock, its hands, its picture.
struct ScreenDriver : ActionLine {
  ScreenDriver(std::span<const std::uint8_t> map, sim::PlayerId self, int width = 1280, int height = 720,
               bool predicts = true)
      : screen(MatchScreen::open(fonts, nullptr, {.shake = 0},
                                 {.map = map, .self = self, .delay_s = 0, .predicts = predicts})
                   .value()),
        sheet(width, height) {
    look_at({640, 360});
  }

  /// In units of the overlays.
  void look_at(Point pointer) { keys.point(sheet.canvas.to_pixels(pointer)); }
  void update(bool hands_on = true) {
    now_s += kFrameSeconds;
    const auto& input = keys.frame();
    screen->update({.input = input,
                    .controls = keys.controls(),
                    .now_s = now_s,
                    .dt_s = static_cast<float>(kFrameSeconds),
                    .width = sheet.picture->width(),
                    .height = sheet.picture->height(),
                    .hands_on = hands_on},
                   this);
    was_due_ = false;
  }
  // --- ActionLine: once a frame
  bool due() override { return !std::exchange(was_due_, true); }
  std::uint32_t tick() const override { return screen->own().tick() + 1; }
  float share() const override { return 1; }
  std::uint32_t act(const sim::Action& action, netcode::ViewTime) override {
    hands = action;
    return ++sequence;
  }
  void draw() { screen->draw(sheet.canvas); }
  void take(const sim::Event& event) {
    std::visit([this](const auto& one) { tell(one); }, event);
  }
  template <class E>
  void tell(const E& event) {
    if constexpr (netcode::TableObject<E>)
      test::tell([this](const netcode::EventView& view) { screen->take_event(view); }, event);
    else
      tell(wire::to_wire(event));
  }

  Art fonts = art();
  std::unique_ptr<MatchScreen> screen;
  Sheet sheet;
  Keys keys;
  double now_s = 10;
  sim::Action hands;
  std::uint32_t sequence = 0;

 private:
  bool was_due_ = false;
};

/// The field with `count` players, 1 the own one in the middle of the picture, the others beside it at 120 units.
struct MatchDriver : ScreenDriver {
  explicit MatchDriver(sim::PlayerId count = 2, sim::Mode mode = sim::Mode::kFreeForAll, bool predicts = true)
      : ScreenDriver(field_bytes(), 1, 1280, 720, predicts), match(field(), endless(mode)) {
    match.start(count);
    for (sim::PlayerId id = 1; id <= count; ++id) match.place(id, u(4000 + 120 * (id - 1), 500));
    frames(4);
  }

  void frame() {
    match.act(1, hands);
    match.step();
    for (const sim::Event& event : match.tick_events) take(event);
    const Snapshot snapshot(match.state);
    const auto taken = screen->take_snapshot(snapshot.world(), match.state.tick, sequence, now_s);
    EXPECT_TRUE(taken) << taken.error().reason;
    update();
    draw();
  }
  void frames(int count) {
    for (int i = 0; i < count; ++i) frame();
  }

  game::test::Match match;
};

}  // namespace game::client::test
