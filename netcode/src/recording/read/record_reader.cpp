#include "recording/read/record_reader.hpp"

#include <algorithm>

namespace netcode::recording {

namespace {

// Looking for a record behind a bad one sums every place that could be one. More than this is no accident.
constexpr std::uint64_t kScanBytesMax = 256 * 1024 * 1024;
constexpr std::uint32_t kScanSequencesMax = 4096;

// Most bytes are not: decided without the words of an error.
bool could_be_frame(BytesView bytes) {
  const std::uint8_t type = bytes[4];
  return type >= static_cast<std::uint8_t>(kRecordTypes.front()) &&
         type <= static_cast<std::uint8_t>(kRecordTypes.back());
}

engine::Error at(std::uint64_t offset, const std::string& reason) {
  return engine::error("offset {}: {}", offset, reason);
}

}  // namespace

engine::Result<RecordReader> RecordReader::open(std::unique_ptr<InputFile> file) {
  const std::uint64_t size = file->size();
  if (size < kHeadBytes) return engine::error("not a recording: {} bytes", size);
  Bytes bytes(kHeadBytes);
  if (auto read = file->read(0, bytes); !read) return read.error();
  auto file_id = parse_head(bytes);
  if (!file_id) return file_id.error();
  RecordReader reader(std::move(file), *file_id);
  if (size >= kHeadBytes + kFooterBytes) {
    bytes.resize(kFooterBytes);
    if (auto read = reader.file_->read(size - kFooterBytes, bytes); !read) return read.error();
    if (auto footer = parse_footer(bytes, *file_id)) reader.footer_ = *footer;
  }
  return reader;
}

void RecordReader::go_to(std::uint64_t offset, std::uint32_t sequence) {
  offset_ = offset;
  sequence_ = sequence;
  record_ = {};
}

RecordReader::Got RecordReader::truncated(std::string reason) {
  cut_reason_ = std::move(reason);
  return Got::kTruncated;
}

engine::Result<RecordReader::Got> RecordReader::next() {
  if (record_.type == RecordType::kEnd) return end_after_last();
  const std::uint64_t data_end = file_->size() - (footer_ ? kFooterBytes : 0);
  if (offset_ >= data_end) {
    if (footer_) return at(offset_, "the footer follows, where an end should");
    return truncated("it ends without an end record");
  }
  return read_record(data_end);
}

engine::Result<RecordReader::Got> RecordReader::end_after_last() {
  const std::uint64_t left = file_->size() - offset_;
  if (footer_ && left == kFooterBytes) {
    const bool is_named = footer_->end_offset == record_.offset && footer_->end_sequence == record_.sequence;
    if (!is_named) return at(offset_, "the footer names another end");
    return Got::kEnd;
  }
  if (footer_ || left >= kFooterBytes) return at(offset_, "what follows the end is not the footer");
  return truncated("it ends without a footer");
}

engine::Result<RecordReader::Got> RecordReader::read_record(std::uint64_t data_end) {
  auto problem = load(data_end, limits::kRecordBytesMax);
  if (!problem) return problem.error();
  if (!problem->empty()) return not_a_record(*problem);
  offset_ += kRecordHeadBytes + record_.body.size();
  ++sequence_;
  return Got::kRecord;
}

engine::Result<std::string> RecordReader::load(std::uint64_t data_end, std::size_t bytes_max) {
  const std::uint64_t left = data_end - offset_;
  if (left < kRecordHeadBytes) return std::string("a record's first bytes only");
  std::array<std::uint8_t, kRecordHeadBytes> start{};
  if (auto read = file_->read(offset_, start); !read) return read.error();
  auto head = parse_record_head(start);
  if (!head) return head.error().reason;
  if (head->length > bytes_max) return std::string("a record that is longer than it may be");
  if (head->length > left - kRecordHeadBytes) return std::string("a record that is longer than what is left");

  body_.resize(head->length);
  if (auto read = file_->read(offset_ + kRecordHeadBytes, body_); !read) return read.error();
  if (head->crc != (content_crc(*head, body_) ^ place_crc(file_id_, sequence_)))
    return std::string("a record does not match its checksum");
  record_ = {.type = head->type, .offset = offset_, .sequence = sequence_, .body = body_};
  return std::string();
}

bool RecordReader::get(std::uint64_t offset, std::uint32_t sequence, RecordType type, std::size_t bytes_max) {
  if (offset < kHeadBytes || offset >= file_->size()) return false;
  go_to(offset, sequence);
  const auto problem = load(file_->size(), bytes_max);
  return problem && problem->empty() && record_.type == type;
}

engine::Result<RecordReader::Got> RecordReader::not_a_record(const std::string& reason) {
  const std::uint64_t left = file_->size() - offset_;
  if (footer_ || left > kRecordHeadBytes + limits::kRecordBytesMax) return at(offset_, reason);
  auto follows = record_follows();
  if (!follows) return follows.error();
  if (*follows) return at(offset_, reason + ", and whole ones follow");
  return truncated(reason);
}

engine::Result<bool> RecordReader::record_follows() {
  body_ = {};
  Bytes tail(static_cast<std::size_t>(file_->size() - offset_));
  if (auto read = file_->read(offset_, tail); !read) return read.error();
  std::uint64_t budget = kScanBytesMax;
  for (std::size_t start = 1; start + kRecordHeadBytes <= tail.size(); ++start) {
    const BytesView rest = BytesView(tail).subspan(start);
    if (!could_be_frame(rest)) continue;
    const auto head = parse_record_head(rest.first(kRecordHeadBytes));
    if (!head || head->length > rest.size() - kRecordHeadBytes) continue;
    const std::uint64_t cost = kRecordHeadBytes + head->length;
    if (cost > budget) return true;
    budget -= cost;
    // Its checksum says which sequence it would have: those that fit between here and there are possible.
    const std::uint32_t place = head->crc ^ content_crc(*head, rest.subspan(kRecordHeadBytes, head->length));
    const auto between =
        static_cast<std::uint32_t>(std::min<std::size_t>(start / kRecordHeadBytes + 1, kScanSequencesMax));
    for (std::uint32_t skipped = 0; skipped <= between; ++skipped) {
      if (place_crc(file_id_, sequence_ + skipped) == place) return true;
    }
  }
  return false;
}

}  // namespace netcode::recording
