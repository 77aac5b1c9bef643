// What drawing costs, on one core: each primitive, and a frame of a fight of 16 at 1280x720, which has to fit into 8 ms
// with everything else that a frame does. `p50_ms` and `p95_ms` are over the frames of a fight, in the thread's own
// time: what else the machine does is not the drawing's.
#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <vector>

#include "fight_scene.hpp"

namespace engine::app::test {
namespace {

using namespace palette;

// The same shape at other fractions of a pixel each time.
struct Bench {
  Picture picture{1280, 720};
  Canvas canvas{picture};
  int calls = 0;

  Bench() { canvas.clear(kGround); }
  Point shaken(Point at) {
    ++calls;
    return at + Point{static_cast<float>(calls % 7) * 0.13F, static_cast<float>(calls % 5) * 0.19F};
  }
};

template <class Draw>
void run(benchmark::State& state, Draw draw) {
  Bench bench;
  for (auto _ : state) {
    draw(bench);
    benchmark::ClobberMemory();
  }
}

void spark(benchmark::State& state) {
  run(state, [](Bench& b) { b.canvas.line(b.shaken({400, 300}), {407, 303}, 2, added(kFoe)); });
}
BENCHMARK(spark);

void line_1000_px(benchmark::State& state) {
  run(state, [](Bench& b) { b.canvas.line(b.shaken({100, 80}), {980, 555}, 3, added(kOwn)); });
}
BENCHMARK(line_1000_px);

void fading_line_100_px(benchmark::State& state) {
  run(state, [](Bench& b) { b.canvas.line(b.shaken({100, 80}), {190, 120}, 3, added(faded(kOwn, 0)), added(kWhite)); });
}
BENCHMARK(fading_line_100_px);

void ship(benchmark::State& state) {
  run(state, [](Bench& b) { draw_ship(b.canvas, b.shaken({400, 300}), 0.3F, kOwn); });
}
BENCHMARK(ship);

void shot(benchmark::State& state) {
  run(state, [](Bench& b) { draw_shot(b.canvas, b.shaken({400, 300}), 0.3F, kOwn); });
}
BENCHMARK(shot);

void rail(benchmark::State& state) {
  run(state, [](Bench& b) { draw_rail(b.canvas, b.shaken({100, 80}), {980, 555}, kOwn); });
}
BENCHMARK(rail);

void glow(benchmark::State& state) {
  const auto radius = static_cast<float>(state.range(0));
  run(state, [radius](Bench& b) { b.canvas.glow(b.shaken({640, 360}), radius, added(faded(kOwn, 0.3F))); });
}
BENCHMARK(glow)->Arg(15)->Arg(60)->Arg(300);

void disc(benchmark::State& state) {
  const auto radius = static_cast<float>(state.range(0));
  run(state, [radius](Bench& b) { b.canvas.disc(b.shaken({640, 360}), radius, kOwn); });
}
BENCHMARK(disc)->Arg(4)->Arg(60);

void ring_r60(benchmark::State& state) {
  run(state, [](Bench& b) { b.canvas.ring(b.shaken({640, 360}), 60, 2, added(kOwn)); });
}
BENCHMARK(ring_r60);

void arc_r26(benchmark::State& state) {
  run(state, [](Bench& b) { b.canvas.arc(b.shaken({640, 360}), 26, -1, 2, 2.5F, kOwn); });
}
BENCHMARK(arc_r26);

void polygon_r200(benchmark::State& state) {
  run(state, [](Bench& b) {
    const Point at = b.shaken({640, 360});
    const std::array<Point, 5> star{at + Point{0, -200}, at + Point{117, 162}, at + Point{-190, -62},
                                    at + Point{190, -62}, at + Point{-117, 162}};
    b.canvas.polygon(star, kOwn);
  });
}
BENCHMARK(polygon_r200);

void box_half_picture(benchmark::State& state) {
  run(state, [](Bench& b) { b.canvas.box({320.5F, 90, 640, 720}, faded(kWallFill, 0.7F)); });
}
BENCHMARK(box_half_picture);

void text_16_letters(benchmark::State& state) {
  Typeface face = font("B612-Regular.otf");
  run(state, [&face](Bench& b) { b.canvas.text(face, "pilot 3 > rival!", b.shaken({400, 300}), 14, kText); });
}
BENCHMARK(text_16_letters);

void clear(benchmark::State& state) {
  run(state, [](Bench& b) { b.canvas.clear(kGround); });
}
BENCHMARK(clear);

void backdrop(benchmark::State& state) {
  const Picture map = bake_map(2560, 1600);
  run(state, [&map](Bench& b) { b.canvas.backdrop(map, 400 + b.calls++ % 100, 300, kGround); });
}
BENCHMARK(backdrop);

void a_layer_of_light(benchmark::State& state) {
  const Picture map = bake_map(1280, 720);
  run(state, [&map](Bench& b) { b.canvas.picture(map, {0, 0}, 0.5F, Blend::kAdd); });
}
BENCHMARK(a_layer_of_light);

double thread_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

void fight_of_16(benchmark::State& state) {
  Fight fight;
  Bench bench;
  std::vector<double> frames_ms;
  for (auto _ : state) {
    const double start = thread_ms();
    fight.draw(bench.canvas, static_cast<int>(frames_ms.size()));
    benchmark::ClobberMemory();
    frames_ms.push_back(thread_ms() - start);
  }
  std::sort(frames_ms.begin(), frames_ms.end());
  state.counters["p50_ms"] = frames_ms[frames_ms.size() / 2];
  state.counters["p95_ms"] = frames_ms[frames_ms.size() * 95 / 100];
}
BENCHMARK(fight_of_16)->Unit(benchmark::kMillisecond)->Iterations(1000);

}  // namespace
}  // namespace engine::app::test
