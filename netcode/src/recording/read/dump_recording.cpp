#include "recording/read/dump_recording.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "recording/read/recording_reader.hpp"
#include "recording/read/recording_words.hpp"

namespace netcode::recording {

namespace {

std::string shown(std::string_view text) { return RecordingWords::shown(text); }

class Dump final : public TickSink {
 public:
  Dump(RecordingReader& reader, const DumpOptions& options, const std::function<void(const std::string&)>& print)
      : reader_(reader),
        options_(options),
        print_(print),
        decoder_(reader.info().hash_interval_ticks),
        words_(reader.info()) {}

  engine::Result<void> run() {
    if (options_.first > 0)
      if (auto found = reader_.seek(options_.first); !found) return found;
    for (;;) {
      auto kind = reader_.next();
      if (!kind) return kind.error();
      if (*kind == RecordingReader::Kind::kEnd) return end();
      if (*kind == RecordingReader::Kind::kTicks && reader_.ticks().first > options_.last) return {};
      if (reader_.tick() > options_.last && *kind != RecordingReader::Kind::kTicks) return {};
      engine::Result<void> done;
      if (*kind == RecordingReader::Kind::kTicks) done = ticks();
      if (*kind == RecordingReader::Kind::kKeyframe) done = keyframe();
      if (*kind == RecordingReader::Kind::kSessions) done = sessions();
      if (!done) return done;
    }
  }

  engine::Result<void> input(const Input& input, bool) override {
    words_.note(input);
    const Tick tick = tick_ + 1;
    if (is_about(input.player) && tick >= options_.first && tick <= options_.last)
      tick_lines_.push_back(words_.input(input));
    words_.forget(input);
    return {};
  }
  // Inputs come before their tick is run.
  engine::Result<void> run(Tick tick) override {
    tick_ = tick;
    for (const std::string& one : std::exchange(tick_lines_, {})) line(one);
    return {};
  }
  engine::Result<void> event(const Recipients& to, std::string_view name, BytesView body) override {
    const bool is_to_one = std::find(to.players.begin(), to.players.end(), options_.player) != to.players.end();
    if (options_.player && !is_to_one) return {};
    line(words_.event(to, name, body));
    return {};
  }
  engine::Result<void> end_of_tick(Tick, std::optional<std::uint64_t> hash) override {
    if (hash && !options_.player) line(fmt::format("hash {:016x}", *hash));
    return {};
  }

 private:
  void line(const std::string& what) {
    if (tick_ >= options_.first && tick_ <= options_.last) print_(fmt::format("tick {}: {}", tick_, what));
  }
  bool is_about(PlayerId player) const { return !options_.player || *options_.player == player; }

  engine::Result<void> ticks() {
    auto done = decoder_.begin(reader_.ticks_body());
    while (done && !decoder_.at_end()) done = decoder_.tick(*this);
    return done ? done : engine::Result<void>(reader_.here(done.error().reason));
  }

  engine::Result<void> keyframe() {
    decoder_.reset();
    auto body = reader_.keyframe();
    if (!body) return body.error();
    tick_ = reader_.tick();
    words_.set_players(body->keyframe.players);
    if (options_.player) return {};
    line(fmt::format("keyframe: {} players, {} bytes of {}, hash {:016x}", body->keyframe.players.size(),
                     body->keyframe.rules.size(), shown(reader_.info().keyframe_table), body->hash));
    return {};
  }

  engine::Result<void> sessions() {
    auto records = reader_.sessions();
    if (!records) return records.error();
    for (const SessionRecord& one : records->sessions) {
      if (!is_about(one.player)) continue;
      line(fmt::format("session {} of {}: token {}..., sent {}, received {}, action {}", one.session.value,
                       one.player == kNoPlayer ? "a spectator" : words_.player(one.player),
                       RecordingWords::hex(BytesView(one.token_hash).first(4)), one.sent, one.received, one.action));
    }
    return {};
  }

  engine::Result<void> end() {
    const RecordingEnd& end = *reader_.end();
    tick_ = end.last_tick;
    if (options_.player) return {};
    if (end.truncated) {
      line("no end: " + end.truncated_reason);
    } else {
      line(fmt::format("end{}: {}", end.incomplete ? ", incomplete" : "",
                       end.result ? shown(*end.result) : "no result, the server stopped"));
    }
    return {};
  }

  RecordingReader& reader_;
  const DumpOptions& options_;
  const std::function<void(const std::string&)>& print_;
  TickDecoder decoder_;
  RecordingWords words_;
  std::vector<std::string> tick_lines_;  // at most kTickInputsMax
  Tick tick_ = 0;
};

}  // namespace

engine::Result<void> dump_recording(const std::string& path, const DumpOptions& options,
                                    const std::function<void(const std::string& line)>& print) {
  auto reader = RecordingReader::open_file(path);
  if (!reader) return reader.error();
  return Dump(**reader, options, print).run();
}

}  // namespace netcode::recording
