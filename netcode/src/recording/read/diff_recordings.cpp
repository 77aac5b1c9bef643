#include "recording/read/diff_recordings.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include "recording/read/keyframe_difference.hpp"
#include "recording/read/recording_reader.hpp"
#include "recording/read/recording_words.hpp"
#include "recording/read/resimulation.hpp"

namespace netcode::recording {
namespace {

/// Inputs that part need not matter at once: for so many ticks both are played on.
constexpr Tick kPlayedOnTicksMax = 3600;

/// One of the two, read tick by tick.
class Side final : public TickSink {
 public:
  static engine::Result<std::unique_ptr<Side>> open(const std::string& path) {
    auto reader = RecordingReader::open_file(path);
    if (!reader) return engine::error("{}: {}", path, reader.error().reason);
    return std::unique_ptr<Side>(new Side(path, std::move(*reader)));
  }

  const RecordingInfo& info() const { return reader_->info(); }

  /// Reads a file without its end through.
  engine::Result<Tick> last_tick() {
    while (!reader_->end())
      if (auto kind = reader_->next(); !kind) return named(kind.error());
    return reader_->end()->last_tick;
  }
  /// The last keyframe at or before the tick; the next tick to come is the one behind it.
  engine::Result<KeyframeBody> go_to(Tick tick) {
    if (auto found = reader_->seek(tick); !found) return named(found.error());
    if (auto kind = reader_->next(); !kind) return named(kind.error());
    auto body = reader_->keyframe();
    if (!body) return named(body.error());
    decoder_.reset();
    is_in_record_ = false;
    tick_ = reader_->tick();
    words_.set_players(body->keyframe.players);
    return std::move(*body);
  }

  /// The next tick into what follows. False: there is none.
  engine::Result<bool> step() {
    lines_.clear();
    inputs_.clear();
    events_.clear();
    hash_ = std::nullopt;
    while (!is_in_record_ || decoder_.at_end()) {
      auto kind = reader_->next();
      if (!kind) return named(kind.error());
      if (*kind == RecordingReader::Kind::kEnd) return false;
      if (*kind == RecordingReader::Kind::kKeyframe) decoder_.reset();
      is_in_record_ = *kind == RecordingReader::Kind::kTicks;
      if (!is_in_record_) continue;
      if (auto begun = decoder_.begin(reader_->ticks_body()); !begun) return named(reader_->here(begun.error().reason));
    }
    if (auto done = decoder_.tick(*this); !done) return named(reader_->here(done.error().reason));
    return true;
  }
  Tick tick() const { return tick_; }
  const std::vector<Input>& inputs() const { return inputs_; }
  const std::vector<Emitted>& events() const { return events_; }
  const std::optional<std::uint64_t>& hash() const { return hash_; }
  /// Of an input or, behind those, an event of this tick.
  std::string line(std::size_t at) const { return at < lines_.size() ? lines_[at] : "nothing"; }
  /// As it is known from the file; that of a file without an end is none.
  std::optional<std::string> result() const { return reader_->end() ? reader_->end()->result : std::nullopt; }

  /// The next keyframe at or behind this tick; none: there is none any more.
  engine::Result<std::optional<KeyframeBody>> next_keyframe() {
    for (;;) {
      auto kind = reader_->next();
      if (!kind) return named(kind.error());
      if (*kind == RecordingReader::Kind::kEnd) return std::optional<KeyframeBody>();
      if (*kind != RecordingReader::Kind::kKeyframe) continue;
      auto body = reader_->keyframe();
      if (!body) return named(body.error());
      return std::optional(std::move(*body));
    }
  }

  engine::Result<void> input(const Input& input, bool) override {
    words_.note(input);
    inputs_.push_back(input);
    lines_.push_back(words_.input(input));
    words_.forget(input);
    return {};
  }
  engine::Result<void> run(Tick tick) override {
    tick_ = tick;
    return {};
  }
  engine::Result<void> event(const Recipients& to, std::string_view name, BytesView body) override {
    events_.push_back({.to = to, .name = std::string(name), .body = Bytes(body.begin(), body.end()), .tick = tick_});
    lines_.push_back(words_.event(to, name, body));
    return {};
  }
  engine::Result<void> end_of_tick(Tick, std::optional<std::uint64_t> hash) override {
    hash_ = hash;
    return {};
  }

 private:
  Side(std::string path, std::unique_ptr<RecordingReader> reader)
      : path_(std::move(path)),
        reader_(std::move(reader)),
        decoder_(reader_->info().hash_interval_ticks),
        words_(reader_->info()) {}

  engine::Error named(const engine::Error& error) const { return engine::error("{}: {}", path_, error.reason); }

