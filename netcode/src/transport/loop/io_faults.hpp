// Socket operations that fail on purpose, so that a test can run the same scene failing at its first I/O, its second,
// ...
//
// Threading: the thread of the loop it belongs to.
#pragma once

#include <cstdint>

namespace netcode::transport {

class IoFaults {
 public:
  /// After `operations` more reads and writes one fails, as if the peer had reset the connection.
  void fail_after(std::uint64_t operations) { left_ = operations; }
  /// Whether a fault that was asked for has not happened yet.
  bool pending() const { return left_ != kNever; }

  /// Asked by every socket operation: shall it fail?
  bool strikes() {
    if (left_ == kNever) return false;
    if (left_ > 0) {
      --left_;
      return false;
    }
    left_ = kNever;
    return true;
  }

 private:
  static constexpr std::uint64_t kNever = UINT64_MAX;
  std::uint64_t left_ = kNever;
};

}  // namespace netcode::transport
