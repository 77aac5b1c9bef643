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
#include <span>
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
  /// Is a whole record of this type there, its body of at most `bytes_max` bytes? Then it is record(). next() is lost
  /// until go_to.
  bool get(std::uint64_t offset, std::uint32_t sequence, RecordType type, std::size_t bytes_max);
  /// The file's bytes as they are; all of them must be within it.
  engine::Result<void> read_bytes(std::uint64_t offset, std::span<std::uint8_t> out) {
    return file_->read(offset, out);
  }

  const std::optional<Footer>& footer() const { return footer_; }
  std::uint64_t file_bytes() const { return file_->size(); }
  /// Where the next record is, or should be.
  std::uint64_t offset() const { return offset_; }
  std::uint32_t sequence() const { return sequence_; }
  /// Why next() said kTruncated.
  const std::string& cut_reason() const { return cut_reason_; }

 private:
  RecordReader(std::unique_ptr<InputFile> file, std::uint64_t file_id) : file_(std::move(file)), file_id_(file_id) {}

  engine::Result<Got> end_after_last();
  engine::Result<Got> read_record(std::uint64_t data_end);
  /// The record at offset_, whatever follows: empty, or why there is none.
  engine::Result<std::string> load(std::uint64_t data_end, std::size_t bytes_max);
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
