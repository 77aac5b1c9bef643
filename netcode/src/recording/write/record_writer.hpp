// One recording on its way to the disk: frames records, remembers where the keyframes are, and survives a file that
// fails.
//
// After the first failed write nothing but the end is written: what is there is cut back to its last whole record, and
// closed as incomplete if the file lets it be.
//
// Threading: one caller at a time (the writer's thread).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "recording/format/format.hpp"
#include "recording/format/keyframe_index.hpp"
#include "recording/format/record_bodies.hpp"
#include "recording/write/output_file.hpp"

namespace netcode::recording {

class RecordWriter {
 public:
  RecordWriter(std::unique_ptr<OutputFile> file, std::uint64_t file_id);

  /// `tick` is the last in the record. Gives the record's sequence; an error if this write or an earlier one failed.
  engine::Result<std::uint32_t> append(RecordType type, Tick tick, BytesView body);
  /// From here on appends are refused: records were lost before they came here.
  void give_up();
  /// Index and footer, then to the disk.
  engine::Result<void> finish(const std::optional<std::string>& result);

  bool incomplete() const { return failed_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  engine::Result<void> write(BytesView bytes);

  std::unique_ptr<OutputFile> file_;
  std::uint64_t file_id_;
  std::uint64_t bytes_ = 0;  // whole records only
  std::uint32_t sequence_ = 0;
  bool failed_ = false;
  bool torn_ = false;  // and could not be cut back
  Tick last_tick_ = 0;
  KeyframeIndex keyframes_;
  Bytes buffer_;
};

}  // namespace netcode::recording
