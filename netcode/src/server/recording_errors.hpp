// What went wrong with recordings, for the line of JSON that a server ends with. The log has said it at the time.
//
// Threading: any; the writers' threads add.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

namespace netcode {

class RecordingErrors {
 public:
  /// A disk that is full for a week is one error for each match: the first ones say what it is.
  static constexpr std::size_t kKeptMax = 32;

  void add(const std::string& path, const std::string& why) {
    const std::lock_guard lock(mutex_);
    ++count_;
    if (kept_.size() < kKeptMax) kept_.push_back(path + ": " + why);
  }
  std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }
  std::vector<std::string> kept() const {
    const std::lock_guard lock(mutex_);
    return kept_;
  }

 private:
  mutable std::mutex mutex_;
  std::size_t count_ = 0;
  std::vector<std::string> kept_;
};

}  // namespace netcode
