// A recording as ticks, keyframes and sessions, in order, from the start or from any keyframe; and where it ends.
//
// Checks what checksums do not: that ticks follow each other without a gap, that keyframes and indexes stand where they
// say they do. Errors name offset and tick. Threading: none. Memory: one record and a few indexes, whatever the file's
// size.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "netcode/recording.hpp"
#include "recording/format/record_bodies.hpp"
#include "recording/format/session_records.hpp"
#include "recording/format/tick_codec.hpp"
#include "recording/read/keyframe_search.hpp"
#include "recording/read/record_reader.hpp"

namespace netcode::recording {

class RecordingReader {
 public:
  enum class Kind { kTicks, kKeyframe, kSessions, kEnd };

  static engine::Result<std::unique_ptr<RecordingReader>> open(std::unique_ptr<InputFile> file);
  static engine::Result<std::unique_ptr<RecordingReader>> open_file(const std::string& path);

  const RecordingInfo& info() const { return info_; }

  /// After an error or kEnd it stays there.
  engine::Result<Kind> next();
  /// Of the last next(): the ticks, and their record's body (until the next call).
  TickSpan ticks() const { return ticks_; }
  BytesView ticks_body() const { return records_.record().body; }
  /// Of the last next(), decoded now.
  engine::Result<KeyframeBody> keyframe() const;
  engine::Result<SessionRecords> sessions() const;

  /// So that next() gives the last keyframe at or before `tick`. A tick beyond the end is an error.
  engine::Result<void> seek(Tick tick);
  /// The newest sessions at or before `tick`; none if no server has recorded any. Seek before next() is called again.
  engine::Result<std::optional<SessionRecords>> sessions_at(Tick tick);
  /// The last tick of what next() gave.
  Tick tick() const { return tick_; }
  /// Of what next() gave last.
  std::uint64_t offset() const { return records_.record().offset; }
  /// Known from the start if the file has a footer, else once next() gave kEnd.
  const std::optional<RecordingEnd>& end() const { return end_; }

  /// `reason` with where it is: "offset 1234, after tick 56: ...".
  engine::Error here(const std::string& reason) const;

 private:
  explicit RecordingReader(RecordReader records) : records_(std::move(records)) {}

  engine::Result<void> read_header();
  void read_end();
  engine::Result<Kind> take_record();
  engine::Result<Kind> take_ticks();
  engine::Result<Kind> take_keyframe();
  engine::Result<void> take_index();
  engine::Result<void> take_end();
  /// Does an index name the keyframes that were met since the one before it, and that one?
  bool is_as_met(const Index& index) const;
  void go_to(const Place& keyframe);
  engine::Result<Kind> take_cut();

  RecordReader records_;
  RecordingInfo info_;
  TickSpan ticks_;
  Tick tick_ = 0;
  bool needs_keyframe_ = true;  // at the start, and after a seek
  Tick keyframe_tick_ = 0;      // that which it needs
  bool at_end_ = false;
  std::optional<engine::Error> error_;
  std::optional<RecordingEnd> end_;
  KeyframeSearch search_;
  Tick known_to_ = 0;         // all keyframes up to here are known to the search
  std::vector<Place> met_{};  // keyframes since the last index, or since the last seek
  std::optional<Place> index_before_{};
  bool knows_before_ = true;  // since reading began at the start, or has met an index
};

}  // namespace netcode::recording
