// A recording as ticks and keyframes, in order, from the start or from any keyframe; and where it ends.
//
// Checks what checksums do not: that ticks follow each other without a gap, that keyframes stand where they say they
// do. Errors name offset and tick. Threading: none. Memory: one record and the keyframe index, whatever the file's
// size.
#pragma once

#include <memory>
#include <optional>

#include "netcode/recording.hpp"
#include "recording/format/keyframe_index.hpp"
#include "recording/format/record_bodies.hpp"
#include "recording/format/tick_codec.hpp"
#include "recording/read/record_reader.hpp"

namespace netcode::recording {

class RecordingReader {
 public:
  enum class Kind { kTicks, kKeyframe, kEnd };

  static engine::Result<std::unique_ptr<RecordingReader>> open(std::unique_ptr<InputFile> file);

  const RecordingInfo& info() const { return info_; }

  /// After an error or kEnd it stays there.
  engine::Result<Kind> next();
  /// Of the last next(): the ticks, and their record's body (until the next call).
  TickSpan ticks() const { return ticks_; }
  BytesView ticks_body() const { return records_.record().body; }
  /// Of the last next(), decoded now.
  engine::Result<KeyframeBody> keyframe() const;

  /// So that next() gives the last keyframe at or before `tick`. A tick beyond the end is an error.
  engine::Result<void> seek(Tick tick);
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
  engine::Result<void> read_index();
  engine::Result<Kind> take_record();
  engine::Result<Kind> take_ticks();
  engine::Result<Kind> take_keyframe();
  engine::Result<Kind> take_index();
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
  KeyframeIndex indexed_;  // as the file's own index says
  KeyframeIndex met_;
  bool from_start_ = true;  // all before this was met, nothing left out
};

}  // namespace netcode::recording
