// What a tick of the arena costs. A recording of 16 players is to be re-simulated at 1000 times real time: 16 us a
// tick, hashes and reading included.
#include <benchmark/benchmark.h>

#include <vector>

#include "crowd.hpp"
#include "game/sim/match.hpp"
#include "game/wire/keyframe.hpp"
#include "game/wire/world.hpp"

namespace game::test {
namespace {

// Half a minute of a fight, its actions recorded.
struct Recording {
  explicit Recording(std::uint16_t players) {
    Crowd crowd(players, 4, 42);
    for (int i = 0; i < 600; ++i) crowd.step();
    start = crowd.state;
    rng = crowd.rng;
    for (int i = 0; i < 1800; ++i) {
      actions.push_back(crowd.think());
      crowd.advance(actions.back());
    }
    end = crowd.state;
  }

  sim::State start, end;
  engine::Rng rng{1};
  std::vector<std::vector<sim::Action>> actions;
};

void resimulate(benchmark::State& bench) {
  const Recording recording(static_cast<std::uint16_t>(bench.range(0)));
  Crowd crowd(0, 1, 1);
  for (auto _ : bench) {
    crowd.state = recording.start;
    crowd.rng = recording.rng;
    for (const auto& actions : recording.actions) crowd.advance(actions);
    benchmark::DoNotOptimize(sim::hash(crowd.state));
  }
  const auto ticks = static_cast<double>(recording.actions.size());
  bench.counters["times_real"] = benchmark::Counter(ticks / 60, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(resimulate)->Arg(8)->Arg(16)->Unit(benchmark::kMillisecond);

void think(benchmark::State& bench) {
  Crowd crowd(8, static_cast<int>(bench.range(0)), 42);
  for (auto _ : bench) {
    bench.PauseTiming();
    crowd.step();
    bench.ResumeTiming();
    benchmark::DoNotOptimize(crowd.think());
  }
  bench.SetItemsProcessed(bench.iterations() * 8);
}
BENCHMARK(think)->Arg(1)->Arg(5);

void hash(benchmark::State& bench) {
  const Recording recording(16);
  for (auto _ : bench) benchmark::DoNotOptimize(sim::hash(recording.end));
}
BENCHMARK(hash);

void write_world(benchmark::State& bench) {
  const Recording recording(16);
  flatbuffers::FlatBufferBuilder builder(8192);
  for (auto _ : bench) {
    builder.Clear();
    builder.Finish(wire::write_world(recording.end, "foundry", builder));
    benchmark::DoNotOptimize(builder.GetBufferPointer());
  }
  bench.counters["bytes"] = static_cast<double>(builder.GetSize());
}
BENCHMARK(write_world);

void keyframe(benchmark::State& bench) {
  const Recording recording(16);
  Crowd crowd(0, 1, 1);
  flatbuffers::FlatBufferBuilder builder(8192);
  for (auto _ : bench) {
    builder.Clear();
    builder.Finish(wire::write_keyframe(recording.end, builder));
    const auto state =
        wire::read_keyframe(*flatbuffers::GetRoot<arena::Keyframe>(builder.GetBufferPointer()), *crowd.map);
    benchmark::DoNotOptimize(state);
  }
}
BENCHMARK(keyframe);

}  // namespace
}  // namespace game::test
