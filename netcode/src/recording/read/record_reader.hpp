// Records one after the other, each with its checksum checked, and the judgement of what is no record: a torn tail,
// which is where the recording ends, or damage in its middle, which is an error.
//
// In a file with a footer everything must be right. Without one, what is no record is a torn tail unless a whole record
// follows somewhere behind it, or more bytes than one record can have.
//
// Threading: none. Memory: one record, and while judging a tail another.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "recording/format/format.hpp"
#include "recording/read/input_file.hpp"

namespace netcode::recording {

class RecordReader {
 public:
  struct Record {
    RecordType type{};
    std::uint64_t offset = 0;
    std::uint32_t sequence = 0;
    BytesView body;  // until the next call
  };
  enum class Got { kRecord, kEnd, kTruncated };

  static engine::Result<RecordReader> open(std::unique_ptr<InputFile> file);

  /// An error begins with the offset: "offset 1234: a record does not match its checksum".
  engine::Result<Got> next();
  const Record& record() const { return record_; }
  /// The next record is the one at `offset`; `sequence` is its number. Not to be believed until next() has found it so.
  void go_to(std::uint64_t offset, std::uint32_t sequence);

  const std::optional<Footer>& footer() const { return footer_; }
  std::uint64_t file_bytes() const { return file_->size(); }
  /// Where the next record is, or should be.
  std::uint64_t offset() const { return offset_; }
  std::uint32_t sequence() const { return sequence_; }
  /// Why next() said kTruncated.
  const std::string& cut_reason() const { return cut_reason_; }

 private:
  RecordReader(std::unique_ptr<InputFile> file, std::uint64_t file_id) : file_(std::move(file)), file_id_(file_id) {}

  engine::Result<Got> end_after_index();
  engine::Result<Got> read_record(std::uint64_t data_end);
  engine::Result<Got> not_a_record(const std::string& reason);
  engine::Result<bool> record_follows();
  Got truncated(std::string reason);

  std::unique_ptr<InputFile> file_;
  std::uint64_t file_id_;
  std::optional<Footer> footer_;
  std::uint64_t offset_ = kHeadBytes;
  std::uint32_t sequence_ = 0;
  Record record_;
  Bytes body_;
  std::string cut_reason_;
};

}  // namespace netcode::recording
