// Snapshots that could not be read, and so leave the picture as it is: why, told to whom it may concern.
//
// The first is logged at once and the later ones now and then, with how many there were. If they go on, words() are for
// the screen. Plain value; it is told the time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace game::client {

class RefusedSnapshots {
 public:
  /// The line for the log, if it is time for one.
  std::optional<std::string> refused(std::uint32_t tick, const std::string& reason, double now_s);
  void accepted() { since_s_.reset(); }

  /// Why the picture stands still; empty while it does not.
  std::string words(double now_s) const;
  std::uint64_t count() const { return count_; }

 private:
  std::optional<double> since_s_;   // none has been read since
  std::optional<double> logged_s_;  // when the log was written to
  std::string reason_;
  std::uint64_t count_ = 0;
  std::uint64_t logged_count_ = 0;
};

}  // namespace game::client
