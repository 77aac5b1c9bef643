#include "recording/write/record_writer.hpp"

namespace netcode::recording {

RecordWriter::RecordWriter(std::unique_ptr<OutputFile> file, std::uint64_t file_id)
    : file_(std::move(file)), file_id_(file_id) {
  append_head(buffer_, file_id_);
}

engine::Result<void> RecordWriter::write(BytesView bytes) {
  auto written = file_->append(bytes);
  if (written) {
    bytes_ += bytes.size();
    return {};
  }
  failed_ = true;
  torn_ = !file_->truncate(bytes_);
  return written;
}

engine::Result<std::uint32_t> RecordWriter::append(RecordType type, Tick tick, BytesView body) {
  if (failed_) return engine::error("an earlier write failed");
  // The head goes with the first record: a file of a head alone says nothing.
  if (sequence_ > 0) buffer_.clear();
  append_record(buffer_, file_id_, sequence_, type, body);
  const IndexEntry entry{.tick = tick, .offset = bytes_, .sequence = sequence_};
  if (auto written = write(buffer_); !written) return written.error();
  last_tick_ = tick;
  if (type == RecordType::kKeyframe) keyframes_.add(entry);
  return sequence_++;
}

void RecordWriter::give_up() { failed_ = true; }

engine::Result<void> RecordWriter::finish(const std::optional<std::string>& result) {
  if (torn_ || keyframes_.entries().empty()) return engine::error("there is too little of it to be closed");
  const Index index{
      .last_tick = last_tick_, .result = result, .incomplete = failed_, .keyframes = keyframes_.entries()};
  const Footer footer{.index_offset = bytes_, .index_sequence = sequence_};
  buffer_.clear();
  append_record(buffer_, file_id_, sequence_, RecordType::kIndex, encode_index(index));
  append_footer(buffer_, file_id_, footer);
  if (auto written = write(buffer_); !written) return written;
  return file_->sync();
}

}  // namespace netcode::recording
