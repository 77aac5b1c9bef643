// What recording and playing cost outside a game's rules, which do nothing here: per tick of 16 players who act.
// 1000 x real time at 60 ticks/s leaves 16.7 us a tick, rules and all.
#include <benchmark/benchmark.h>

#include <stdexcept>

#include "games/counter.hpp"
#include "games/crowd.hpp"
#include "netcode/recording.hpp"
#include "recorded.hpp"
#include "recording/format/crc32c.hpp"
#include "recording/format/tick_codec.hpp"

namespace {

using namespace netcode;

class Idle : public Rules {
 public:
  void join(Context&, const Player&) override {}
  void leave(Context&, PlayerId) override {}
  void action(Context&, PlayerId, BytesView table) override { seen_ += table.size(); }
  void tick(Context&) override {}
  flatbuffers::Offset<void> write_snapshot(flatbuffers::FlatBufferBuilder& builder) const override {
    return counter::CreateWorld(builder).Union();
  }
  flatbuffers::Offset<void> write_keyframe(flatbuffers::FlatBufferBuilder& builder) const override {
    return counter::CreateWorld(builder, 0, static_cast<std::int64_t>(seen_)).Union();
  }
  engine::Result<void> restore(BytesView keyframe) override {
    seen_ = static_cast<std::size_t>(flatbuffers::GetRoot<counter::World>(keyframe.data())->total());
    return {};
  }
  std::uint64_t state_hash() const override { return seen_; }

 private:
  std::size_t seen_ = 0;
};

constexpr std::size_t kTicks = 6000;

test_games::Kind idle_kind() {
  test_games::Kind kind = test_games::counter_kind();
  kind.type.make = [] { return std::make_unique<Idle>(); };
  return kind;
}

const test_recordings::Recorded& recorded() {
  static const auto all = test_recordings::record(idle_kind(), {.ticks = kTicks, .players_max = 16});
  return all;
}

void count_ticks(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kTicks));
  state.counters["x_real_time"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * kTicks / 60, benchmark::Counter::kIsRate);
}

void replay(benchmark::State& state) {
  const RulesTypes types{{"counter", idle_kind().type}};
  const Bytes bytes = recorded().bytes;
  for (auto _ : state) {
    auto played = Replay::open_bytes(bytes, types);
    for (;;) {
      const auto stepped = (*played)->step();
      if (!stepped) throw std::runtime_error(stepped.error().reason);
      if (!*stepped) break;
    }
  }
  count_ticks(state);
  state.counters["bytes_per_hour"] = static_cast<double>(bytes.size()) / kTicks * 60 * 3600;
}
BENCHMARK(replay)->Unit(benchmark::kMillisecond);

void verify(benchmark::State& state) {
  const RulesTypes types{{"counter", idle_kind().type}};
  for (auto _ : state) {
    const VerifyReport report = verify_recording_bytes(recorded().bytes, types);
    if (!report.ok) throw std::runtime_error(report.reason);
  }
  count_ticks(state);
}
BENCHMARK(verify)->Unit(benchmark::kMillisecond);

// The tap on the match's thread: 16 actions of 28 bytes, a quarter of them new.
void encode_tick(benchmark::State& state) {
  engine::Rng rng(1);
  const test_games::Kind kind = idle_kind();
  std::vector<Input> inputs;
  for (std::uint32_t player = 1; player <= 16; ++player) {
    inputs.push_back({.kind = InputKind::kAction, .player = {player}, .body = kind.random_action(rng)});
  }
  recording::TickEncoder encoder;
  std::uint8_t change = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i < inputs.size(); i += 4) inputs[i].body.back() = ++change;
    for (const Input& input : inputs) encoder.input(input);
    encoder.end_tick({});
    if (encoder.ticks() == 2) benchmark::DoNotOptimize(encoder.take());
  }
}
BENCHMARK(encode_tick);

void check_action(benchmark::State& state) {
  engine::Rng rng(1);
  const test_games::Kind kind = idle_kind();
  const auto schema = Schema::load(kind.type.schema, kind.type.world_table);
  const Bytes action = kind.random_action(rng);
  for (auto _ : state) benchmark::DoNotOptimize(schema->check_values(kind.type.action_table, action));
}
BENCHMARK(check_action);

void crc32c_of_a_record(benchmark::State& state) {
  const Bytes body(100, 7);
  for (auto _ : state) benchmark::DoNotOptimize(crc32c(body));
}
BENCHMARK(crc32c_of_a_record);

}  // namespace
