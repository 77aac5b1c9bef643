#include "child.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>

namespace scenes {

namespace {

[[noreturn]] void run(const std::function<int()>& work) {
  int code = 2;
  try {
    code = work();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  std::_Exit(code);  // what the parent has registered for its own exit is not ours
}

}  // namespace

Child::Child(const std::function<int()>& work) {
  std::fflush(nullptr);  // else both would write what waits in the buffers
  const pid_t parent = ::getpid();
  id_ = ::fork();
  if (id_ < 0) throw std::runtime_error("fork: the system makes no more processes");
  if (id_ > 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) std::_Exit(2);  // it ended in between
  run(work);
}

Child::~Child() {
  if (!is_running()) return;
  signal(SIGKILL);
  wait();
}

bool Child::is_running() {
  int status = 0;
  if (!has_ended_ && ::waitpid(id_, &status, WNOHANG) == id_) take_status(status);
  return !has_ended_;
}

void Child::signal(int number) const {
  if (!has_ended_) ::kill(id_, number);
}

int Child::wait() {
  while (!has_ended_) {
    int status = 0;
    if (::waitpid(id_, &status, 0) == id_) {
      take_status(status);
    } else if (errno != EINTR) {
      throw std::runtime_error("waitpid: the child is gone");
    }
  }
  return code_;
}

void Child::take_status(int status) {
  has_ended_ = true;
  code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace scenes
