// A completion handler of any type, kept for later. Asio 1.26 has any_completion_handler for this, which recurses
// without end when it is assigned and leaks when it is posted.
//
// Threading: posts from the thread of its loop. Ownership: destroyed unposted, it is as if its operation had been.
#pragma once

#include <boost/asio/post.hpp>
#include <boost/asio/prepend.hpp>
#include <memory>
#include <type_traits>
#include <utility>

#include "transport/loop/asio_types.hpp"

namespace netcode::transport {

template <class... Args>
class Completion {
 public:
  template <class Handler, class = std::enable_if_t<!std::is_same_v<std::decay_t<Handler>, Completion>>>
  explicit Completion(Handler&& handler)
      : kept_(std::make_unique<Of<std::decay_t<Handler>>>(std::forward<Handler>(handler))) {}

  /// Never runs the handler inside this call.
  void post(const Executor& executor, Args... args) && { std::exchange(kept_, nullptr)->post(executor, args...); }
  /// Runs it here: for use on its loop's thread, where nobody's call is under way.
  void run(Args... args) && { std::exchange(kept_, nullptr)->run(args...); }

 private:
  struct Kept {
    virtual ~Kept() = default;
    virtual void post(const Executor& executor, Args... args) = 0;
    virtual void run(Args... args) = 0;
  };

  template <class Handler>
  struct Of final : Kept {
    template <class H, class = std::enable_if_t<!std::is_same_v<std::decay_t<H>, Of>>>
    explicit Of(H&& handler_given) : handler(std::forward<H>(handler_given)) {}
    void post(const Executor& executor, Args... args) override {
      asio::post(executor, asio::prepend(std::move(handler), args...));
    }
    void run(Args... args) override { std::move(handler)(args...); }
    Handler handler;
  };

  std::unique_ptr<Kept> kept_;
};

}  // namespace netcode::transport
