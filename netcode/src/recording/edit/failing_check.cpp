#include "recording/edit/failing_check.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <utility>

#include <spdlog/fmt/fmt.h>

#include "recording/edit/outcome.hpp"
#include "recording/edit/shell.hpp"

namespace netcode::recording {
namespace {

/// In the child: quiet, without a core file, and not for ever.
void be_a_check(std::chrono::seconds at_most) {
  const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nowhere >= 0) {
    ::dup2(nowhere, STDIN_FILENO);
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(nowhere, STDERR_FILENO);
  }
  const rlimit no_core{};
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::setpgid(0, 0);  // what ends this program does not end it in the middle of a check
  ::alarm(static_cast<unsigned>(at_most.count()));
}

int status_of(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return 0;
  ::kill(-child, SIGKILL);  // what it has started and left behind
  return status;
}

bool was_killed_in_time(int status) { return WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM; }

/// 'tick 12: 3 != 4' is the failure that 'tick 7: 3 != 5' is.
std::string without_numbers(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_digit) out += c;
    if (is_digit && (out.empty() || out.back() != '#')) out += '#';
  }
  return out;
}

/// Why not; empty: it is well.
std::string verified(const std::string& path, const RulesTypes& types) {
  const VerifyReport report = verify_recording(path, types);
  return report.ok ? "" : report.reason;
}
std::string played(const std::string& path, const RulesTypes& types) {
  const auto outcome = outcome_of(path, types);
  return outcome ? "" : outcome.error().reason;
}

std::string read_all(int from) {
  std::string out;
  std::array<char, 512> some{};
  for (;;) {
    const auto bytes = ::read(from, some.data(), some.size());
    if (bytes > 0) out.append(some.data(), static_cast<std::size_t>(bytes));
    if (bytes == 0 || (bytes < 0 && errno != EINTR)) return out;
  }
}

}  // namespace

bool FailingCheck::operator()(const std::string& path) {
  if (command_ != "verify") return run_command(path);
  if (!failure_.empty()) return failure_of(path, is_played_alone_) == failure_;
  failure_ = failure_of(path, true);
  is_played_alone_ = !failure_.empty();
  if (!is_played_alone_) failure_ = failure_of(path, false);
  return !failure_.empty();
}

std::string FailingCheck::failure_of(const std::string& path, bool is_played_alone) const {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return {};
  const pid_t child = ::fork();
  if (child == 0) {
    be_a_check(at_most_);
    const std::string reason = without_numbers(is_played_alone ? played(path, types_) : verified(path, types_));
    const auto written = ::write(pipe[1], reason.data(), reason.size());
    ::_exit(written == 0 ? 0 : 1);
  }
  ::close(pipe[1]);
  std::string reason = child > 0 ? read_all(pipe[0]) : std::string();
  ::close(pipe[0]);
  const int status = child > 0 ? status_of(child) : 0;
  if (was_killed_in_time(status)) return {};
  return WIFSIGNALED(status) ? fmt::format("signal {}", WTERMSIG(status)) : reason;
}

bool FailingCheck::run_command(const std::string& path) const {
  std::string line = command_;
  bool has_place = false;
  for (std::size_t at = 0; (at = line.find("{}", at)) != std::string::npos; has_place = true) {
    line.replace(at, 2, shell_quoted(path));
    at += shell_quoted(path).size();
  }
  if (!has_place) line.append(" ").append(shell_quoted(path));
  const pid_t child = ::fork();
  if (child == 0) {
    be_a_check(at_most_);
    ::execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
    ::_exit(127);
  }
  const int status = child > 0 ? status_of(child) : 0;
  return status != 0 && !was_killed_in_time(status);
}

}  // namespace netcode::recording
