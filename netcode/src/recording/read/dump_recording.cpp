#include "recording/read/dump_recording.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <map>

#include "engine/core/utf8.hpp"
#include "netcode/limits.hpp"
#include "netcode/schema.hpp"
#include "recording/read/input_file.hpp"
#include "recording/read/recipient_words.hpp"
#include "recording/read/recording_reader.hpp"

namespace netcode::recording {

namespace {

constexpr std::size_t kBytesShownMax = 64;

// What a file says is shown, but does not get to steer the terminal.
std::string shown(std::string_view text) { return engine::printable_utf8(text); }

std::string hex(BytesView bytes) {
  std::string out;
  for (const std::uint8_t byte : bytes.first(std::min(bytes.size(), kBytesShownMax)))
    out += fmt::format("{:02x}", byte);
  return bytes.size() > kBytesShownMax ? out + "..." : out;
}

class Dump final : public TickSink {
 public:
  Dump(RecordingReader& reader, const DumpOptions& options, const std::function<void(const std::string&)>& print)
      : reader_(reader), options_(options), print_(print), decoder_(reader.info().hash_interval_ticks) {
    // One that cannot be read costs nothing but the fields' names.
    if (auto schema = Schema::load(reader.info().schema, reader.info().world_table)) schema_ = std::move(*schema);
  }

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
    note_name(input);
    const Tick tick = tick_ + 1;
    if (is_about(input.player) && tick >= options_.first && tick <= options_.last) tick_lines_.push_back(words(input));
    if (input.kind == InputKind::kLeave) names_.erase(input.player);
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
    const EventInfo* info = schema_ ? schema_->event_named(name) : nullptr;
    line(fmt::format("{}event to {}: {} {}", to.is_volatile ? "volatile " : "",
                     recording::words(to, [this](PlayerId id) { return player(id); }), shown(name),
                     table(info ? info->table : std::string(), body)));
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

  std::string player(PlayerId id) const {
    const auto name = names_.find(id);
    return name == names_.end() ? fmt::format("player {}", id.value)
                                : fmt::format("player {} \"{}\"", id.value, shown(name->second));
  }
  void note_name(const Input& input) {
    if (input.kind == InputKind::kJoin && input.player.value <= limits::kPlayerIdMax) names_[input.player] = input.text;
  }

  // Bytes that are no such table are shown as they are.
  std::string table(const std::string& table, BytesView bytes) const {
    if (!schema_ || table.empty()) return fmt::format("{} bytes {}", bytes.size(), hex(bytes));
    const Bytes aligned(bytes.begin(), bytes.end());
    if (auto good = schema_->check(table, aligned); !good)
      return fmt::format("{} bytes {} ({})", bytes.size(), hex(bytes), shown(good.error().reason));
    return shown(schema_->text(table, aligned));
  }

  std::string words(const Input& input) const {
    const std::string who = input.player == kNoPlayer ? "the server" : player(input.player);
    switch (input.kind) {
      case InputKind::kJoin: {
        std::string text = fmt::format("{} joins{}", who, input.is_bot ? ", a bot" : "");
        if (input.ticket_table.empty()) return text;
        return text + fmt::format(" with {} {}", shown(input.ticket_table), table(input.ticket_table, input.ticket));
      }
      case InputKind::kLeave:
        return who + " leaves";
      case InputKind::kAway:
        return who + " is away";
      case InputKind::kBack:
        return who + " is back";
      case InputKind::kRelease:
        return who + " releases everything";
      case InputKind::kEvent:
        return fmt::format("{} sends {} {}", who, shown(input.text), table(input.text, input.body));
      case InputKind::kEnd:
        return "the server ends the match: " + shown(input.text);
      case InputKind::kAction:
        break;
    }
    std::string text = fmt::format("{} acts {}", who, table(reader_.info().action_table, input.body));
    if (input.view.tick != 0) text += fmt::format(" view {}+{}/256", input.view.tick, input.view.fraction);
    if (input.view.to != 0) text += fmt::format(" between {} and {}", input.view.from, input.view.to);
    if (input.ticks_late != 0) text += fmt::format(" late {}", input.ticks_late);
    return text;
  }

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
    names_.clear();
    for (const Player& seated : body->keyframe.players) names_[seated.id] = seated.name;
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
                       one.player == kNoPlayer ? "a spectator" : player(one.player),
                       hex(BytesView(one.token_hash).first(4)), one.sent, one.received, one.action));
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
  std::optional<Schema> schema_;
  std::map<PlayerId, std::string> names_;  // of those who are seated
  std::vector<std::string> tick_lines_;    // at most kTickInputsMax
  Tick tick_ = 0;
};

}  // namespace

engine::Result<void> dump_recording(const std::string& path, const DumpOptions& options,
                                    const std::function<void(const std::string& line)>& print) {
  auto file = open_input_file(path);
  if (!file) return file.error();
  auto reader = RecordingReader::open(std::move(*file));
  if (!reader) return reader.error();
  return Dump(**reader, options, print).run();
}

}  // namespace netcode::recording
