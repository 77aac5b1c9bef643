#include "recording/read/recording_reader.hpp"

namespace netcode::recording {

using Got = RecordReader::Got;

engine::Result<std::unique_ptr<RecordingReader>> RecordingReader::open(std::unique_ptr<InputFile> file) {
  auto records = RecordReader::open(std::move(file));
  if (!records) return records.error();
  std::unique_ptr<RecordingReader> reader(new RecordingReader(std::move(*records)));
  if (auto read = reader->read_header(); !read) return read.error();
  if (auto read = reader->read_index(); !read) return read.error();
  return reader;
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

// Only a hint for seek and end(): whether it is true shows when the records are read. So an index that cannot be read
// is no error here, but where next() comes to it.
engine::Result<void> RecordingReader::read_index() {
  if (!records_.footer()) return {};
  const std::uint64_t offset = records_.offset();
  const std::uint32_t sequence = records_.sequence();
  const Footer footer = *records_.footer();
  std::optional<Index> index;
  if (footer.index_offset > offset && footer.index_offset < records_.file_bytes()) {
    records_.go_to(footer.index_offset, footer.index_sequence);
    const auto got = records_.next();
    if (got && *got == Got::kRecord && records_.record().type == RecordType::kIndex) {
      if (auto decoded = decode_index(records_.record().body)) index = std::move(*decoded);
    }
  }
  records_.go_to(offset, sequence);
  if (!index) return {};
  for (const IndexEntry& entry : index->keyframes) indexed_.add(entry);
  end_ = RecordingEnd{.last_tick = index->last_tick,
                      .records = footer.index_sequence + std::uint64_t{1},
                      .bytes = records_.file_bytes(),
                      .result = index->result,
                      .truncated_reason = {},
                      .incomplete = index->incomplete};
  return {};
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
  auto got = records_.next();
  if (!got) return engine::error("after tick {}, {}", tick_, got.error().reason);
  if (*got == Got::kTruncated) return take_cut();
  if (*got == Got::kEnd) {
    at_end_ = true;
    return Kind::kEnd;
  }
  switch (records_.record().type) {
    case RecordType::kTicks:
      return take_ticks();
    case RecordType::kKeyframe:
      return take_keyframe();
    case RecordType::kIndex:
      return take_index();
    default:
      return here("a second header");
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
  return Kind::kTicks;
}

engine::Result<RecordingReader::Kind> RecordingReader::take_keyframe() {
  if (needs_keyframe_) tick_ = keyframe_tick_;
  needs_keyframe_ = false;
  met_.add({.tick = tick_, .offset = records_.record().offset, .sequence = records_.record().sequence});
  return Kind::kKeyframe;
}

engine::Result<KeyframeBody> RecordingReader::keyframe() const {
  auto body = decode_keyframe(records_.record().body);
  if (!body) return here(body.error().reason);
  if (body->keyframe.tick != tick_) return here("a keyframe of tick " + std::to_string(body->keyframe.tick));
  return body;
}

engine::Result<RecordingReader::Kind> RecordingReader::take_index() {
  auto index = decode_index(records_.record().body);
  if (!index) return here(index.error().reason);
  if (needs_keyframe_) return here("an index, where a keyframe should be");
  if (index->last_tick != tick_) return here("an index that ends with tick " + std::to_string(index->last_tick));
  if (from_start_ && index->keyframes != met_.entries()) return here("an index of other keyframes than there are");
  // What follows it is the footer, or the cut.
  return take_record();
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

engine::Result<void> RecordingReader::seek(Tick tick) {
  // Without an index what is there is found by reading on.
  while (!end_ && (tick_ < tick || met_.entries().empty())) {
    if (auto passed = next(); !passed) return passed.error();
  }
  if (end_ && tick > end_->last_tick) {
    return engine::error("tick {} is beyond the recording's end, tick {}", tick, end_->last_tick);
  }
  const IndexEntry* entry = indexed_.entries().empty() ? met_.find(tick) : indexed_.find(tick);
  if (entry == nullptr) return engine::error("the recording has no keyframe before tick {}", tick);
  records_.go_to(entry->offset, entry->sequence);
  keyframe_tick_ = tick_ = entry->tick;
  needs_keyframe_ = true;
  from_start_ = at_end_ = false;
  error_.reset();
  return {};
}

}  // namespace netcode::recording