  std::string path_;
  std::unique_ptr<RecordingReader> reader_;
  TickDecoder decoder_;
  RecordingWords words_;
  bool is_in_record_ = false;
  Tick tick_ = 0;
  std::vector<Input> inputs_;
  std::vector<Emitted> events_;
  std::vector<std::string> lines_;
  std::optional<std::uint64_t> hash_;
};

bool is_same_event(const Emitted& a, const Emitted& b) { return a.to == b.to && a.name == b.name && a.body == b.body; }

/// What the matches were made with.
std::vector<std::string> setup_difference(const RecordingInfo& left, const RecordingInfo& right) {
  std::vector<std::string> out;
  const auto compare = [&out](std::string_view what, const auto& a, const auto& b) {
    if (a != b) out.push_back(RecordingWords::shown(fmt::format("{}: {} != {}", what, a, b)));
  };
  compare("kind", left.kind, right.kind);
  compare("rules version", left.rules_version, right.rules_version);
  compare("schema", fmt::format("{:016x}", left.schema_hash), fmt::format("{:016x}", right.schema_hash));
  compare("seed", left.setup.seed, right.setup.seed);
  compare("ticks a second", left.setup.tick_hz, right.setup.tick_hz);
  compare("snapshots a second", left.setup.snapshot_hz, right.setup.snapshot_hz);
  std::map<std::string, std::array<std::string, 2>> options;
  for (const auto& [key, value] : left.setup.options) options[key][0] = value;
  for (const auto& [key, value] : right.setup.options) options[key][1] = value;
  for (const auto& [key, values] : options)
    compare("option " + key, values[0].empty() ? "(none)" : values[0], values[1].empty() ? "(none)" : values[1]);
  const auto bytes_of = [](const SharedBytes& map) { return map ? *map : Bytes(); };
  if (bytes_of(left.setup.map) != bytes_of(right.setup.map))
    out.push_back(fmt::format("map: {} bytes != {} other bytes", bytes_of(left.setup.map).size(),
                              bytes_of(right.setup.map).size()));
  return out;
}

class Comparison {
 public:
  Comparison(Side& left, Side& right, const RulesTypes& types) : left_(left), right_(right), types_(types) {}

  engine::Result<RecordingDifference> run() {
    found_.setup = setup_difference(left_.info(), right_.info());
    if (left_.info().schema_hash != right_.info().schema_hash || left_.info().kind != right_.info().kind) {
      found_.tick = 0;
      found_.what = "they are of different games";
      return std::move(found_);
    }
    const auto left_last = left_.last_tick();
    if (!left_last) return left_last.error();
    const auto right_last = right_.last_tick();
    if (!right_last) return right_last.error();
    found_.ticks = std::min(*left_last, *right_last);
    if (auto done = find_common(); !done) return done.error();
    auto is_found = common_ ? compare_ticks() : engine::Result<bool>(true);
    // Nothing that came to another state: now all that went in and came out.
    if (is_found && !*is_found) is_found = compare_from_start();
    if (!is_found) return is_found.error();
    if (*is_found) {
      if (auto done = find_field(); !done) return done.error();
    }
    return std::move(found_);
  }

 private:
  // The last keyframe that is the same in both: what is the same at a tick was so at all before.
  engine::Result<void> find_common() {
    Tick low = 0;
    if (auto same = same_at(0); !same || !*same) return same ? part_at_once() : engine::Result<void>(same.error());
    for (Tick high = found_.ticks + 1; high - low > 1;) {
      const Tick middle = low + (high - low) / 2;
      const auto same = same_at(middle);
      if (!same) return same.error();
      (*same ? low : high) = middle;
    }
    auto same = same_at(low);  // so that both go on from there
    if (!same) return same.error();
    return {};
  }

  engine::Result<bool> same_at(Tick tick) {
    auto left = left_.go_to(tick);
    if (!left) return left.error();
    auto right = right_.go_to(tick);
    if (!right) return right.error();
    const bool is_same = left->keyframe.tick == right->keyframe.tick && left->hash == right->hash;
    if (is_same) common_ = std::move(left->keyframe);
    return is_same;
  }

  engine::Result<void> part_at_once() {
    found_.tick = 0;
    found_.what = "the state that they begin with";
    return {};
  }

  engine::Result<bool> compare_from_start() {
    if (auto same = same_at(0); !same) return same.error();
    return compare_ticks();
  }

  // True: they part.
  engine::Result<bool> compare_ticks() {
    for (;;) {
      const auto left = left_.step();
      if (!left) return left.error();
      const auto right = right_.step();
      if (!right) return right.error();
      if (!*left && !*right) return compare_ends();
      if (*left != *right) {
        part(std::max(left_.tick(), right_.tick()), *left ? "a tick != its end" : "its end != a tick");
        return true;
      }
      if (compare_tick()) return true;
    }
  }

  bool compare_tick() {
    const Tick tick = left_.tick();
    const auto line_of_both = [&](std::size_t left, std::size_t right) {
      return left_.line(left) + " != " + right_.line(right);
    };
    const std::vector<Input>&a = left_.inputs(), &b = right_.inputs();
    const std::size_t inputs = std::max(a.size(), b.size());
    for (std::size_t i = 0; i < inputs; ++i) {
      if (i < a.size() && i < b.size() && a[i] == b[i]) continue;
      are_inputs_ = true;
      part(tick, (i < a.size() ? left_.line(i) : "nothing") + " != " + (i < b.size() ? right_.line(i) : "nothing"));
      return true;
    }
    const std::vector<Emitted>&told = left_.events(), &other = right_.events();
    for (std::size_t i = 0; i < std::max(told.size(), other.size()); ++i) {
      if (i < told.size() && i < other.size() && is_same_event(told[i], other[i])) continue;
      part(tick, line_of_both(a.size() + i, b.size() + i));
      return true;
    }
    if (left_.hash() && right_.hash() && left_.hash() != right_.hash()) {
      part(tick, fmt::format("hash {:016x} != {:016x}", *left_.hash(), *right_.hash()));
      return true;
    }
    return false;
  }

