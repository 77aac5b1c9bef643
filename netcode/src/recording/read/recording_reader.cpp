#include "recording/read/recording_reader.hpp"

#include <algorithm>

namespace netcode::recording {

using Got = RecordReader::Got;

engine::Result<std::unique_ptr<RecordingReader>> RecordingReader::open(std::unique_ptr<InputFile> file) {
  auto records = RecordReader::open(std::move(file));
  if (!records) return records.error();
  std::unique_ptr<RecordingReader> reader(new RecordingReader(std::move(*records)));
  if (auto read = reader->read_header(); !read) return read.error();
  reader->read_end();
  return reader;
}

engine::Result<std::unique_ptr<RecordingReader>> RecordingReader::open_file(const std::string& path) {
  auto file = open_input_file(path);
  if (!file) return file.error();
  return open(std::move(*file));
}

engine::Result<void> RecordingReader::read_header() {
  auto got = records_.next();
  if (!got) return got.error();
  if (*got == Got::kTruncated) return engine::error("cut before the end of its header: {}", records_.cut_reason());
  if (records_.record().type != RecordType::kHeader) return here("the first record is not the header");
  auto info = decode_header(records_.record().body);
  if (!info) return here(info.error().reason);
  info_ = std::move(*info);
  return {};
}

// Only a hint for seek and end(): whether it is true shows when the records are read. So an end that cannot be read is
// no error here, but where next() comes to it.
void RecordingReader::read_end() {
  const std::uint64_t offset = records_.offset();
  const std::uint32_t sequence = records_.sequence();
  if (const auto footer = records_.footer()) {
    std::optional<End> last;
    if (records_.get(footer->end_offset, footer->end_sequence, RecordType::kEnd, limits::kRecordBytesMax))
      if (auto decoded = decode_end(records_.record().body)) last = std::move(*decoded);
    if (last) {
      end_ = RecordingEnd{.last_tick = last->last_tick,
                          .records = footer->end_sequence + std::uint64_t{1},
                          .bytes = records_.file_bytes(),
                          .result = last->result,
                          .truncated_reason = {},
                          .incomplete = last->incomplete};
      search_.learn_end(std::move(last->index));
    }
  } else if (auto last = last_index(records_)) {
    known_to_ = last->keyframes.back().tick;
    search_.learn(std::move(*last));
  }
  records_.go_to(offset, sequence);
}

engine::Error RecordingReader::here(const std::string& reason) const {
  return engine::error("offset {}, after tick {}: {}", records_.record().offset, tick_, reason);
}

engine::Result<RecordingReader::Kind> RecordingReader::next() {
  if (error_) return *error_;
  if (at_end_) return Kind::kEnd;
  auto taken = take_record();
  if (!taken) error_ = taken.error();
  return taken;
}

engine::Result<RecordingReader::Kind> RecordingReader::take_record() {
  for (;;) {
    auto got = records_.next();
    if (!got) return engine::error("after tick {}, {}", tick_, got.error().reason);
    if (*got == Got::kTruncated) return take_cut();
    if (*got == Got::kEnd) {
      at_end_ = true;
      return Kind::kEnd;
    }
    engine::Result<void> passed;
    switch (records_.record().type) {
      case RecordType::kTicks:
        return take_ticks();
      case RecordType::kKeyframe:
        return take_keyframe();
      case RecordType::kSessions:
        if (needs_keyframe_) return here("sessions, where a keyframe should be");
        return Kind::kSessions;
      case RecordType::kIndex:
        passed = take_index();
        break;
      case RecordType::kEnd:  // what follows is the footer, or the cut
        passed = take_end();
        break;
      default:
        return here("a second header");
    }
    if (!passed) return passed.error();
  }
}

engine::Result<RecordingReader::Kind> RecordingReader::take_ticks() {
  auto span = tick_span(records_.record().body);
  if (!span) return here(span.error().reason);
  if (needs_keyframe_) return here("ticks, where a keyframe should be");
  if (span->first != tick_ + 1)
    return here("ticks from " + std::to_string(span->first) + " on, where others are missing");
  ticks_ = *span;
  tick_ = span->last();
  known_to_ = std::max(known_to_, tick_);
  return Kind::kTicks;
}

engine::Result<RecordingReader::Kind> RecordingReader::take_keyframe() {
  if (needs_keyframe_) tick_ = keyframe_tick_;
  needs_keyframe_ = false;
  if (met_.size() == kKeyframesPerIndex) return here("a keyframe, where an index should be");
  met_.push_back({.tick = tick_, .offset = records_.record().offset, .sequence = records_.record().sequence});
  search_.add(met_.back());
  return Kind::kKeyframe;
}

engine::Result<KeyframeBody> RecordingReader::keyframe() const {
  auto body = decode_keyframe(records_.record().body);
  if (!body) return here(body.error().reason);
  if (body->keyframe.tick != tick_) return here("a keyframe of tick " + std::to_string(body->keyframe.tick));
  return body;
}

engine::Result<SessionRecords> RecordingReader::sessions() const {
  auto sessions = decode_sessions(records_.record().body);
  if (!sessions) return here(sessions.error().reason);
  if (sessions->tick != tick_) return here("sessions of tick " + std::to_string(sessions->tick));
  return sessions;
}

bool RecordingReader::is_as_met(const Index& index) const {
  if (knows_before_) {
    const auto before = index.earlier.empty() ? std::nullopt : std::optional(index.earlier.front());
    return index.keyframes == met_ && before == index_before_;
  }
  // Reading began somewhere behind the index before it.
  return met_.size() <= index.keyframes.size() && std::equal(met_.rbegin(), met_.rend(), index.keyframes.rbegin());
}

engine::Result<void> RecordingReader::take_index() {
  auto index = decode_index(records_.record().body);
  if (!index) return here(index.error().reason);
  if (needs_keyframe_) return here("an index, where a keyframe should be");
  const bool is_here =
      index->here.offset == records_.record().offset && index->here.sequence == records_.record().sequence;
  if (!is_here || !is_as_met(*index)) return here("an index of other keyframes than there are");
  index_before_ = index->here;
  knows_before_ = true;
  met_.clear();
  search_.learn(std::move(*index));
  return {};
}

engine::Result<void> RecordingReader::take_end() {
  auto end = decode_end(records_.record().body);
  if (!end) return here(end.error().reason);
  if (needs_keyframe_) return here("an end, where a keyframe should be");
  if (end->last_tick != tick_) return here("an end after tick " + std::to_string(end->last_tick));
  if (!is_as_met(end->index)) return here("an index of other keyframes than there are");
  return {};
}

engine::Result<RecordingReader::Kind> RecordingReader::take_cut() {
  at_end_ = true;
  end_ = RecordingEnd{
      .last_tick = tick_,
      .records = records_.sequence(),
      .bytes = records_.file_bytes(),
      .result = {},
      .truncated = true,
      .truncated_reason =
          engine::error("cut at offset {}, after tick {}: {}", records_.offset(), tick_, records_.cut_reason()).reason,
      .incomplete = false};
  return Kind::kEnd;
}

void RecordingReader::go_to(const Place& keyframe) {
  records_.go_to(keyframe.offset, keyframe.sequence);
  keyframe_tick_ = tick_ = keyframe.tick;
  needs_keyframe_ = true;
  at_end_ = knows_before_ = false;
  met_.clear();
  error_.reset();
}

engine::Result<void> RecordingReader::seek(Tick tick) {
  // Without its end what is there is found by reading on, from the last keyframe that is known.
  if (!end_ && (tick > known_to_ || search_.newest() == nullptr)) {
    const Place* newest = search_.newest();
    if (newest != nullptr && (tick_ < newest->tick || needs_keyframe_ || error_)) go_to(*newest);
    while (!end_ && (tick_ < tick || search_.newest() == nullptr)) {
      if (auto passed = next(); !passed) return passed.error();
    }
  }
  if (end_ && tick > end_->last_tick) {
    return engine::error("tick {} is beyond the recording's end, tick {}", tick, end_->last_tick);
  }
  const auto keyframe = search_.find(records_, tick);
  if (!keyframe) {
    error_ = engine::error("the recording's indexes lead to no keyframe before tick {}", tick);
    return *error_;
  }
  go_to(*keyframe);
  return {};
}

engine::Result<std::optional<SessionRecords>> RecordingReader::sessions_at(Tick tick) {
  if (auto found = seek(tick); !found) return found.error();
  std::optional<SessionRecords> newest;
  for (;;) {
    auto kind = next();
    if (!kind) return kind.error();
    if (*kind == Kind::kEnd || tick_ > tick) return newest;
    if (*kind != Kind::kSessions) continue;
    auto read = sessions();
    if (!read) return read.error();
    newest = std::move(*read);
  }
}

}  // namespace netcode::recording
