#include "recording/write/record_writer.hpp"

#include <random>

namespace netcode::recording {

std::uint64_t random_file_id() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

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

engine::Result<void> RecordWriter::append(RecordType type, Tick tick, BytesView body) {
  if (failed_) return engine::error("an earlier write failed");
  // The head goes with the first record: a file of a head alone says nothing.
  if (sequence_ > 0) buffer_.clear();
  append_record(buffer_, file_id_, sequence_, type, body);
  const bool is_keyframe = type == RecordType::kKeyframe;
  if (is_keyframe) keyframes_.push_back({.tick = tick, .offset = bytes_, .sequence = sequence_});
  const bool is_indexed = keyframes_.size() == kKeyframesPerIndex;
  const Place index{.tick = keyframes_.empty() ? 0 : keyframes_.front().tick,
                    .offset = bytes_ + buffer_.size(),
                    .sequence = sequence_ + 1};
  if (is_indexed) {
    append_record(buffer_, file_id_, index.sequence, RecordType::kIndex,
                  encode_index({.here = index, .keyframes = keyframes_, .earlier = earlier_indexes()}));
  }
  if (auto written = write(buffer_); !written) {
    if (is_keyframe) keyframes_.pop_back();
    return written;
  }
  last_tick_ = tick;
  sequence_ += is_indexed ? 2 : 1;
  if (is_indexed) {
    indexes_.push_back(index);
    keyframes_.clear();
  }
  return {};
}

std::vector<Place> RecordWriter::earlier_indexes() const {
  std::vector<Place> earlier;
  for (std::size_t back = 1; back <= indexes_.size(); back *= 2) earlier.push_back(indexes_[indexes_.size() - back]);
  return earlier;
}

void RecordWriter::give_up() { failed_ = true; }

engine::Result<void> RecordWriter::finish(const std::optional<std::string>& result) {
  if (torn_ || (keyframes_.empty() && indexes_.empty())) return engine::error("there is too little of it to be closed");
  const End end{.last_tick = last_tick_,
                .result = result,
                .incomplete = failed_,
                .index = {.here = {}, .keyframes = keyframes_, .earlier = earlier_indexes()}};
  const Footer footer{.end_offset = bytes_, .end_sequence = sequence_};
  buffer_.clear();
  append_record(buffer_, file_id_, sequence_, RecordType::kEnd, encode_end(end));
  append_footer(buffer_, file_id_, footer);
  if (auto written = write(buffer_); !written) return written;
  return file_->sync();
}

}  // namespace netcode::recording
