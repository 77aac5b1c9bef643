// The tap of one match: sees each input before it is applied, each event as it is emitted and each tick as it is done,
// and hands the writer one record an interval. Keyframes and hashes are taken when they are due.
//
//   Recorder recorder(writer, {.path = ..., .info = Recorder::describe(simulation, "arena", build)});
//   simulation.set_emit_sink([&](Emitted event) { recorder.event(event); ... });
//   simulation.start();
//   recorder.start(simulation);
//   each input:    recorder.input(input); simulation.apply(input);
//   each tick:     simulation.tick(); recorder.tick(simulation);
//   each snapshot: recorder.end_interval();
//   at the end:    recorder.finish(simulation.result());
//
// Threading: the match's thread. Ownership: `writer` must outlive it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "netcode/recording.hpp"
#include "recording/format/session_records.hpp"
#include "recording/format/tick_codec.hpp"
#include "recording/write/recording_writer.hpp"
#include "simulation/simulation.hpp"

namespace netcode::recording {

class Recorder {
 public:
  struct Config {
    std::string path;  // must not exist
    RecordingInfo info;
    /// As Log's: a record, and all before it, would survive the end of this process.
    std::function<void(std::uint32_t number)> on_written{};
    /// The sessions of the match as they are now: asked at each keyframe. None: it has no sessions to be kept.
    std::function<std::vector<SessionRecord>()> sessions{};
    std::optional<std::uint64_t> file_id{};  // for tests; none: random
  };

  /// What a match says of itself. `started_unix_ms`: the wall clock's, for people only.
  static RecordingInfo describe(const Simulation& simulation, std::string kind, std::string build,
                                std::uint64_t started_unix_ms = 0, HostingOptions hosting = {});

  Recorder(RecordingWriter& writer, Config config);
  /// Finishes without a result if nobody did.
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// After Simulation::start, whose events may have come already, and before the first tick.
  void start(const Simulation& simulation);
  /// About to be applied. Inputs that no tick follows are not kept: nobody saw what they led to.
  void input(const Input& input);
  void event(const Emitted& event);
  /// After each tick.
  void tick(const Simulation& simulation);
  /// Hands over the ticks since the last time: call it before what they led to is sent. Gives the number of the newest
  /// record: once on_written was called with it, all up to here is safe.
  std::uint32_t end_interval();
  void finish(std::optional<std::string> result);

  bool incomplete() const { return log_->incomplete(); }
  const std::string& path() const { return log_->path(); }
  /// Outlives the recorder: tells when the file is closed.
  const std::shared_ptr<Log>& log() const { return log_; }

 private:
  void keyframe(const Simulation& simulation);
  void hand_over(RecordType type, Tick tick, Bytes body);

  RecordingWriter& writer_;
  std::shared_ptr<Log> log_;
  std::function<std::vector<SessionRecord>()> sessions_;
  std::uint32_t keyframe_interval_ticks_;
  std::uint32_t hash_interval_ticks_;
  TickEncoder encoder_;
  Tick tick_ = 0;  // the last one done
  std::uint32_t records_ = 0;
  bool started_ = false;
  bool finished_ = false;
};

}  // namespace netcode::recording
