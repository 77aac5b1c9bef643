// The thread that writes the recordings of one shard's matches, so that no disk ever holds up a tick.
//
// What is handed over and not yet written is bounded. When the disk is slower than that, or fails, the recording
// concerned goes on being a recording of what came before, is marked incomplete, and its match does not notice.
//
// Threading: every method may be called from any thread. Ownership: keeps its files; the destructor writes what was
// handed over and ends the thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "netcode/limits.hpp"
#include "recording/write/record_writer.hpp"

namespace netcode::recording {

/// One recording, as the writer and its match know it.
class Log {
 public:
  /// `on_written` is called on the writer's thread after each record that has reached the system, with its number: 0
  /// for the first that was handed over, and so on. (The file's own sequence counts indexes too.)
  Log(std::string path, std::uint64_t file_id, std::function<void(std::uint32_t number)> on_written)
      : path_(std::move(path)), file_id_(file_id), on_written_(std::move(on_written)) {}

  const std::string& path() const { return path_; }
  /// Records were lost: what is in the file is good, and ends before the match did.
  bool incomplete() const { return incomplete_.load(std::memory_order_relaxed); }
  /// Nothing more will be written.
  bool closed() const { return closed_.load(std::memory_order_acquire); }

 private:
  friend class RecordingWriter;

  const std::string path_;
  const std::uint64_t file_id_;
  const std::function<void(std::uint32_t)> on_written_;
  std::atomic<bool> incomplete_ = false;
  std::atomic<bool> closed_ = false;
  std::unique_ptr<RecordWriter> file_;  // the writer thread's, and what it has written
  std::uint32_t records_written_ = 0;
};

struct Record {
  RecordType type{};
  Tick tick = 0;  // the last in it
  Bytes body;     // a keyframe's: not compressed yet
};

class RecordingWriter {
 public:
  struct Config {
    std::size_t records_queued_max = limits::kRecordsQueuedMax;
    std::size_t bytes_queued_max = limits::kRecordingMemoryBytesMax;
    OpenOutputFile open_file = create_output_file;
    /// Once for each recording that loses records, from the thread that finds it out.
    std::function<void(const std::string& path, const std::string& why)> on_lost{};
  };

  RecordingWriter() : RecordingWriter(Config{}) {}
  explicit RecordingWriter(Config config);
  ~RecordingWriter();
  RecordingWriter(const RecordingWriter&) = delete;
  RecordingWriter& operator=(const RecordingWriter&) = delete;

  /// False: it was lost, as everything after it will be.
  bool write(const std::shared_ptr<Log>& log, Record record);
  /// Loses what comes next: the match could not make its record.
  void lose(Log& log, const std::string& why);
  /// Closes the recording after what was handed over before. Takes no place in the bounded queue.
  void finish(std::shared_ptr<Log> log, std::optional<std::string> result);
  /// Returns when all that was handed over before has been written.
  void wait();

 private:
  struct Job {
    std::shared_ptr<Log> log;
    std::optional<Record> record;  // none: finish
    std::optional<std::string> result;
  };

  void run();
  void do_job(Job& job);
  void append(Log& log, Record& record);
  void close(Log& log, const std::optional<std::string>& result);

  const Config config_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable idle_;
  std::deque<Job> jobs_;
  std::size_t records_queued_ = 0;
  std::size_t bytes_queued_ = 0;
  bool busy_ = false;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace netcode::recording
