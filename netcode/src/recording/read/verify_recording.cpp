#include <algorithm>
#include <deque>

#include "recording/read/keyframe_difference.hpp"
#include "recording/read/keyframe_twin.hpp"
#include "recording/read/recipient_words.hpp"
#include "recording/read/recording_reader.hpp"
#include "recording/read/resimulation.hpp"

namespace netcode {

namespace {

using recording::RecordingReader;
using recording::Resimulation;

std::string whom(const Recipients& to) {
  const std::string who = recording::words(to, [](PlayerId id) { return fmt::format("player {}", id.value); });
  return to.is_volatile ? who + ", volatile" : who;
}

// A recording read from its first record to its last beside the match played again, each tick compared.
//
// After the first difference it goes on to the next keyframe without comparing, since only that can name the field.
class Verification final : public recording::TickSink {
 public:
  Verification(RecordingReader& reader, Resimulation& played, const RulesTypes& types)
      : reader_(reader), played_(played), decoder_(reader.info().hash_interval_ticks), twin_(reader.info(), types) {
    played_.simulation().set_emit_sink([this](Emitted event) {
      twin_.emitted_by_first(event);
      emitted_.push_back(std::move(event));
    });
    played_.simulation().set_fault_sink(
        [this](const std::string& reason) { differ(played_.simulation().current_tick() + 1, reason); });
  }

  VerifyReport run() {
    played_.simulation().start();
    while (!stop_) {
      auto kind = reader_.next();
      if (!kind) {
        differ(reader_.tick() + 1, kind.error().reason);
        break;
      }
      if (*kind == RecordingReader::Kind::kEnd) break;
      if (*kind == RecordingReader::Kind::kKeyframe) keyframe();
      if (*kind == RecordingReader::Kind::kTicks) ticks();
      if (*kind == RecordingReader::Kind::kSessions) sessions();
    }
    report_.ticks = played_.simulation().current_tick();
    if (const auto& end = reader_.end(); end && !end->truncated && !differs()) go_on();
    report_.ok = report_.reason.empty();
    if (const auto& end = reader_.end(); end && report_.ok) {
      report_.truncated = end->truncated;
      report_.incomplete = end->incomplete;
      report_.result = end->result;
      if (end->truncated) report_.reason = end->truncated_reason;
    }
    return std::move(report_);
  }

  engine::Result<void> input(const Input& input, bool is_new) override {
    if (auto done = played_.input(input, is_new); !done || differs()) return done;
    if (auto done = twin_.input(input, false); !done) return found(done.error().reason);
    return {};
  }
  engine::Result<void> run(Tick tick) override {
    if (auto done = played_.run(tick); !done || differs()) return done;
    return twin_.run(tick);
  }

  engine::Result<void> event(const Recipients& to, std::string_view name, BytesView body) override {
    if (differs()) return {};
    if (inputs_alone_)
      return found("the event " + std::string(name) + " is recorded, where there should be inputs alone");
    ++report_.events_checked;
    if (emitted_.empty()) return found(fmt::format("the event {} was recorded and not emitted again", name));
    const Emitted& again = emitted_.front();
    if (again.name != name || again.to != to) {
      return found(fmt::format("{} to {} was recorded, {} to {} emitted", name, whom(to), again.name, whom(again.to)));
    }
    if (!std::equal(again.body.begin(), again.body.end(), body.begin(), body.end())) {
      return found(fmt::format("the event {} was emitted with another body", name));
    }
    emitted_.pop_front();
    return {};
  }

  engine::Result<void> end_of_tick(Tick tick, std::optional<std::uint64_t> hash) override {
    if (!differs() && !emitted_.empty() && !inputs_alone_)
      found(fmt::format("the event {} was not recorded", emitted_.front().name));
    emitted_.clear();
    if (!differs()) check_world(tick);
    if (differs()) return {};
    if (std::string difference = twin_.difference_from(played_.simulation()); !difference.empty())
      return left_out(std::move(difference));
    if (!hash) return {};
    ++report_.hashes_checked;
    const std::uint64_t played = played_.simulation().state_hash();
    if (played != *hash)
      differ(tick, fmt::format("the state's hash was recorded as {:016x}, played it is {:016x}", *hash, played));
    return {};
  }

 private:
  bool differs() const { return !report_.reason.empty(); }

  void differ(Tick tick, std::string reason) {
    if (differs()) return;
    report_.first_bad_tick = tick;
    report_.reason = std::move(reason);
  }

  // In the tick that was run last.
  engine::Result<void> found(std::string reason) {
    differ(played_.simulation().current_tick(), std::move(reason));
    return {};
  }

