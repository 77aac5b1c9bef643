#include "recorded.hpp"

#include <gtest/gtest.h>

namespace test_recordings {

namespace {
/// Fewer than there is room for in the writer's queue, whatever a tick's records.
constexpr std::size_t kTicksUnwaited = 128;
}  // namespace

using netcode::Bytes;
using netcode::BytesView;
using netcode::Input;
using namespace netcode::recording;

engine::Result<void> MemoryOutputFile::append(BytesView bytes) {
  ++appends_;
  const auto written = fail_ ? fail_(appends_) : std::nullopt;
  const BytesView kept = written ? bytes.first(std::min(*written, bytes.size())) : bytes;
  disk_.bytes.insert(disk_.bytes.end(), kept.begin(), kept.end());
  if (written) return engine::error("write: No space left on device");
  return {};
}

engine::Result<void> MemoryOutputFile::truncate(std::uint64_t bytes) {
  if (!can_truncate_) return engine::error("truncate: Input/output error");
  disk_.bytes.resize(static_cast<std::size_t>(bytes));
  return {};
}

engine::Result<void> MemoryOutputFile::sync() {
  disk_.synced = true;
  return {};
}

OpenOutputFile open_in_memory(Disk& disk, MemoryOutputFile::Fail fail, bool can_truncate) {
  return [&disk, fail, can_truncate](const std::string&) -> engine::Result<std::unique_ptr<OutputFile>> {
    return std::unique_ptr<OutputFile>(std::make_unique<MemoryOutputFile>(disk, fail, can_truncate));
  };
}

namespace {

Bytes world_of(const netcode::Simulation& simulation) {
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(flatbuffers::Offset<flatbuffers::Table>(simulation.rules().write_snapshot(builder).o));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

}  // namespace

std::vector<SessionRecord> sessions_of(const netcode::Simulation& simulation) {
  std::vector<SessionRecord> sessions;
  for (const netcode::Player& player : simulation.players()) {
    if (player.is_bot) continue;
    sessions.push_back({.session = {player.id.value + 1000},
                        .token_hash = hash_token("token of " + player.name),
                        .player = player.id,
                        .sent = simulation.current_tick(),
                        .received = simulation.current_tick() / 2,
                        .action = simulation.current_tick() * 3});
  }
  return sessions;
}

Recorded record(const test_games::Kind& kind, const Options& options) {
  Disk disk;
  Recorded recorded;
  {
    RecordingWriter writer({.open_file = open_in_memory(disk)});
    std::unique_ptr<Recorder> recorder;
    std::vector<netcode::Emitted> early;
    test_games::Match match(kind, [&](netcode::Emitted event) {
      ++recorded.events;
      recorder ? recorder->event(event) : early.push_back(std::move(event));
    });
    auto info = Recorder::describe(*match.simulation, kind.name, "test 1", 1700000000000);
    info.keyframe_interval_ticks = options.keyframe_interval_ticks;
    info.hash_interval_ticks = options.hash_interval_ticks;
    Recorder::Config config{.path = "memory", .info = info, .file_id = 0x1122334455667788};
    if (options.with_sessions) config.sessions = [&match] { return sessions_of(*match.simulation); };
    recorder = std::make_unique<Recorder>(writer, std::move(config));
    for (const netcode::Emitted& event : early) recorder->event(event);
    recorder->start(*match.simulation);
    recorded.hashes.push_back(match.simulation->state_hash());
    recorded.worlds.push_back(world_of(*match.simulation));

    test_games::Crowd crowd(match.kind, options.seed, options.players_max, options.with_views, options.with_presence);
    for (std::size_t tick = 1; tick <= options.ticks; ++tick) {
      for (const Input& input : crowd.inputs(*match.simulation)) {
        recorder->input(input);
        ++recorded.inputs;
        test_games::apply(*match.simulation, input);
      }
      match.simulation->tick();
      recorder->tick(*match.simulation);
      if (tick % options.ticks_per_record == 0) recorder->end_interval();
      // Ticks go by as fast as they can be computed here: the writer, whose queue is bounded, is waited for.
      if (tick % kTicksUnwaited == 0) writer.wait();
      recorded.hashes.push_back(match.simulation->state_hash());
      recorded.worlds.push_back(world_of(*match.simulation));
    }
    if (!options.finish) {
      recorder->end_interval();
      writer.wait();
      recorded.bytes = disk.bytes;
    }
    recorder->finish("the end");
    writer.wait();
    EXPECT_FALSE(recorder->incomplete());
  }
  if (options.finish) recorded.bytes = disk.bytes;
  return recorded;
}

}  // namespace test_recordings
