#include "recording/write/recorder.hpp"

#include <spdlog/spdlog.h>

#include "engine/core/assert.hpp"

namespace netcode::recording {

RecordingInfo Recorder::describe(const Simulation& simulation, std::string kind, std::string build,
                                 std::uint64_t started_unix_ms, HostingOptions hosting) {
  const BytesView schema = simulation.schema().bfbs();
  return {.kind = std::move(kind),
          .build = std::move(build),
          .rules_version = simulation.type().version,
          .schema_hash = simulation.schema().hash(),
          .schema = {schema.begin(), schema.end()},
          .world_table = simulation.type().world_table,
          .action_table = simulation.type().action_table,
          .keyframe_table = simulation.type().keyframe_table,
          .started_unix_ms = started_unix_ms,
          .setup = simulation.setup(),
          .hosting = std::move(hosting)};
}

Recorder::Recorder(RecordingWriter& writer, Config config)
    : writer_(writer),
      log_(std::make_shared<Log>(std::move(config.path), config.file_id ? *config.file_id : random_file_id(),
                                 std::move(config.on_written))),
      sessions_(std::move(config.sessions)),
      keyframe_interval_ticks_(config.info.keyframe_interval_ticks),
      hash_interval_ticks_(config.info.hash_interval_ticks) {
  ENGINE_ASSERT(keyframe_interval_ticks_ > 0 && hash_interval_ticks_ > 0);
  hand_over(RecordType::kHeader, 0, encode_header(config.info));
}

Recorder::~Recorder() {
  if (!finished_) finish({});
}

void Recorder::start(const Simulation& simulation) {
  ENGINE_ASSERT(!started_ && simulation.current_tick() == 0, "a recording starts once, before the first tick");
  started_ = true;
  keyframe(simulation);
}

void Recorder::input(const Input& input) { encoder_.input(input); }

void Recorder::event(const Emitted& event) { encoder_.event(event); }

void Recorder::tick(const Simulation& simulation) {
  ++tick_;
  ENGINE_ASSERT(started_ && simulation.current_tick() == tick_, "every tick is recorded, from the first one on");
  const bool has_hash = tick_ % hash_interval_ticks_ == 0;
  if (!encoder_.end_tick(has_hash ? std::optional(simulation.state_hash()) : std::nullopt)) {
    writer_.lose(*log_, "more inputs or events in one tick than a recording takes");
  }
  if (encoder_.bytes() > kTicksBytesMax) end_interval();
  if (tick_ % keyframe_interval_ticks_ == 0) {
    end_interval();
    encoder_.reset();
    keyframe(simulation);
  }
}

void Recorder::keyframe(const Simulation& simulation) {
  const Keyframe keyframe = simulation.keyframe();
  if (auto fits = simulation.schema().check(simulation.type().keyframe_table, keyframe.rules); !fits)
    spdlog::error("recording {}: nobody can go on from tick {}: {}", log_->path(), tick_, fits.error().reason);
  hand_over(RecordType::kKeyframe, tick_, encode_keyframe(keyframe, simulation.state_hash()));
  if (sessions_) hand_over(RecordType::kSessions, tick_, encode_sessions(tick_, sessions_()));
}

std::uint32_t Recorder::end_interval() {
  if (encoder_.ticks() > 0) hand_over(RecordType::kTicks, tick_, encoder_.take());
  return records_ == 0 ? 0 : records_ - 1;
}

void Recorder::hand_over(RecordType type, Tick tick, Bytes body) {
  if (body.size() > limits::kRecordBytesMax) writer_.lose(*log_, "a record that is too large");
  if (writer_.write(log_, {.type = type, .tick = tick, .body = std::move(body)})) ++records_;
}

void Recorder::finish(std::optional<std::string> result) {
  ENGINE_ASSERT(!finished_, "a recording is finished once");
  finished_ = true;
  end_interval();
  writer_.finish(log_, std::move(result));
}

}  // namespace netcode::recording
