// The answer that a connection waits for: whoever is to give it holds one end, in any thread, and the connection the
// other, on its loop. Either may go first.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "transport/http/exchange.hpp"
#include "transport/loop/loop.hpp"

namespace netcode::transport {

class PendingAnswer final : public AnswerSink, public std::enable_shared_from_this<PendingAnswer> {
 public:
  /// `on_answer` runs on `loop`, posted, once there is an answer that leave_handler has not returned.
  PendingAnswer(Loop& loop, std::function<void()> on_answer) : loop_(&loop), on_answer_(std::move(on_answer)) {}

  void answer(HttpResponse response) override;
  void on_gone(std::function<void()> gone) override;
  bool is_gone() const override;

  // For the connection, on its loop ---------------------------------------------------------------------------------

  /// The handler's call is over: an answer that was given inside it is taken at once.
  std::optional<HttpResponse> leave_handler();
  std::optional<HttpResponse> take();
  /// Nobody waits any more: what is answered from now on is dropped. Tells the handler, if it asked and has not
  /// answered.
  void give_up();
  /// The same, but tells nobody: the answer was had, or the loop ends.
  void let_go();

 private:
  mutable std::mutex mutex_;
  Loop* loop_;  // null: nobody waits
  std::function<void()> on_answer_;
  std::function<void()> gone_;
  std::optional<HttpResponse> response_;
  bool in_handler_ = true;
  bool is_answered_ = false;
};

}  // namespace netcode::transport
