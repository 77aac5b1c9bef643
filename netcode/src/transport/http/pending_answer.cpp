#include "transport/http/pending_answer.hpp"

#include <utility>

namespace netcode::transport {

void PendingAnswer::answer(HttpResponse response) {
  std::function<void()> dropped;  // outside the lock: it may own anything
  const std::lock_guard lock(mutex_);
  dropped = std::exchange(gone_, nullptr);
  is_answered_ = true;
  if (loop_ == nullptr) return;
  response_ = std::move(response);
  if (!in_handler_) loop_->post(on_answer_);
}

void PendingAnswer::on_gone(std::function<void()> gone) {
  {
    const std::lock_guard lock(mutex_);
    if (loop_ != nullptr) return static_cast<void>(gone_.swap(gone));
  }
  gone();
}

bool PendingAnswer::is_gone() const {
  const std::lock_guard lock(mutex_);
  return loop_ == nullptr && !is_answered_;
}

std::optional<HttpResponse> PendingAnswer::leave_handler() {
  const std::lock_guard lock(mutex_);
  in_handler_ = false;
  return std::exchange(response_, std::nullopt);
}

std::optional<HttpResponse> PendingAnswer::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(response_, std::nullopt);
}

void PendingAnswer::give_up() {
  std::function<void()> gone;
  {
    const std::lock_guard lock(mutex_);
    loop_ = nullptr;
    gone = std::exchange(gone_, nullptr);
  }
  if (gone) gone();
}

void PendingAnswer::let_go() {
  std::function<void()> dropped;
  const std::lock_guard lock(mutex_);
  loop_ = nullptr;
  dropped = std::exchange(gone_, nullptr);
}

}  // namespace netcode::transport
