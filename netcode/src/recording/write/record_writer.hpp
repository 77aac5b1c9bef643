// One recording on its way to the disk: frames records, writes an index after every so many keyframes, and survives a
// file that fails.
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
#include <vector>

#include "recording/format/format.hpp"
#include "recording/format/record_bodies.hpp"
#include "recording/write/output_file.hpp"

namespace netcode::recording {

/// For a recording that is to be made: none has the same.
std::uint64_t random_file_id();

class RecordWriter {
 public:
  RecordWriter(std::unique_ptr<OutputFile> file, std::uint64_t file_id);

  /// `tick` is the last in the record. An error if this write or an earlier one failed.
  engine::Result<void> append(RecordType type, Tick tick, BytesView body);
  /// From here on appends are refused: records were lost before they came here.
  void give_up();
  /// End and footer, then to the disk.
  engine::Result<void> finish(const std::optional<std::string>& result);

  bool incomplete() const { return failed_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  engine::Result<void> write(BytesView bytes);
  std::vector<Place> earlier_indexes() const;

  std::unique_ptr<OutputFile> file_;
  std::uint64_t file_id_;
  std::uint64_t bytes_ = 0;  // whole records only
  std::uint32_t sequence_ = 0;
  bool failed_ = false;
  bool torn_ = false;  // and could not be cut back
  Tick last_tick_ = 0;
  std::vector<Place> keyframes_;  // since the last index
  std::vector<Place> indexes_;    // each with the tick of its first keyframe: 16 bytes in 160 s
  Bytes buffer_;
};

}  // namespace netcode::recording
