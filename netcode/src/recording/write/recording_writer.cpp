#include "recording/write/recording_writer.hpp"

#include <spdlog/spdlog.h>

namespace netcode::recording {

RecordingWriter::RecordingWriter(Config config) : config_(std::move(config)), thread_([this] { run(); }) {}

RecordingWriter::~RecordingWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

bool RecordingWriter::write(const std::shared_ptr<Log>& log, Record record) {
  if (log->incomplete()) return false;
  const std::size_t bytes = record.body.size();
  {
    const std::lock_guard lock(mutex_);
    if (records_queued_ < config_.records_queued_max && bytes_queued_ + bytes <= config_.bytes_queued_max) {
      ++records_queued_;
      bytes_queued_ += bytes;
      jobs_.push_back({.log = log, .record = std::move(record), .result = {}});
      wake_.notify_one();
      return true;
    }
  }
  lose(*log, "the disk is too slow");
  return false;
}

void RecordingWriter::lose(Log& log, const std::string& why) {
  if (log.incomplete_.exchange(true)) return;
  spdlog::error("recording {}: {}; the match goes on, its recording ends here", log.path(), why);
  if (config_.on_lost) config_.on_lost(log.path(), why);
}

void RecordingWriter::finish(std::shared_ptr<Log> log, std::optional<std::string> result) {
  const std::lock_guard lock(mutex_);
  jobs_.push_back({.log = std::move(log), .record = {}, .result = std::move(result)});
  wake_.notify_one();
}

void RecordingWriter::wait() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return jobs_.empty() && !busy_; });
}

void RecordingWriter::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    if (job.record) {
      --records_queued_;
      bytes_queued_ -= job.record->body.size();
    }
    busy_ = true;
    lock.unlock();
    do_job(job);
    job = {};
    lock.lock();
    busy_ = false;
    if (jobs_.empty()) idle_.notify_all();
  }
}

void RecordingWriter::do_job(Job& job) {
  if (job.record) {
    append(*job.log, *job.record);
  } else {
    close(*job.log, job.result);
  }
}

void RecordingWriter::append(Log& log, Record& record) {
  if (log.file_ == nullptr) {
    if (record.type != RecordType::kHeader) return;  // the file could not be made
    auto file = config_.open_file(log.path());
    if (!file) return lose(log, file.error().reason);
    log.file_ = std::make_unique<RecordWriter>(std::move(*file), log.file_id_);
  }
  // A record may be lost between two that are not: those after it are still in the queue then.
  if (record.type == RecordType::kKeyframe) record.body = compress_keyframe(record.body);
  // What does not compress becomes longer.
  if (record.body.size() > limits::kRecordBytesMax) {
    log.file_->give_up();
    return lose(log, "a record that is too large");
  }
  auto appended = log.file_->append(record.type, record.tick, record.body);
  if (!appended) return lose(log, appended.error().reason);
  const std::uint32_t number = log.records_written_++;
  if (log.on_written_) log.on_written_(number);
}

void RecordingWriter::close(Log& log, const std::optional<std::string>& result) {
  if (log.file_ != nullptr) {
    if (log.incomplete()) log.file_->give_up();
    if (auto finished = log.file_->finish(result); !finished) lose(log, finished.error().reason);
    log.file_.reset();
  }
  log.closed_.store(true, std::memory_order_release);
}

}  // namespace netcode::recording