  // A state may be played to the same hash and be none that a client can be sent: its snapshot was held back then.
  void check_world(Tick tick) {
    const MatchSetup& setup = played_.simulation().setup();
    if (tick % std::max(1U, setup.tick_hz / setup.snapshot_hz) != 0) return;
    world_.Clear();
    world_.Finish(flatbuffers::Offset<flatbuffers::Table>(played_.simulation().rules().write_snapshot(world_).o));
    const Bytes world(world_.GetBufferPointer(), world_.GetBufferPointer() + world_.GetSize());  // aligned
    if (auto fits = played_.simulation().check_world(world); !fits)
      differ(tick, "a World that no client would take: " + fits.error().reason);
  }

  void ticks() {
    auto done = decoder_.begin(reader_.ticks_body());
    while (done && !decoder_.at_end()) done = decoder_.tick(*this);
    if (done) return;
    differ(played_.simulation().current_tick() + 1, reader_.here(done.error().reason).reason);
    stop_ = true;
  }

  // Nothing of the match depends on them: it is enough that they can be read.
  void sessions() {
    if (auto read = reader_.sessions(); !read) differ(reader_.tick(), read.error().reason);
  }

  void keyframe() {
    decoder_.reset();
    auto recorded = reader_.keyframe();
    if (!recorded) {
      differ(reader_.tick(), recorded.error().reason);
      stop_ = true;
      return;
    }
    const std::string difference = difference_to(*recorded);
    if (!differs()) ++report_.keyframes_checked;
    if (!difference.empty()) differ(reader_.tick(), reader_.here("the keyframe is not what was played").reason);
    if (!differs()) {
      if (auto restored = twin_.restore(recorded->keyframe); !restored)
        differ(reader_.tick(), reader_.here(restored.error().reason).reason);
      else if (std::string left = twin_.difference_from(played_.simulation()); !left.empty())
        differ(reader_.tick(), std::move(left));
      stop_ = differs();
      return;
    }
    report_.difference = difference;
    stop_ = true;
  }

  // Recorded and played agree: it is the rules that are at fault, and no later keyframe says more about it.
  engine::Result<void> left_out(std::string reason) {
    stop_ = true;
    return found(std::move(reason));
  }

  void go_on() {
    const Tick last = played_.simulation().current_tick();
    if (std::string difference = twin_.play_on(played_.simulation()); !difference.empty())
      differ(last + 1, std::move(difference));
  }

  std::string difference_to(const recording::KeyframeBody& recorded) {
    const Keyframe played = played_.simulation().keyframe();
    return recording::keyframe_difference(played_.schema(), played_.type().keyframe_table, recorded,
                                          {.keyframe = played, .hash = played_.simulation().state_hash()});
  }

  RecordingReader& reader_;
  Resimulation& played_;
  recording::TickDecoder decoder_;
  flatbuffers::FlatBufferBuilder world_;
  recording::KeyframeTwin twin_;
  std::deque<Emitted> emitted_;  // in this tick, not compared yet
  VerifyReport report_;
  const bool inputs_alone_ = reader_.info().inputs_alone;
  bool stop_ = false;
};

VerifyReport not_ok(const std::string& reason) {
  VerifyReport report;
  report.reason = reason;
  return report;
}

VerifyReport verify(RecordingReader& reader, const RulesTypes& types) {
  auto played = Resimulation::create(reader.info(), types);
  if (!played) return not_ok(played.error().reason);
  return Verification(reader, **played, types).run();
}

}  // namespace

VerifyReport verify_recording(const std::string& path, const RulesTypes& types) {
  auto reader = RecordingReader::open_file(path);
  return reader ? verify(**reader, types) : not_ok(reader.error().reason);
}

VerifyReport verify_recording_bytes(BytesView bytes, const RulesTypes& types) {
  auto reader = RecordingReader::open(recording::memory_input_file({bytes.begin(), bytes.end()}));
  return reader ? verify(**reader, types) : not_ok(reader.error().reason);
}

VerifyReport verify_recording_by(const std::string& path, const RulesType& type) {
  auto reader = RecordingReader::open_file(path);
  return reader ? verify(**reader, {{(*reader)->info().kind, type}}) : not_ok(reader.error().reason);
}

engine::Result<RecordingSummary> summarize_recording(const std::string& path) {
  auto reader = RecordingReader::open_file(path);
  if (!reader) return reader.error();
  for (;;) {
    auto kind = (*reader)->next();
    if (!kind) return kind.error();
    if (*kind == RecordingReader::Kind::kEnd) break;
    if (*kind == RecordingReader::Kind::kKeyframe)
      if (auto keyframe = (*reader)->keyframe(); !keyframe) return keyframe.error();
    if (*kind == RecordingReader::Kind::kSessions)
      if (auto sessions = (*reader)->sessions(); !sessions) return sessions.error();
  }
  return RecordingSummary{.info = (*reader)->info(), .end = *(*reader)->end()};
}

}  // namespace netcode