  bool compare_ends() {
    if (left_.result() == right_.result()) return false;
    part(left_.tick(), RecordingWords::shown(fmt::format("result {} != {}", left_.result().value_or("(none)"),
                                                         right_.result().value_or("(none)"))));
    return true;
  }

  void part(Tick tick, std::string what) {
    found_.tick = tick;
    found_.what = std::move(what);
  }

  // --- which field

  engine::Result<void> find_field() {
    if (are_inputs_) {
      auto is_played = play_both();
      if (!is_played) return is_played.error();
      if (*is_played) return {};
    }
    return find_in_keyframes();
  }

  // From the last keyframe that is the same, until the states are not. False: they are not played here.
  engine::Result<bool> play_both() {
    const Tick until = *found_.tick + kPlayedOnTicksMax;
    std::array<Side*, 2> sides = {&left_, &right_};
    std::array<std::unique_ptr<Resimulation>, 2> played;
    for (std::size_t i = 0; i < 2; ++i) {
      auto made = Resimulation::create(sides[i]->info(), types_);
      if (!made) {
        found_.remarks.push_back("not played: " + made.error().reason);
        return false;
      }
      if (auto there = sides[i]->go_to(common_->tick); !there) return there.error();
      if (auto restored = (*made)->simulation().restore(*common_); !restored) {
        found_.remarks.push_back("not played: " + restored.error().reason);
        return false;
      }
      played[i] = std::move(*made);
    }
    const std::string table = played[0]->type().keyframe_table;
    for (;;) {
      for (std::size_t i = 0; i < 2; ++i) {
        const auto is_there = sides[i]->step();
        if (!is_there) return is_there.error();
        if (!*is_there || sides[i]->tick() > until) {
          found_.remarks.push_back(fmt::format("played to tick {}, the states stay the same", sides[0]->tick()));
          return true;
        }
        if (auto done = play(*sides[i], *played[i]); !done) return done.error();
      }
      const Simulation &a = played[0]->simulation(), &b = played[1]->simulation();
      if (a.state_hash() == b.state_hash()) continue;
      found_.state_tick = left_.tick();
      found_.is_first_state = true;
      found_.field = keyframe_difference(played[0]->schema(), table, {.keyframe = a.keyframe(), .hash = a.state_hash()},
                                         {.keyframe = b.keyframe(), .hash = b.state_hash()});
      return true;
    }
  }

  static engine::Result<void> play(const Side& side, Resimulation& played) {
    for (const Input& input : side.inputs())
      if (auto done = played.input(input, true); !done) return done;
    return played.run(side.tick());
  }

  // What each build has recorded of the state, at the first keyframe where they differ.
  engine::Result<void> find_in_keyframes() {
    const auto schema = Schema::load(left_.info().schema, left_.info().world_table);
    if (!schema) return schema.error();
    const Tick from = common_ ? common_->tick : 0;
    const auto first_left = left_.go_to(from);
    if (!first_left) return first_left.error();
    const auto first_right = right_.go_to(from);
    if (!first_right) return first_right.error();
    if (!common_) return compare_keyframes(*schema, *first_left, *first_right);
    auto left = left_.next_keyframe(), right = right_.next_keyframe();
    while (left && right && *left && *right) {
      if ((*left)->keyframe.tick < (*right)->keyframe.tick) {
        left = left_.next_keyframe();
      } else if ((*right)->keyframe.tick < (*left)->keyframe.tick) {
        right = right_.next_keyframe();
      } else {
        return compare_keyframes(*schema, **left, **right);
      }
    }
    if (!left) return left.error();
    if (!right) return right.error();
    found_.remarks.push_back("no later keyframe is in both: the field is not known");
    return {};
  }

  engine::Result<void> compare_keyframes(const Schema& schema, const KeyframeBody& left, const KeyframeBody& right) {
    found_.field = keyframe_difference(schema, left_.info().keyframe_table, left, right);
    if (!found_.field.empty()) found_.state_tick = left.keyframe.tick;
    return {};
  }

  Side& left_;
  Side& right_;
  const RulesTypes& types_;
  std::optional<Keyframe> common_;  // the last one that is the same in both; none: not even the first is
  bool are_inputs_ = false;         // that part
  RecordingDifference found_;
};

}  // namespace

engine::Result<RecordingDifference> diff_recordings(const std::string& left, const std::string& right,
                                                    const RulesTypes& types) {
  auto a = Side::open(left);
  if (!a) return a.error();
  auto b = Side::open(right);
  if (!b) return b.error();
  return Comparison(**a, **b, types).run();
}

}  // namespace netcode::recording
