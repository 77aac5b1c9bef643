// A process of our own making that does one piece of work. It ends with its parent at the latest.
#pragma once

#include <sys/types.h>

#include <functional>

namespace scenes {

class Child {
 public:
  /// Forks; `work` gives the exit code. To be called while this process has one thread. Throws std::runtime_error where
  /// the system makes no process.
  explicit Child(const std::function<int()>& work);
  /// Killed, if it still runs.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t id() const { return id_; }
  bool is_running();
  void signal(int number) const;
  /// Until it has ended: its exit code, or 128 and the signal that killed it.
  int wait();

 private:
  void take_status(int status);

  pid_t id_ = -1;
  bool has_ended_ = false;
  int code_ = 0;
};

}  // namespace scenes
