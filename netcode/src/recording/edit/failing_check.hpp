// Does something go wrong with this recording? Asked of a command, or of `verify` in a child process, so that an
// assertion in the rules ends only that.
//
// Threading: none; a program that has other threads must not ask for `verify`, since its child begins as a copy.
#pragma once

#include <chrono>
#include <string>

#include "netcode/recording.hpp"

namespace netcode::recording {

class FailingCheck {
 public:
  /// `command`: for the shell, which is given the recording's path in place of each {}, or behind it; or "verify", by
  /// rules of `types`. What has not ended after `at_most` is killed and counts as what does not fail.
  FailingCheck(std::string command, const RulesTypes& types, std::chrono::seconds at_most)
      : command_(std::move(command)), types_(types), at_most_(at_most) {}

  /// A command fails with any exit code but 0, and by any signal. `verify` fails as it did the first time it was asked:
  /// by the same signal, or for the same reason but for the numbers in it.
  bool operator()(const std::string& path);

 private:
  std::string failure_of(const std::string& path, bool is_played_alone) const;
  bool run_command(const std::string& path) const;

  std::string command_;
  const RulesTypes& types_;
  std::chrono::seconds at_most_;
  std::string failure_;           // of verify, the first time
  bool is_played_alone_ = false;  // which fails as well, and takes a fifth of the time
};

}  // namespace netcode::recording
